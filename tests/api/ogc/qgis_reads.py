"""What QGIS makes of a server. Run by the Python that PyQGIS belongs to, which knows nothing else.

Usage: ``python3 qgis_reads.py ADDRESS FOLDER QUESTIONS``. The questions are JSON, and so is
``FOLDER/answers.json``; pictures are written beside it.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRasterLayer,
    QgsRectangle,
    QgsSettings,
    QgsVectorLayer,
    QgsVectorTileLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

_PATIENCE_MS = 300_000
Answer = dict[str, Any]


def start(folder: Path) -> QgsApplication:
    """QGIS without windows, its settings and caches in a folder."""
    application = QgsApplication([], True, str(folder))
    application.initQgis()
    settings = QgsSettings()
    settings.setValue("qgis/networkAndProxy/networkTimeout", _PATIENCE_MS)
    settings.setValue("cache/directory", str(folder / "cache"))
    return application


def listed(address: str) -> dict[str, str]:
    """Layers a connection has in the browser panel: titles and sources."""
    QgsSettings().setValue("qgis/connections-wfs/city/url", f"{address}/ogc")
    every = QgsApplication.dataItemProviderRegistry().providers()
    (provider,) = (one for one in every if one.name() == "WFS")
    connection = provider.createDataItem("wfs:/city", None)
    return {one.name(): one.uri() for one in connection.createChildren()}


def read(address: str, name: str, question: Answer) -> Answer:
    """A collection as a layer: what it is, and its features."""
    more = "".join(f" {key}='{value}'" for key, value in question.get("options", {}).items())
    source = f"typename='{name}' url='{address}/ogc' version='auto'{more}"
    layer = QgsVectorLayer(source, name, "OAPIF")
    if not layer.isValid():
        return {"valid": False}
    if "subset" in question:
        assert layer.setSubsetString(question["subset"])
    request = QgsFeatureRequest()
    if "box" in question:
        request.setFilterRect(QgsRectangle(*question["box"]))
        request.setFlags(QgsFeatureRequest.ExactIntersect)
    features = [
        {
            "properties": {
                field: value if isinstance(value, (str, int)) else None
                for field, value in feature.attributeMap().items()
            },
            "date": feature["date"].toPyDate().isoformat() if "date" in names(layer) else None,
            "geometry": bytes(feature.geometry().asWkb()).hex(),
        }
        for feature in layer.getFeatures(request)
    ]
    return {
        "valid": True,
        "count": layer.featureCount(),
        "kind": QgsWkbTypes.displayString(layer.wkbType()),
        "crs": layer.crs().authid(),
        "extent": corners(layer.extent()),
        "fields": {field.name(): field.typeName() for field in layer.fields()},
        "features": features,
    }


def names(layer: QgsVectorLayer) -> list[str]:
    return [field.name() for field in layer.fields()]


def corners(box: QgsRectangle) -> list[float]:
    return [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()]


def vector_tiles(address: str) -> QgsVectorTileLayer:
    """As the dialog makes it from an address, zooms and the address of a style."""
    tiles, style = f"{address}/tiles/latest/{{z}}/{{x}}/{{y}}.mvt", f"{address}/tilestyle"
    source = f"type=xyz&url={quote(tiles)}&zmin=8&zmax=16&styleUrl={quote(style)}"
    layer = QgsVectorTileLayer(source, "tiles")
    _, understood = layer.loadDefaultStyle()
    assert understood
    return layer


def pictures(address: str) -> QgsRasterLayer:
    """As the dialog for XYZ layers makes it."""
    tiles = f"{address}/tiles/latest/{{z}}/{{x}}/{{y}}.png"
    return QgsRasterLayer(f"type=xyz&url={quote(tiles)}&zmin=8&zmax=18", "pictures", "wms")


def draw(layer: QgsVectorTileLayer | QgsRasterLayer, question: Answer, path: Path) -> None:
    """Draw a layer alone, in Web Mercator, on white."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setExtent(QgsRectangle(*question["extent"]))
    settings.setOutputSize(QSize(*question["size"]))
    settings.setBackgroundColor(QColor("white"))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    assert job.renderedImage().save(str(path))


def main() -> None:
    address, folder, asked = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
    application = start(folder)
    tiles = vector_tiles(address)
    draw(tiles, asked["draw"], folder / "vector.png")
    draw(pictures(address), asked["draw"], folder / "pictures.png")
    answers = {
        "version": Qgis.QGIS_VERSION,
        "listed": listed(address),
        "styles": [style.styleName() for style in tiles.renderer().styles()],
        "layers": {
            key: read(address, question["collection"], question)
            for key, question in asked["layers"].items()
        },
    }
    (folder / "answers.json").write_text(json.dumps(answers))
    del tiles, application
    # Libraries of QGIS may still be at work in threads; nothing of theirs is wanted.
    os._exit(0)


main()
