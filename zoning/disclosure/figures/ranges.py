"""Chooses the ranges of daily counts: statistical disclosure control by nested ranges.

A range is cut only at fixed places. The places depend on what everybody knows already (colours,
days without cases, ranges of smaller areas), never on the count that the range hides. So a reader
learns from a range only that the count lies in it.

Cases of a kelurahan: a zero is public. The first range is 1 up to at least ``width - 1``. It is
extended until at least `_POSSIBLE_COUNTS` counts stay possible for a reader who knows the colours.

Larger areas: the range of a sum is cut at multiples of the width, but never nearer to the lowest or
highest possible sum of the parts than the widest range of a part. Then every count that a part's
own range allows stays possible: no subtraction between levels narrows a range. `tests` enumerate
this.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_POSSIBLE_COUNTS: Final = 3
"""Least number of counts that stay possible for a positive count of cases of a kelurahan."""
_NOTHING: Final = np.iinfo(np.int64).min // 2


class Ranges(NamedTuple):
    """Ranges of counts, int64 arrays of shape ``(days, areas)``.

    Attributes
    ----------
    least, most
        Lowest and highest count of the range.
    floor
        Lowest count that is possible for a reader who also knows the colours; at least `least`.
    """

    least: Ints
    most: Ints
    floor: Ints


def ranges_of_cases(counts: Ints, widths: Ints, bounds: Sequence[Ints]) -> Ranges:
    """Ranges of the cases of the smallest public areas.

    Parameters
    ----------
    counts
        Shape ``(days, areas)``.
    widths
        Width of the ranges of each day; shape ``(days,)``.
    bounds
        What colours disclose, see `zoning.disclosure.figures.colour_bounds.least_cases`.
    """
    positive = counts > 0
    tops = _first_ranges(positive, widths, bounds)
    floors = np.where(positive, np.maximum(_floors(tops, bounds), 1), 0)
    column = widths[:, np.newaxis]
    lower = counts // column * column
    is_first = counts <= tops
    least = np.where(is_first, np.minimum(counts, 1), lower)
    most = np.where(is_first, tops, lower + column - 1)
    return Ranges(least, most, np.minimum(np.maximum(floors, least), most))


def ranges_without_zero(counts: Ints, widths: Ints) -> Ranges:
    """Ranges 0 to ``width - 1``, ``width`` to ``2 width - 1`` and so on: a zero is not public."""
    column = widths[:, np.newaxis]
    least = counts // column * column
    return Ranges(least, least + column - 1, least)


def ranges_of_sums(counts: Ints, parts: Ranges, group: NDArray[np.intp], widths: Ints) -> Ranges:
    """Ranges of larger areas.

    Parameters
    ----------
    counts
        Shape ``(days, larger areas)``: each is the sum of the counts of its parts.
    group
        Position of the larger area of each part; shape ``(parts,)``.
    widths
        Width of the ranges of each day; shape ``(days,)``.
    """
    n_groups = counts.shape[1]
    least, most, floor = (sums_of_parts(values, group, n_groups) for values in parts)
    column = widths[:, np.newaxis]
    margin = np.maximum(_widest(parts.most - parts.floor + 1, group, n_groups), column)
    first_cut = -(-(floor + margin) // column) * column
    last_cut = (most - margin + 1) // column * column
    # Without room for a cut, both are beyond the range and the range stays whole.
    has_cut = first_cut <= last_cut
    cut_below = np.minimum(counts // column * column, last_cut)
    cut_above = np.maximum(counts // column * column + column, first_cut)
    lower = np.where(has_cut & (cut_below >= first_cut), cut_below, least)
    upper = np.where(has_cut & (cut_above <= last_cut), cut_above - 1, most)
    return Ranges(lower, upper, np.minimum(np.maximum(floor, lower), upper))


def exact_ranges(counts: Ints) -> Ranges:
    """Ranges of one count, for a city that publishes all counts."""
    return Ranges(counts, counts, counts)


def _first_ranges(positive: NDArray[np.bool_], widths: Ints, bounds: Sequence[Ints]) -> Ints:
    """The end of the first range of each day and area; 0 on a day without cases.

    Everybody can compute these ends. They are extended until the first ranges of every interval
    hold more cases than the colours need there.
    """
    column = widths[:, np.newaxis]
    tops = np.where(positive, column - 1, 0)
    while True:
        lacking = np.zeros_like(positive)
        for length, bound in enumerate(bounds, start=1):
            is_lacking = (bound > 0) & (_interval_sums(tops, length) < bound + _POSSIBLE_COUNTS - 1)
            lacking |= _days_of_intervals(is_lacking, length)
        lacking &= positive
        if not lacking.any():
            return tops
        tops = tops + np.where(lacking, column, 0)


def _floors(tops: Ints, bounds: Sequence[Ints]) -> Ints:
    """Least count of a day if all other days have the end of their first range."""
    floors = np.zeros_like(tops)
    for length, bound in enumerate(bounds, start=1):
        # The colours need nothing in an interval without a bound.
        rest = np.where(bound > 0, bound - _interval_sums(tops, length), _NOTHING)
        for offset in range(length):
            days = slice(offset, len(tops))
            floors[days] = np.maximum(floors[days], rest[: len(tops) - offset] + tops[days])
    return floors


def _interval_sums(values: Ints, length: int) -> Ints:
    """Sum of each day and the days after it, `length` days in all, as far as there are days."""
    cumulative = np.vstack([np.zeros_like(values[:1]), values.cumsum(axis=0)])
    ends = np.minimum(np.arange(len(values)) + length, len(values))
    result: Ints = cumulative[ends] - cumulative[:-1]
    return result


def _days_of_intervals(is_chosen: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """The days of the chosen intervals; the row of an interval is its first day."""
    days = is_chosen.copy()
    for offset in range(1, length):
        days[offset:] |= is_chosen[: len(is_chosen) - offset]
    return days


def sums_of_parts(values: Ints, group: NDArray[np.intp], n_groups: int) -> Ints:
    """Sums of the parts of each larger area; shape ``(days, n_groups)``."""
    result = np.zeros((len(values), n_groups), dtype=np.int64)
    np.add.at(result.T, group, values.T)
    return result


def _widest(widths: Ints, group: NDArray[np.intp], n_groups: int) -> Ints:
    result = np.zeros((len(widths), n_groups), dtype=np.int64)
    np.maximum.at(result.T, group, widths.T)
    return result
