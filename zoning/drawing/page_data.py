"""Data for the script of a map: the day, outlines and texts; without a server, also all zones."""

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
from zoning.drawing.packing import pack_risks, pack_shapes
from zoning.drawing.palette import OTHER, class_tints
from zoning.drawing.shapes import outlines, standalone_shapes
from zoning.drawing.view import View
from zoning.portal.places import PLACE_NAMES
from zoning.public.day import PublicDay
from zoning.rules import Rule, Rulebook, built_in

_POPUP_COLUMNS: Final = (
    "kind",
    "name",
    "address",
    "position",
    "capacity",
    "room",
    "hours",
    "contact",
)
"""Columns of a place in its popup."""


@dataclass(frozen=True)
class MapDay:
    """The data of a map: a day with its boundaries, risks and rules."""

    day: PublicDay
    boundaries: Boundaries
    risks: NDArray[np.uint8]
    cache: Cache = field(default_factory=Cache)
    """Cache of outlines, by version of the boundaries; a new cache by default."""
    rules: Rulebook = field(default_factory=built_in)
    """The city's rules."""


def map_data(picture: MapDay, view: View) -> dict[str, Any]:
    """Data for the script of every map."""
    west, south, east, north = picture.boundaries.areas.total_bounds.tolist()
    has_outlines = view.api is not None and view.outlines is None
    return {
        "day": _day(picture.day),
        "boundaries": picture.boundaries.id,
        "api": view.api,
        "tiles": view.tiles,
        "pattern": view.pattern,
        "full": view.size == "full",
        # Pages of the application may set these.
        "addressed": False,
        "reloads": False,
        "follow": False,
        "preparing": False,
        "shown": None,
        "bounds": [[south, west], [north, east]],
        "focus": _focus(picture.boundaries, view.area),
        "outlines": map_outlines(picture.boundaries, picture.cache) if has_outlines else None,
        "outlines_at": view.outlines,
        "classes": picture.rules.keys,
        "tints": [tint._asdict() for tint in class_tints(picture.rules.classes)],
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


def map_outlines(boundaries: Boundaries, cache: Cache) -> dict[str, Any]:
    """The outlines of a map with tiles; see `zoning.drawing.shapes.outlines`."""
    return cache.get_or_build(("outlines", boundaries.id), lambda: outlines(boundaries), _json_size)


def _json_size(value: object) -> int:
    return len(json.dumps(value))


def standalone_data(
    picture: MapDay,
    days: Sequence[tuple[PublicDay, NDArray[np.uint8]]],
    places: gpd.GeoDataFrame,
) -> dict[str, Any]:
    """Further data for a map without a server.

    Parameters
    ----------
    days
        Days on these boundaries, with the risk of each of the smallest areas.
    places
        See `zoning.portal.places.Places`.
    """
    boundaries = picture.boundaries
    shapes, lines = picture.cache.get_or_build(
        ("shapes without tiles", boundaries.id), lambda: standalone_shapes(boundaries), _json_size
    )
    zones = boundaries.smallest_zones
    context = _RuleContext(picture.rules, boundaries.smallest_zone)
    explanations, explanation_of_day = _explanations_by_day([day for day, _ in days], context)
    n_classes = len(picture.rules.classes)
    row_of = {code: row for row, code in enumerate(lines["kelurahan"]["codes"])}
    return {
        "outlines": lines,
        "zones": {
            "shapes": shapes,
            "names": zones["name"].tolist(),
            "kelurahan": [row_of.get(code, -1) for code in boundaries.ancestors("kelurahan")],
            "others": np.flatnonzero(zones["kind"] == NO_ZONE).tolist(),
        },
        "days": [
            {**_day(day), "risks": pack_risks(risks, n_classes), "told": number}
            for (day, risks), number in zip(days, explanation_of_day, strict=True)
        ],
        "told": explanations,
        "places": _features(places),
    }


def known_rule(rules: Rulebook, day: PublicDay) -> Rule | None:
    """The rule of a day; None if the rule files of today lack the rule or differ."""
    try:
        return rules.rule_for_run(day.of)
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


class _RuleContext(NamedTuple):
    """The rules and the kind of the smallest zones, for explanations."""

    rules: Rulebook
    zone: SmallestZone


def _explanations_by_day(
    days: Sequence[PublicDay], context: _RuleContext
) -> tuple[list[Any], list[int]]:
    """The distinct explanations of all risks, and the number of the explanations of each day."""
    numbered: dict[str, tuple[int, Any]] = {}
    numbers = []
    for day in days:
        explanations = _explanations(day, context)
        number, _ = numbered.setdefault(repr(explanations), (len(numbered), explanations))
        numbers.append(number)
    return [explanations for _, explanations in numbered.values()], numbers


def _explanations(day: PublicDay, context: _RuleContext) -> list[dict[str, Any]]:
    rule = known_rule(context.rules, day)
    risks = range(len(context.rules.classes))
    if rule is None:
        return [{"why": None, "measures": []} for _ in risks]
    return [
        {
            "why": _why(rule, risk, day, context)._asdict(),
            "measures": [measure._asdict() for measure in rule.measures_for(risk, day.date)],
        }
        for risk in risks
    ]


def _why(rule: Rule, risk: int, day: PublicDay, context: _RuleContext) -> Bilingual:
    sentence = phrases.range_sentence(rule, risk, day.date)
    remark = phrases.rule_remark(rule, context.rules, day.date)
    if remark is not None:
        sentence = phrases.join_sentences(sentence, remark)
    zone = context.zone
    return (
        sentence
        if zone == "rt"
        else phrases.join_sentences(sentence, phrases.no_rt_city_remark(zone))
    )


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
        "shape": pack_shapes(np.array([shape], dtype=object)),
    }


def _features(places: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Places with a position, in the form of the public API."""
    located = places[places.geometry.notna()]
    rows = (
        located[list(_POPUP_COLUMNS)]
        .astype(object)
        .where(located[list(_POPUP_COLUMNS)].notna(), None)
    )
    return [
        {"geometry": shapely.geometry.mapping(point), "properties": row}
        for point, row in zip(located.geometry, rows.to_dict("records"), strict=True)
    ]
