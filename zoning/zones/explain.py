"""Why a zone has its colour on a day, with the measures and uncertainties of the colour.

Counts and sentences in Indonesian and English, for officials. The public explanation of a zone is
`zoning.public.zone`.
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
from zoning.public.areas import is_zone
from zoning.public.zone import PublicZone
from zoning.risk import ACTIVE_CASES, LOWEST_RISK
from zoning.rules import Rulebook, Unit
from zoning.zones.frames import COUNTS, count_smallest_zones

Day = date


@dataclass(frozen=True)
class ZoneCounts:
    """The counts of a zone; for officials."""

    houses: int
    houses_at_least: int
    """All cases of an RT without a known house count as one house."""
    cases: int
    active: int


@dataclass(frozen=True)
class ZoneView:
    """One zone on one day.

    Attributes
    ----------
    risk, colour
        None for an area that is no RT; for an area above the RT, the highest of its RT.
    window
        First and last day of the window.
    threshold
        The range of counts of this colour in the rule; None above the RT.
    flag
        ``active-cases`` for a zone of the lowest class with active cases, else empty.
    why, uncertain
        Sentences; `uncertain` is empty if nothing is uncertain.
    measures
        The measures that the colour requires; empty above the RT.
    run, input_digest
        The public id of the run, and its internal id.
    counts
        None for an area that is no RT.
    unplaced
        Two numbers of cases of the window that are in no RT: cases in the kelurahan of the zone,
        and cases of which only the city is known. None for an area that is no RT.
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


def explain(
    boundaries: AreaTable, day: DayZones, public_zone: PublicZone, rules: Rulebook
) -> ZoneView:
    """One zone of a published day, with its counts.

    Parameters
    ----------
    boundaries
        The boundaries of the run.
    public_zone
        The public explanation of the zone on that day.
    rules
        The rules of the city.
    """
    view = ZoneView(
        **vars(public_zone), input_digest=day.run, flag="", uncertain=(), counts=None, unplaced=None
    )
    if public_zone.risk is None:
        return view
    unplaced = _unplaced_cases(boundaries, public_zone.code, day)
    view = replace(view, uncertain=tuple(phrases.unplaced_sentences(*unplaced)), unplaced=unplaced)
    if boundaries.is_smallest(public_zone.level):
        return _explain_rt(view, day, public_zone.risk, rules)
    zone_counts = count_smallest_zones(boundaries, day)
    rows = (boundaries.ancestors(public_zone.level) == public_zone.code) & is_zone(boundaries)
    return replace(
        view, counts=ZoneCounts(**{name: int(zone_counts[name][rows].sum()) for name in COUNTS})
    )


def _explain_rt(view: ZoneView, day: DayZones, risk: int, rules: Rulebook) -> ZoneView:
    rule = rules.rule_for_run(day.of)
    remark = phrases.rule_remark(rule, rules, day.date)
    row = day.zones.filter(pc.equal(day.zones["code"], view.code)).to_pylist()
    values = row[0] if row else dict.fromkeys(COUNTS, 0)
    counts = ZoneCounts(**{name: int(values[name]) for name in COUNTS})
    is_active = risk == LOWEST_RISK and counts.active > 0
    sentences = [
        phrases.count_sentence(rule, risk, _count_in_unit(counts, rule.unit), day.date),
        *([phrases.active_cases_sentence(counts.active)] if is_active else []),
        *([] if remark is None else [remark]),
        *([] if view.kind == "rt" else [phrases.no_rt_zone_remark(view.kind)]),
    ]
    doubts = []
    if rule.unit == "houses" and counts.houses != counts.houses_at_least:
        doubts.append(
            phrases.uncertain_houses_sentence(rule, counts.houses_at_least, counts.houses)
        )
    return replace(
        view,
        flag=ACTIVE_CASES if is_active else "",
        why=reduce(phrases.join_sentences, sentences),
        uncertain=(*doubts, *view.uncertain),
        counts=counts,
    )


def _count_in_unit(counts: ZoneCounts, unit: Unit) -> int:
    count: int = getattr(counts, unit)
    return count


def _unplaced_cases(boundaries: AreaTable, code: str, day: DayZones) -> tuple[int, int]:
    """Cases without an RT: in the kelurahan of the area, and with only the city known."""
    cases_by_code = dict(
        zip(day.unplaced["code"].to_pylist(), day.unplaced["cases"].to_pylist(), strict=True)
    )
    in_kelurahan = in_city = 0
    for area in (boundaries.area(code), *boundaries.above(code)):
        if area.level == "kota":
            in_city = cases_by_code.get(area.code, 0)
        else:
            in_kelurahan += cases_by_code.get(area.code, 0)
    return in_kelurahan, in_city
