"""Write the counts of a block of RT as rows of a table, in order of day, then RT.

A *lane* is the position of an RT in its block.
"""

from typing import NamedTuple

import numpy as np

from zoning.kernels.compiling import kernel
from zoning.kernels.packing import LAST_BIT, ONE_BIT, Bits, Int32s, Int64s


class CountRows(NamedTuple):
    """The table to fill, in order of day, then RT."""

    day: Int32s
    """Days since 1970-01-01."""
    rt: Int32s
    counts: Int32s
    """Shape ``(len(wanted), n)``."""
    wanted: Int64s
    """Numbers of the counters to write, from `zoning.kernels.tallying`."""


@kernel
def write_partial_day(
    dense: Int32s,
    nonzero_days: Bits,
    d: int,
    first: int,
    lanes: Int32s,
    first_row: int,
    output: CountRows,
) -> None:
    """Write the rows of one day of a block: the RT that have a bit for the day."""
    _, rt, counts, counters = output
    n_rows = 0
    for lane in range(len(nonzero_days)):
        # Store every lane and advance only after a nonzero one: no branch to mispredict.
        lanes[n_rows] = lane
        n_rows += int((nonzero_days[lane, d >> 6] >> np.uint64(d & LAST_BIT)) & ONE_BIT)
    for k in range(n_rows):
        rt[first_row + k] = first + lanes[k]
    for c in range(len(counters)):
        column = counts[c]
        count = dense[counters[c]]
        for k in range(n_rows):
            column[first_row + k] = count[lanes[k], d]


@kernel
def scatter_rt(
    dense: Int32s,
    nonzero_days: Bits,
    rt_row: int,
    lane: int,
    first_day: int,
    next_row: Int64s,
    output: CountRows,
) -> None:
    """Write the rows of one RT, each to the next free row of its day."""
    day_column, rt_column, counts, counters = output
    for word in range(len(nonzero_days)):
        d = word << 6
        day_bits = nonzero_days[word]
        while day_bits != 0:
            if day_bits & ONE_BIT:
                row = next_row[d]
                next_row[d] = row + 1
                day_column[row] = first_day + d
                rt_column[row] = rt_row
                for c in range(len(counters)):
                    counts[c, row] = dense[counters[c], lane, d]
            d += 1
            day_bits >>= ONE_BIT


@kernel
def write_full_day(
    dense: Int32s, n_lanes: int, d: int, first: int, first_row: int, output: CountRows
) -> None:
    """Write the rows of one day of a block in which every RT has a row."""
    _, rt, counts, counters = output
    for lane in range(n_lanes):
        rt[first_row + lane] = first + lane
    for c in range(len(counters)):
        column = counts[c]
        count = dense[counters[c]]
        for lane in range(n_lanes):
            column[first_row + lane] = count[lane, d]
