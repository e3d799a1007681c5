"""Rejected rows that come back mended: which row of a file mends which rejected row.

The list of rejected rows has a column ``mends`` with a keyed name of each row. A row of a file that
has such a name closes the rejected row: the new row is taken, or it is rejected under a name of its
own. A rejected row that comes again unchanged, and is taken this time, closes itself. The rejected
row stays on record in each case.
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
from geodata.records import Checked, Kind
from geodata.records.parsing.folding import fold
from geodata.records.rejects import row_digests
from geodata.store import Reads, Store, Transaction
from geodata.tables import Sheet

MENDS: Final = "mends"
_OPEN: Final = """
select digest from rejected where kind = $1 and digest = any($2)
  and not exists (select 1 from mended
                  where mended.kind = rejected.kind and mended.digest = rejected.digest)
"""
_ALL_OPEN: Final = """
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


class Mends(NamedTuple):
    """Names of rejected rows, of those that are taken now and of those that are not."""

    taken: frozenset[str]
    again: frozenset[str]
    """Turned away once more; without those that come unchanged."""


def mends_of(sheet: Sheet, rejected: pa.Table) -> Mends:
    """What the rows of a sheet mend.

    Parameters
    ----------
    rejected
        Rows of the sheet that are turned away; see `geodata.records.Checked`.
    """
    headings = [fold(heading) for heading in sheet.cells.column_names]
    if MENDS not in headings:
        return Mends(frozenset(), frozenset())
    named = pd.Series(sheet.cells.column(headings.index(MENDS)).to_pylist(), dtype=object)
    known = named.notna().to_numpy() & ~sheet.misaligned
    away = np.isin(sheet.rows, rejected["row_number"].to_numpy())
    own = frozenset(rejected["digest"].to_pylist())
    return Mends(frozenset(named[known & ~away]), frozenset(named[known & away]) - own)


def taken_rows(
    reads: Reads,
    kind: Kind,
    checked: Checked,
    fresh: NDArray[np.int64],
    pseudonymiser: Pseudonymiser,
) -> frozenset[str]:
    """Rejected rows that come again as they were, and are taken this time.

    Parameters
    ----------
    fresh
        ``position`` of the accepted rows whose records are new or changed by the file.
    """
    waiting = reads.read(_ALL_OPEN, kind.name)
    if not waiting.num_rows:
        return frozenset()
    still_open = set(waiting["digest"].to_pylist())
    sheet, raw, _, position = checked.rows
    # A digest is keyed, and so expensive to compute for every row: only rows with such a number.
    numbers = {json.loads(record).get(kind.key) for record in waiting["record"].to_pylist()}
    named = pc.is_in(raw[kind.key], pa.array(sorted(numbers - {None}), pa.string()))
    likely = pc.or_(named, pc.is_null(raw[kind.key])).to_numpy(zero_copy_only=False)
    accepted = np.intersect1d(fresh, checked.accepted["position"].to_numpy())
    rows = np.flatnonzero(likely & np.isin(position, accepted))
    digests = row_digests(sheet, raw, kind, pseudonymiser, rows).to_pylist()
    return frozenset(still_open.intersection(digests))


def without_superseded(store: Store, kind: Kind, sheet: Sheet) -> tuple[Sheet, int]:
    """A sheet without rows that come back as a later row of their file had superseded them.

    Alone in a file they would pass, and undo what superseded them.

    Returns
    -------
    Sheet, int
        The rest, and how many rows were left out.
    """
    headings = [fold(heading) for heading in sheet.cells.column_names]
    if MENDS not in headings:
        return sheet, 0
    named = sheet.cells.column(headings.index(MENDS)).to_pylist()
    asked = sorted({name for name in named if name is not None})
    found = store.read(_SUPERSEDED, kind.name, asked).to_pylist() if asked else []
    kept = {row["digest"]: json.loads(row["record"]) for row in found if _only_reason(row)}
    fields = {
        field.name: sheet.cells.column(headings.index(fold(field.name))).to_pylist()
        for field in kind.fields
        if fold(field.name) in headings
    }
    same = np.array([_says(kept.get(name), fields, row) for row, name in enumerate(named)])
    return sheet.only(~same), int(np.count_nonzero(same))


def _only_reason(row: Mapping[str, str]) -> bool:
    return len(json.loads(row["reasons"])) == 1


def _says(
    record: Mapping[str, str] | None, fields: Mapping[str, list[str | None]], row: int
) -> bool:
    """Whether a row says of every field what was turned away."""
    if record is None:
        return False
    return all((record.get(name) or None) == cells[row] for name, cells in fields.items())


def close_mended(work: Transaction, kind: str, mends: Mends, batch: str) -> int:
    """Take rows off the list of rejected ones; how many of them are taken now."""
    asked = sorted(mends.taken | mends.again)
    found = work.read(_OPEN, kind, asked)["digest"].to_pylist() if asked else []
    rows = [
        {
            "kind": kind,
            "digest": digest,
            "batch": batch,
            "recorded_at": work.moment,
            "accepted": digest in mends.taken,
        }
        for digest in found
    ]
    if rows:
        work.append(_CLOSE, pa.Table.from_pylist(rows))
    return sum(digest in mends.taken for digest in found)
