"""Rows packed into words, those of an RT together, and on which days each RT has anything.

A word holds, from its high bits down:

- 32 bits: what is counted, `FIRST_HOUSE` and above a known house;
- 16 bits: its *place* in time: a case is in the window on the ``window`` days before day number
  ``place``; 0, on none of the range;
- 16 bits: the day of the range on which the case is active no more.

A window is at most the range, and a place at most their sum: cases from before the range whose
window ends on the same day are alike, as are all that never leave it.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zoning.kernels.compiling import kernel

Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]
Bits = NDArray[np.uint64]

# What stands in the place of a house's row number; a word holds it less `NEWCOMER`.
UNKNOWN_HOUSE: Final = -1
DEATH: Final = -2
NEWCOMER: Final = -3
FIRST_HOUSE: Final = -NEWCOMER

MOST_DAYS: Final = 2**15 - 1
"""Of one sweep, that 16 bits hold twice as many."""

_HALF: Final = 0xFFFF
_WORD: Final = 0xFFFFFFFF

# Bits by the day, 64 a word.
NONE: Final = np.uint64(0)
ONE: Final = np.uint64(1)
ALL: Final = np.uint64(2**64 - 1)
LAST_BIT: Final = 63


class Rows(NamedTuple):
    """What is counted; four contiguous arrays with shape ``(n,)``."""

    rt: Int32s
    what: Int32s
    """Row number of a house, or one of the numbers below 0 above."""
    day: Int32s
    until: Int32s


class Range(NamedTuple):
    """The days to count, from the first on, and how many days back each of them sees."""

    first: int
    n_days: int
    window: int


class Packed(NamedTuple):
    """Packed rows, those of an RT together."""

    start: Int64s
    """Where each RT's words begin, shape ``(n_rt + 1,)``."""
    words: Int64s


@kernel
def what_of(word: int) -> int:
    """What a word counts."""
    return (word >> 32) & _WORD


@kernel
def place_of(word: int) -> int:
    """Its place in time."""
    return (word >> 16) & _HALF


@kernel
def ended_of(word: int) -> int:
    """The day of the range on which it is active no more."""
    return word & _HALF


@kernel
def count_by_rt(rt: Int32s, counts: Int64s) -> None:
    """Add the rows of each RT to ``counts``; -1 is no RT."""
    for k in range(len(rt)):
        if rt[k] >= 0:
            counts[rt[k]] += 1


@kernel
def pack_by_rt(rows: Rows, days: Range, at: Int64s, words: Int64s) -> None:
    """Write each row's word to where its RT's next one belongs, and move that place on."""
    # Taken out once: an array taken from a tuple costs a count of its references each time.
    rt, what, day, until = rows.rt, rows.what, rows.day, rows.until
    last = np.int64(days.n_days)
    window = min(np.int64(days.window), last)
    for k in range(len(rt)):
        r = rt[k]
        if r < 0:
            continue
        begin = np.int64(day[k]) - days.first
        ended = min(max(np.int64(until[k]) - days.first, np.int64(0)), last)
        place = begin + window
        if begin < 0:
            place = max(min(begin + days.window, window), np.int64(0))
        elif begin >= last:
            place = ended = np.int64(0)
        words[at[r]] = ((np.int64(what[k]) - NEWCOMER) << 32) | (place << 16) | ended
        at[r] += 1


@kernel
def mark_days(words: Int64s, n_days: int, window: int, busy: Bits) -> None:
    """Set the bits of the days on which an RT's words count for anything."""
    busy[:] = NONE
    for k in range(len(words)):
        place = place_of(words[k])
        begin = max(place - window, 0)
        last = max(min(place, n_days), ended_of(words[k])) - 1
        if last < begin:
            continue
        low, high = begin >> 6, last >> 6
        from_begin = ALL << np.uint64(begin & LAST_BIT)
        to_last = ALL >> np.uint64(LAST_BIT - (last & LAST_BIT))
        if low == high:
            from_begin &= to_last
            to_last = from_begin
        busy[low] |= from_begin
        for w in range(low + 1, high):
            busy[w] = ALL
        busy[high] |= to_last
