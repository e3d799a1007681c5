"""TileJSON 3.0: the description of a day's tiles for map libraries."""

import html
from typing import Any, Final, Literal
from urllib.parse import urlencode

from geodata.areas import SmallestZone
from geodata.boundaries import Boundaries
from zoning.drawing.palette import class_tints
from zoning.phrases import ZONE_NAMES, no_rt_city_remark
from zoning.public.day import PublicDay
from zoning.risk import Classes
from zoning.tiles.geometry.coverage import FIRST_ZOOM
from zoning.tiles.geometry.scheme import MAX_ZOOM, MIN_ZOOM

TileFormat = Literal["mvt", "png"]
CLOSEST_ZOOM: Final[dict[TileFormat, int]] = {"mvt": 16, "png": MAX_ZOOM}
"""The highest zoom that a client should request; vector tiles lose no detail when enlarged."""
_LAYER_DESCRIPTIONS: Final = {
    "kecamatan": "Kecamatan (districts)",
    "kelurahan": "Kelurahan (urban villages)",
    "rw": "RW (groups of RT)",
    "rt": "RT (neighbourhoods)",
    "other": "Areas that are no RT",
}
_NAME_FIELDS: Final = {"code": "Area code", "name": "Name"}


def tilejson(
    boundaries: Boundaries,
    day: PublicDay,
    form: TileFormat,
    base: str,
    classes: Classes,
    *,
    size: int = 256,
    pattern: bool = False,
) -> dict[str, Any]:
    """Describe a day's tiles; see https://github.com/mapbox/tilejson-spec.

    Additional fields: ``date``, ``run``, and ``risks`` with colour and names of each class.

    Parameters
    ----------
    base
        URL of the application, without ``/tiles``.
    classes
        Classes of risk in the tiles.
    size, pattern
        For pictures: pixels per side, and whether patterns show the risk too.
    """
    west, south, east, north = (float(side) for side in boundaries.areas.total_bounds)
    city = _city_name(boundaries)
    query = _query(size=size, pattern=pattern) if form == "png" else ""
    document: dict[str, Any] = {
        "tilejson": "3.0.0",
        "name": title(boundaries, day),
        "description": _description(boundaries, day, city),
        "version": "1.0.0",
        # Map libraries show the attribution as HTML.
        "attribution": html.escape(city),
        "scheme": "xyz",
        "tiles": [f"{base}/tiles/{day.run}/{{z}}/{{x}}/{{y}}.{form}{query}"],
        "minzoom": MIN_ZOOM,
        "maxzoom": CLOSEST_ZOOM[form],
        "bounds": [west, south, east, north],
        "center": [(west + east) / 2, (south + north) / 2, 12],
        "date": day.date.isoformat(),
        "run": day.run,
        "risks": [
            {"risk": tint.risk, "id": tint.id, "en": tint.en, "colour": tint.fill}
            for tint in class_tints(classes)
        ],
    }
    if form == "mvt":
        document["vector_layers"] = vector_layers(classes, boundaries.smallest_zone)
    return document


def _description(boundaries: Boundaries, day: PublicDay, city: str) -> str:
    sentence = f"Zones of {city} on {day.date.isoformat()} by {day.rule}"
    zone = boundaries.smallest_zone
    return sentence if zone == "rt" else f"{sentence}. {no_rt_city_remark(zone).en}"


def title(boundaries: Boundaries, day: PublicDay) -> str:
    """Name of a day's tiles."""
    return f"{_city_name(boundaries)}, {day.date.isoformat()}"


def _query(*, size: int, pattern: bool) -> str:
    """The query string of a picture, without default values."""
    parameters = {"size": str(size) if size != 256 else "", "pattern": "true" if pattern else ""}
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"?{query}" if query else ""


def vector_layers(classes: Classes, zone: SmallestZone = "rt") -> list[dict[str, Any]]:
    """Layers of the vector tiles, their fields and zooms.

    Parameters
    ----------
    classes
        Classes of risk in the tiles.
    zone
        Kind of the smallest zones, which are in the layer ``rt`` whatever their kind.
    """
    class_names = ", ".join(
        f"{risk} {risk_class.name.id}" for risk, risk_class in enumerate(classes)
    )
    risks = f"{class_names}, -1 no data; above the RT the highest among its RT"
    smallest = (
        _LAYER_DESCRIPTIONS["rt"] if zone == "rt" else f"{ZONE_NAMES[zone]}, the smallest zones"
    )
    return [
        {
            "id": name,
            "description": smallest if name == "rt" else _LAYER_DESCRIPTIONS[name],
            "fields": _NAME_FIELDS if name == "other" else {"risk": risks, **_NAME_FIELDS},
            "minzoom": first,
            "maxzoom": CLOSEST_ZOOM["mvt"],
        }
        for name, first in FIRST_ZOOM.items()
    ]


def _city_name(boundaries: Boundaries) -> str:
    return " · ".join(boundaries.level("kota")["name"])
