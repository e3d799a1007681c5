"""Newcomers by week and kelurahan, from public values only, and the rules of quarantine.

Public values are those of the indicator ``newcomers``, which a city may report. A city that does
not report it has no public number of newcomers, and the page says so.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import pandas as pd

from api.pages.portal.help.city_data import CityData
from geodata.boundaries import AreaFacts
from geodata.language import Bilingual
from zoning.phrases import date_in_words
from zoning.quarantine.quarantine_rules import QuarantineRule, quarantine_rules

INDICATOR: Final = "newcomers"
WeekState = Literal["zero", "suppressed", "range", "no-data"]
_WEEKS: Final = 4
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True)
class WeekCount:
    """The newcomers of a week as a range of two public ends; None without data."""

    least: int | None
    most: int | None
    is_hidden: bool = False

    @property
    def state(self) -> WeekState:
        """Sign of the count: zero, a small hidden number, a range, or no data."""
        if self.least is None:
            return "no-data"
        if self.most == 0:
            return "zero"
        return "suppressed" if self.is_hidden else "range"


@dataclass(frozen=True)
class NewcomerWeeks:
    """Newcomers of the kelurahan of an area, in complete weeks from Monday to Sunday.

    Attributes
    ----------
    weeks
        First days of the weeks, the newest first.
    rows
        Name of each kelurahan with its counts, in the order of `weeks`.
    kecamatan
        For the whole city: the kecamatan, to choose one; `rows` is then empty.
    """

    area: AreaFacts
    weeks: list[date]
    rows: list[tuple[str, list[WeekCount]]]
    kecamatan: list[tuple[str, str]]

    def end_of(self, week: date) -> date:
        """The Sunday of a week."""
        return week + _WEEK - timedelta(days=1)


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


def rule_periods(day: date) -> list[RulePeriod]:
    """All rules of quarantine, the newest first, and which of them is in force on a day."""
    periods = []
    for rule in reversed(quarantine_rules()):
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


def newcomer_weeks(data: CityData, code: str | None, until: date) -> NewcomerWeeks | None:
    """Newcomers by week and kelurahan; None where the city publishes no number of newcomers.

    Parameters
    ----------
    code
        Code of an area; the city for None.
    until
        No week ends after this day.

    Raises
    ------
    NotFoundError
        ``no-area``.
    """
    boundaries = data.boundaries
    area = boundaries.area(code or boundaries.level("kota")["code"].iloc[0])
    while area.level not in {"kota", "kecamatan", "kelurahan"} and area.parent is not None:
        area = boundaries.area(area.parent)
    published = data.indicators.table
    reports = published[
        (published["indicator"] == INDICATOR)
        & (published["level"] == "kelurahan")
        & (published["date"] <= pd.Timestamp(until))
    ]
    if reports.empty:
        return None
    newest = reports["date"].max().date()
    # The week of the newest report, unless the week has not ended yet.
    last = newest - timedelta(days=newest.weekday())
    if last + _WEEK > until + timedelta(days=1):
        last -= _WEEK
    weeks = [last - number * _WEEK for number in range(_WEEKS)]
    kelurahan = boundaries.level("kelurahan")
    if area.level == "kota":
        parts = boundaries.level("kecamatan")
        choice = list(zip(parts["code"], parts["name"], strict=True))
        return NewcomerWeeks(area, weeks, [], choice)
    column = "code" if area.level == "kelurahan" else "parent"
    chosen = kelurahan[kelurahan[column] == area.code]
    rows = [
        (str(name), [_count(reports[reports["code"] == each], week) for week in weeks])
        for each, name in zip(chosen["code"], chosen["name"], strict=True)
    ]
    return NewcomerWeeks(area, weeks, rows, [])


def _count(reports: pd.DataFrame, week: date) -> WeekCount:
    """The range of a week: the sum of the lower ends and of the upper ends of its public bands."""
    days = reports["date"].dt.date
    rows = reports[(days >= week) & (days < week + _WEEK)]
    if rows.empty:
        return WeekCount(None, None)
    least = most = 0
    is_hidden = bool(rows["suppressed"].any())
    for value, rounded_to in zip(rows["value"], rows["rounded_to"], strict=True):
        # Without a width the city publishes exact counts.
        width = 1 if pd.isna(rounded_to) else int(rounded_to)
        if pd.isna(value):
            least, most = least + 1, most + width - 1
        elif value > 0:
            least, most = least + int(value), most + int(value) + width - 1
    return WeekCount(least, most, is_hidden)
