"""The sweep over all RT and days on several threads; the result does not depend on the threads."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zoning.kernels.packing import Packed, Range, Rows, count_by_rt, pack_by_rt
from zoning.kernels.row_writing import CountRows
from zoning.kernels.sweep import Blocks, RowLayout, find_nonzero_days, sweep
from zoning.kernels.tallying import ACTIVE, COUNTERS, DEATHS

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
PartTask = Callable[[int, int, int], None]
"""A task on one part of the rows or blocks: number of the part, start and stop."""

_ROWS_PER_THREAD: Final = 100_000
"""Each thread has at least this many rows of work."""
_DAYS_PER_ROW: Final = 8
"""Days of an RT that take the time of one row."""
_COUNTS_A_BLOCK: Final = 2**18
"""Counts of a block of RT: few enough for the cache of a core, more than one RT can have."""
_MOST_RT_A_BLOCK: Final = 256


class SparseCounts(NamedTuple):
    """Counts of each RT and day with a count above zero, sorted by day, then RT."""

    day: Int32s
    rt: Int32s
    counts: Int32s
    """Shape ``(n_counters, n)``."""


def sweep_days(
    rows: Rows, days: Range, *, counters: Sequence[int], threads: int | None = None
) -> SparseCounts:
    """Count all RT on every day of a range.

    Parameters
    ----------
    days
        At most `zoning.kernels.packing.MOST_DAYS`.
    counters
        Numbers of the counters, from `zoning.kernels.tallying`.
    threads
        Default: as many as there are cores and work.
    """
    if ACTIVE not in counters:
        # A case that ends on its first day is never active, so that it makes no row.
        rows = rows._replace(until=rows.day)
    n_rt = int(rows.rt.max(initial=-1)) + 1
    work = len(rows.rt) + n_rt * days.n_days // _DAYS_PER_ROW
    threads = threads or min(os.cpu_count() or 1, work // _ROWS_PER_THREAD + 1)
    rt_per_block = min(_COUNTS_A_BLOCK // (days.n_days * len(counters)), _MOST_RT_A_BLOCK)
    n_counters = COUNTERS if max(counters) >= DEATHS else DEATHS
    window = min(days.window, days.n_days)
    with ThreadPoolExecutor(threads) as pool:
        packed = _pack(pool, threads, rows, n_rt, days)
        nonzero_days = np.empty((n_rt, -(-days.n_days // 64)), dtype=np.uint64)
        rt_per_day = np.empty((-(-n_rt // rt_per_block), days.n_days), dtype=np.int32)
        run_parts = partial(_run_parts, pool, threads, len(rt_per_day))

        def find_block_days(_part: int, start: int, stop: int) -> None:
            blocks = Blocks(rt_per_block, start, stop)
            find_nonzero_days(packed, blocks, window, nonzero_days, rt_per_day)

        run_parts(find_block_days)
        first_row, total = _offsets(rt_per_day)
        layout = RowLayout(nonzero_days, rt_per_day, first_row)
        output = CountRows(
            np.empty(total, dtype=np.int32),
            np.empty(total, dtype=np.int32),
            np.empty((len(counters), total), dtype=np.int32),
            np.array(counters, dtype=np.int64),
        )

        def sweep_blocks(_part: int, start: int, stop: int) -> None:
            sweep(packed, days, Blocks(rt_per_block, start, stop), layout, n_counters, output)

        run_parts(sweep_blocks)
    return SparseCounts(*output[:3])


def _pack(pool: ThreadPoolExecutor, threads: int, rows: Rows, n_rt: int, days: Range) -> Packed:
    """The rows grouped by RT, in their order within each RT."""
    n_rows = np.zeros((threads, n_rt), dtype=np.int64)
    run_parts = partial(_run_parts, pool, threads, len(rows.rt))
    run_parts(lambda part, start, stop: count_by_rt(rows.rt[start:stop], n_rows[part]))
    starts, total = _offsets(n_rows)
    packed = Packed(np.append(starts[0], total), np.empty(total, dtype=np.int64))

    def pack(part: int, start: int, stop: int) -> None:
        part_rows = Rows(*(column[start:stop] for column in rows))
        pack_by_rt(part_rows, days, starts[part], packed.words)

    run_parts(pack)
    return packed


def _offsets(n_rows: Int64s | Int32s) -> tuple[Int64s, int]:
    """First output row of each entry, in order of column, then row; and the number of rows."""
    flat = n_rows.T.ravel().astype(np.int64)
    stops = np.cumsum(flat)
    starts = (stops - flat).reshape(n_rows.shape[::-1])
    return np.ascontiguousarray(starts.T), int(flat.sum())


def _run_parts(pool: ThreadPoolExecutor, threads: int, size: int, task: PartTask) -> None:
    if threads == 1:
        task(0, 0, size)
        return
    spans = pairwise(size * k // threads for k in range(threads + 1))
    # Kernels release the GIL, and the parts write to disjoint memory.
    for future in [pool.submit(task, k, *span) for k, span in enumerate(spans)]:
        future.result()
