"""The values of the page of rules: colours and duties on a day, and the rules of other days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from geodata.boundaries import AreaTable
from geodata.language import Bilingual
from zoning import phrases
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay
from zoning.rules import Rule


@dataclass(frozen=True)
class Duty:
    """A measure, with its first and last day where it has them."""

    text: Bilingual
    since: date | None
    until: date | None


@dataclass(frozen=True)
class ColourDuties:
    """A class: the range of its counts, and its measures."""

    risk: int
    key: str
    range: Bilingual
    duties: list[Duty]


@dataclass(frozen=True)
class RuleOfDays:
    """A rule with all its measures.

    Attributes
    ----------
    since, until
        Days on which the rule is law; None without a first or a last day.
    is_shown
        Whether this is the rule of the day of the page.
    colours
        The highest class first.
    """

    rule: Rule
    since: date | None
    until: date | None
    is_shown: bool
    colours: list[ColourDuties]


@dataclass(frozen=True)
class RulePage:
    """The values of the page.

    Attributes
    ----------
    instrument
        The regulation behind the rule on the day; None if unknown.
    remarks
        What a reader must know of the rule on this day; see `zoning.phrases`.
    colours
        Classes with the measures of the day, the highest class first.
    rules
        The rules that are law on some days, in order of time.
    """

    rule: Rule
    instrument: str | None
    remarks: list[Bilingual]
    colours: list[ColourDuties]
    rules: list[RuleOfDays]


def rule_page(city: PublicCity, day: PublicDay) -> RulePage:
    """The values of the page of rules on a published day.

    Raises
    ------
    StoreError
        ``rule-changed`` if the text of the day's rule has changed since the day was classified.
    """
    rule = city.rules.rule_for_run(day.of)
    return RulePage(
        rule=rule,
        instrument=rule.instrument_for(day.date),
        remarks=list(_remarks(city, city.areas_of(day.boundaries), rule, day.date)),
        colours=_colours(rule, day.date),
        rules=[
            RuleOfDays(
                rule=each,
                since=each.in_force.since,
                until=each.in_force.until,
                is_shown=each.id == rule.id,
                colours=_colours(each),
            )
            for each in city.rules.rules
            if each.in_force is not None and city.rules.can_be_in_force(each)
        ],
    )


def _remarks(city: PublicCity, areas: AreaTable, rule: Rule, day: date) -> Iterator[Bilingual]:
    remark = phrases.rule_remark(rule, city.rules, day)
    if remark is not None:
        yield remark
    if areas.smallest_zone != "rt":
        yield phrases.no_rt_city_remark(areas.smallest_zone)


def _colours(rule: Rule, day: date | None = None) -> list[ColourDuties]:
    """The classes of a rule with the measures of a day, or with all measures for None."""
    return [
        ColourDuties(
            risk,
            risk_class.key,
            rule.range_of(risk),
            [
                Duty(Bilingual(measure.id, measure.en), measure.since, measure.until)
                for measure in rule.measures[risk_class.key]
                if day is None or measure.holds(day)
            ],
        )
        for risk, risk_class in reversed(list(enumerate(rule.classes)))
    ]
