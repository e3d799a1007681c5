"""What the script of a map knows: the day, outlines, words; with no server, everything."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.areas import OTHER as NO_ZONE
from geodata.areas import SmallestZone
from geodata.boundaries import Boundaries
from geodata.errors import MikrozonasiError
from geodata.language import Bilingual
from zoning import phrases
from zoning.caching import Cache
from zoning.drawing.messages import PLACE_LETTERS, words_for
from zoning.drawing.packing import packed_risks, packed_shapes
from zoning.drawing.palette import OTHER, tints_of
from zoning.drawing.shapes import kept_shapes, outlines
from zoning.drawing.view import View
from zoning.portal.places import PLACE_NAMES
from zoning.public.day import PublicDay
from zoning.rules import Rule, Rulebook, built_in

_SHOWN: Final = ("kind", "name", "address", "position", "capacity", "room", "hours", "contact")
"""What of a place its popup says."""


@dataclass(frozen=True)
class Picture:
    """A day as it is drawn."""

    day: PublicDay
    boundaries: Boundaries
    risks: NDArray[np.uint8]
    cache: Cache = field(default_factory=Cache)
    """Keeps outlines by version of the boundaries; one of its own where none is handed in."""
    rules: Rulebook = field(default_factory=built_in)
    """The rules that the city is judged by."""


def map_data(picture: Picture, view: View) -> dict[str, Any]:
    """What the script of every map knows."""
    west, south, east, north = picture.boundaries.areas.total_bounds.tolist()
    return {
        "day": _day(picture.day),
        "boundaries": picture.boundaries.id,
        "api": view.api,
        "tiles": view.tiles,
        "pattern": view.pattern,
        "full": view.size == "full",
        # A page of the application may set these four.
        "addressed": False,
        "reloads": False,
        "follow": False,
        "preparing": False,
        "bounds": [[south, west], [north, east]],
        "focus": _focus(picture.boundaries, view.area),
        "outlines": _outlines(picture) if view.api is not None else None,
        "classes": picture.rules.keys,
        "tints": [tint._asdict() for tint in tints_of(picture.rules.classes)],
        "other": OTHER.fill,
        "rules": {
            rule.id: {"id": rule.title.id, "en": rule.title.en} for rule in picture.rules.rules
        },
        "kinds": [
            {"kind": kind, "letter": letter, **PLACE_NAMES[kind]._asdict()}
            for kind, letter in PLACE_LETTERS.items()
        ],
        "words": {
            name: words._asdict()
            for name, words in words_for(
                picture.boundaries.smallest_zone, picture.rules.disease
            ).items()
        },
    }


def _outlines(picture: Picture) -> dict[str, Any]:
    return picture.cache.get_or_build(
        ("outlines", picture.boundaries.id), lambda: outlines(picture.boundaries), _bytes_of_json
    )


def _bytes_of_json(said: object) -> int:
    return len(json.dumps(said))


def kept_data(
    picture: Picture,
    days: Sequence[tuple[PublicDay, NDArray[np.uint8]]],
    places: gpd.GeoDataFrame,
) -> dict[str, Any]:
    """What a map also knows where there is no server to ask.

    Parameters
    ----------
    days
        Days on these boundaries with the risk of every leaf.
    places
        See `zoning.portal.places.Places`.
    """
    boundaries = picture.boundaries
    shapes, lines = picture.cache.get_or_build(
        ("shapes without tiles", boundaries.id), lambda: kept_shapes(boundaries), _bytes_of_json
    )
    leaves = boundaries.leaves
    speaker = _Speaker(picture.rules, boundaries.smallest_zone)
    told, told_of = _told_of_days([day for day, _ in days], speaker)
    n_classes = len(picture.rules.classes)
    row_of = {code: row for row, code in enumerate(lines["kelurahan"]["codes"])}
    return {
        "outlines": lines,
        "zones": {
            "shapes": shapes,
            "names": leaves["name"].tolist(),
            "kelurahan": [row_of.get(code, -1) for code in boundaries.ancestors("kelurahan")],
            "others": np.flatnonzero(leaves["kind"] == NO_ZONE).tolist(),
        },
        "days": [
            {**_day(day), "risks": packed_risks(risks, n_classes), "told": which}
            for (day, risks), which in zip(days, told_of, strict=True)
        ],
        "told": told,
        "places": _features(places),
    }


def known_rule(rules: Rulebook, day: PublicDay) -> Rule | None:
    """The rule of a day; None where today's files do not have it, or say something else."""
    try:
        return rules.rule_of(day.of)
    except MikrozonasiError:
        return None


def _day(day: PublicDay) -> dict[str, Any]:
    return {
        "date": day.date.isoformat(),
        "run": day.run,
        "rule": day.rule,
        "boundaries": day.boundaries,
        "counts": list(day.counts.values()),
    }


class _Speaker(NamedTuple):
    """By which rules days are told, and of which zones."""

    rules: Rulebook
    zone: SmallestZone


def _told_of_days(days: Sequence[PublicDay], speaker: _Speaker) -> tuple[list[Any], list[int]]:
    """What is said of each risk, each way of saying it once; and which of them each day says."""
    said: dict[str, tuple[int, Any]] = {}
    which = []
    for day in days:
        told = _told(day, speaker)
        place, _ = said.setdefault(repr(told), (len(said), told))
        which.append(place)
    return [told for _, told in said.values()], which


def _told(day: PublicDay, speaker: _Speaker) -> list[dict[str, Any]]:
    rule = known_rule(speaker.rules, day)
    risks = range(len(speaker.rules.classes))
    if rule is None:
        return [{"why": None, "measures": []} for _ in risks]
    return [
        {
            "why": _why(rule, risk, day, speaker)._asdict(),
            "measures": [one._asdict() for one in rule.measures_on(risk, day.date)],
        }
        for risk in risks
    ]


def _why(rule: Rule, risk: int, day: PublicDay, speaker: _Speaker) -> Bilingual:
    said = phrases.range_of(rule, risk, day.date)
    law = phrases.law(rule, speaker.rules, day.date)
    if law is not None:
        said = phrases.joined(said, law)
    zone = speaker.zone
    return said if zone == "rt" else phrases.joined(said, phrases.no_rt_city(zone))


def _focus(boundaries: Boundaries, code: str | None) -> dict[str, Any] | None:
    if code is None:
        return None
    area = boundaries.area(code)
    shape = area.geometry
    west, south, east, north = shape.bounds
    return {
        "code": area.code,
        "level": area.level,
        "bounds": [[south, west], [north, east]],
        "shape": packed_shapes(np.array([shape], dtype=object)),
    }


def _features(places: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """As the public API says them."""
    shown = places[places.geometry.notna()]
    rows = shown[list(_SHOWN)].astype(object).where(shown[list(_SHOWN)].notna(), None)
    return [
        {"geometry": shapely.geometry.mapping(point), "properties": row}
        for point, row in zip(shown.geometry, rows.to_dict("records"), strict=True)
    ]
