"""Daily figures in public: for each area and day a range that holds a count of people.

A figure is the number of people who were confirmed, recovered or died on a day. This module has no
counts: `zoning.disclosure.figures` makes the ranges. Weeks are sums of the ranges of their days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.calendar import DayRange
from geodata.errors import NotFoundError

FigureName = Literal["cases", "recovered", "deaths"]
FIGURES: Final[tuple[FigureName, ...]] = get_args(FigureName)
"""Names of the figures; they are names of indicators too."""
FIGURE_LEVELS: Final[tuple[Level, ...]] = ("kota", "kecamatan", "kelurahan")
"""Levels with daily figures."""
FigureState = Literal["zero", "suppressed", "counted", "no-data"]
"""What a reader sees in place of a count: a zero is a count, a suppressed figure is a small count
that stays hidden, and no data means that the day is not published."""
DAYS_OF_WEEK: Final = 7
NO_DATA: Final = -1
"""In a range: the day is not published."""


class Figure(NamedTuple):
    """One figure of an area on a day or in a week.

    Attributes
    ----------
    first, last
        First and last day; for a day both are the day.
    value
        The middle of the range as a multiple of the minimum; None if suppressed or without data.
    least, most
        The count lies between them; None without data.
    complete
        False while reports of these days usually still arrive.
    """

    first: date
    last: date
    state: FigureState
    value: int | None
    least: int | None
    most: int | None
    complete: bool


class FigureRange(NamedTuple):
    """Ranges of counts: the lowest and the highest possible count; arrays of the same shape.

    A day without data has -1 in both.
    """

    least: NDArray[np.int64]
    most: NDArray[np.int64]


FiguresOfArea = dict[FigureName, list[Figure]]
"""The figures of one area in order of time, by name."""


@dataclass(frozen=True, eq=False)
class DailyFigures:
    """The public figures of every area of `FIGURE_LEVELS` on every published day.

    Attributes
    ----------
    first
        The first published day.
    codes, levels
        Code and level of each area, the city first.
    ranges
        By figure, arrays of shape ``(areas, days)``; days without gaps from the first to the
        newest published day.
    weeks_of_city
        Ranges of the weeks of each kota, narrower than the sums of their days; shape
        ``(kota, weeks)``, whole weeks from the first Monday. Not for every figure.
    last_complete
        By figure, the newest day that is usually complete.
    width
        Smaller counts are suppressed; values are multiples of this. 1 if all counts are public.
    stamp
        Hash of the figures.
    """

    first: date
    codes: tuple[str, ...]
    levels: tuple[Level, ...]
    ranges: dict[FigureName, FigureRange]
    weeks_of_city: dict[FigureName, FigureRange]
    last_complete: dict[FigureName, date]
    width: int
    stamp: str

    @property
    def n_days(self) -> int:
        """Number of days from the first to the newest published day."""
        return int(self.ranges["cases"].least.shape[1])

    @property
    def nbytes(self) -> int:
        """Memory in bytes."""
        return sum(values.least.nbytes + values.most.nbytes for values in self.ranges.values())

    def by_day(self, code: str, days: DayRange = DayRange()) -> FiguresOfArea:  # noqa: B008  (never changed)
        """The figures of one area, day by day.

        Days that are not published have a figure too, without data.

        Parameters
        ----------
        code
            Code of the area in the boundaries of today. The city has all its cases, a smaller area
            its cases with a known RT.
        days
            Default: from the first to the newest published day.

        Raises
        ------
        NotFoundError
            ``no-figures`` for an area without daily figures.
        """
        row, positions = self._row(code), self._positions(days)
        dates = [self.first + timedelta(days=position) for position in positions.tolist()]
        return {
            name: self._figures(name, (dates, dates), self._ranges_of(name, row, positions))
            for name in FIGURES
        }

    def by_week(self, code: str, days: DayRange = DayRange()) -> FiguresOfArea:  # noqa: B008  (never changed)
        """The sums of `by_day` in the whole weeks of a range, Monday to Sunday.

        No week ends after the newest published day. A week with a day that is not published has
        no data.
        """
        row, positions = self._row(code), self._positions(days)
        if len(positions):
            # Monday is 0: the first whole week begins at the first Monday.
            first_weekday = (self.first + timedelta(days=int(positions[0]))).weekday()
            positions = positions[-first_weekday % DAYS_OF_WEEK :]
        positions = positions[: len(positions) // DAYS_OF_WEEK * DAYS_OF_WEEK]
        mondays = [self.first + timedelta(days=day) for day in positions[::DAYS_OF_WEEK].tolist()]
        sundays = [monday + timedelta(days=DAYS_OF_WEEK - 1) for monday in mondays]
        return {
            name: self._figures(name, (mondays, sundays), self._weeks_of(name, row, positions))
            for name in FIGURES
        }

    def cells(self, codes: Sequence[str], days: DayRange) -> NDArray[np.intp]:
        """Positions of the published days of some areas, by area and day.

        Parameters
        ----------
        codes
            Codes of areas; areas without figures are left out.

        Returns
        -------
        ndarray
            Shape ``(n, 2)``: row of the area, position of the day; for `table`.
        """
        rows = [self.codes.index(code) for code in codes if code in self.codes]
        positions = self._positions(days)
        published = positions[(self.ranges["cases"].least[:1, positions] != NO_DATA).all(axis=0)]
        grid = np.meshgrid(np.array(rows, dtype=np.intp), published, indexing="ij")
        return np.stack(grid, axis=-1).reshape(-1, 2)

    def table(self, name: FigureName, cells: NDArray[np.intp]) -> pd.DataFrame:
        """One figure in some cells.

        Returns
        -------
        DataFrame
            ``code, level, date, value, least, most, suppressed, complete``; ``value`` is NaN
            where suppressed.
        """
        rows, positions = cells.T
        ranges = FigureRange(*(values[rows, positions] for values in self.ranges[name]))
        dates = [self.first + timedelta(days=position) for position in positions.tolist()]
        areas = [(self.codes[row], self.levels[row]) for row in rows.tolist()]
        return range_table(areas, dates, ranges, self.width, self.last_complete[name])

    def _row(self, code: str) -> int:
        try:
            return self.codes.index(code)
        except ValueError:
            raise no_figures(code) from None

    def _positions(self, days: DayRange) -> NDArray[np.int64]:
        first = max(0, (days.first - self.first).days)
        return np.arange(first, min(self.n_days, (days.last - self.first).days + 1))

    def _ranges_of(self, name: FigureName, row: int, positions: NDArray[np.int64]) -> FigureRange:
        """The ranges of one area on some days."""
        return FigureRange(*(values[row, positions] for values in self.ranges[name]))

    def _weeks_of(self, name: FigureName, row: int, positions: NDArray[np.int64]) -> FigureRange:
        """The ranges of one area in whole weeks, from the days of these weeks."""
        weeks = self.weeks_of_city.get(name)
        if weeks is None or self.levels[row] != "kota":
            return _weekly(self._ranges_of(name, row, positions))
        numbers = positions[::DAYS_OF_WEEK] // DAYS_OF_WEEK
        return FigureRange(*(values[row, numbers] for values in weeks))

    def _figures(
        self, name: FigureName, days: tuple[list[date], list[date]], ranges: FigureRange
    ) -> list[Figure]:
        return figures_of_ranges(days, ranges, self.width, self.last_complete[name])


def figures_of_ranges(
    days: tuple[Sequence[date], Sequence[date]],
    ranges: FigureRange,
    width: int,
    last_complete: date,
) -> list[Figure]:
    """The figures of one area.

    Parameters
    ----------
    days
        First and last day of each figure.
    ranges
        Shape ``(figures,)``.
    width, last_complete
        See `DailyFigures`.
    """
    columns = (*ranges, _states(ranges, width), _rounded(ranges, width))
    return [
        Figure(
            first,
            last,
            state,
            None if state in {"suppressed", "no-data"} else value,
            None if state == "no-data" else least,
            None if state == "no-data" else most,
            last <= last_complete,
        )
        for first, last, least, most, state, value in zip(
            *days, *(column.tolist() for column in columns), strict=True
        )
    ]


def range_table(
    areas: Sequence[tuple[str, Level]],
    dates: Sequence[date],
    ranges: FigureRange,
    width: int,
    last_complete: date,
) -> pd.DataFrame:
    """Ranges with data as a table; see `DailyFigures.table`.

    Parameters
    ----------
    areas
        Code and level of each row.
    dates
        Last day of each row.
    """
    is_suppressed = _states(ranges, width) == "suppressed"
    return pd.DataFrame(
        {
            "code": [code for code, _ in areas],
            "level": [level for _, level in areas],
            "date": dates,
            "value": np.where(is_suppressed, np.nan, _rounded(ranges, width)),
            "least": ranges.least,
            "most": ranges.most,
            "suppressed": is_suppressed,
            "complete": [day <= last_complete for day in dates],
        }
    )


def no_figures(code: str) -> NotFoundError:
    """The error for an area without daily figures."""
    return NotFoundError(
        "no-figures",
        f"{code} has no daily figures. The city, its kecamatan and its kelurahan have them, if "
        "a day is published; an RW or RT has only colours.",
        indonesian=f"{code} tidak punya angka harian. Kota, kecamatan dan kelurahan mempunyainya "
        "bila ada hari yang diterbitkan; RW dan RT hanya punya warna.",
    )


def _weekly(days: FigureRange) -> FigureRange:
    """Sums of the ranges of whole weeks; -1 if a day has no data."""
    weeks = [values.reshape(-1, DAYS_OF_WEEK) for values in days]
    has_data = (weeks[0] != NO_DATA).all(axis=1)
    return FigureRange(*(np.where(has_data, week.sum(axis=1), NO_DATA) for week in weeks))


def _states(ranges: FigureRange, width: int) -> NDArray[np.object_]:
    least, most = ranges
    states = np.full(least.shape, "counted", dtype=object)
    states[(least < width) & (most > least)] = "suppressed"
    states[(least == 0) & (most == 0)] = "zero"
    states[least == NO_DATA] = "no-data"
    return states


def _rounded(ranges: FigureRange, width: int) -> NDArray[np.int64]:
    """The middle of each range as a multiple of the width."""
    least, most = ranges
    return (least + most + width) // (2 * width) * width if width > 1 else least
