"""Apply the rows of a file to the known records, in the order of the file.

The rows of a record are applied one after the other, as if each row came in its own file. Almost
every record has one row, so rows are applied in rounds: all first rows at once, then all second
rows.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from geodata.ledger.merging.content import MergeContext, align_records, contradicts, merge_rows
from geodata.records import Rejection
from geodata.records.parsing.findings import Mask

Array = np.ndarray
_MAX_ROUNDS: Final = 100
"""If a file has more rows of one record, only the last rows are merged: the column of such a file
is no record number."""


class RecordUpdates(NamedTuple):
    """The ``k`` records of the rows of a file, before and after the file.

    Attributes
    ----------
    keys
        Object ``(k,)``, in the order of the file.
    known
        int64 ``(k,)``: row number in the known records, -1 for a new record.
    base, final
        Content before and after; see `geodata.ledger.merging.content.align_records`.
    file_content
        Content right after the file, without later files. `superseded_rows` compares rows with it.
    present
        bool ``(k,)``: whether the record exists after the file.
    record
        int64 ``(n,)``: position of each row's record in `keys`.
    rejections
        Why rows are rejected.
    """

    keys: Array
    known: Array
    base: pa.Table
    final: pa.Table
    file_content: pa.Table
    present: Mask
    record: Array
    rejections: list[Rejection]


def apply_rows(
    rows: pa.Table, keys: Array, by_person: Mask, known: pa.Table, context: MergeContext
) -> RecordUpdates:
    """Apply rows to known records.

    Parameters
    ----------
    rows
        As `geodata.records.CheckedSheet.accepted`, in the order of the file.
    keys
        Key of the record of each row.
    by_person
        bool ``(n,)``: rows whose record was found by NIK and day.
    known
        As `geodata.ledger.current.newest_versions`.
    """
    record, record_keys = pd.factorize(keys)
    record_keys = np.asarray(record_keys, dtype=object)
    positions = pd.Index(known[context.kind.key].to_pylist(), dtype=object).get_indexer(
        pd.Index(record_keys, dtype=object)
    )
    base = align_records(known, positions, rows, context.kind)
    final, present = base, positions >= 0
    position = rows["position"].to_numpy()
    rejections: list[Rejection] = []
    for row_numbers in _rounds(record):
        records = record[row_numbers]
        # The records of a later round may come in another order.
        all_in_order = np.array_equal(records, np.arange(len(record_keys)))
        before = final if all_in_order else final.take(pa.array(records))
        merged = merge_rows(
            before,
            present[records],
            rows.take(pa.array(row_numbers)),
            by_person[row_numbers],
            context,
        )
        rejections += [
            Rejection(finding.code, finding.field, position[row_numbers[finding.rows]])
            for finding in merged.rejections
        ]
        present[records] = merged.present
        final = merged.records if all_in_order else _replace_rows(final, records, merged.records)
    return RecordUpdates(record_keys, positions, base, final, final, present, record, rejections)


def superseded_rows(
    rows: pa.Table, updates: RecordUpdates, context: MergeContext
) -> list[Rejection]:
    """Rows that a later row of the same record contradicts."""
    last = np.zeros(len(updates.keys), dtype=np.int64)
    last[updates.record] = np.arange(len(updates.record))
    rejected_positions = [rejection.positions for rejection in updates.rejections]
    position = rows["position"].to_numpy()
    is_rejected = np.isin(position, np.concatenate([[], *rejected_positions]))
    is_earlier = last[updates.record] != np.arange(len(position))
    candidates = np.flatnonzero(is_earlier & ~is_rejected)
    if len(candidates) == 0:
        return []
    file_content = updates.file_content.take(pa.array(updates.record[candidates]))
    contradicting = contradicts(rows.take(pa.array(candidates)), file_content, context.kind)
    return [Rejection("superseded-in-file", context.kind.key, position[candidates[contradicting]])]


def _rounds(record: Array) -> Iterator[Array]:
    """Rows of each round: one row of every record, of its last `_MAX_ROUNDS` rows."""
    if len(record) == 0:
        return
    frame = pd.Series(record)
    groups = frame.groupby(record)
    round_number = groups.cumcount().to_numpy()
    count = groups.transform("size").to_numpy()
    round_number = round_number - np.maximum(count - _MAX_ROUNDS, 0)
    order = np.argsort(round_number, kind="stable")
    starts = np.searchsorted(round_number[order], np.arange(round_number.max() + 2))
    for start, end in pairwise(starts):
        yield order[start:end]


def _replace_rows(table: pa.Table, rows: Array, values: pa.Table) -> pa.Table:
    """The table with some of its rows replaced."""
    indices = np.arange(table.num_rows)
    indices[rows] = table.num_rows + np.arange(len(rows))
    return pa.concat_tables([table, values.cast(table.schema)]).take(pa.array(indices))
