"""The day of a page: the counts of each class, compared with the day before, and the curve."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import pandas as pd

from api.pages.portal.curves import StackedCurve, stacked_curve
from zoning.risk import Classes, class_keys

_CURVE_DAYS: Final = 70


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


def city_day(runs: pd.DataFrame, day: date, classes: Classes) -> CityDay:
    """The city on a published day.

    Parameters
    ----------
    runs
        See `zoning.public.city.PublicCity.published_runs`.
    """
    keys = class_keys(classes)
    by_day = runs.set_index("date")
    today = by_day.loc[day, keys].tolist()
    yesterday = day - timedelta(days=1)
    is_compared = yesterday in by_day.index
    previous = by_day.loc[yesterday, keys].tolist() if is_compared else [None] * len(keys)
    counts = [
        ClassCount(risk, count, None if earlier is None else count - earlier)
        for risk, (count, earlier) in enumerate(zip(today, previous, strict=True))
    ]
    recent = by_day.loc[(by_day.index > day - timedelta(days=_CURVE_DAYS)) & (by_day.index <= day)]
    return CityDay(
        day=day,
        counts=counts[::-1],
        before=yesterday if is_compared else None,
        curve=stacked_curve(list(recent.index), recent[keys[:0:-1]]),
    )
