"""Inference from public answers: the best possible attacks without other knowledge.

`episodes` reads colours; `tightest_bounds` reads the bands of counts in overlapping windows;
`tightest_day_bounds` reads ranges of days and bounds of intervals.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_INFINITY = 1 << 40
_FAR = 1 << 28
"""The same for int32: two of them can be added."""


class Episode(NamedTuple):
    """Consecutive days on which an RT is coloured, between green days."""

    rt: int
    first: int
    days: int
    highest: int


def episodes(risks: NDArray[np.uint8]) -> list[Episode]:
    """Episodes of every RT.

    Parameters
    ----------
    risks
        Risks, one row per day without gaps; 255 for areas that are not RT. Shape ``(days, rt)``.
    """
    coloured = ((risks > 0) & (risks < 255)).astype(np.int8)
    step = np.diff(coloured, axis=0)
    result = []
    for rt in np.flatnonzero(coloured.any(axis=0)).tolist():
        begins = np.flatnonzero(step[:, rt] == 1) + 1
        ends = np.flatnonzero(step[:, rt] == -1) + 1
        for first, after in zip(
            begins, ends[ends > begins[0]] if len(begins) else (), strict=False
        ):
            highest = int(risks[first:after, rt].max())
            result.append(Episode(rt, int(first), int(after - first), highest))
    return result


def tightest_bounds(least: Sequence[int], most: Sequence[int], window: int) -> tuple[Ints, Ints]:
    """Lower and upper bound of the new cases of each day, from bounds of the counts of windows.

    The bounds are exact: the count of a window is the difference of two cumulative sums, and the
    tightest bounds of differences are shortest paths (a system of difference constraints; here by
    the algorithm of Floyd and Warshall).

    Parameters
    ----------
    least, most
        Bounds of the count of the `window` days up to each day.
    """
    n = len(least) + window
    distances = np.full((n, n), _INFINITY, dtype=np.int64)
    np.fill_diagonal(distances, 0)
    distances[np.arange(1, n), np.arange(n - 1)] = 0  # cumulative sums never fall
    for day, (low, high) in enumerate(zip(least, most, strict=True)):
        before, after = day, day + window
        distances[before, after] = min(distances[before, after], high)
        distances[after, before] = min(distances[after, before], -low)
    for via in range(n):
        np.minimum(distances, distances[:, via, None] + distances[None, via, :], out=distances)
    day_numbers = np.arange(1, n)
    return -distances[day_numbers, day_numbers - 1], distances[day_numbers - 1, day_numbers]


def tightest_day_bounds(
    least: Ints,
    most: Ints,
    intervals: Mapping[int, Ints],
    highest: Mapping[int, Ints] = MappingProxyType({}),
) -> tuple[Ints, Ints]:
    """Lower and upper bound of the count of each day, from bounds of days and of intervals.

    Exact, for the same reason as `tightest_bounds`. All areas are solved at the same time.

    Parameters
    ----------
    least, most
        Shape ``(areas, days)``.
    intervals
        By length of the interval: least count of the days from each first day on; shape
        ``(areas, first days)``. Intervals that end later than the last day are left out.
    highest
        The same for the highest count.
    """
    n_areas, n_days = least.shape
    distances = np.full((n_areas, n_days + 1, n_days + 1), _FAR, dtype=np.int32)
    nodes = np.arange(n_days + 1)
    distances[:, nodes, nodes] = 0
    before, after = nodes[:-1], nodes[1:]
    distances[:, before, after] = most
    distances[:, after, before] = -least
    for length, bounds in intervals.items():
        starts = nodes[: max(0, min(bounds.shape[1], n_days - length + 1))]
        cells = distances[:, starts + length, starts]
        distances[:, starts + length, starts] = np.minimum(cells, -bounds[:, : len(starts)])
    for length, bounds in highest.items():
        starts = nodes[: max(0, min(bounds.shape[1], n_days - length + 1))]
        cells = distances[:, starts, starts + length]
        distances[:, starts, starts + length] = np.minimum(cells, bounds[:, : len(starts)])
    for via in nodes:
        through = distances[:, :, via, None] + distances[:, via, None, :]
        np.minimum(distances, through, out=distances)
    return (
        -distances[:, after, before].astype(np.int64),
        distances[:, before, after].astype(np.int64),
    )
