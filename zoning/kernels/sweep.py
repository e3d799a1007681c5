"""Count houses, cases and active cases of every RT on every day of a range, in one sweep.

Cases are bucketed by RT; a bucket is swept house by house in order of time, so that a house's
overlapping windows become one stretch of days. Each stretch is two marks in a row of differences,
and the counts are its running sums.
"""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]

HOUSES: Final = 0
HOUSES_AT_LEAST: Final = 1
CASES: Final = 2
ACTIVE: Final = 3
_COUNTERS: Final = 4

_DAY_BITS: Final = 32
_DAY_ZERO: Final = 1 << 31
"""Added to a day, so that int32 days sort as the low half of a key."""


@njit(cache=True, nogil=True)
def bucket_by_rt(rt: Int32s, n_rt: int) -> tuple[Int64s, Int64s]:
    """Where each RT's cases begin in an order that has them together; unplaced cases left out."""
    start = np.zeros(n_rt + 1, dtype=np.int64)
    for k in range(len(rt)):
        if rt[k] >= 0:
            start[rt[k] + 1] += 1
    for r in range(n_rt):
        start[r + 1] += start[r]
    at = start.copy()
    order = np.empty(start[n_rt], dtype=np.int64)
    for k in range(len(rt)):
        if rt[k] >= 0:
            order[at[rt[k]]] = k
            at[rt[k]] += 1
    return start, order


@njit(cache=True, nogil=True)
def _mark(differences: Int64s, start: np.int64, stop: np.int64) -> None:
    """One more on every day of [start, stop) that lies in the range."""
    begin = max(int(start), 0)
    end = min(int(stop), len(differences) - 1)
    if begin < end:
        differences[begin] += 1
        differences[end] -= 1


@njit(cache=True, nogil=True)
def _sweep_rt(
    chosen: Int64s,
    house: Int32s,
    day: Int32s,
    until: Int32s,
    first: int,
    window: int,
    counts: Int64s,
) -> None:
    """Counts of one RT, shape ``(4, days + 1)``, from the cases that are its own."""
    counts[:] = 0
    keys = np.empty(len(chosen), dtype=np.int64)
    for k in range(len(chosen)):
        case = chosen[k]
        keys[k] = ((np.int64(house[case]) + 1) << _DAY_BITS) + np.int64(day[case]) + _DAY_ZERO
        _mark(counts[ACTIVE], np.int64(day[case]) - first, np.int64(until[case]) - first)
    keys.sort()
    seen = np.int64(-1)
    covered = np.int64(0)
    for k in range(len(keys)):
        in_house = keys[k] >> _DAY_BITS
        start = (keys[k] & ((np.int64(1) << _DAY_BITS) - 1)) - _DAY_ZERO - first
        stop = start + window
        if in_house != seen:
            seen = in_house
            covered = start
        _mark(counts[CASES], start, stop)
        fresh = max(start, covered)
        _mark(counts[HOUSES_AT_LEAST], fresh, stop)
        # House 0 is the unknown one: each of its cases may be a house of its own.
        _mark(counts[HOUSES], start if in_house == 0 else fresh, stop)
        covered = stop
    for counter in range(_COUNTERS):
        running = np.int64(0)
        for d in range(counts.shape[1]):
            running += counts[counter, d]
            counts[counter, d] = running


@njit(cache=True, nogil=True)
def sweep(
    rt: Int32s, house: Int32s, day: Int32s, until: Int32s, first: int, n_days: int, window: int
) -> tuple[Int32s, Int32s, Int32s]:
    """Every RT and day with a case in the window or an active one.

    Returns
    -------
    day, rt
        Shape ``(n,)``, sorted by day, then RT.
    counts
        Shape ``(4, n)``: houses, houses at least, cases, active.
    """
    n_rt = 0
    for k in range(len(rt)):
        n_rt = max(n_rt, rt[k] + 1)
    start, order = bucket_by_rt(rt, n_rt)
    counts = np.zeros((_COUNTERS, n_days + 1), dtype=np.int64)
    place = np.zeros(n_days + 1, dtype=np.int64)
    found_day = np.empty(0, dtype=np.int32)
    found_rt = np.empty(0, dtype=np.int32)
    found = np.empty((_COUNTERS, 0), dtype=np.int32)
    # Once to count the rows of each day, once to write them where they belong.
    for writing in range(2):
        for r in range(n_rt):
            if start[r] == start[r + 1]:
                continue
            chosen = order[start[r] : start[r + 1]]
            _sweep_rt(chosen, house, day, until, first, window, counts)
            for d in range(n_days):
                if counts[CASES, d] == 0 and counts[ACTIVE, d] == 0:
                    continue
                if writing == 1:
                    at = place[d]
                    found_day[at] = first + d
                    found_rt[at] = r
                    for counter in range(_COUNTERS):
                        found[counter, at] = counts[counter, d]
                place[d] += 1
        if writing == 0:
            total = 0
            for d in range(n_days):
                rows = place[d]
                place[d] = total
                total += rows
            found_day = np.empty(total, dtype=np.int32)
            found_rt = np.empty(total, dtype=np.int32)
            found = np.empty((_COUNTERS, total), dtype=np.int32)
    return found_day, found_rt, found
