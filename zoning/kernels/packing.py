"""Pack each row into a 64-bit word, grouped by RT, and mark the days on which each RT has counts.

A word holds, from its high bits down:

- 32 bits, the *item*: a known house (`FIRST_HOUSE` and above), an unknown house, a death or an
  arrival;
- 16 bits, the *window end*: the case is in the window on the ``window`` days before this day
  number; 0 if the case is in the window on no day of the range;
- 16 bits, the *active end*: the first day number on which the case is no longer active.

A day number counts from the first day of the range. The window is cut to the length of the range,
so a window end is at most twice that length. All cases from before the range whose windows contain
the whole range have the same window end.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zoning.kernels.compiling import kernel

Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]
Bits = NDArray[np.uint64]

# Items that are no known house. A word holds the item minus `NEWCOMER`, which is not negative.
UNKNOWN_HOUSE: Final = -1
DEATH: Final = -2
NEWCOMER: Final = -3
FIRST_HOUSE: Final = -NEWCOMER

MOST_DAYS: Final = 2**15 - 1
"""Most days of one sweep: 16 bits hold twice as many."""

_LOW_16_BITS: Final = 0xFFFF
_LOW_32_BITS: Final = 0xFFFFFFFF

# Words with one bit per day.
NO_BITS: Final = np.uint64(0)
ONE_BIT: Final = np.uint64(1)
ALL_BITS: Final = np.uint64(2**64 - 1)
LAST_BIT: Final = 63


class Rows(NamedTuple):
    """The rows to count: four contiguous arrays with shape ``(n,)``."""

    rt: Int32s
    item: Int32s
    """Row number of a house, `UNKNOWN_HOUSE`, `DEATH` or `NEWCOMER`."""
    day: Int32s
    """Days since 1970-01-01."""
    until: Int32s
    """Day on which the case is no longer active, in days since 1970-01-01."""


class Range(NamedTuple):
    """The days to count: the first, in days since 1970-01-01, their number, and the window."""

    first: int
    n_days: int
    window: int


class Packed(NamedTuple):
    """Packed rows, grouped by RT."""

    start: Int64s
    """First word of each RT, shape ``(n_rt + 1,)``."""
    words: Int64s


@kernel
def word_item(word: int) -> int:
    """The item of a word."""
    return (word >> 32) & _LOW_32_BITS


@kernel
def word_window_end(word: int) -> int:
    """The window end of a word: a day number."""
    return (word >> 16) & _LOW_16_BITS


@kernel
def word_active_end(word: int) -> int:
    """The active end of a word: a day number."""
    return word & _LOW_16_BITS


@kernel
def count_by_rt(rt: Int32s, counts: Int64s) -> None:
    """Add the number of rows of each RT to ``counts``; -1 is no RT."""
    for k in range(len(rt)):
        if rt[k] >= 0:
            counts[rt[k]] += 1


@kernel
def pack_by_rt(rows: Rows, days: Range, next_word: Int64s, words: Int64s) -> None:
    """Write the word of each row to ``next_word`` of its RT, and advance ``next_word``.

    This is the scatter pass of a counting sort by RT (Knuth 1998, "The art of computer
    programming", volume 3, section 5.2).
    """
    # Unpack once: each access to an array in a tuple changes a reference count.
    rt, items, day, until = rows.rt, rows.item, rows.day, rows.until
    last = np.int64(days.n_days)
    window = min(np.int64(days.window), last)
    for k in range(len(rt)):
        r = rt[k]
        if r < 0:
            continue
        day_number = np.int64(day[k]) - days.first
        active_end = min(max(np.int64(until[k]) - days.first, np.int64(0)), last)
        window_end = day_number + window
        if day_number < 0:
            window_end = max(min(day_number + days.window, window), np.int64(0))
        elif day_number >= last:
            window_end = active_end = np.int64(0)
        words[next_word[r]] = (
            ((np.int64(items[k]) - NEWCOMER) << 32) | (window_end << 16) | active_end
        )
        next_word[r] += 1


@kernel
def mark_nonzero_days(words: Int64s, n_days: int, window: int, nonzero_days: Bits) -> None:
    """Set the bits of the days on which any word of an RT counts."""
    nonzero_days[:] = NO_BITS
    for k in range(len(words)):
        window_end = word_window_end(words[k])
        first = max(window_end - window, 0)
        last = max(min(window_end, n_days), word_active_end(words[k])) - 1
        if last < first:
            continue
        first_word, last_word = first >> 6, last >> 6
        first_mask = ALL_BITS << np.uint64(first & LAST_BIT)
        last_mask = ALL_BITS >> np.uint64(LAST_BIT - (last & LAST_BIT))
        if first_word == last_word:
            first_mask &= last_mask
            last_mask = first_mask
        nonzero_days[first_word] |= first_mask
        for word in range(first_word + 1, last_word):
            nonzero_days[word] = ALL_BITS
        nonzero_days[last_word] |= last_mask
