"""The day of a page: the counts of each class, compared with the day before, and the curve."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import pandas as pd

from api.pages.portal.curves import StackedCurve, stacked_curve
from zoning.risk import Classes, class_keys

CURVE_DAYS: Final = 70
"""Days of the curve, the day of the page included."""


@dataclass(frozen=True)
class ClassCount:
    """The RT of a class, and the change since the day before; None without a day before."""

    risk: int
    count: int
    change: int | None


@dataclass(frozen=True)
class CityDay:
    """The city on one day.

    Attributes
    ----------
    counts
        The highest class first.
    before
        The day before, if it is published.
    curve
        The RT above the lowest class on the days before.
    """

    day: date
    counts: list[ClassCount]
    before: date | None
    curve: StackedCurve


def city_day(runs: pd.DataFrame, day: date, classes: Classes, last_complete: date) -> CityDay:
    """The city on a published day.

    Parameters
    ----------
    runs
        See `zoning.public.city.PublicCity.published_runs`.
    last_complete
        The newest day of which the cases are usually complete.
    """
    keys = class_keys(classes)
    yesterday = day - timedelta(days=1)
    first = day - timedelta(days=CURVE_DAYS - 1)
    recent = runs.loc[[first <= each <= day for each in runs["date"].tolist()]]
    days: list[date] = recent["date"].tolist()
    counts_by_day = dict(zip(days, recent[keys].to_numpy().tolist(), strict=True))
    previous = counts_by_day.get(yesterday)
    counts = [
        ClassCount(risk, count, None if previous is None else count - previous[risk])
        for risk, count in enumerate(counts_by_day[day])
    ]
    return CityDay(
        day=day,
        counts=counts[::-1],
        before=None if previous is None else yesterday,
        curve=stacked_curve(days, recent[keys[:0:-1]], last_complete),
    )
