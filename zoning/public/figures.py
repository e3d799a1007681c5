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


class FigureRange(NamedTuple):
    """Ranges of counts: the lowest and the highest possible count; arrays of the same shape.

    A day without data has -1 in both.
    """

    least: NDArray[np.int64]
    most: NDArray[np.int64]


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

    def by_day(self, code: str, days: DayRange) -> pd.DataFrame:
        """The figures of one area; see `zoning.public.city.PublicCity.figures_by_day`."""
        row, positions = self._row(code), self._positions(days)
        dates = [self.first + timedelta(days=position) for position in positions.tolist()]
        frames = [
            self._frame(name, dates, dates, self._select(name, row, positions)) for name in FIGURES
        ]
        return _ordered(frames).drop(columns="last")

    def by_week(self, code: str) -> pd.DataFrame:
        """The weeks of one area; see `zoning.public.city.PublicCity.figures_by_week`."""
        row = self._row(code)
        # Monday is 0: the first whole week begins at the first Monday.
        start = -self.first.weekday() % DAYS_OF_WEEK
        n_weeks = max(0, (self.n_days - start) // DAYS_OF_WEEK)
        positions = np.arange(start, start + n_weeks * DAYS_OF_WEEK)
        mondays = [self.first + timedelta(days=day) for day in positions[::DAYS_OF_WEEK].tolist()]
        sundays = [monday + timedelta(days=DAYS_OF_WEEK - 1) for monday in mondays]
        frames = [
            self._frame(name, mondays, sundays, _weekly(self._select(name, row, positions)))
            for name in FIGURES
        ]
        return _ordered(frames)

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
            ``code, level, date, value, least, most, suppressed, complete``.
        """
        rows, positions = cells.T
        ranges = FigureRange(*(values[rows, positions] for values in self.ranges[name]))
        dates = [self.first + timedelta(days=position) for position in positions.tolist()]
        frame = self._frame(name, dates, dates, ranges)
        return frame.assign(
            code=[self.codes[row] for row in rows.tolist()],
            level=[self.levels[row] for row in rows.tolist()],
            suppressed=frame["state"] == "suppressed",
        ).drop(columns=["figure", "last", "state"])

    def _row(self, code: str) -> int:
        try:
            return self.codes.index(code)
        except ValueError:
            raise no_figures(code) from None

    def _positions(self, days: DayRange) -> NDArray[np.int64]:
        first = max(0, (days.first - self.first).days)
        return np.arange(first, min(self.n_days, (days.last - self.first).days + 1))

    def _select(self, name: FigureName, row: int, positions: NDArray[np.int64]) -> FigureRange:
        """The ranges of one area on some days."""
        return FigureRange(*(values[row, positions] for values in self.ranges[name]))

    def _frame(
        self, name: FigureName, firsts: list[date], lasts: list[date], selected: FigureRange
    ) -> pd.DataFrame:
        least, most = selected
        states = _states(selected, self.width)
        complete = [last <= self.last_complete[name] for last in lasts]
        has_data = states != "no-data"
        return pd.DataFrame(
            {
                "date": firsts,
                "last": lasts,
                "figure": name,
                "state": states,
                "value": _rounded(selected, self.width).where(pd.Series(has_data)),
                "least": pd.Series(least).where(pd.Series(has_data)).astype("Int64"),
                "most": pd.Series(most).where(pd.Series(has_data)).astype("Int64"),
                "complete": complete,
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


def _rounded(ranges: FigureRange, width: int) -> "pd.Series[float]":
    """The middle of each range as a multiple of the width; NaN where suppressed."""
    least, most = ranges
    nearest = (least + most + width) // (2 * width) * width if width > 1 else least
    is_shown = np.isin(_states(ranges, width), ("zero", "counted"))
    return pd.Series(np.where(is_shown, nearest, np.nan), dtype=np.float64)


def _ordered(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Rows of all figures by day, the figures in the order of `FIGURES`."""
    return pd.concat(frames).sort_values("date", kind="stable", ignore_index=True)
