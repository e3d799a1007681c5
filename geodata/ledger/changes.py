"""What a file changes in the records: counted, and named for the report."""

from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geodata.ledger.comparing import array_of
from geodata.ledger.matching.which_record import Matched
from geodata.ledger.merging.rounds import Applied, Numbers
from geodata.records import Checked, Kind
from geodata.records.parsing.findings import Mask

_SEVERAL: Final = 2


class DateChange(NamedTuple):
    """A known case of which a file names another day: the day known, the file's, which stands."""

    id: str
    known: date
    file: date
    stands: date


class AffectedRecords(NamedTuple):
    """The ``k`` records that rows of a file name.

    Attributes
    ----------
    keys
        Object ``(k,)``.
    before, after
        Their content before the file, null of new records, and after it.
    rows
        int64 ``(k,)``: rows of the file that were taken.
    with_point
        bool ``(k,)``: whether such a row gave coordinates.
    corrected
        bool ``(k,)``: known records that the file changes.
    """

    keys: Numbers
    before: pa.Table
    after: pa.Table
    rows: Numbers
    with_point: Mask
    corrected: Mask


class Change(NamedTuple):
    """What a file is to the database.

    Attributes
    ----------
    checked
        The file, with the rows turned away that cannot be put to their records.
    new, corrected, unchanged
        Rows.
    mended
        Rows turned away before that a row of the file mends; such a row is one of the others too.
    erased
        Rows of persons who were erased, which are left out; they are unchanged ones too.
    records
        The records of the rows, before the file and after it.
    dates
        Cases whose day the file says differently.
    doubles
        New cases of a person who has a known one, each with the key of that one.
    alike
        Numbers that differ from a known one by leading zeros alone, each with the known one.
    restarted
        Rows that bear the numbers of other persons, where the list as a whole seems to number
        its rows anew; else 0.
    rejected_before
        Rows turned away that were turned away before: the list has each once, or it is closed.
    """

    checked: Checked
    new: int
    corrected: int
    unchanged: int
    mended: int
    erased: int
    records: AffectedRecords
    dates: list[DateChange]
    doubles: list[tuple[str, str]]
    alike: list[tuple[str, str]]
    restarted: int
    rejected_before: int = 0


def change_of(
    checked: Checked,
    rows: pa.Table,
    applied: Applied,
    matched: Matched,
    fresh: Mask,
    kind: Kind,
) -> Change:
    """Count and name what rows change.

    Parameters
    ----------
    checked
        The file; its accepted rows are taken.
    rows
        The rows that were applied, as `geodata.records.Checked.accepted`.
    applied, matched
        What the rows make of their records, and which records these are.
    fresh
        bool ``(k,)``: records that get a new version.
    """
    counts = rows["count"].to_numpy()
    taken = np.isin(rows["position"].to_numpy(), checked.accepted["position"].to_numpy())
    of_record = np.bincount(
        applied.record[taken], weights=counts[taken], minlength=len(applied.keys)
    ).astype(np.int64)
    is_new = applied.known < 0
    new = int(np.count_nonzero(fresh & is_new))
    corrected = int(np.count_nonzero(fresh & ~is_new))
    with_point = np.zeros(len(of_record), dtype=bool)
    if kind.has("lon"):
        given = array_of(rows["lon"]).is_valid().to_numpy(zero_copy_only=False)
        with_point[applied.record[taken & given]] = True
    double = double_of(applied, matched)
    hit = np.flatnonzero(fresh & is_new & pd.notna(double))
    reused = sum(len(each.positions) for each in applied.turned if each.code == "id-reused")
    of_known = int(np.count_nonzero(rows["numbered"].to_numpy() & ~is_new[applied.record]))
    return Change(
        checked=checked,
        new=new,
        corrected=corrected,
        unchanged=int(counts[taken].sum()) - new - corrected,
        mended=0,
        erased=0,
        records=AffectedRecords(
            applied.keys, applied.base, applied.final, of_record, with_point, fresh & ~is_new
        ),
        dates=_date_changes(rows, applied, kind, taken),
        doubles=list(zip(applied.keys[hit], double[hit], strict=True)),
        alike=[],
        restarted=reused if reused >= _SEVERAL and reused * 2 >= of_known else 0,
    )


def _date_changes(rows: pa.Table, applied: Applied, kind: Kind, taken: Mask) -> list[DateChange]:
    """Known cases of which a row that was taken names another day."""
    if not kind.episodes or not (applied.known >= 0).any():
        return []
    first = [
        pc.coalesce(*(array_of(table[name]) for name in kind.dates))
        for table in (applied.base, applied.final)
    ]
    known, stands = (side.take(pa.array(applied.record)) for side in first)
    said = pc.coalesce(*(array_of(rows[name]) for name in kind.dates))
    other = pc.fill_null(pc.not_equal(known, said), False)
    hit = np.flatnonzero(np.asarray(other.to_numpy(zero_copy_only=False)) & taken)
    chosen = pa.array(hit)
    columns = (side.take(chosen).to_pylist() for side in (known, said, stands))
    names = applied.keys[applied.record[hit]]
    found = [DateChange(*each) for each in zip(names, *columns, strict=True)]
    return list(dict.fromkeys(found))


def double_of(applied: Applied, matched: Matched) -> Numbers:
    """Of each record the known case of the same person, as its first row says."""
    found = np.full(len(applied.keys), None, dtype=object)
    found[applied.record[::-1]] = matched.double_of[::-1]
    return found
