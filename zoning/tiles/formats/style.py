"""How vector tiles are drawn in their colours, as MapLibre and QGIS read it.

One layer a colour, though MapLibre could do with one for all: QGIS 3.22 reads no ``match`` of
numbers, and lists the layers by their names for who would change them.
"""

from typing import Any, Final

from zoning.drawing.palette import INK, OTHER, UNKNOWN, tints_of
from zoning.risk import Classes
from zoning.tiles.geometry.coverage import FIRST_ZOOM

Layer = dict[str, Any]
_SOURCE: Final = "zones"
_NOT_KNOWN: Final = -1
"""Risk of an RT in the tiles of a day of which nothing is known."""
_BETWEEN: Final = "rgba(255, 255, 255, 0.3)"
_LINES: Final = (("rw", 0.4), ("kelurahan", 0.8), ("kecamatan", 1.6))
"""Borders above the RT and their width in pixels, the thinnest first."""


def style(name: str, tilejson: str, classes: Classes) -> dict[str, Any]:
    """A style of a day's vector tiles; see https://maplibre.org/maplibre-style-spec/.

    Parameters
    ----------
    name
        What it is called.
    tilejson
        Address of the TileJSON of these tiles.
    classes
        Of the risks in them.
    """
    risks = [*((tint.risk, tint) for tint in tints_of(classes)), (_NOT_KNOWN, UNKNOWN)]
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
            *(_line(layer, width) for layer, width in _LINES),
        ],
    }


def _area(layer: str, name: str, fill: str) -> Layer:
    paint = {"fill-color": fill, "fill-outline-color": _BETWEEN}
    return _of(layer, name, "fill") | {"paint": paint}


def _line(layer: str, width: float) -> Layer:
    paint = {"line-color": INK, "line-width": width, "line-opacity": 0.6}
    return _of(layer, layer, "line") | {"paint": paint}


def _of(layer: str, name: str, kind: str) -> Layer:
    return {
        "id": name,
        "type": kind,
        "source": _SOURCE,
        "source-layer": layer,
        "minzoom": FIRST_ZOOM[layer],
    }
