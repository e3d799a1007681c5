"""What public colours disclose about cases: the least number of cases in every short interval.

Everybody can compute these bounds from the colours alone. An RT that turns yellow on a day has a
case on that day; an RT that turns from red (more than 5 houses) to yellow (at most 2) has at least
4 cases on the day that left the window. `zoning.disclosure.figures.ranges` uses the bounds, so that
a range of a count never ends just above the bound.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_NO_LIMIT = 30_000
"""Highest count of the highest class; differences of counts still fit into int16."""


class ColouredDays(NamedTuple):
    """The colours of consecutive days with the same zones, window and unit.

    Attributes
    ----------
    first
        Position of the first day.
    least, most
        Lowest and highest count of the unit that each zone's colour allows; int16, shape
        ``(days, zones)``.
    area
        Position of the area of each zone, -1 for none; shape ``(zones,)``.
    window
        Days in the window, which ends with the day.
    forgets
        Whether a case leaves the count when it leaves the window; not if active cases are counted.
    """

    first: int
    least: NDArray[np.int16]
    most: NDArray[np.int16]
    area: NDArray[np.intp]
    window: int
    forgets: bool


def limits_of_classes(
    limits: Sequence[tuple[int, int | None]],
) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Lowest and highest count of each class as arrays; see `Rule.count_limits`."""
    least = [min(low, _NO_LIMIT) for low, _ in limits]
    most = [_NO_LIMIT if high is None else min(high, _NO_LIMIT) for _, high in limits]
    return np.array(least, dtype=np.int16), np.array(most, dtype=np.int16)


def least_cases(periods: Sequence[ColouredDays], n_days: int, n_areas: int) -> list[Ints]:
    """The least number of cases of each area in every interval of up to a window, or all days.

    Returns
    -------
    list of ndarray
        Item ``n`` is for intervals of ``n + 1`` days: shape ``(n_days, n_areas)``, the row is the
        first day of the interval.
    """
    longest = min(max((period.window for period in periods), default=1), max(n_days, 1))
    bounds = [np.zeros((n_days, n_areas), dtype=np.int64) for _ in range(longest)]
    for period in periods:
        is_used = (period.area >= 0) & (period.least.max(axis=0, initial=0) > 0)
        order = np.flatnonzero(is_used)[np.argsort(period.area[is_used], kind="stable")]
        if len(order) == 0:
            continue
        areas, starts = np.unique(period.area[order], return_index=True)
        sorted_period = period._replace(least=period.least[:, order], most=period.most[:, order])
        for length, of_zones in enumerate(_least_of_zones(sorted_period), start=1):
            sums = np.add.reduceat(of_zones, starts, axis=1, dtype=np.int64)
            bounds[length - 1][period.first : period.first + len(sums), areas] = sums
    return bounds


def _least_of_zones(period: ColouredDays) -> list[NDArray[np.int16]]:
    """The least number of cases of each zone in intervals of 1 to `window` days, by first day."""
    least, most, window = period.least, period.most, period.window
    n_days = len(least)
    by_length: list[NDArray[np.int16]] = []
    for length in range(1, min(window, n_days) + 1):
        bound = np.zeros((n_days - length + 1, least.shape[1]), dtype=np.int16)
        # A count that rises: the new houses have a case after the day before the interval.
        rise = least[length:] - most[: n_days - length]
        np.maximum(bound[1:], rise, out=bound[1:])
        if period.forgets:
            # A count that falls: the last case of a house that left is as old as the window.
            fall = least[window - 1 : n_days - length] - most[window - 1 + length :]
            np.maximum(bound[: len(fall)], fall, out=bound[: len(fall)])
            if length == window:
                np.maximum(bound, least[window - 1 :], out=bound)
        if by_length:
            # A longer interval has the cases of the shorter intervals inside.
            np.maximum(bound, by_length[-1][:-1], out=bound)
            np.maximum(bound, by_length[-1][1:], out=bound)
        by_length.append(bound)
    return by_length
