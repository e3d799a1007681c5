"""Weeks of the city: ranges of recoveries and deaths, narrower than the sums of the days.

A day of the city is a part of one week and of nothing else, so the argument of
`zoning.disclosure.figures.ranges` holds: a week narrows the range of no day. The weeks of smaller
areas would be a second sum over the same days, and have no ranges of their own.
"""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from zoning.disclosure.figures.ranges import Ranges, ranges_of_sums
from zoning.public.figures import DAYS_OF_WEEK, NO_DATA, FigureRange

Ints = NDArray[np.int64]


def week_ranges(
    days: Ranges, counts: Ints, first: date, unpublished: NDArray[np.bool_], width: int
) -> FigureRange:
    """Ranges of the whole weeks from the first Monday on.

    Parameters
    ----------
    days, counts
        Ranges and counts of the days of each kota; shape ``(days, kota)``.
    first
        The first day.
    unpublished
        Days that are not published; their weeks have no data.

    Returns
    -------
    FigureRange
        Shape ``(kota, weeks)``.
    """
    start = -first.weekday() % DAYS_OF_WEEK
    n_weeks = max(0, (len(counts) - start) // DAYS_OF_WEEK)
    in_weeks = slice(start, start + n_weeks * DAYS_OF_WEEK)
    has_data = ~unpublished[in_weeks].reshape(n_weeks, DAYS_OF_WEEK).any(axis=1)
    one_group = np.zeros(DAYS_OF_WEEK, dtype=np.intp)
    widths = np.full(n_weeks, width)
    by_kota = []
    for kota in range(counts.shape[1]):
        parts = Ranges(*(values[in_weeks, kota].reshape(n_weeks, DAYS_OF_WEEK) for values in days))
        sums = counts[in_weeks, kota].reshape(n_weeks, DAYS_OF_WEEK).sum(axis=1, keepdims=True)
        weeks = ranges_of_sums(sums, parts, one_group, widths)
        by_kota.append([np.where(has_data, weeks[n].ravel(), NO_DATA) for n in range(2)])
    return FigureRange(*(np.stack(values) for values in zip(*by_kota, strict=True)))
