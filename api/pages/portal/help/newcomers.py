"""Newcomers by week and area, from public ranges only, and the rules of quarantine."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from api.pages.portal.curves import RangeCurve, RangeOfDay, range_curve
from api.pages.portal.help.city_data import CityData
from api.pages.portal.texts.help.newcomers import TEXTS
from geodata.areas import Level
from geodata.boundaries import AreaFacts
from geodata.calendar import DayRange
from geodata.language import Bilingual
from zoning.phrases import date_in_words
from zoning.public.figures import DAYS_OF_WEEK, FIGURE_LEVELS, Figure
from zoning.public.newcomer_weeks import NewcomerWeeks
from zoning.quarantine.quarantine_rules import QuarantineRule, quarantine_rules

_WEEKS: Final = 8
_WEEKS_OF_PARTS: Final = 4


@dataclass(frozen=True)
class WeeksOfPart:
    """An area of the next level with its last weeks, the newest first."""

    area: AreaFacts
    weeks: list[Figure]


@dataclass(frozen=True)
class NewcomersOfArea:
    """Newcomers of an area in whole weeks, Monday to Sunday.

    Attributes
    ----------
    above
        The area around the area; None for the city.
    weeks
        The newest first.
    curve
        The same weeks; None if all are without data.
    n_incomplete
        Number of weeks of the curve that are not complete yet.
    parts
        Areas of the next level, in the order of their names; empty for a kelurahan.
    """

    area: AreaFacts
    above: AreaFacts | None
    weeks: list[Figure]
    curve: RangeCurve | None
    n_incomplete: int
    parts: list[WeeksOfPart]
    title: Bilingual = TEXTS["title"]


@dataclass(frozen=True)
class RulePeriod:
    """A rule of quarantine and its days."""

    rule: QuarantineRule
    since: Bilingual
    until: Bilingual | None
    is_in_force: bool

    @property
    def title(self) -> Bilingual:
        """Title of the rule."""
        return Bilingual(self.rule.title.id, self.rule.title.en)

    def end_for(self, arrival: date) -> date:
        """Last day of the quarantine of a newcomer who arrives on a day."""
        return arrival + timedelta(days=self.rule.days)


def rule_periods(data: CityData, day: date) -> list[RulePeriod]:
    """All rules of quarantine, the newest first, and which of them is in force on a day."""
    periods = []
    for rule in reversed(quarantine_rules(data.boundaries.level("kota")["code"])):
        since, until = rule.in_force.since, rule.in_force.until
        periods.append(
            RulePeriod(
                rule,
                date_in_words(since),
                None if until is None else date_in_words(until),
                since <= day and (until is None or day <= until),
            )
        )
    return periods


def newcomers_of(
    weeks: NewcomerWeeks, data: CityData, code: str | None, until: date
) -> NewcomersOfArea | None:
    """The newcomers of an area; None where the city has no public number of newcomers.

    Parameters
    ----------
    code
        Code of an area; the city for None. For an RW or RT, its kelurahan is shown.
    until
        No week ends after this day.

    Raises
    ------
    NotFoundError
        ``no-area``.
    """
    if not weeks.n_weeks:
        return None
    boundaries = data.boundaries
    area = boundaries.area(code or boundaries.level("kota")["code"].iloc[0])
    while area.level not in FIGURE_LEVELS and area.parent is not None:
        area = boundaries.area(area.parent)
    own = weeks.last_weeks(area.code, until, _WEEKS)
    shown = DayRange(own[0].first, own[-1].last)
    with_data = [week for week in own if week.least is not None]
    complete = [_range(week) for week in with_data if week.complete]
    incomplete = [_range(week) for week in with_data if not week.complete]
    parts = [
        WeeksOfPart(part, weeks.last_weeks(part.code, until, _WEEKS_OF_PARTS)[::-1])
        for part in _parts(data, area)
    ]
    return NewcomersOfArea(
        area=area,
        above=None if area.parent is None else boundaries.area(area.parent),
        weeks=own[::-1],
        curve=range_curve(complete, incomplete, shown, DAYS_OF_WEEK) if with_data else None,
        n_incomplete=len(incomplete),
        parts=parts,
    )


def _parts(data: CityData, area: AreaFacts) -> list[AreaFacts]:
    if area.level == FIGURE_LEVELS[-1]:
        return []
    level: Level = FIGURE_LEVELS[FIGURE_LEVELS.index(area.level) + 1]
    below = data.boundaries.level(level)
    codes = below.loc[below["parent"] == area.code].sort_values("name")["code"]
    return [data.boundaries.area(code) for code in codes]


def _range(week: Figure) -> RangeOfDay:
    return RangeOfDay(week.first, week.least or 0, week.most or 0)
