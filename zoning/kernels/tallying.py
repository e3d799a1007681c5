"""Count cases, active cases, deaths and arrivals of an RT by running sums.

*Marks* are the numbers of words by kind and window end. The count of a sliding window is the
running sum of the marks that enter minus the marks that leave (a difference array).
"""

from typing import Final

import numpy as np

from zoning.kernels.compiling import kernel
from zoning.kernels.packing import (
    ALL_BITS,
    LAST_BIT,
    NO_BITS,
    ONE_BIT,
    Bits,
    Int32s,
    Int64s,
    word_active_end,
    word_item,
    word_window_end,
)

HOUSES: Final = 0
HOUSES_AT_LEAST: Final = 1
CASES: Final = 2
ACTIVE: Final = 3
DEATHS: Final = 4
NEWCOMERS: Final = 5
COUNTERS: Final = 6

# Rows of the marks.
_ARRIVED: Final = 0
_DIED: Final = 1
_UNKNOWN: Final = 2
_KNOWN: Final = 3
KINDS: Final = 4
_FEW_WORDS: Final = 32
"""Up to so many words, the marks are cleared word by word."""


@kernel
def tally(words: Int64s, window: int, marks: Int32s, ended_marks: Int32s) -> None:
    """Add the words of an RT to the marks.

    Parameters
    ----------
    marks
        Number of words by kind and window end, shape ``(KINDS, n_days + window + 1)``.
    ended_marks
        Number of cases (row 1) by the day on which they are no longer active; row 0 is unused.
    """
    for k in range(len(words)):
        kind = min(word_item(words[k]), _KNOWN)
        window_end = word_window_end(words[k])
        marks[kind, window_end] += 1
        ended_marks[kind >> 1, max(window_end - window, word_active_end(words[k]))] += 1


@kernel
def clear_marks(words: Int64s, window: int, marks: Int32s, ended_marks: Int32s) -> None:
    """Set the marks of the words back to zero."""
    if len(words) > _FEW_WORDS:
        marks[:] = 0
        ended_marks[:] = 0
        return
    for k in range(len(words)):
        window_end = word_window_end(words[k])
        marks[:, window_end] = 0
        ended_marks[:, max(window_end - window, word_active_end(words[k]))] = 0


@kernel
def sum_marks(
    nonzero_days: Bits, n_days: int, window: int, marks: Int32s, ended_marks: Int32s, dense: Int32s
) -> None:
    """Compute the running sums for each interval of days on which the RT has counts."""
    first = -1
    for word in range(len(nonzero_days)):
        bits = nonzero_days[word]
        if bits == (NO_BITS if first < 0 else ALL_BITS):
            continue
        for d in range(word << 6, min((word << 6) + 64, n_days)):
            is_nonzero = (bits >> np.uint64(d & LAST_BIT)) & ONE_BIT != 0
            if is_nonzero and first < 0:
                first = d
            if not is_nonzero and first >= 0:
                _write_running_sums(first, d, window, marks, ended_marks, dense)
                first = -1
    if first >= 0:
        _write_running_sums(first, n_days, window, marks, ended_marks, dense)


@kernel
def _write_running_sums(
    first: int, end: int, window: int, marks: Int32s, ended_marks: Int32s, dense: Int32s
) -> None:
    """Write the running sums for days ``first`` to ``end`` (excluded).

    All counts are zero on the day before ``first``, unless ``first`` is the first day.

    Parameters
    ----------
    dense
        Input and output, shape ``(counters, days)``; row `HOUSES` holds the known houses.
    """
    n_before = window if first == 0 else 0
    unknown = marks[_UNKNOWN, :n_before].sum()
    known = marks[_KNOWN, :n_before].sum()
    active = known + unknown
    for d in range(first, end):
        entering = d + window
        unknown += marks[_UNKNOWN, entering] - marks[_UNKNOWN, d]
        known += marks[_KNOWN, entering] - marks[_KNOWN, d]
        active += marks[_UNKNOWN, entering] + marks[_KNOWN, entering] - ended_marks[1, d]
        houses = dense[HOUSES, d]
        dense[HOUSES, d] = houses + unknown
        dense[HOUSES_AT_LEAST, d] = houses + (unknown > 0)
        dense[CASES, d] = known + unknown
        dense[ACTIVE, d] = active
    if len(dense) > DEATHS:
        died = marks[_DIED, :n_before].sum()
        arrived = marks[_ARRIVED, :n_before].sum()
        for d in range(first, end):
            died += marks[_DIED, d + window] - marks[_DIED, d]
            arrived += marks[_ARRIVED, d + window] - marks[_ARRIVED, d]
            dense[DEATHS, d] = died
            dense[NEWCOMERS, d] = arrived
