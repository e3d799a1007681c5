"""The sweep over all RT and days, shared out over threads: the same bytes on one or many."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zoning.kernels.packing import Packed, Range, Rows, count_by_rt, pack_by_rt
from zoning.kernels.sweep import Blocks, Seen, find_days, sweep
from zoning.kernels.tallying import ACTIVE, COUNTERS, DEATHS
from zoning.kernels.writing import Found

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Part = Callable[[int, int, int], None]
"""Work on one of several parts: its number, where it begins and where it ends."""

_ENOUGH: Final = 100_000
"""Rows that are worth another thread."""
_DAYS_A_ROW: Final = 8
"""Days of an RT that take as long as a row."""
_DENSE: Final = 2**18
"""Counts of a block of RT, to lie in a core's own cache."""
_MOST_LANES: Final = 256


class Swept(NamedTuple):
    """Counts of every RT and day that has any, by day, then RT."""

    day: Int32s
    rt: Int32s
    counts: Int32s
    """Shape ``(counters wanted, n)``."""


def sweep_days(
    rows: Rows, days: Range, *, wanted: Sequence[int], threads: int | None = None
) -> Swept:
    """Count all RT on every day of a range.

    Parameters
    ----------
    days
        At most `zoning.kernels.packing.MOST_DAYS`.
    wanted
        Counters, as numbered in `zoning.kernels.tallying`.
    threads
        As many as there are cores and work for, where not given.
    """
    if ACTIVE not in wanted:
        # A case that ends as it begins is never active, and makes no row.
        rows = rows._replace(until=rows.day)
    n_rt = int(rows.rt.max(initial=-1)) + 1
    work = len(rows.rt) + n_rt * days.n_days // _DAYS_A_ROW
    threads = threads or min(os.cpu_count() or 1, work // _ENOUGH + 1)
    lanes = min(max(_DENSE // (days.n_days * len(wanted)), 1), _MOST_LANES)
    counters = COUNTERS if max(wanted) >= DEATHS else DEATHS
    window = min(days.window, days.n_days)
    with ThreadPoolExecutor(threads) as pool:
        packed = _pack(pool, threads, rows, n_rt, days)
        busy = np.empty((n_rt, -(-days.n_days // 64)), dtype=np.uint64)
        on_day = np.empty((-(-n_rt // lanes), days.n_days), dtype=np.int32)
        each = partial(_each, pool, threads, len(on_day))
        each(lambda _, *span: find_days(packed, Blocks(lanes, *span), window, busy, on_day))
        place, total = _places(on_day)
        seen = Seen(busy, on_day, place)
        found = Found(
            np.empty(total, dtype=np.int32),
            np.empty(total, dtype=np.int32),
            np.empty((len(wanted), total), dtype=np.int32),
            np.array(wanted, dtype=np.int64),
        )
        each(lambda _, *span: sweep(packed, days, Blocks(lanes, *span), seen, counters, found))
    return Swept(*found[:3])


def _pack(pool: ThreadPoolExecutor, threads: int, rows: Rows, n_rt: int, days: Range) -> Packed:
    """Each RT's rows together, in the order they came in."""
    counted = np.zeros((threads, n_rt), dtype=np.int64)
    each = partial(_each, pool, threads, len(rows.rt))
    each(lambda k, low, high: count_by_rt(rows.rt[low:high], counted[k]))
    at, total = _places(counted)
    packed = Packed(np.append(at[0], total), np.empty(total, dtype=np.int64))

    def pack(k: int, low: int, high: int) -> None:
        pack_by_rt(Rows(*(column[low:high] for column in rows)), days, at[k], packed.words)

    each(pack)
    return packed


def _places(counted: Int64s | Int32s) -> tuple[Int64s, int]:
    """Where the rows counted begin, in order of column, then row; and how many there are."""
    flat = counted.T.ravel().astype(np.int64)
    until = np.cumsum(flat)
    begin = (until - flat).reshape(counted.shape[::-1])
    return np.ascontiguousarray(begin.T), int(flat.sum())


def _each(pool: ThreadPoolExecutor, threads: int, size: int, do: Part) -> None:
    if threads == 1:
        do(0, 0, size)
        return
    spans = pairwise(size * k // threads for k in range(threads + 1))
    # Kernels let go of the interpreter's lock, and each writes to places of its own.
    for done in [pool.submit(do, k, *span) for k, span in enumerate(spans)]:
        done.result()
