"""Why a zone has its colour on a day, what that obliges one to do, and what is uncertain about it.

Figures and sentences in Indonesian and English, with counts: for officials. What everyone may know
of a zone is `zoning.public.zone`.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pyarrow.compute as pc

from geodata.areas import OTHER, Level
from geodata.boundaries import AreaFacts, AreaTable
from zoning import phrases
from zoning.days.runs import DayZones
from zoning.public.areas import is_rt
from zoning.risk import ACTIVE_CASES, GREEN, RISKS, Bilingual
from zoning.rules import Rule, Unit, rule
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
        ``active-cases`` for a green zone with active cases, else empty.
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


def explain(boundaries: AreaTable, day: DayZones, code: str) -> ZoneView:
    """One zone of a published day.

    Parameters
    ----------
    boundaries
        Those of the run.
    code
        Of an area of any level.

    Raises
    ------
    NotFoundError
        ``no-area`` if there is no such area.
    """
    area = boundaries.area(code)
    by = rule(day.rule)
    if area.kind == OTHER:
        return _view(area, day, by, phrases.NO_RT)
    if boundaries.is_smallest(area.level):
        return _rt(boundaries, area, day, by)
    return _parent(boundaries, area, day, by)


def _rt(boundaries: AreaTable, area: AreaFacts, day: DayZones, by: Rule) -> ZoneView:
    row = day.zones.filter(pc.equal(day.zones["code"], area.code)).to_pylist()
    found = row[0] if row else dict.fromkeys(("risk", *COUNTS), 0)
    risk, counts = int(found["risk"]), ZoneCounts(**{name: int(found[name]) for name in COUNTS})
    unplaced = _unplaced(boundaries, area, day)
    said = phrases.count_of(by, risk, _counted(counts, by.unit), day.date)
    flag = ACTIVE_CASES if risk == GREEN and counts.active else ""
    if flag:
        said = phrases.joined(said, phrases.still_active(counts.active))
    law = phrases.law(by, day.date)
    if law is not None:
        said = phrases.joined(said, law)
    if area.kind != "rt":
        said = phrases.joined(said, phrases.no_rt_zone(area.kind))
    doubts = []
    if by.unit == "houses" and counts.houses != counts.houses_at_least:
        lower = int(np.searchsorted(by.lowest, counts.houses_at_least, side="right"))
        doubts.append(phrases.unknown_houses(counts.houses_at_least, counts.houses, risk, lower))
    doubts += phrases.unplaced(*unplaced)
    view = _view(area, day, by, said, doubts=tuple(doubts), risk=risk)
    return replace(
        view,
        flag=flag,
        threshold=by.range_of(risk),
        measures=tuple(by.measures_on(risk, day.date)),
        counts=counts,
        unplaced=unplaced,
    )


def _parent(boundaries: AreaTable, area: AreaFacts, day: DayZones, by: Rule) -> ZoneView:
    leaves = counts_of_leaves(boundaries, day)
    own = (boundaries.ancestors(area.level) == area.code) & is_rt(boundaries)
    coloured = np.bincount(leaves["risk"][own], minlength=len(RISKS))
    unplaced = _unplaced(boundaries, area, day)
    zone = boundaries.smallest_zone
    said = phrases.highest([int(number) for number in coloured], zone)
    if zone != "rt":
        said = phrases.joined(said, phrases.no_rt_city(zone))
    risk = int(np.max(leaves["risk"][own], initial=0))
    view = _view(area, day, by, said, doubts=tuple(phrases.unplaced(*unplaced)), risk=risk)
    sums = {name: int(leaves[name][own].sum()) for name in COUNTS}
    return replace(view, counts=ZoneCounts(**sums), unplaced=unplaced)


def _counted(counts: ZoneCounts, unit: Unit) -> int:
    found: int = getattr(counts, unit)
    return found


def _unplaced(boundaries: AreaTable, area: AreaFacts, day: DayZones) -> tuple[int, int]:
    """Cases without an RT known to lie in the area's kelurahan, and in the city at large."""
    known = dict(
        zip(day.unplaced["code"].to_pylist(), day.unplaced["cases"].to_pylist(), strict=True)
    )
    line: AreaFacts | None = area
    near = far = 0
    while line is not None:
        if line.level == "kota":
            far = known.get(line.code, 0)
        else:
            near += known.get(line.code, 0)
        line = None if line.parent is None else boundaries.area(line.parent)
    return near, far


def _view(
    area: AreaFacts,
    day: DayZones,
    by: Rule,
    said: Bilingual,
    *,
    doubts: tuple[Bilingual, ...] = (),
    risk: int | None = None,
) -> ZoneView:
    return ZoneView(
        code=area.code,
        name=area.name,
        level=area.level,
        kind=area.kind,
        parent=area.parent,
        risk=risk,
        colour=None if risk is None else RISKS[risk].name.id,
        date=day.date,
        rule=day.rule,
        run=day.public_id,
        input_digest=day.run,
        retrospective=day.retrospective,
        window=(day.date - timedelta(days=by.window - 1), day.date),
        threshold=None,
        flag="",
        why=said,
        measures=(),
        uncertain=doubts,
        counts=None,
        unplaced=None,
    )
