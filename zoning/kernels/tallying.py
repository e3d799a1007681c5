"""Cases, the active, deaths and arrivals of an RT: running sums of how many come at each place."""

from typing import Final

import numpy as np

from zoning.kernels.compiling import kernel
from zoning.kernels.packing import (
    ALL,
    LAST_BIT,
    NONE,
    ONE,
    Bits,
    Int32s,
    Int64s,
    ended_of,
    place_of,
    what_of,
)

HOUSES: Final = 0
HOUSES_AT_LEAST: Final = 1
CASES: Final = 2
ACTIVE: Final = 3
DEATHS: Final = 4
NEWCOMERS: Final = 5
COUNTERS: Final = 6

# How often each kind comes at each place in time.
_ARRIVED: Final = 0
_DIED: Final = 1
_UNKNOWN: Final = 2
_KNOWN: Final = 3
KINDS: Final = 4
_FEW: Final = 32
"""The marks of so few words are taken away one by one."""


@kernel
def tally(words: Int64s, window: int, marks: Int32s, ended: Int32s) -> None:
    """Add each word to how often its kind comes at its place, and a case to those ended."""
    for k in range(len(words)):
        kind = min(what_of(words[k]), _KNOWN)
        place = place_of(words[k])
        marks[kind, place] += 1
        ended[kind >> 1, max(place - window, ended_of(words[k]))] += 1


@kernel
def clear(words: Int64s, window: int, marks: Int32s, ended: Int32s) -> None:
    """Take away what the words were tallied to."""
    if len(words) > _FEW:
        marks[:] = 0
        ended[:] = 0
        return
    for k in range(len(words)):
        place = place_of(words[k])
        marks[:, place] = 0
        ended[:, max(place - window, ended_of(words[k]))] = 0


@kernel
def sum_marks(
    busy: Bits, n_days: int, window: int, marks: Int32s, ended: Int32s, dense: Int32s
) -> None:
    """Sum each stretch of days on which an RT has anything."""
    since = -1
    for w in range(len(busy)):
        bits = busy[w]
        if bits == (NONE if since < 0 else ALL):
            continue
        for d in range(w << 6, min((w << 6) + 64, n_days)):
            counts = (bits >> np.uint64(d & LAST_BIT)) & ONE != 0
            if counts and since < 0:
                since = d
            if not counts and since >= 0:
                _sum(since, d, window, marks, ended, dense)
                since = -1
    if since >= 0:
        _sum(since, n_days, window, marks, ended, dense)


@kernel
def _sum(since: int, until: int, window: int, marks: Int32s, ended: Int32s, dense: Int32s) -> None:
    """Running sums of the marks of some days; nothing counts on the day before, if there is one.

    Parameters
    ----------
    dense
        Shape ``(counters, days)``; holds the known houses.
    """
    before = window if since == 0 else 0
    unknown = marks[_UNKNOWN, :before].sum()
    known = marks[_KNOWN, :before].sum()
    active = known + unknown
    for d in range(since, until):
        enters = d + window
        unknown += marks[_UNKNOWN, enters] - marks[_UNKNOWN, d]
        known += marks[_KNOWN, enters] - marks[_KNOWN, d]
        active += marks[_UNKNOWN, enters] + marks[_KNOWN, enters] - ended[1, d]
        houses = dense[HOUSES, d]
        dense[HOUSES, d] = houses + unknown
        dense[HOUSES_AT_LEAST, d] = houses + (unknown > 0)
        dense[CASES, d] = known + unknown
        dense[ACTIVE, d] = active
    if len(dense) > DEATHS:
        died = marks[_DIED, :before].sum()
        arrived = marks[_ARRIVED, :before].sum()
        for d in range(since, until):
            died += marks[_DIED, d + window] - marks[_DIED, d]
            arrived += marks[_ARRIVED, d + window] - marks[_ARRIVED, d]
            dense[DEATHS, d] = died
            dense[NEWCOMERS, d] = arrived
