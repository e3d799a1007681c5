"""What can be worked out of public answers: the best that anyone can do, with no other knowledge.

`single_days` reads colours; `tightest` reads bands of a count of the last days, one after another.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_FAR = 1 << 40


class Episode(NamedTuple):
    """Days on end on which an RT has a colour, green before and after."""

    rt: int
    first: int
    days: int
    highest: int


def episodes(risks: NDArray[np.uint8]) -> list[Episode]:
    """Episodes of every RT.

    Parameters
    ----------
    risks
        A row a day, without gaps; 255 for areas that are no RT. Shape ``(days, rt)``.
    """
    coloured = ((risks > 0) & (risks < 255)).astype(np.int8)
    step = np.diff(coloured, axis=0)
    found = []
    for rt in np.flatnonzero(coloured.any(axis=0)).tolist():
        begins = np.flatnonzero(step[:, rt] == 1) + 1
        ends = np.flatnonzero(step[:, rt] == -1) + 1
        for first, after in zip(
            begins, ends[ends > begins[0]] if len(begins) else (), strict=False
        ):
            highest = int(risks[first:after, rt].max())
            found.append(Episode(rt, int(first), int(after - first), highest))
    return found


def tightest(least: Sequence[int], most: Sequence[int], window: int) -> tuple[Ints, Ints]:
    """Least and most that each day can have added to a count of the last days.

    Exact: a count of a window is a difference of two sums from the first day on, so all that is
    known are differences, and the tightest bounds of a difference are shortest paths.

    Parameters
    ----------
    least, most
        What is known of the count of the `window` days up to each day.
    """
    n = len(least) + window
    far = np.full((n, n), _FAR, dtype=np.int64)
    np.fill_diagonal(far, 0)
    far[np.arange(1, n), np.arange(n - 1)] = 0  # nobody is taken away: sums never fall
    for day, (low, high) in enumerate(zip(least, most, strict=True)):
        before, after = day, day + window
        far[before, after] = min(far[before, after], high)
        far[after, before] = min(far[after, before], -low)
    for via in range(n):
        np.minimum(far, far[:, via, None] + far[None, via, :], out=far)
    at = np.arange(1, n)
    return -far[at, at - 1], far[at - 1, at]
