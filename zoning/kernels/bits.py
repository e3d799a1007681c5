"""Bit sets of days, one row per house: set, widened to the window, and counted per day.

Bit ``window_end - 1`` of a row is a case with this window end. After the row is widened by
``window - 1`` towards lower bits, bit ``d`` says that the house has a case in the window of day
``d``. Rows have no gap between them: bits that come in from the next row stay beyond the range.
"""

from typing import Final

import numpy as np

from zoning.kernels.compiling import kernel
from zoning.kernels.packing import (
    LAST_BIT,
    NO_BITS,
    ONE_BIT,
    Bits,
    Int32s,
    Int64s,
    word_item,
    word_window_end,
)

ROWS_PER_STEP: Final = 7
"""Rows added in one step; as many rows after the last are set to zero."""
MOST_PLANES: Final = 33
"""Most binary digits of a sum."""


@kernel
def set_bits(words: Int64s, lowest: int, words_per_house: int, bits: Bits) -> None:
    """Set the bit of each word whose house has the number ``lowest`` or a higher one."""
    for k in range(len(words)):
        house = word_item(words[k]) - lowest
        bit = word_window_end(words[k]) - 1
        if house >= 0 and bit >= 0:
            bits[house * words_per_house + (bit >> 6)] |= ONE_BIT << np.uint64(bit & LAST_BIT)


@kernel
def widen_to_window(bits: Bits, n: int, window: int) -> None:
    """Set each bit that has a set bit among the next ``window - 1``: a one-dimensional dilation.

    The shift doubles with every step, so a window of ``w`` days takes about ``log2(w)`` steps.
    Reads up to ``window`` bits and one word after the ``n`` words.
    """
    width = 1
    while width < window:
        step = min(width, window - width)
        skipped = step >> 6
        down = np.uint64(step & LAST_BIT)
        up = np.uint64(LAST_BIT) - down
        for k in range(n):
            from_next_word = (bits[k + skipped + 1] << ONE_BIT) << up
            bits[k] |= (bits[k + skipped] >> down) | from_next_word
        width += step


@kernel
def positional_popcount(
    bits: Bits, rows: int, words_per_row: int, needed: Bits, planes: Bits, sums: Int32s
) -> None:
    """Count the rows that have each bit set, in the words where ``needed`` is not zero.

    Four carry-save adders turn seven bits into a number of three binary digits, for 64 columns at
    once (Harley-Seal; Muła, Kurz and Lemire 2018, "Faster population counts using AVX2
    instructions"). Counting per column is a positional population count.

    Parameters
    ----------
    bits
        Rows, flat, followed by `ROWS_PER_STEP` rows of workspace.
    planes
        Workspace for the binary digits of the sums (bit planes), length `MOST_PLANES`.
    sums
        Output: one count per bit.
    """
    bits[rows * words_per_row : (rows + ROWS_PER_STEP) * words_per_row] = NO_BITS
    digits = 3
    while (1 << digits) <= rows:
        digits += 1
    for word in range(len(needed)):
        if needed[word] == 0:
            continue
        planes[:] = NO_BITS
        for first in range(word, word + rows * words_per_row, ROWS_PER_STEP * words_per_row):
            a, b, c = bits[first], bits[first + words_per_row], bits[first + 2 * words_per_row]
            d, e = bits[first + 3 * words_per_row], bits[first + 4 * words_per_row]
            f, g = bits[first + 5 * words_per_row], bits[first + 6 * words_per_row]
            s, t1 = _full_adder(a, b, c)
            s, t2 = _full_adder(s, d, e)
            s, t3 = _full_adder(s, f, g)
            t, q = _full_adder(t1, t2, t3)
            planes[0], carry = _full_adder(planes[0], s, NO_BITS)
            planes[1], carry = _full_adder(planes[1], t, carry)
            planes[2], carry = _full_adder(planes[2], q, carry)
            for digit in range(3, digits):
                planes[digit], carry = planes[digit] ^ carry, planes[digit] & carry
        _write_sums(planes, digits, sums[64 * word : 64 * word + 64])


@kernel
def _full_adder(a: np.uint64, b: np.uint64, c: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Sum and carry of three bits, in each of 64 columns (a carry-save adder)."""
    half = a ^ b
    return half ^ c, (a & b) | (half & c)


@kernel
def _write_sums(planes: Bits, digits: int, sums: Int32s) -> None:
    """Write the 64 sums as integers, from their binary digits."""
    for b in range(64):
        sums[b] = np.int32((planes[0] >> np.uint64(b)) & ONE_BIT)
    for digit in range(1, digits):
        plane = planes[digit]
        for b in range(64):
            sums[b] += np.int32(((plane >> np.uint64(b)) & ONE_BIT) << np.uint64(digit))
