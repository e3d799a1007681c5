"""Count every RT on every day of a range in one sweep: houses, cases, the active, deaths, arrivals.

A row is packed into one 64-bit word and lies with the others of its RT; a RT's rows are swept in
order of time. A house's new stretch of days begins where the last one ends, so each row is a few
marks on days, and the counts are their running sums. Dense for a block of RT at a time, small
enough for the cache; only what is not zero leaves it.

A word holds, from its high bits down:

- 32 bits: what is counted, `FIRST_HOUSE` and above a known house;
- 16 bits: when it enters the window: 0 it has left before the range begins; 1 to n, it was there
  before the range and leaves on that day; n + 1 + d, it enters on day d of the n days;
- 16 bits: the day of the range on which the case is active no more.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zoning.kernels.compiling import kernel

Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]

HOUSES: Final = 0
HOUSES_AT_LEAST: Final = 1
CASES: Final = 2
ACTIVE: Final = 3
DEATHS: Final = 4
NEWCOMERS: Final = 5

# What stands in the place of a house's row number; a word holds it less `NEWCOMER`.
UNKNOWN_HOUSE: Final = -1
DEATH: Final = -2
NEWCOMER: Final = -3
FIRST_HOUSE: Final = -NEWCOMER

MOST_DAYS: Final = 2**15 - 1
"""Of one sweep, that 16 bits hold twice as many."""

_HALF: Final = 0xFFFF
_WORD: Final = 0xFFFFFFFF
_SPREAD: Final = 0x7FEB352D
"""Odd, and of 31 bits: its product with a word's 32 high bits is an int64."""
_FEW: Final = 32
"""So few rows are sorted by insertion."""

# Marks of one RT on a day.
_FRESH: Final = 0
_BEGUN: Final = 1
_LEFT: Final = 2
_ENDED: Final = 3
_AGAIN: Final = 4
_DIED: Final = 5
_ARRIVED: Final = 6
_MARKS: Final = 8


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


class Blocks(NamedTuple):
    """Some of the blocks of ``lanes`` RT each, from ``low`` up to ``high``."""

    lanes: int
    low: int
    high: int


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
    for k in range(len(rt)):
        r = rt[k]
        if r < 0:
            continue
        begin = np.int64(day[k]) - days.first
        ended = min(max(np.int64(until[k]) - days.first, np.int64(0)), last)
        enters = last + 1 + begin
        if begin >= last:
            enters = ended = np.int64(0)
        elif begin < 0:
            enters = min(max(begin + days.window, np.int64(0)), last)
        words[at[r]] = ((np.int64(what[k]) - NEWCOMER) << 32) | (enters << 16) | ended
        at[r] += 1


@kernel
def _stretch(word: int, n_days: int, window: int) -> tuple[int, int, int]:
    """Days [begin, end) in the window, and the day on which the case is active no more."""
    enters = (word >> 16) & _HALF
    ended = word & _HALF
    if enters > n_days:
        begin = enters - n_days - 1
        return begin, min(begin + window, n_days), ended
    return 0, enters, ended


@kernel
def _sort(words: Int64s, buffer: Int64s, place: Int32s) -> None:
    """Sort words by when they enter, those of one day as they came."""
    n = len(words)
    if n <= _FEW:
        for k in range(1, n):
            word = words[k]
            enters = (word >> 16) & _HALF
            j = k
            while j > 0 and ((words[j - 1] >> 16) & _HALF) > enters:
                words[j] = words[j - 1]
                j -= 1
            words[j] = word
        return
    place[:] = 0
    for k in range(n):
        buffer[k] = words[k]
        place[((words[k] >> 16) & _HALF) + 1] += 1
    before = np.int32(0)
    for enters in range(len(place)):
        before += place[enters]
        place[enters] = before
    for k in range(n):
        enters = (buffer[k] >> 16) & _HALF
        words[place[enters]] = buffer[k]
        place[enters] += 1


@kernel
def _largest(start: Int64s, low: int, high: int) -> int:
    largest = 0
    for r in range(low, high):
        largest = max(largest, start[r + 1] - start[r])
    return largest


@kernel
def order_words(packed: Packed, blocks: Blocks, window: int, rows: Int64s) -> None:
    """Put each RT's words in order of time, and count the rows of each block of RT and day.

    Parameters
    ----------
    rows
        Zeros, shape ``(all blocks, days)``.
    """
    start, words = packed.start, packed.words
    lanes, low, high = blocks.lanes, blocks.low, blocks.high
    n_rt = len(start) - 1
    n_days = rows.shape[1]
    buffer = np.empty(_largest(start, low * lanes, min(high * lanes, n_rt)), dtype=np.int64)
    place = np.empty(2 * n_days + 2, dtype=np.int32)
    change = np.zeros(n_days + 1, dtype=np.int64)
    for block in range(low, high):
        change[:] = 0
        for r in range(block * lanes, min(block * lanes + lanes, n_rt)):
            own = words[start[r] : start[r + 1]]
            _sort(own, buffer, place)
            # In order of time the days with anything are a few stretches.
            since = 0
            until = 0
            for k in range(len(own)):
                begin, end, ended = _stretch(own[k], n_days, window)
                if begin > until:
                    change[since] += 1
                    change[until] -= 1
                    since = begin
                    until = begin
                until = max(until, end, ended)
            change[since] += 1
            change[until] -= 1
        running = np.int64(0)
        for d in range(n_days):
            running += change[d]
            rows[block, d] = running


