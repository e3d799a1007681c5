"""Why a zone has its colour on a day, what that obliges one to do, and what is uncertain about it.

Figures and sentences in Indonesian and English, with counts: for officials. What everyone may know
of a zone is `zoning.public.zone`.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import reduce

import pyarrow.compute as pc

from geodata.areas import Level
from geodata.boundaries import AreaTable
from geodata.language import Bilingual
from zoning import phrases
from zoning.days.runs import DayZones
from zoning.public.areas import is_rt
from zoning.public.zone import PublicZone
from zoning.risk import ACTIVE_CASES, LOWEST
from zoning.rules import Rulebook, Unit
from zoning.zones.frames import COUNTS, counts_of_leaves

Day = date


@dataclass(frozen=True)
class ZoneCounts:
    """What was counted in a zone; for officials."""

    houses: int
    houses_at_least: int
    """All cases of an RT without a known house taken for one house."""
    cases: int
    active: int


@dataclass(frozen=True)
class ZoneView:
    """One zone on one day.

    Attributes
    ----------
    risk, colour
        None for an area that is no RT; above the RT the highest among its RT.
    window
        First and last day of the window.
    threshold
        The counts that make this colour under the rule; None above the RT.
    flag
        ``active-cases`` for a zone of the lowest class with active cases, else empty.
    why, uncertain
        Sentences; `uncertain` is empty where nothing is.
    measures
        What the colour obliges one to do; empty above the RT.
    run, input_digest
        The public id of the run, and its internal one.
    counts
        None for an area that is no RT.
    unplaced
        Cases of the window known to lie in its kelurahan, and in the city, that are in no RT;
        None for an area that is no RT.
    """

    code: str
    name: str
    level: Level
    kind: str
    parent: str | None
    risk: int | None
    colour: str | None
    date: date
    rule: str
    run: str
    input_digest: str
    retrospective: bool
    window: tuple[Day, Day]
    threshold: Bilingual | None
    flag: str
    why: Bilingual
    measures: tuple[Bilingual, ...]
    uncertain: tuple[Bilingual, ...]
    counts: ZoneCounts | None
    unplaced: tuple[int, int] | None


def explain(boundaries: AreaTable, day: DayZones, seen: PublicZone, rules: Rulebook) -> ZoneView:
    """One zone of a published day, with its counts.

    Parameters
    ----------
    boundaries
        Those of the run.
    seen
        What everyone may know of the zone on that day.
    rules
        The city's.
    """
    view = ZoneView(
        **vars(seen), input_digest=day.run, flag="", uncertain=(), counts=None, unplaced=None
    )
    if seen.risk is None:
        return view
    unplaced = _unplaced(boundaries, seen.code, day)
    view = replace(view, uncertain=tuple(phrases.unplaced(*unplaced)), unplaced=unplaced)
    if boundaries.is_smallest(seen.level):
        return _rt(view, day, seen.risk, rules)
    leaves = counts_of_leaves(boundaries, day)
    own = (boundaries.ancestors(seen.level) == seen.code) & is_rt(boundaries)
    return replace(
        view, counts=ZoneCounts(**{name: int(leaves[name][own].sum()) for name in COUNTS})
    )


def _rt(view: ZoneView, day: DayZones, risk: int, rules: Rulebook) -> ZoneView:
    by = rules.rule_of(day.of)
    law = phrases.law(by, rules, day.date)
    row = day.zones.filter(pc.equal(day.zones["code"], view.code)).to_pylist()
    found = row[0] if row else dict.fromkeys(COUNTS, 0)
    counts = ZoneCounts(**{name: int(found[name]) for name in COUNTS})
    is_active = risk == LOWEST and counts.active > 0
    sentences = [
        phrases.count_of(by, risk, _counted(counts, by.unit), day.date),
        *([phrases.still_active(counts.active)] if is_active else []),
        *([] if law is None else [law]),
        *([] if view.kind == "rt" else [phrases.no_rt_zone(view.kind)]),
    ]
    doubts = []
    if by.unit == "houses" and counts.houses != counts.houses_at_least:
        doubts.append(phrases.unknown_houses(by, counts.houses_at_least, counts.houses))
    return replace(
        view,
        flag=ACTIVE_CASES if is_active else "",
        why=reduce(phrases.joined, sentences),
        uncertain=(*doubts, *view.uncertain),
        counts=counts,
    )


def _counted(counts: ZoneCounts, unit: Unit) -> int:
    found: int = getattr(counts, unit)
    return found


def _unplaced(boundaries: AreaTable, code: str, day: DayZones) -> tuple[int, int]:
    """Cases without an RT known to lie in the area's kelurahan, and in the city at large."""
    known = dict(
        zip(day.unplaced["code"].to_pylist(), day.unplaced["cases"].to_pylist(), strict=True)
    )
    near = far = 0
    for area in (boundaries.area(code), *boundaries.above(code)):
        if area.level == "kota":
            far = known.get(area.code, 0)
        else:
            near += known.get(area.code, 0)
    return near, far
