"""The public explanation of a zone on a day: why it has its colour, and the measures.

Two zones of the same colour have the same sentences. The sentences name the range of the colour,
never a count. They do not mention active cases, uncertain houses or cases without an RT, because
these tell of single persons; such sentences are for officials (`zoning.zones.explain`).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.areas import OTHER, Level
from geodata.boundaries import AreaFacts, AreaTable
from geodata.language import Bilingual
from zoning import phrases
from zoning.public.areas import is_zone, smallest_area_risks
from zoning.public.day import PublicDay
from zoning.rules import Rule, Rulebook

Day = date


@dataclass(frozen=True)
class PublicZone:
    """One zone on one day.

    Attributes
    ----------
    risk, colour
        None for an area that is no zone; above the RT the highest among its RT.
    run
        Public id of the run.
    window
        First and last day of the window.
    threshold
        Range of counts of this colour under the rule; None above the RT.
    why
        Sentences that explain the colour.
    measures
        Measures of the rule for this colour; empty above the RT.
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


class ColourMeaning(NamedTuple):
    """What a colour means on a day: the same for every zone of the colour.

    Attributes
    ----------
    window
        First and last day of the window.
    why
        Sentences that explain the colour.
    measures
        Measures of the rule for this colour.
    """

    risk: int
    window: tuple[Day, Day]
    why: Bilingual
    measures: tuple[Bilingual, ...]


class _ZoneContext(NamedTuple):
    day: PublicDay
    rule: Rule
    rules: Rulebook


def colour_meanings(day: PublicDay, rules: Rulebook) -> list[ColourMeaning]:
    """What each colour means on a day, the lowest class first."""
    context = _ZoneContext(day, rules.rule_for_run(day.of), rules)
    return [_colour_meaning(context, risk) for risk in range(len(context.rule.classes))]


def explain(
    boundaries: AreaTable,
    day: PublicDay,
    code: str,
    rules: Rulebook,
    risks: NDArray[np.uint8] | None = None,
) -> PublicZone:
    """Explain one zone of a published day.

    Parameters
    ----------
    boundaries
        The boundaries of the day.
    code
        Code of an area of any level.
    rules
        The city's rules.
    risks
        Risk of each of the smallest areas, where the caller has them already.

    Raises
    ------
    NotFoundError
        ``no-area`` if there is no such area.
    """
    area = boundaries.area(code)
    context = _ZoneContext(day, rules.rule_for_run(day.of), rules)
    if area.kind == OTHER:
        return _zone(area, context, phrases.NO_RT)
    if risks is None:
        risks = smallest_area_risks(boundaries, day)
    if not boundaries.is_smallest(area.level):
        is_inside = (boundaries.ancestors(area.level) == area.code) & is_zone(boundaries)
        return _higher_area(boundaries, area, context, risks[is_inside])
    risk = int(risks[boundaries.zone_row_of[area.code]])
    meaning = _colour_meaning(context, risk)
    why = meaning.why
    if area.kind != "rt":
        why = phrases.join_sentences(why, phrases.no_rt_zone_remark(area.kind))
    threshold = context.rule.range_of(risk)
    return _zone(area, context, why, risk=risk, threshold=threshold, measures=meaning.measures)


def _colour_meaning(context: _ZoneContext, risk: int) -> ColourMeaning:
    day, rule, rules = context
    why = phrases.range_sentence(rule, risk, day.date)
    remark = phrases.rule_remark(rule, rules, day.date)
    if remark is not None:
        why = phrases.join_sentences(why, remark)
    return ColourMeaning(risk, _window(context), why, tuple(rule.measures_for(risk, day.date)))


def _window(context: _ZoneContext) -> tuple[Day, Day]:
    last = context.day.date
    return last - timedelta(days=context.rule.window - 1), last


def _higher_area(
    boundaries: AreaTable, area: AreaFacts, context: _ZoneContext, risks: np.ndarray
) -> PublicZone:
    zone = boundaries.smallest_zone
    classes = context.rule.classes
    counts = np.bincount(risks, minlength=len(classes)).tolist()
    why = phrases.highest_sentence(classes, counts, zone)
    if zone != "rt":
        why = phrases.join_sentences(why, phrases.no_rt_city_remark(zone))
    return _zone(area, context, why, risk=int(np.max(risks, initial=0)))


def _zone(
    area: AreaFacts,
    context: _ZoneContext,
    why: Bilingual,
    *,
    risk: int | None = None,
    threshold: Bilingual | None = None,
    measures: tuple[Bilingual, ...] = (),
) -> PublicZone:
    day, applied_rule, rules = context
    return PublicZone(
        code=area.code,
        name=area.name,
        level=area.level,
        kind=area.kind,
        parent=area.parent,
        risk=risk,
        colour=None if risk is None else applied_rule.classes[risk].name.id,
        date=day.date,
        rule=day.rule,
        run=day.run,
        retrospective=rules.is_retrospective(day.date),
        window=_window(context),
        threshold=threshold,
        why=why,
        measures=measures,
    )