@kernel
def _count(
    words: Int64s, n_days: int, window: int, houses: Int64s, marks: Int32s, dense: Int32s
) -> None:
    """Count one RT into its lane, shape ``(days, counters)``: both it and `marks` hold zeros.

    ``houses`` is a table of twice as many places as there are words, a power of two: where a
    known house's last stretch ends, found by a hash of its number.
    """
    houses[:] = 0
    shift = 32
    while (1 << (32 - shift)) < len(houses):
        shift -= 1
    lingering = 0
    unknown = 0
    since = 0
    until = 0
    for k in range(len(words)):
        what = (words[k] >> 32) & _WORD
        begin, end, ended = _stretch(words[k], n_days, window)
        if begin > until:
            # Nothing is counted any more when it begins.
            _sum(marks, since, until, lingering, dense)
            lingering = 0
            since = begin
        until = max(until, end, ended)
        if what < FIRST_HOUSE + UNKNOWN_HOUSE:
            kind = _DIED if what == DEATH - NEWCOMER else _ARRIVED
            marks[begin, kind] += 1
            marks[end, kind] -= 1
            continue
        if end == 0:
            if ended > 0:
                lingering += 1
                marks[ended, _ENDED] += 1
            continue
        marks[begin, _BEGUN] += 1
        marks[end, _LEFT] += 1
        marks[max(begin, ended), _ENDED] += 1
        if what < FIRST_HOUSE:
            fresh = max(begin, unknown)
            unknown = end
            marks[begin, _AGAIN] += 1
            marks[fresh, _AGAIN] -= 1
        else:
            slot = ((what * _SPREAD) & _WORD) >> shift
            while houses[slot] != 0 and houses[slot] >> 16 != what:
                slot = (slot + 1) & (len(houses) - 1)
            fresh = max(begin, houses[slot] & _HALF)
            houses[slot] = (what << 16) | end
        marks[fresh, _FRESH] += 1
    _sum(marks, since, until, lingering, dense)


@kernel
def _sum(marks: Int32s, since: int, until: int, lingering: int, dense: Int32s) -> None:
    """Running sums of the marks of some days, which are zeros after."""
    fresh = np.int32(0)
    begun = np.int32(0)
    left = np.int32(0)
    ended = np.int32(-lingering)
    again = np.int32(0)
    for d in range(since, until):
        fresh += marks[d, _FRESH]
        begun += marks[d, _BEGUN]
        left += marks[d, _LEFT]
        ended += marks[d, _ENDED]
        again += marks[d, _AGAIN]
        dense[d, HOUSES] = fresh - left + again
        dense[d, HOUSES_AT_LEAST] = fresh - left
        dense[d, CASES] = begun - left
        dense[d, ACTIVE] = begun - ended
    if dense.shape[1] > DEATHS:
        died = np.int32(0)
        arrived = np.int32(0)
        for d in range(since, until):
            died += marks[d, _DIED]
            arrived += marks[d, _ARRIVED]
            dense[d, DEATHS] = died
            dense[d, NEWCOMERS] = arrived
    for d in range(since, until + 1):
        for mark in range(_MARKS):
            marks[d, mark] = 0


@kernel
def _write(dense: Int32s, first: int, chosen: Int32s, rt: Int32s, found: Int32s) -> None:
    """Write one day's rows of a block: as many as there is room for, a column at a time."""
    if len(rt) == len(dense):
        for lane in range(len(dense)):
            rt[lane] = first + lane
        for counter in range(len(found)):
            column = found[counter]
            for lane in range(len(dense)):
                column[lane] = dense[lane, counter]
        return
    n = 0
    for lane in range(len(dense)):
        anything = dense[lane, CASES] | dense[lane, ACTIVE]
        if len(found) > DEATHS:
            anything |= dense[lane, DEATHS] | dense[lane, NEWCOMERS]
        # Written each time, kept where there is anything: no branch to be guessed wrong.
        chosen[n] = lane
        n += anything != 0
    for k in range(n):
        rt[k] = first + chosen[k]
    for counter in range(len(found)):
        column = found[counter]
        for k in range(n):
            column[k] = dense[chosen[k], counter]


@kernel
def sweep(
    packed: Packed,
    blocks: Blocks,
    window: int,
    rows: Int64s,
    place: Int64s,
    rt: Int32s,
    found: Int32s,
) -> None:
    """Count blocks of RT and write what is not zero where it belongs.

    Parameters
    ----------
    packed
        As `order_words` left them.
    rows, place
        How many rows each block has on each day, and where they begin; ``(all blocks, days)``.
    rt, found
        To be filled, shapes ``(n,)`` and ``(counters, n)``: by day, then RT.
    """
    start, words = packed.start, packed.words
    lanes, low, high = blocks.lanes, blocks.low, blocks.high
    n_rt = len(start) - 1
    n_days = place.shape[1]
    counters = len(found)
    largest = _largest(start, low * lanes, min(high * lanes, n_rt))
    size = 2
    while size < 2 * largest:
        size *= 2
    houses = np.empty(size, dtype=np.int64)
    marks = np.zeros((n_days + 1, _MARKS), dtype=np.int32)
    dense = np.empty((n_days, lanes, counters), dtype=np.int32)
    chosen = np.empty(lanes + 1, dtype=np.int32)
    for block in range(low, high):
        first = block * lanes
        here = min(lanes, n_rt - first)
        if start[first] == start[first + here]:
            continue
        dense[:] = 0
        for lane in range(here):
            own = words[start[first + lane] : start[first + lane + 1]]
            if len(own) == 0:
                continue
            size = 2
            while size < 2 * len(own):
                size *= 2
            _count(own, n_days, window, houses[:size], marks, dense[:, lane])
        for d in range(n_days):
            if rows[block, d] > 0:
                begin = place[block, d]
                end = begin + rows[block, d]
                _write(dense[d, :here], first, chosen, rt[begin:end], found[:, begin:end])
