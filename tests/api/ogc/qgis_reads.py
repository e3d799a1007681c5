"""Reads a server with QGIS. Run by the Python of PyQGIS, which has no other packages.

Usage: ``python3 qgis_reads.py ADDRESS FOLDER REQUESTS``. The requests are JSON. The script writes
``answers.json`` and pictures to the folder.
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
    """Start QGIS without windows; its settings and caches are in a folder."""
    application = QgsApplication([], True, str(folder))
    application.initQgis()
    settings = QgsSettings()
    settings.setValue("qgis/networkAndProxy/networkTimeout", _PATIENCE_MS)
    settings.setValue("cache/directory", str(folder / "cache"))
    return application


def list_layers(address: str) -> dict[str, str]:
    """Titles and sources of the layers of a connection in the browser panel."""
    QgsSettings().setValue("qgis/connections-wfs/city/url", f"{address}/ogc")
    providers = QgsApplication.dataItemProviderRegistry().providers()
    (provider,) = (provider for provider in providers if provider.name() == "WFS")
    connection = provider.createDataItem("wfs:/city", None)
    return {item.name(): item.uri() for item in connection.createChildren()}


def read_layer(address: str, name: str, request: Answer) -> Answer:
    """Read a collection as a layer: its properties and its features."""
    options = "".join(f" {key}='{value}'" for key, value in request.get("options", {}).items())
    source = f"typename='{name}' url='{address}/ogc' version='auto'{options}"
    layer = QgsVectorLayer(source, name, "OAPIF")
    if not layer.isValid():
        return {"valid": False}
    if "subset" in request:
        assert layer.setSubsetString(request["subset"])
    feature_request = QgsFeatureRequest()
    if "box" in request:
        feature_request.setFilterRect(QgsRectangle(*request["box"]))
        feature_request.setFlags(QgsFeatureRequest.ExactIntersect)
    features = [
        {
            "properties": {
                field: value if isinstance(value, (str, int)) else None
                for field, value in feature.attributeMap().items()
            },
            "date": feature["date"].toPyDate().isoformat()
            if "date" in field_names(layer)
            else None,
            "geometry": bytes(feature.geometry().asWkb()).hex(),
        }
        for feature in layer.getFeatures(feature_request)
    ]
    return {
        "valid": True,
        "count": layer.featureCount(),
        "type": QgsWkbTypes.displayString(layer.wkbType()),
        "crs": layer.crs().authid(),
        "extent": corners(layer.extent()),
        "fields": {field.name(): field.typeName() for field in layer.fields()},
        "features": features,
    }


def field_names(layer: QgsVectorLayer) -> list[str]:
    return [field.name() for field in layer.fields()]


def corners(box: QgsRectangle) -> list[float]:
    return [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()]


def vector_tiles(address: str) -> QgsVectorTileLayer:
    """The layer that the dialog makes from a URL, zooms and the URL of a style."""
    tiles, style = f"{address}/tiles/latest/{{z}}/{{x}}/{{y}}.mvt", f"{address}/tilestyle"
    source = f"type=xyz&url={quote(tiles)}&zmin=8&zmax=16&styleUrl={quote(style)}"
    layer = QgsVectorTileLayer(source, "tiles")
    _, is_loaded = layer.loadDefaultStyle()
    assert is_loaded
    return layer


def pictures(address: str) -> QgsRasterLayer:
    """The layer that the dialog for XYZ layers makes."""
    tiles = f"{address}/tiles/latest/{{z}}/{{x}}/{{y}}.png"
    return QgsRasterLayer(f"type=xyz&url={quote(tiles)}&zmin=8&zmax=18", "pictures", "wms")


def draw(layer: QgsVectorTileLayer | QgsRasterLayer, request: Answer, path: Path) -> None:
    """Draw one layer in Web Mercator on a white background."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setExtent(QgsRectangle(*request["extent"]))
    settings.setOutputSize(QSize(*request["size"]))
    settings.setBackgroundColor(QColor("white"))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    assert job.renderedImage().save(str(path))


def main() -> None:
    address, folder, requests = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
    application = start(folder)
    tiles = vector_tiles(address)
    draw(tiles, requests["draw"], folder / "vector.png")
    draw(pictures(address), requests["draw"], folder / "pictures.png")
    answers = {
        "version": Qgis.QGIS_VERSION,
        "listed": list_layers(address),
        "styles": [style.styleName() for style in tiles.renderer().styles()],
        "layers": {
            key: read_layer(address, request["collection"], request)
            for key, request in requests["layers"].items()
        },
    }
    (folder / "answers.json").write_text(json.dumps(answers))
    del tiles, application
    # Do not wait for the threads of QGIS libraries.
    os._exit(0)


main()
