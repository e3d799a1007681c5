"""TileJSON 3.0: what a map library must know of a day's tiles."""

import html
from typing import Any, Final, Literal
from urllib.parse import urlencode

from geodata.areas import SmallestZone
from geodata.boundaries import Boundaries
from zoning.drawing.palette import tints_of
from zoning.phrases import ZONE_NAMES, no_rt_city
from zoning.public.day import PublicDay
from zoning.risk import Classes
from zoning.tiles.geometry.coverage import FIRST_ZOOM
from zoning.tiles.geometry.scheme import MAX_ZOOM, MIN_ZOOM

Form = Literal["mvt", "png"]
CLOSEST: Final[dict[Form, int]] = {"mvt": 16, "png": MAX_ZOOM}
"""The closest zoom a client should ask for: vector tiles lose nothing when enlarged from there."""
_ABOUT: Final = {
    "kecamatan": "Kecamatan (districts)",
    "kelurahan": "Kelurahan (urban villages)",
    "rw": "RW (groups of RT)",
    "rt": "RT (neighbourhoods)",
    "other": "Areas that are no RT",
}
_CALLED: Final = {"code": "Area code", "name": "Name"}


def tilejson(
    boundaries: Boundaries,
    day: PublicDay,
    form: Form,
    base: str,
    classes: Classes,
    *,
    size: int = 256,
    pattern: bool = False,
) -> dict[str, Any]:
    """Describe a day's tiles; see https://github.com/mapbox/tilejson-spec.

    Beside what the standard names: ``date``, ``run``, and ``risks`` with the colour and the names
    of each.

    Parameters
    ----------
    base
        URL under which ``/tiles`` is.
    classes
        Of the risks in the tiles.
    size, pattern
        Of pictures: pixels across, and whether colours are said by patterns too.
    """
    west, south, east, north = (float(side) for side in boundaries.areas.total_bounds)
    city = _city(boundaries)
    query = _query(size=size, pattern=pattern) if form == "png" else ""
    found: dict[str, Any] = {
        "tilejson": "3.0.0",
        "name": title(boundaries, day),
        "description": _description(boundaries, day, city),
        "version": "1.0.0",
        # Map libraries take it for HTML.
        "attribution": html.escape(city),
        "scheme": "xyz",
        "tiles": [f"{base}/tiles/{day.run}/{{z}}/{{x}}/{{y}}.{form}{query}"],
        "minzoom": MIN_ZOOM,
        "maxzoom": CLOSEST[form],
        "bounds": [west, south, east, north],
        "center": [(west + east) / 2, (south + north) / 2, 12],
        "date": day.date.isoformat(),
        "run": day.run,
        "risks": [
            {"risk": tint.risk, "id": tint.id, "en": tint.en, "colour": tint.fill}
            for tint in tints_of(classes)
        ],
    }
    if form == "mvt":
        found["vector_layers"] = vector_layers(classes, boundaries.smallest_zone)
    return found


def _description(boundaries: Boundaries, day: PublicDay, city: str) -> str:
    said = f"Zones of {city} on {day.date.isoformat()} by {day.rule}"
    zone = boundaries.smallest_zone
    return said if zone == "rt" else f"{said}. {no_rt_city(zone).en}"


def title(boundaries: Boundaries, day: PublicDay) -> str:
    """What a day's tiles are called."""
    return f"{_city(boundaries)}, {day.date.isoformat()}"


def _query(*, size: int, pattern: bool) -> str:
    """What of a picture is not as usual."""
    said = {"size": str(size) if size != 256 else "", "pattern": "true" if pattern else ""}
    query = urlencode({name: value for name, value in said.items() if value})
    return f"?{query}" if query else ""


def vector_layers(classes: Classes, zone: SmallestZone = "rt") -> list[dict[str, Any]]:
    """Layers of the vector tiles, their fields and zooms.

    Parameters
    ----------
    classes
        Of the risks in the tiles.
    zone
        Kind of the smallest zones, which stand in the layer ``rt`` whatever they are.
    """
    numbered = ", ".join(f"{risk} {one.name.id}" for risk, one in enumerate(classes))
    risks = f"{numbered}, -1 no data; above the RT the highest among its RT"
    smallest = _ABOUT["rt"] if zone == "rt" else f"{ZONE_NAMES[zone]}, the smallest zones"
    return [
        {
            "id": name,
            "description": smallest if name == "rt" else _ABOUT[name],
            "fields": _CALLED if name == "other" else {"risk": risks, **_CALLED},
            "minzoom": first,
            "maxzoom": CLOSEST["mvt"],
        }
        for name, first in FIRST_ZOOM.items()
    ]


def _city(boundaries: Boundaries) -> str:
    return " · ".join(boundaries.level("kota")["name"])
