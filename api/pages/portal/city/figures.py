"""The daily figures of a page: the newest complete day, a curve, and tables by day and week."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from api.pages.portal.curves import RangeCurve, RangeOfDay, range_curve
from api.pages.portal.texts.figures import TITLES
from geodata.calendar import DayRange
from geodata.language import Bilingual
from zoning.public.figures import FIGURES, DailyFigures, Figure, FigureName

_CURVE_DAYS: Final = 70


@dataclass(frozen=True)
class FigureSeries:
    """One figure of an area.

    Attributes
    ----------
    newest
        The newest complete day with data; None if there is none.
    first, last
        First and last day of the curve; None without days.
    n_incomplete
        Number of days of the curve that are not complete yet.
    """

    name: FigureName
    title: Bilingual
    newest: Figure | None
    first: date | None
    last: date | None
    n_incomplete: int
    curve: RangeCurve


@dataclass(frozen=True)
class AreaFigures:
    """The figures of an area.

    Attributes
    ----------
    series
        One for each figure, in the order of `FIGURES`.
    days, weeks
        The days of the curve and its whole weeks, the newest first; the figures of one day or
        week in the order of `series`.
    """

    series: list[FigureSeries]
    days: list[tuple[Figure, ...]]
    weeks: list[tuple[Figure, ...]]


def area_figures(
    figures: DailyFigures, code: str, day: date, n_days: int = _CURVE_DAYS
) -> AreaFigures:
    """The figures of an area on the days up to a day, and of the weeks before.

    Parameters
    ----------
    code
        Code of the city, a kecamatan or a kelurahan.

    Raises
    ------
    NotFoundError
        ``no-figures`` for another area.
    """
    days = DayRange(day - timedelta(days=n_days - 1), day)
    by_day, by_week = figures.by_day(code, days), figures.by_week(code, days)
    return AreaFigures(
        series=[_series(name, by_day[name]) for name in FIGURES],
        days=list(zip(*(by_day[name] for name in FIGURES), strict=True))[::-1],
        weeks=list(zip(*(by_week[name] for name in FIGURES), strict=True))[::-1],
    )


def _series(name: FigureName, days: list[Figure]) -> FigureSeries:
    with_data = [figure for figure in days if figure.least is not None]
    complete = [figure for figure in with_data if figure.complete]
    incomplete = [figure for figure in with_data if not figure.complete]
    shown = DayRange(days[0].first, days[-1].last) if days else DayRange()
    return FigureSeries(
        name=name,
        title=TITLES[name],
        newest=complete[-1] if complete else None,
        first=days[0].first if days else None,
        last=days[-1].first if days else None,
        n_incomplete=len(incomplete),
        curve=range_curve(
            [_range(figure) for figure in complete],
            [_range(figure) for figure in incomplete],
            shown,
        ),
    )


def _range(figure: Figure) -> RangeOfDay:
    return RangeOfDay(figure.first, figure.least or 0, figure.most or 0)
