"""Count every RT on every day of a range in one sweep: houses, cases, the active, deaths, arrivals.

A block of RT is counted at a time, small enough for the cache, and what is not zero leaves it day
by day. Where each row belongs is known before: from bits, on which days each RT has anything.
"""

from typing import Final, NamedTuple

import numpy as np

from zoning.kernels.bits import MOST_PLANES, SEVEN, add_up
from zoning.kernels.compiling import kernel
from zoning.kernels.known_houses import count_known, make_room
from zoning.kernels.packing import ONE, Bits, Int32s, Int64s, Packed, Range, mark_days
from zoning.kernels.tallying import HOUSES, KINDS, clear, sum_marks, tally
from zoning.kernels.writing import Found, scatter, write_all, write_some

_SPARSE: Final = 5
"""A block with rows on fewer than one in so many of its days is written RT by RT."""


class Blocks(NamedTuple):
    """Some of the blocks of ``lanes`` RT each, from ``low`` up to ``high``."""

    lanes: int
    low: int
    high: int


class Seen(NamedTuple):
    """On which days there is anything, and where it is written."""

    busy: Bits
    """A bit a day, shape ``(n_rt, words)``."""
    rows: Int32s
    """How many RT of each block have anything on each day, shape ``(all blocks, days)``."""
    place: Int64s
    """Where they begin among the rows found, of the same shape."""


@kernel
def find_days(packed: Packed, blocks: Blocks, window: int, busy: Bits, rows: Int32s) -> None:
    """Find the days on which each RT has anything, and how many RT of each block have on each day.

    Parameters
    ----------
    busy
        To be filled, a bit a day, shape ``(n_rt, words)``.
    rows
        To be filled, shape ``(all blocks, days)``.
    """
    start, words = packed.start, packed.words
    lanes = blocks.lanes
    n_days, across = rows.shape[1], busy.shape[1]
    bits = np.empty((lanes + SEVEN) * across, dtype=np.uint64)
    every = np.full(across, ONE)
    planes = np.empty(MOST_PLANES, dtype=np.uint64)
    sums = np.empty(across << 6, dtype=np.int32)
    for block in range(blocks.low, blocks.high):
        first = block * lanes
        here = min(lanes, len(busy) - first)
        for r in range(first, first + here):
            mark_days(words[start[r] : start[r + 1]], n_days, window, busy[r])
            bits[(r - first) * across : (r - first + 1) * across] = busy[r]
        add_up(bits, here, across, every, planes, sums)
        rows[block] = sums[:n_days]


@kernel
def sweep(
    packed: Packed, days: Range, blocks: Blocks, seen: Seen, counters: int, found: Found
) -> None:
    """Count blocks of RT and write what is not zero where it belongs.

    Parameters
    ----------
    counters
        How many of those in `zoning.kernels.tallying` are kept.
    """
    n_days = days.n_days
    window = min(days.window, n_days)
    start, busy = packed.start, seen.busy
    lanes = blocks.lanes
    room = make_room(n_days, window, _largest(start))
    marks = np.zeros((KINDS, n_days + window + 1), dtype=np.int32)
    ended = np.zeros((2, n_days + 1), dtype=np.int32)
    # An odd number of cache lines, lest a day of all RT lie in a few sets of the cache.
    dense = np.empty((counters, lanes, (busy.shape[1] << 6) + 16), dtype=np.int32)
    tallied = len(found.wanted) > 1 or found.wanted[0] != HOUSES
    for block in range(blocks.low, blocks.high):
        first = block * lanes
        here = min(lanes, len(busy) - first)
        for lane in range(here):
            r = first + lane
            if busy[r].max() == 0:
                continue
            own = packed.words[start[r] : start[r + 1]]
            others = count_known(own, n_days, window, busy[r], room, dense[HOUSES, lane])
            if others or tallied:
                tally(own, window, marks, ended)
                sum_marks(busy[r], n_days, window, marks, ended, dense[:, lane])
                clear(own, window, marks, ended)
        _write(dense, days, first, busy[first : first + here], seen, block, found)


@kernel
def _largest(start: Int64s) -> int:
    largest = 0
    for r in range(len(start) - 1):
        largest = max(largest, start[r + 1] - start[r])
    return largest


@kernel
def _write(
    dense: Int32s, days: Range, first: int, busy: Bits, seen: Seen, block: int, found: Found
) -> None:
    """Write a block's rows."""
    rows, at, day = seen.rows[block], seen.place[block], found.day
    here = len(busy)
    if _SPARSE * rows.sum() < here * len(rows):
        at = at.copy()
        for lane in range(here):
            scatter(dense, busy[lane], first + lane, lane, days.first, at, found)
        return
    chosen = np.empty(here + 1, dtype=np.int32)
    for d in range(len(rows)):
        day[at[d] : at[d] + rows[d]] = days.first + d
        if rows[d] == here:
            write_all(dense, here, d, first, at[d], found)
        elif rows[d] > 0:
            write_some(dense, busy, d, first, chosen, at[d], found)
