"""Rows of a file applied to the known records, in the order of the file.

Rows of one record follow one another as if each came in a file of its own. Almost every record
has one row, so rows are applied in rounds: all first rows at once, then all second ones.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from geodata.ledger.merging.content import Merging, aligned, contradicts, merge
from geodata.records import Turned
from geodata.records.parsing.findings import Mask

Numbers = np.ndarray
_MOST_ROUNDS: Final = 100
"""Of more rows of one record in one file only the last ones are merged: such a file numbers
nothing."""


class Applied(NamedTuple):
    """What a file makes of ``k`` records.

    Attributes
    ----------
    keys
        Object ``(k,)``, in the order of the file.
    known
        int64 ``(k,)``: row of each in the known records, -1 of a new one.
    base, final
        Their content before and after; see `geodata.ledger.merging.content.aligned`.
    said
        Their content after the file alone, whatever came later: what its rows are held against.
    present
        bool ``(k,)``: whether the record is there after.
    record
        int64 ``(n,)``: which of them each row is.
    turned
        Rows that are turned away.
    """

    keys: Numbers
    known: Numbers
    base: pa.Table
    final: pa.Table
    said: pa.Table
    present: Mask
    record: Numbers
    turned: list[Turned]


def apply_rows(
    rows: pa.Table, keys: Numbers, by_person: Mask, known: pa.Table, how: Merging
) -> Applied:
    """Apply rows to known records.

    Parameters
    ----------
    rows
        As `geodata.records.Checked.accepted`, in the order of the file.
    keys
        Of the record of each row.
    by_person
        Rows that were found by NIK and day.
    known
        As `geodata.ledger.current.newest_versions`.
    """
    record, names = pd.factorize(keys)
    names = np.asarray(names, dtype=object)
    at = pd.Index(known[how.kind.key].to_pylist(), dtype=object).get_indexer(
        pd.Index(names, dtype=object)
    )
    base = aligned(known, at, rows, how.kind)
    final, present = base, at >= 0
    position = rows["position"].to_numpy()
    turned: list[Turned] = []
    for chosen in _rounds(record):
        which = record[chosen]
        whole = len(which) == len(names)
        before = final if whole else final.take(pa.array(which))
        merged = merge(before, present[which], rows.take(pa.array(chosen)), by_person[chosen], how)
        turned += [
            Turned(reason.code, reason.field, position[chosen[reason.rows]])
            for reason in merged.turned
        ]
        present[which] = merged.present
        final = merged.records if whole else _put(final, which, merged.records)
    return Applied(names, at, base, final, final, present, record, turned)


def superseded(rows: pa.Table, applied: Applied, how: Merging) -> list[Turned]:
    """Rows that later rows of their record contradict."""
    counts = np.bincount(applied.record, minlength=len(applied.keys))
    last = np.zeros(len(applied.keys), dtype=np.int64)
    last[applied.record] = np.arange(len(applied.record))
    away = [each.positions for each in applied.turned]
    position = rows["position"].to_numpy()
    earlier = (counts[applied.record] > 1) & ~np.isin(position, np.concatenate([[], *away]))
    chosen = np.flatnonzero(earlier & (last[applied.record] != np.arange(len(position))))
    if len(chosen) == 0:
        return []
    said = applied.said.take(pa.array(applied.record[chosen]))
    other = contradicts(rows.take(pa.array(chosen)), said, how.kind)
    return [Turned("superseded-in-file", how.kind.key, position[chosen[other]])]


def _rounds(record: Numbers) -> Iterator[Numbers]:
    """Rows of each round: the last `_MOST_ROUNDS` of every record, one a round."""
    if len(record) == 0:
        return
    frame = pd.Series(record)
    groups = frame.groupby(record)
    number = groups.cumcount().to_numpy()
    count = groups.transform("size").to_numpy()
    number = number - np.maximum(count - _MOST_ROUNDS, 0)
    order = np.argsort(number, kind="stable")
    starts = np.searchsorted(number[order], np.arange(number.max() + 2))
    for first, last in pairwise(starts):
        yield order[first:last]


def _put(table: pa.Table, rows: Numbers, values: pa.Table) -> pa.Table:
    """The table with some of its rows replaced."""
    take = np.arange(table.num_rows)
    take[rows] = table.num_rows + np.arange(len(rows))
    return pa.concat_tables([table, values.cast(table.schema)]).take(pa.array(take))
