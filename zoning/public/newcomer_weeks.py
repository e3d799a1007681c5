"""Newcomers by week in public: for each area and week a range that holds the number of arrivals.

A week is a fixed block, Monday to Sunday, and no arrival is in two weeks. This module has no
counts: `zoning.disclosure.figures` makes the ranges.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.calendar import DayRange
from zoning.public.figures import (
    DAYS_OF_WEEK,
    NO_DATA,
    Figure,
    FigureRange,
    figures_of_ranges,
    no_figures,
    range_table,
)

NEWCOMERS: Final = "newcomers"
"""The name of the figure; it is the name of an indicator too."""
_WEEK: Final = timedelta(days=DAYS_OF_WEEK)


@dataclass(frozen=True, eq=False)
class NewcomerWeeks:
    """The public numbers of newcomers of every area of `zoning.public.figures.FIGURE_LEVELS`.

    Attributes
    ----------
    first
        Monday of the first week with data.
    codes, levels
        Code and level of each area, the city first.
    ranges
        Shape ``(areas, weeks)``, weeks without gaps. Empty for a city that has no public number.
    last_complete
        The newest day whose arrivals are usually all known.
    width
        Smaller counts are suppressed; values are multiples of this. 1 if all counts are public.
    stamp
        Hash of all that these weeks say.
    """

    first: date
    codes: tuple[str, ...]
    levels: tuple[Level, ...]
    ranges: FigureRange
    last_complete: date
    width: int
    stamp: str

    @property
    def n_weeks(self) -> int:
        """Number of weeks with data; 0 for a city that has no public number of newcomers."""
        return int(self.ranges.least.shape[1])

    @property
    def nbytes(self) -> int:
        """Memory in bytes."""
        return self.ranges.least.nbytes + self.ranges.most.nbytes

    def last_weeks(self, code: str, until: date, number: int) -> list[Figure]:
        """The last whole weeks of one area that end on or before a day, in order of time.

        A week before the first or after the last week with data has no data.

        Raises
        ------
        NotFoundError
            ``no-figures`` for an area without figures.
        """
        if code not in self.codes:
            raise no_figures(code)
        # The Sunday on or before the day ends the last week.
        last_sunday = until - timedelta(days=(until.weekday() + 1) % DAYS_OF_WEEK)
        sundays = [last_sunday - back * _WEEK for back in range(number - 1, -1, -1)]
        mondays = [sunday - timedelta(days=DAYS_OF_WEEK - 1) for sunday in sundays]
        positions = np.array([(monday - self.first) // _WEEK for monday in mondays])
        has_data = (positions >= 0) & (positions < self.n_weeks)
        row = self.codes.index(code)
        ranges = FigureRange(
            *(
                np.where(has_data, values[row, np.where(has_data, positions, 0)], NO_DATA)
                for values in self.ranges
            )
        )
        return figures_of_ranges((mondays, sundays), ranges, self.width, self.last_complete)

    def cells(self, codes: Sequence[str], days: DayRange) -> NDArray[np.intp]:
        """Positions of the weeks of some areas whose Sunday is in a range of days.

        Returns
        -------
        ndarray
            Shape ``(n, 2)``: row of the area, position of the week; for `table`.
        """
        rows = [self.codes.index(code) for code in codes if code in self.codes]
        weeks = [week for week in range(self.n_weeks) if days.holds(self._sunday(week))]
        grid = np.meshgrid(
            np.array(rows, dtype=np.intp), np.array(weeks, dtype=np.intp), indexing="ij"
        )
        return np.stack(grid, axis=-1).reshape(-1, 2)

    def table(self, cells: NDArray[np.intp]) -> pd.DataFrame:
        """Columns as in `DailyFigures.table`; ``date`` is the Sunday that ends the week."""
        rows, positions = cells.T
        ranges = FigureRange(*(values[rows, positions] for values in self.ranges))
        sundays = [self._sunday(position) for position in positions.tolist()]
        areas = [(self.codes[row], self.levels[row]) for row in rows.tolist()]
        return range_table(areas, sundays, ranges, self.width, self.last_complete)

    def _sunday(self, week: int) -> date:
        return self.first + week * _WEEK + timedelta(days=DAYS_OF_WEEK - 1)
