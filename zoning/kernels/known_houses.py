"""Count the known houses of an RT on each day: each house once per day.

With many words, the days of a house are a bit set (`zoning.kernels.bits`). With few words, the
words are sorted by house and window end, and the days of a house are a union of intervals: an
interval begins at the end of the one before or later. House numbers that are far apart are first
replaced by consecutive numbers.
"""

from typing import Final, NamedTuple

import numpy as np

from zoning.kernels.bits import (
    MOST_PLANES,
    ROWS_PER_STEP,
    positional_popcount,
    set_bits,
    widen_to_window,
)
from zoning.kernels.compiling import kernel
from zoning.kernels.packing import (
    FIRST_HOUSE,
    NO_BITS,
    Bits,
    Int32s,
    Int64s,
    word_item,
    word_window_end,
)

_MOST_SORTED_WORDS: Final = 32
"""Up to so many words, sorting is faster than bit sets."""
_BIT_WORDS_PER_WORD: Final = 12
"""Words of a bit set that take as long as sorting one word."""
_MOST_BIT_WORDS: Final = 2**18
"""Most words of the bit sets of one RT: they fit into the cache of a core."""
_LOW_32_BITS: Final = 0xFFFFFFFF
_HASH_MULTIPLIER: Final = 0x7FEB352D
"""Odd, and of 31 bits, so the product with an item is an int64 (lowbias32, Wellons 2018)."""


class Workspace(NamedTuple):
    """Memory for the counting, allocated once."""

    words_per_house: int
    """Words of the bit set of a house."""
    bits: Bits
    planes: Bits
    table: Int64s


@kernel
def allocate_workspace(n_days: int, window: int, most_words: int) -> Workspace:
    """Allocate memory for the RT with the most words."""
    words_per_house = (n_days + window + 62) >> 6
    return Workspace(
        words_per_house,
        np.empty(_MOST_BIT_WORDS + (ROWS_PER_STEP + 2) * words_per_house, dtype=np.uint64),
        np.empty(MOST_PLANES, dtype=np.uint64),
        np.empty(_table_size(most_words), dtype=np.int64),
    )


@kernel
def count_known_houses(
    words: Int64s,
    n_days: int,
    window: int,
    nonzero_days: Bits,
    workspace: Workspace,
    houses: Int32s,
) -> bool:
    """Count the known houses of an RT; True if some words are no known houses.

    May sort ``words`` and renumber their houses.

    Parameters
    ----------
    nonzero_days
        Days on which the RT has counts; ``houses`` is written for the words that have a bit.
    houses
        Output: the count of each day.
    """
    words_per_house, bits, planes, table = workspace
    lowest, last_house = _item_range(words, 0)
    first_house = lowest if lowest >= FIRST_HOUSE else _item_range(words, FIRST_HOUSE)[0]
    most_houses = min(len(words) * _BIT_WORDS_PER_WORD, _MOST_BIT_WORDS) // words_per_house
    worth_bits = len(words) > _MOST_SORTED_WORDS and last_house >= FIRST_HOUSE
    if worth_bits and last_house - first_house >= most_houses:
        first_house = FIRST_HOUSE
        last_house = first_house + _renumber_houses(words, table[: _table_size(len(words))]) - 1
    if worth_bits and last_house - first_house < most_houses:
        n_words = (last_house - first_house + 1) * words_per_house
        bits[:n_words] = NO_BITS
        set_bits(words, first_house, words_per_house, bits)
        widen_to_window(bits, n_words, window)
        positional_popcount(
            bits, last_house - first_house + 1, words_per_house, nonzero_days, planes, houses
        )
    else:
        for word in range(len(nonzero_days)):
            if nonzero_days[word] != NO_BITS:
                houses[word << 6 : (word << 6) + 64] = 0
        _count_sorted(words, n_days, window, houses)
    return bool(lowest < FIRST_HOUSE)


@kernel
def _item_range(words: Int64s, least: int) -> tuple[int, int]:
    """Lowest and highest item, among the items of at least ``least``."""
    lowest, highest = _LOW_32_BITS, 0
    for k in range(len(words)):
        item = word_item(words[k])
        lowest = min(lowest, item if item >= least else _LOW_32_BITS)
        highest = max(highest, item)
    return lowest, highest


@kernel
def _renumber_houses(words: Int64s, table: Int64s) -> int:
    """Renumber the houses from `FIRST_HOUSE` on, in order of appearance; their number.

    Multiplicative hashing with linear probing (Knuth 1998, "The art of computer
    programming", volume 3, section 6.4).

    Parameters
    ----------
    table
        Workspace for the hash table: old and new number of a house. The length is a power of two
        and at least twice the number of words.
    """
    table[:] = 0
    shift = 32
    while (1 << (32 - shift)) < len(table):
        shift -= 1
    n_houses = 0
    for k in range(len(words)):
        item = word_item(words[k])
        if item < FIRST_HOUSE:
            continue
        slot = ((item * _HASH_MULTIPLIER) & _LOW_32_BITS) >> shift
        while table[slot] != 0 and word_item(table[slot]) != item:
            slot = (slot + 1) & (len(table) - 1)
        if table[slot] == 0:
            table[slot] = (item << 32) | n_houses
            n_houses += 1
        words[k] = ((FIRST_HOUSE + (table[slot] & _LOW_32_BITS)) << 32) | (words[k] & _LOW_32_BITS)
    return n_houses


@kernel
def _table_size(n: int) -> int:
    size = 2
    while size < 2 * n:
        size *= 2
    return size


@kernel
def _count_sorted(words: Int64s, n_days: int, window: int, houses: Int32s) -> None:
    """Count the known houses after sorting the words by house, then by window end."""
    words.sort()
    house = 0
    counted_until = 0
    for k in range(len(words)):
        window_end = word_window_end(words[k])
        if word_item(words[k]) != house:
            house = word_item(words[k])
            counted_until = 0
        if house < FIRST_HOUSE or window_end == 0:
            continue
        first = max(window_end - window, counted_until)
        counted_until = min(window_end, n_days)
        for d in range(first, counted_until):
            houses[d] += np.int32(1)
