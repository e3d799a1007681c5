"""Rows of counts out of a block of RT, each day's beside those of the blocks before."""

from typing import NamedTuple

import numpy as np

from zoning.kernels.compiling import kernel
from zoning.kernels.packing import LAST_BIT, ONE, Bits, Int32s, Int64s


class Found(NamedTuple):
    """Rows to be filled, by day, then RT."""

    day: Int32s
    rt: Int32s
    counts: Int32s
    """Shape ``(counters wanted, n)``."""
    wanted: Int64s
    """Which counters, as numbered in `zoning.kernels.tallying`."""


@kernel
def write_some(
    dense: Int32s, busy: Bits, d: int, first: int, chosen: Int32s, at: int, found: Found
) -> None:
    """Write one day's rows of a block."""
    _, rt, counts, wanted = found
    n = 0
    for lane in range(len(busy)):
        # Written each time, kept where there is anything: no branch to be guessed wrong.
        chosen[n] = lane
        n += int((busy[lane, d >> 6] >> np.uint64(d & LAST_BIT)) & ONE)
    for k in range(n):
        rt[at + k] = first + chosen[k]
    for c in range(len(wanted)):
        column = counts[c]
        count = dense[wanted[c]]
        for k in range(n):
            column[at + k] = count[chosen[k], d]


@kernel
def scatter(
    dense: Int32s, busy: Bits, r: int, lane: int, first_day: int, at: Int64s, found: Found
) -> None:
    """Write one RT's rows, each to its day's next place."""
    day, rt, counts, wanted = found
    for w in range(len(busy)):
        d = w << 6
        bits = busy[w]
        while bits != 0:
            if bits & ONE:
                row = at[d]
                at[d] = row + 1
                day[row] = first_day + d
                rt[row] = r
                for c in range(len(wanted)):
                    counts[c, row] = dense[wanted[c], lane, d]
            d += 1
            bits >>= ONE


@kernel
def write_all(dense: Int32s, here: int, d: int, first: int, at: int, found: Found) -> None:
    """Write one day's rows of a block of which each RT has one."""
    _, rt, counts, wanted = found
    for lane in range(here):
        rt[at + lane] = first + lane
    for c in range(len(wanted)):
        column = counts[c]
        count = dense[wanted[c]]
        for lane in range(here):
            column[at + lane] = count[lane, d]
