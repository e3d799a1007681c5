"""The known houses of an RT, day by day.

As bits where there are enough words for it to be worth it, else word by word in the order of
houses and days: a house's next stretch of days begins at the earliest where its last one ends.
Houses whose numbers lie far apart are numbered anew first.
"""

from typing import Final, NamedTuple

import numpy as np

from zoning.kernels.bits import MOST_PLANES, SEVEN, add_up, set_bits, widen
from zoning.kernels.compiling import kernel
from zoning.kernels.packing import (
    FIRST_HOUSE,
    NONE,
    Bits,
    Int32s,
    Int64s,
    place_of,
    what_of,
)

_FEW: Final = 32
"""So few words are sorted, rather than made bits."""
_WORTH: Final = 12
"""Words of bits that take no longer than to sort one word."""
_MOST_BITS: Final = 2**18
"""Words of bits of one RT, to lie in a core's own cache."""
_WORD: Final = 0xFFFFFFFF
_SPREAD: Final = 0x7FEB352D
"""Odd, and of 31 bits: its product with a word's 32 high bits is an int64."""


class Room(NamedTuple):
    """Where houses are counted."""

    across: int
    """Words of bits of a house."""
    bits: Bits
    planes: Bits
    table: Int64s


@kernel
def make_room(n_days: int, window: int, largest: int) -> Room:
    """Room for the RT with the most words."""
    across = (n_days + window + 62) >> 6
    return Room(
        across,
        np.empty(_MOST_BITS + (SEVEN + 2) * across, dtype=np.uint64),
        np.empty(MOST_PLANES, dtype=np.uint64),
        np.empty(_table_size(largest), dtype=np.int64),
    )


@kernel
def count_known(
    words: Int64s, n_days: int, window: int, busy: Bits, room: Room, houses: Int32s
) -> bool:
    """Count an RT's known houses on the days of its busy words; whether it has anything else.

    The words are left in another order, their houses perhaps under other numbers.
    """
    across, bits, planes, table = room
    least, high = _span(words, 0)
    low = least if least >= FIRST_HOUSE else _span(words, FIRST_HOUSE)[0]
    most = min(len(words) * _WORTH, _MOST_BITS) // across
    many = len(words) > _FEW and high >= FIRST_HOUSE
    if many and high - low >= most:
        low = FIRST_HOUSE
        high = low + _number(words, table[: _table_size(len(words))]) - 1
    if many and high - low < most:
        n = (high - low + 1) * across
        bits[:n] = NONE
        set_bits(words, low, across, bits)
        widen(bits, n, window)
        add_up(bits, high - low + 1, across, busy, planes, houses)
    else:
        for w in range(len(busy)):
            if busy[w] != NONE:
                houses[w << 6 : (w << 6) + 64] = 0
        _add_sorted(words, n_days, window, houses)
    return bool(least < FIRST_HOUSE)


@kernel
def _span(words: Int64s, least: int) -> tuple[int, int]:
    """The lowest number and the highest of what is counted, of those not below the least."""
    low, high = _WORD, 0
    for k in range(len(words)):
        what = what_of(words[k])
        low = min(low, what if what >= least else _WORD)
        high = max(high, what)
    return low, high


@kernel
def _number(words: Int64s, table: Int64s) -> int:
    """Number an RT's houses from `FIRST_HOUSE` on, as they come; how many there are.

    Parameters
    ----------
    table
        Twice as many places as there are words, a power of two: a house's number and its new one,
        found by a hash.
    """
    table[:] = 0
    shift = 32
    while (1 << (32 - shift)) < len(table):
        shift -= 1
    n = 0
    for k in range(len(words)):
        what = what_of(words[k])
        if what < FIRST_HOUSE:
            continue
        slot = ((what * _SPREAD) & _WORD) >> shift
        while table[slot] != 0 and what_of(table[slot]) != what:
            slot = (slot + 1) & (len(table) - 1)
        if table[slot] == 0:
            table[slot] = (what << 32) | n
            n += 1
        words[k] = ((FIRST_HOUSE + (table[slot] & _WORD)) << 32) | (words[k] & _WORD)
    return n


@kernel
def _table_size(n: int) -> int:
    size = 2
    while size < 2 * n:
        size *= 2
    return size


@kernel
def _add_sorted(words: Int64s, n_days: int, window: int, houses: Int32s) -> None:
    """Add known houses day by day, house by house."""
    words.sort()
    what = 0
    until = 0
    for k in range(len(words)):
        place = place_of(words[k])
        if what_of(words[k]) != what:
            what = what_of(words[k])
            until = 0
        if what < FIRST_HOUSE or place == 0:
            continue
        begin = max(place - window, until)
        until = min(place, n_days)
        for d in range(begin, until):
            houses[d] += np.int32(1)
