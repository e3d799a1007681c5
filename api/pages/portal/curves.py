"""Curves as SVG paths: whole numbers in a drawing of fixed size, so that a curve is short."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.calendar import DayRange

WIDTH: Final = 600
HEIGHT: Final = 160
"""Units of the drawing; the page scales it."""


@dataclass(frozen=True)
class StackedCurve:
    """Stacked areas, one for each column.

    Attributes
    ----------
    areas
        The path of each column, the highest class first. A day without data is a gap.
    days
        Published days, in order.
    rows
        Values by day, in the order of `areas`.
    most
        Largest sum of a day.
    incomplete
        The path of all columns on days whose values may still grow.
    last_complete
        The newest day whose values are usually complete.
    """

    areas: list[str]
    days: list[date]
    rows: list[list[int]]
    most: int
    incomplete: str
    last_complete: date

    @property
    def n_incomplete(self) -> int:
        """Number of days whose values may still grow."""
        return sum(day > self.last_complete for day in self.days)

    @property
    def table(self) -> list[tuple[date, list[int]]]:
        """Each day with its values."""
        return list(zip(self.days, self.rows, strict=True))


def stacked_curve(
    days: Sequence[date], values: pd.DataFrame, last_complete: date = date.max
) -> StackedCurve:
    """Stack the columns of a table, the first column at the bottom.

    Parameters
    ----------
    days
        The day of each row, in order; a day may be missing.
    last_complete
        Days after this one are incomplete.
    """
    numbers = values.to_numpy(dtype=np.int64)
    tops = np.cumsum(numbers, axis=1)
    most = int(tops[:, -1].max(initial=0))
    sides = _sides(days, DayRange.between(min(days, default=None), max(days, default=None)))
    bottoms = np.hstack([np.zeros((len(numbers), 1), dtype=np.int64), tops[:, :-1]])
    pieces = _pieces_without_gaps(days)
    lower, upper = _heights(bottoms, most), _heights(tops, most)
    areas = [
        "".join(_area(sides[piece], lower[piece, n], upper[piece, n]) for piece in pieces)
        for n in range(numbers.shape[1])
    ]
    incomplete = "".join(
        _area(sides[n : n + 1], lower[n : n + 1, 0], upper[n : n + 1, -1])
        for n, day in enumerate(days)
        if day > last_complete
    )
    return StackedCurve(areas, list(days), numbers.tolist(), most, incomplete, last_complete)


class RangeOfDay(NamedTuple):
    """A range that holds the value of a day, or of some days from a day on."""

    day: date
    least: int
    most: int


@dataclass(frozen=True)
class RangeCurve:
    """The ranges of values by day.

    Attributes
    ----------
    sure, possible
        Paths from zero to the lowest value, and from there to the highest value.
    incomplete
        The path from zero to the highest value, on days whose values still grow.
    most
        Highest value.
    """

    sure: str
    possible: str
    incomplete: str
    most: int


def range_curve(
    complete: Sequence[RangeOfDay],
    incomplete: Sequence[RangeOfDay],
    shown: DayRange,
    step: int = 1,
) -> RangeCurve:
    """The curve of ranges; a day without a range is a gap.

    Parameters
    ----------
    complete, incomplete
        Days in order; the incomplete days come after the complete days.
    shown
        First and last day of the drawing, with or without a range.
    step
        Days of each range: 1, or 7 for weeks.
    """
    ranges = [*complete, *incomplete]
    days = [values.day for values in ranges]
    bounds = np.array([values[1:] for values in ranges], dtype=np.int64).reshape(-1, 2)
    most, n = int(bounds.max(initial=0)), len(complete)
    sides = _sides(days, shown, step)
    zero = np.zeros(len(days), dtype=np.int64)

    def path(bottom: NDArray[np.int64], top: NDArray[np.int64], part: slice) -> str:
        first = part.start or 0
        pieces = _pieces_without_gaps(days[part], step)
        moved = [slice(piece.start + first, piece.stop + first) for piece in pieces]
        lower, upper = _heights(bottom, most), _heights(top, most)
        return "".join(_area(sides[piece], lower[piece], upper[piece]) for piece in moved)

    return RangeCurve(
        sure=path(zero, bounds[:, 0], slice(0, n)),
        possible=path(bounds[:, 0], bounds[:, 1], slice(0, n)),
        incomplete=path(zero, bounds[:, 1], slice(n, len(days))),
        most=most,
    )


def _sides(days: Sequence[date], shown: DayRange, step: int = 1) -> NDArray[np.int64]:
    """Left and right side of each day: all days have the same width, also a day alone."""
    offsets = np.array([(day - shown.first).days for day in days], dtype=np.int64)
    sides = np.column_stack([offsets, offsets + step])
    width = WIDTH / ((shown.last - shown.first).days + 1)
    rounded: NDArray[np.int64] = np.round(sides * width).astype(np.int64)
    return rounded


def _pieces_without_gaps(days: Sequence[date], step: int = 1) -> list[slice]:
    starts = [n for n, day in enumerate(days) if n and (day - days[n - 1]).days > step]
    return [slice(start, end) for start, end in pairwise([0, *starts, len(days)])]


def _area(sides: NDArray[np.int64], lower: NDArray[np.int64], upper: NDArray[np.int64]) -> str:
    """The outline of an area between two step curves; empty for an area without height."""
    if not np.any(upper < lower):
        return ""
    there = _steps(sides, upper)
    back = _steps(sides[::-1, ::-1], lower[::-1])
    return f"M{' '.join([*there, *back])}Z"


def _heights(values: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Position of values in the drawing, from its top."""
    result: NDArray[np.int64] = np.round(HEIGHT - HEIGHT * values / max(most, 1)).astype(np.int64)
    return result


def _steps(sides: NDArray[np.int64], heights: NDArray[np.int64]) -> list[str]:
    """Corners of a step curve: a day has one height from one side to the other."""
    return [
        f"{first},{height} {second},{height}"
        for (first, second), height in zip(sides.tolist(), heights.tolist(), strict=True)
    ]
