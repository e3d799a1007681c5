"""Count every RT on every day of a range: houses, cases, active cases, deaths, arrivals.

A block of RT is counted at a time (cache blocking). The counts that are not zero are then written
day by day. `find_nonzero_days` first marks, with one bit per RT and day, which counts get a row.
"""

from typing import Final, NamedTuple

import numpy as np

from zoning.kernels.bits import MOST_PLANES, ROWS_PER_STEP, positional_popcount
from zoning.kernels.compiling import kernel
from zoning.kernels.known_houses import allocate_workspace, count_known_houses
from zoning.kernels.packing import ONE_BIT, Bits, Int32s, Int64s, Packed, Range, mark_nonzero_days
from zoning.kernels.row_writing import CountRows, scatter_rt, write_full_day, write_partial_day
from zoning.kernels.tallying import HOUSES, KINDS, clear_marks, sum_marks, tally

_SPARSE_FACTOR: Final = 5
"""A block with rows for less than one in ``_SPARSE_FACTOR`` of its days is written RT by RT."""


class Blocks(NamedTuple):
    """Blocks ``low`` to ``high`` (excluded), of ``lanes`` RT each."""

    lanes: int
    low: int
    high: int


class RowLayout(NamedTuple):
    """The days on which each RT has counts, and the rows of the output for the counts."""

    nonzero_days: Bits
    """One bit per day, shape ``(n_rt, words)``."""
    rt_per_day: Int32s
    """Number of RT with counts, for each block and day: shape ``(n_block, n_days)``."""
    first_row: Int64s
    """First row of the output for each block and day: shape ``(n_block, n_days)``."""


@kernel
def find_nonzero_days(
    packed: Packed, blocks: Blocks, window: int, nonzero_days: Bits, rt_per_day: Int32s
) -> None:
    """Find the days on which each RT has counts, and the number of such RT per block and day.

    Parameters
    ----------
    nonzero_days
        Output: one bit per day, shape ``(n_rt, words)``.
    rt_per_day
        Output: shape ``(n_block, n_days)``.
    """
    start, words = packed.start, packed.words
    lanes = blocks.lanes
    n_days, n_words = rt_per_day.shape[1], nonzero_days.shape[1]
    bit_rows = np.empty((lanes + ROWS_PER_STEP) * n_words, dtype=np.uint64)
    all_words = np.full(n_words, ONE_BIT)
    planes = np.empty(MOST_PLANES, dtype=np.uint64)
    sums = np.empty(n_words << 6, dtype=np.int32)
    for block in range(blocks.low, blocks.high):
        first = block * lanes
        n_lanes = min(lanes, len(nonzero_days) - first)
        for rt in range(first, first + n_lanes):
            mark_nonzero_days(words[start[rt] : start[rt + 1]], n_days, window, nonzero_days[rt])
            bit_rows[(rt - first) * n_words : (rt - first + 1) * n_words] = nonzero_days[rt]
        positional_popcount(bit_rows, n_lanes, n_words, all_words, planes, sums)
        rt_per_day[block] = sums[:n_days]


@kernel
def sweep(
    packed: Packed,
    days: Range,
    blocks: Blocks,
    layout: RowLayout,
    n_counters: int,
    output: CountRows,
) -> None:
    """Count blocks of RT and write the counts that are not zero.

    Parameters
    ----------
    n_counters
        Number of counters to compute: the first ``n_counters`` of `zoning.kernels.tallying`.
    """
    n_days = days.n_days
    window = min(days.window, n_days)
    start, nonzero_days = packed.start, layout.nonzero_days
    lanes = blocks.lanes
    workspace = allocate_workspace(n_days, window, _most_words(start))
    marks = np.zeros((KINDS, n_days + window + 1), dtype=np.int32)
    ended_marks = np.zeros((2, n_days + 1), dtype=np.int32)
    # An odd number of cache lines per RT: an odd stride avoids cache-set conflicts.
    dense = np.empty((n_counters, lanes, (nonzero_days.shape[1] << 6) + 16), dtype=np.int32)
    needs_tally = len(output.wanted) > 1 or output.wanted[0] != HOUSES
    for block in range(blocks.low, blocks.high):
        first = block * lanes
        n_lanes = min(lanes, len(nonzero_days) - first)
        for lane in range(n_lanes):
            rt = first + lane
            if nonzero_days[rt].max() == 0:
                continue
            words = packed.words[start[rt] : start[rt + 1]]
            has_other_words = count_known_houses(
                words, n_days, window, nonzero_days[rt], workspace, dense[HOUSES, lane]
            )
            if has_other_words or needs_tally:
                tally(words, window, marks, ended_marks)
                sum_marks(nonzero_days[rt], n_days, window, marks, ended_marks, dense[:, lane])
                clear_marks(words, window, marks, ended_marks)
        _write_block(
            dense, days, first, nonzero_days[first : first + n_lanes], layout, block, output
        )


@kernel
def _most_words(start: Int64s) -> int:
    most = 0
    for r in range(len(start) - 1):
        most = max(most, start[r + 1] - start[r])
    return most


@kernel
def _write_block(
    dense: Int32s,
    days: Range,
    first: int,
    nonzero_days: Bits,
    layout: RowLayout,
    block: int,
    output: CountRows,
) -> None:
    """Write the rows of one block."""
    rt_per_day, first_row = layout.rt_per_day[block], layout.first_row[block]
    day_column = output.day
    n_lanes = len(nonzero_days)
    if _SPARSE_FACTOR * rt_per_day.sum() < n_lanes * len(rt_per_day):
        first_row = first_row.copy()
        for lane in range(n_lanes):
            scatter_rt(dense, nonzero_days[lane], first + lane, lane, days.first, first_row, output)
        return
    lanes = np.empty(n_lanes + 1, dtype=np.int32)
    for d in range(len(rt_per_day)):
        day_column[first_row[d] : first_row[d] + rt_per_day[d]] = days.first + d
        if rt_per_day[d] == n_lanes:
            write_full_day(dense, n_lanes, d, first, first_row[d], output)
        elif rt_per_day[d] > 0:
            write_partial_day(dense, nonzero_days, d, first, lanes, first_row[d], output)
