"""Why a zone has its colour on a day, and what that obliges one to do: what everyone may know.

Sentences say the range of the colour, never a count, and nothing that differs between two zones of
one colour: that some cases are still active, that houses are not certain, or that cases could not
be placed tells of single persons. Those are for officials (`zoning.zones.explain`).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from geodata.areas import OTHER, Level
from geodata.boundaries import AreaFacts, AreaTable
from geodata.language import Bilingual
from zoning import phrases
from zoning.public.areas import is_rt, risks_of_leaves
from zoning.public.day import PublicDay
from zoning.rules import Rule, Rulebook

Day = date


@dataclass(frozen=True)
class PublicZone:
    """One zone on one day.

    Attributes
    ----------
    risk, colour
        None for an area that is no RT; above the RT the highest among its RT.
    run
        The public id.
    window
        First and last day of the window.
    threshold
        The counts that make this colour under the rule; None above the RT.
    why
        Sentences.
    measures
        What the colour obliges one to do; empty above the RT.
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
    retrospective: bool
    window: tuple[Day, Day]
    threshold: Bilingual | None
    why: Bilingual
    measures: tuple[Bilingual, ...]


class _Judged(NamedTuple):
    day: PublicDay
    by: Rule
    rules: Rulebook


def explain(boundaries: AreaTable, day: PublicDay, code: str, rules: Rulebook) -> PublicZone:
    """One zone of a published day.

    Parameters
    ----------
    boundaries
        Those of the day.
    code
        Of an area of any level.
    rules
        The city's.

    Raises
    ------
    NotFoundError
        ``no-area`` if there is no such area.
    """
    area = boundaries.area(code)
    judged = _Judged(day, rules.rule_of(day.of), rules)
    if area.kind == OTHER:
        return _zone(area, judged, phrases.NO_RT)
    risks = risks_of_leaves(boundaries, day)
    own = (boundaries.ancestors(area.level) == area.code) & is_rt(boundaries)
    if not boundaries.is_smallest(area.level):
        return _above(boundaries, area, judged, risks[own])
    risk = int(risks[(boundaries.leaves["code"] == area.code).to_numpy()][0])
    by = judged.by
    why = phrases.range_of(by, risk, day.date)
    law = phrases.law(by, rules, day.date)
    if law is not None:
        why = phrases.joined(why, law)
    if area.kind != "rt":
        why = phrases.joined(why, phrases.no_rt_zone(area.kind))
    measures = tuple(by.measures_on(risk, day.date))
    return _zone(area, judged, why, risk=risk, threshold=by.range_of(risk), measures=measures)


def _above(
    boundaries: AreaTable, area: AreaFacts, judged: _Judged, risks: np.ndarray
) -> PublicZone:
    zone = boundaries.smallest_zone
    classes = judged.by.classes
    coloured = np.bincount(risks, minlength=len(classes)).tolist()
    why = phrases.highest(classes, coloured, zone)
    if zone != "rt":
        why = phrases.joined(why, phrases.no_rt_city(zone))
    return _zone(area, judged, why, risk=int(np.max(risks, initial=0)))


def _zone(
    area: AreaFacts,
    judged: _Judged,
    why: Bilingual,
    *,
    risk: int | None = None,
    threshold: Bilingual | None = None,
    measures: tuple[Bilingual, ...] = (),
) -> PublicZone:
    day, by, rules = judged
    return PublicZone(
        code=area.code,
        name=area.name,
        level=area.level,
        kind=area.kind,
        parent=area.parent,
        risk=risk,
        colour=None if risk is None else by.classes[risk].name.id,
        date=day.date,
        rule=day.rule,
        run=day.run,
        retrospective=rules.is_retrospective(day.date),
        window=(day.date - timedelta(days=by.window - 1), day.date),
        threshold=threshold,
        why=why,
        measures=measures,
    )
