"""What a file changes in the records: counts, and lists of records for the report."""

from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geodata.ledger.comparing import combined_array
from geodata.ledger.matching.record_matching import RecordMatches
from geodata.ledger.merging.rounds import Array, RecordUpdates
from geodata.records import CheckedSheet, Kind
from geodata.records.parsing.findings import Mask

_SEVERAL: Final = 2


class DateChange(NamedTuple):
    """A known case with another day in a file.

    Attributes
    ----------
    id
        Key of the case.
    known, file
        The known day, and the day in the file.
    stands
        The day that counts after the file.
    """

    id: str
    known: date
    file: date
    stands: date


class AffectedRecords(NamedTuple):
    """The ``k`` records that the rows of a file belong to.

    Attributes
    ----------
    keys
        Object ``(k,)``.
    before, after
        Content of the records before the file (null for new records) and after the file.
    rows
        int64 ``(k,)``: number of accepted rows of the file.
    with_point
        bool ``(k,)``: whether an accepted row has coordinates.
    corrected
        bool ``(k,)``: known records that the file changes.
    """

    keys: Array
    before: pa.Table
    after: pa.Table
    rows: Array
    with_point: Mask
    corrected: Mask


class FileChanges(NamedTuple):
    """What a file changes in the database.

    Attributes
    ----------
    checked
        The checked file. Rows that cannot be merged with their records are rejected.
    new, corrected, unchanged
        Numbers of rows.
    mended
        Number of rejected rows that a row of the file mends. The mending row is also counted as
        new, corrected or unchanged.
    erased
        Number of rows of erased persons. These rows are left out, and counted as unchanged too.
    records
        The records of the rows, before the file and after the file.
    dates
        Cases with another day in the file.
    doubles
        New cases of a person with a known case: the new key and the known key.
    numbers_alike
        Numbers that differ from a known number only by leading zeros: the new number and the
        known number.
    restarted
        Number of rows with the number of another person, where the list seems to number its rows
        anew; else 0.
    rejected_before
        Number of rejected rows that were rejected before. The list shows such a row once, or the
        row is mended or dismissed.
    """

    checked: CheckedSheet
    new: int
    corrected: int
    unchanged: int
    mended: int
    erased: int
    records: AffectedRecords
    dates: list[DateChange]
    doubles: list[tuple[str, str]]
    numbers_alike: list[tuple[str, str]]
    restarted: int
    rejected_before: int = 0


def count_changes(
    checked: CheckedSheet,
    rows: pa.Table,
    updates: RecordUpdates,
    matches: RecordMatches,
    changed: Mask,
    kind: Kind,
) -> FileChanges:
    """Count the changes of a file, and list the records that change.

    Parameters
    ----------
    checked
        The checked file.
    rows
        The rows that were applied, as `geodata.records.CheckedSheet.accepted`.
    updates, matches
        The records of the rows after the file, and the record of each row.
    changed
        bool ``(k,)``: records that get a new version.
    """
    counts = rows["count"].to_numpy()
    accepted = np.isin(rows["position"].to_numpy(), checked.accepted["position"].to_numpy())
    rows_per_record = np.bincount(
        updates.record[accepted], weights=counts[accepted], minlength=len(updates.keys)
    ).astype(np.int64)
    is_new = updates.known < 0
    new = int(np.count_nonzero(changed & is_new))
    corrected = int(np.count_nonzero(changed & ~is_new))
    with_point = np.zeros(len(rows_per_record), dtype=bool)
    if kind.has("lon"):
        has_point = combined_array(rows["lon"]).is_valid().to_numpy(zero_copy_only=False)
        with_point[updates.record[accepted & has_point]] = True
    doubled = doubled_cases(updates, matches)
    new_doubles = np.flatnonzero(changed & is_new & pd.notna(doubled))
    reused_rows = sum(
        len(rejection.positions)
        for rejection in updates.rejections
        if rejection.code == "id-reused"
    )
    numbered_rows = int(np.count_nonzero(rows["numbered"].to_numpy() & ~is_new[updates.record]))
    return FileChanges(
        checked=checked,
        new=new,
        corrected=corrected,
        unchanged=int(counts[accepted].sum()) - new - corrected,
        mended=0,
        erased=0,
        records=AffectedRecords(
            updates.keys,
            updates.base,
            updates.final,
            rows_per_record,
            with_point,
            changed & ~is_new,
        ),
        dates=_date_changes(rows, updates, kind, accepted),
        doubles=list(zip(updates.keys[new_doubles], doubled[new_doubles], strict=True)),
        numbers_alike=[],
        restarted=reused_rows
        if reused_rows >= _SEVERAL and reused_rows * 2 >= numbered_rows
        else 0,
    )


def _date_changes(
    rows: pa.Table, updates: RecordUpdates, kind: Kind, accepted: Mask
) -> list[DateChange]:
    """Known cases with another day in an accepted row."""
    if not kind.episodes or not (updates.known >= 0).any():
        return []
    first_days = [
        pc.coalesce(*(combined_array(table[name]) for name in kind.dates))
        for table in (updates.base, updates.final)
    ]
    known, stands = (days.take(pa.array(updates.record)) for days in first_days)
    file_days = pc.coalesce(*(combined_array(rows[name]) for name in kind.dates))
    differs = pc.fill_null(pc.not_equal(known, file_days), False)
    positions = np.flatnonzero(np.asarray(differs.to_numpy(zero_copy_only=False)) & accepted)
    selected = pa.array(positions)
    columns = (days.take(selected).to_pylist() for days in (known, file_days, stands))
    keys = updates.keys[updates.record[positions]]
    changes = [DateChange(*values) for values in zip(keys, *columns, strict=True)]
    return list(dict.fromkeys(changes))


def doubled_cases(updates: RecordUpdates, matches: RecordMatches) -> Array:
    """For each record: the known case of the same person, by the first row of the record."""
    doubled = np.full(len(updates.keys), None, dtype=object)
    doubled[updates.record[::-1]] = matches.double_of[::-1]
    return doubled
