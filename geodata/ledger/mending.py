"""Rejected rows that come back mended: which row of a file mends which rejected row.

The list of rejected rows has a column ``mends`` with the keyed digest of each row. A row of a file
with such a digest closes the rejected row: the new row is accepted, or rejected under a new digest.
A rejected row that comes again unchanged and is accepted this time is closed too. The rejected row
stays on record in each case.
"""

import json
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records import CheckedSheet, Kind
from geodata.records.parsing.folding import fold
from geodata.records.rejects import row_digests
from geodata.store import Reads, Store, Transaction
from geodata.tables import Sheet

MENDS_COLUMN: Final = "mends"
_OPEN_DIGESTS: Final = """
select digest from rejected where kind = $1 and digest = any($2)
  and not exists (select 1 from mended
                  where mended.kind = rejected.kind and mended.digest = rejected.digest)
"""
_OPEN_ROWS: Final = """
select digest, record from rejected where kind = $1
  and not exists (select 1 from mended
                  where mended.kind = rejected.kind and mended.digest = rejected.digest)
"""
_SUPERSEDED: Final = """
select digest, reasons, record from rejected where kind = $1 and digest = any($2)
  and reasons like '%"superseded-in-file"%'
"""
_CLOSE: Final = """
insert into mended (kind, digest, batch, recorded_at, accepted)
select kind, digest, batch, recorded_at, accepted from stage order by kind, digest
"""


class MendedRows(NamedTuple):
    """Digests of the rejected rows that a file mends.

    Attributes
    ----------
    accepted
        The mending row is accepted.
    rejected
        The mending row is rejected too; without rows that come unchanged.
    """

    accepted: frozenset[str]
    rejected: frozenset[str]


def find_mended_rows(sheet: Sheet, rejected: pa.Table) -> MendedRows:
    """The rejected rows that the rows of a sheet mend.

    Parameters
    ----------
    rejected
        Rejected rows of the sheet; see `geodata.records.CheckedSheet`.
    """
    headings = [fold(heading) for heading in sheet.cells.column_names]
    if MENDS_COLUMN not in headings:
        return MendedRows(frozenset(), frozenset())
    names = pd.Series(sheet.cells.column(headings.index(MENDS_COLUMN)).to_pylist(), dtype=object)
    has_name = names.notna().to_numpy() & ~sheet.misaligned
    is_rejected = np.isin(sheet.rows, rejected["row_number"].to_numpy())
    new_digests = frozenset(rejected["digest"].to_pylist())
    return MendedRows(
        frozenset(names[has_name & ~is_rejected]),
        frozenset(names[has_name & is_rejected]) - new_digests,
    )


def reaccepted_rows(
    reads: Reads,
    kind: Kind,
    checked: CheckedSheet,
    changed: NDArray[np.int64],
    pseudonymiser: Pseudonymiser,
) -> frozenset[str]:
    """Digests of rejected rows that come again unchanged and are accepted this time.

    Parameters
    ----------
    changed
        ``position`` of the accepted rows whose records are new or changed by the file.
    """
    open_rows = reads.read(_OPEN_ROWS, kind.name)
    if not open_rows.num_rows:
        return frozenset()
    open_digests = set(open_rows["digest"].to_pylist())
    sheet, texts, _, position = checked.rows
    # A keyed digest is expensive to compute: only for rows with the number of an open rejected
    # row, and for rows without a number.
    numbers = {json.loads(record).get(kind.key) for record in open_rows["record"].to_pylist()}
    by_number = pc.is_in(texts[kind.key], pa.array(sorted(numbers - {None}), pa.string()))
    candidates = pc.or_(by_number, pc.is_null(texts[kind.key])).to_numpy(zero_copy_only=False)
    accepted = np.intersect1d(changed, checked.accepted["position"].to_numpy())
    rows = np.flatnonzero(candidates & np.isin(position, accepted))
    digests = row_digests(sheet, texts, kind, pseudonymiser, rows).to_pylist()
    return frozenset(open_digests.intersection(digests))


def without_superseded(store: Store, kind: Kind, sheet: Sheet) -> tuple[Sheet, int]:
    """A sheet without superseded rows that come back unchanged.

    A later row of the same file superseded such a row. Alone in a file, the row would be accepted
    and would undo the later row.

    Returns
    -------
    Sheet, int
        The other rows, and the number of rows left out.
    """
    headings = [fold(heading) for heading in sheet.cells.column_names]
    if MENDS_COLUMN not in headings:
        return sheet, 0
    names = sheet.cells.column(headings.index(MENDS_COLUMN)).to_pylist()
    digests = sorted({name for name in names if name is not None})
    rejected_rows = store.read(_SUPERSEDED, kind.name, digests).to_pylist() if digests else []
    records = {
        row["digest"]: json.loads(row["record"]) for row in rejected_rows if _has_one_reason(row)
    }
    fields = {
        field.name: sheet.cells.column(headings.index(fold(field.name))).to_pylist()
        for field in kind.fields
        if fold(field.name) in headings
    }
    repeated = np.array(
        [_same_values(records.get(name), fields, row) for row, name in enumerate(names)]
    )
    return sheet.filter_rows(~repeated), int(np.count_nonzero(repeated))


def _has_one_reason(row: Mapping[str, str]) -> bool:
    return len(json.loads(row["reasons"])) == 1


def _same_values(
    record: Mapping[str, str] | None, fields: Mapping[str, list[str | None]], row: int
) -> bool:
    """Whether a row has the same values as the rejected row in every field."""
    if record is None:
        return False
    return all((record.get(name) or None) == cells[row] for name, cells in fields.items())


def close_mended(work: Transaction, kind: str, mended: MendedRows, batch: str) -> int:
    """Take mended rows off the list of rejected rows; the number of rows accepted now."""
    digests = sorted(mended.accepted | mended.rejected)
    open_digests = work.read(_OPEN_DIGESTS, kind, digests)["digest"].to_pylist() if digests else []
    rows = [
        {
            "kind": kind,
            "digest": digest,
            "batch": batch,
            "recorded_at": work.moment,
            "accepted": digest in mended.accepted,
        }
        for digest in open_digests
    ]
    if rows:
        work.append(_CLOSE, pa.Table.from_pylist(rows))
    return sum(digest in mended.accepted for digest in open_digests)
