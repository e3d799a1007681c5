"""MapLibre style of the vector tiles, for MapLibre and QGIS.

The style has one layer per colour, although one ``match`` expression is enough for MapLibre: QGIS
3.22 cannot read a ``match`` of numbers, and shows the names of the layers in its list.
"""

from typing import Any, Final

from zoning.drawing.palette import INK, OTHER, UNKNOWN, class_tints
from zoning.risk import Classes
from zoning.tiles.geometry.coverage import FIRST_ZOOM

Layer = dict[str, Any]
_SOURCE: Final = "zones"
_UNKNOWN_RISK: Final = -1
"""Risk of an RT without data, in vector tiles."""
_RT_OUTLINE: Final = "rgba(255, 255, 255, 0.3)"
_BORDERS: Final = (("rw", 0.4), ("kelurahan", 0.8), ("kecamatan", 1.6))
"""Border layers above the RT, and their width in pixels, thinnest first."""


def style(name: str, tilejson: str, classes: Classes) -> dict[str, Any]:
    """The style of a day's vector tiles; see https://maplibre.org/maplibre-style-spec/.

    Parameters
    ----------
    name
        Name of the style.
    tilejson
        URL of the TileJSON of the tiles.
    classes
        Classes of risk in the tiles.
    """
    risks = [*((tint.risk, tint) for tint in class_tints(classes)), (_UNKNOWN_RISK, UNKNOWN)]
    return {
        "version": 8,
        "name": name,
        "sources": {_SOURCE: {"type": "vector", "url": tilejson}},
        "layers": [
            *(
                _area("rt", f"RT {tint.id} · {tint.en}", tint.fill)
                | {"filter": ["==", ["get", "risk"], risk]}
                for risk, tint in risks
            ),
            _area("other", f"{OTHER.id} · {OTHER.en}", OTHER.fill),
            *(_line(layer, width) for layer, width in _BORDERS),
        ],
    }


def _area(layer: str, name: str, fill: str) -> Layer:
    paint = {"fill-color": fill, "fill-outline-color": _RT_OUTLINE}
    return _layer(layer, name, "fill") | {"paint": paint}


def _line(layer: str, width: float) -> Layer:
    paint = {"line-color": INK, "line-width": width, "line-opacity": 0.6}
    return _layer(layer, layer, "line") | {"paint": paint}


def _layer(layer: str, name: str, kind: str) -> Layer:
    return {
        "id": name,
        "type": kind,
        "source": _SOURCE,
        "source-layer": layer,
        "minzoom": FIRST_ZOOM[layer],
    }
