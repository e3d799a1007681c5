"""A house's days as bits: set in any order, widened to the window, and added up house by house.

Bit ``place - 1`` of a house's row is a case at that place in time. Widened by the window less one
towards lower bits, bit ``d`` is day ``d``. Rows follow each other without a gap: what comes in
from the row above stays in bits beyond the range.
"""

from typing import Final

import numpy as np

from zoning.kernels.compiling import kernel
from zoning.kernels.packing import LAST_BIT, NONE, ONE, Bits, Int32s, Int64s, place_of, what_of

SEVEN: Final = 7
"""Rows that are added up at once; as many beyond the last are made zeros."""
MOST_PLANES: Final = 33


@kernel
def set_bits(words: Int64s, lowest: int, across: int, bits: Bits) -> None:
    """Set the bits of the houses from number ``lowest`` on, rows of ``across`` words."""
    for k in range(len(words)):
        house = what_of(words[k]) - lowest
        place = place_of(words[k]) - 1
        if house >= 0 and place >= 0:
            bits[house * across + (place >> 6)] |= ONE << np.uint64(place & LAST_BIT)


@kernel
def widen(bits: Bits, n: int, window: int) -> None:
    """Set each bit of ``n`` words that has one among the next ``window - 1``, in doubling steps.

    Reads ``window`` bits and a word beyond.
    """
    wide = 1
    while wide < window:
        step = min(wide, window - wide)
        skipped = step >> 6
        down = np.uint64(step & LAST_BIT)
        up = np.uint64(LAST_BIT) - down
        for k in range(n):
            above = (bits[k + skipped + 1] << ONE) << up
            bits[k] |= (bits[k + skipped] >> down) | above
        wide += step


@kernel
def add_up(bits: Bits, rows: int, across: int, busy: Bits, planes: Bits, sums: Int32s) -> None:
    """How many rows have each bit set, in the words where ``busy`` has any.

    Seven bits make a number of three by four adders, which is added to the sum's binary digits:
    64 columns at once (Harley and Seal's counter).

    Parameters
    ----------
    bits
        Rows, flat, and room for `SEVEN` more.
    planes
        Room for the sums' digits: `MOST_PLANES`.
    """
    bits[rows * across : (rows + SEVEN) * across] = NONE
    digits = 3
    while (1 << digits) <= rows:
        digits += 1
    for w in range(len(busy)):
        if busy[w] == 0:
            continue
        planes[:] = NONE
        for first in range(w, w + rows * across, SEVEN * across):
            a, b, c = bits[first], bits[first + across], bits[first + 2 * across]
            d, e = bits[first + 3 * across], bits[first + 4 * across]
            f, g = bits[first + 5 * across], bits[first + 6 * across]
            s, t1 = _add(a, b, c)
            s, t2 = _add(s, d, e)
            s, t3 = _add(s, f, g)
            t, q = _add(t1, t2, t3)
            planes[0], carry = _add(planes[0], s, NONE)
            planes[1], carry = _add(planes[1], t, carry)
            planes[2], carry = _add(planes[2], q, carry)
            for digit in range(3, digits):
                planes[digit], carry = planes[digit] ^ carry, planes[digit] & carry
        _spell(planes, digits, sums[64 * w : 64 * w + 64])


@kernel
def _add(a: np.uint64, b: np.uint64, c: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Sum and carry of three bits, in each of 64 columns."""
    half = a ^ b
    return half ^ c, (a & b) | (half & c)


@kernel
def _spell(planes: Bits, digits: int, sums: Int32s) -> None:
    """Binary digits of 64 sums as numbers."""
    for b in range(64):
        sums[b] = np.int32((planes[0] >> np.uint64(b)) & ONE)
    for digit in range(1, digits):
        plane = planes[digit]
        for b in range(64):
            sums[b] += np.int32(((plane >> np.uint64(b)) & ONE) << np.uint64(digit))
