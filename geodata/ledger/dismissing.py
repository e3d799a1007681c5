"""Dismiss rejected rows that nobody will mend: the rows stay on record and leave the list.

A row is dismissed by its id in the list of rejected rows (``r3f9a2c10``), or all rows with one
reason by the code of the reason. The rejected row, the reason of the dismissal and an audit line
stay on record.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import pyarrow as pa

from geodata.errors import InputError, NotFoundError
from geodata.records import find_kind
from geodata.records.parsing import cells
from geodata.records.parsing.rejection_reasons import REASONS
from geodata.store import Reads, Store

_ID_DIGITS: Final = 8
_DISMISS: Final = """
insert into dismissed (kind, digest, recorded_at, reason)
select kind, digest, recorded_at, reason from stage order by kind, digest
"""
_NOTE: Final = "insert into audit values ($1, $2, 'dismiss', $3, $4)"
_REJECTED: Final = """
select rejected.kind, batch.source, row_number, rejected.recorded_at, reasons, record,
       rejected.digest
from rejected join batch using (batch)
where (cast($1 as text) is null or rejected.kind = $1)
  and not exists (select 1 from mended
                  where mended.kind = rejected.kind and mended.digest = rejected.digest)
  and not exists (select 1 from dismissed
                  where dismissed.kind = rejected.kind and dismissed.digest = rejected.digest)
order by rejected.recorded_at, rejected.kind, row_number, digest
"""
_DISMISSED: Final = """
select rejected.kind, batch.source, row_number, dismissed.recorded_at, reasons, record,
       rejected.digest, dismissed.reason
from dismissed join rejected using (kind, digest) join batch using (batch)
where (cast($1 as text) is null or rejected.kind = $1)
order by dismissed.recorded_at, rejected.kind, row_number, rejected.digest
"""


class Dismissal(NamedTuple):
    """Number of dismissed rows (in a preview: rows to dismiss), and numbers by first reason."""

    rows: int
    by_reason: dict[str, int]


def rejected_rows(reads: Reads, kind: str | None = None) -> pa.Table:
    """Rejected rows that are neither mended nor dismissed, oldest first.

    Returns
    -------
    pa.Table
        ``kind, source, row_number, recorded_at, reasons, record, digest``; reasons and record are
        JSON.
    """
    return reads.read(_REJECTED, kind)


def row_id(digest: str) -> str:
    """The short id of a rejected row. The id never changes."""
    # The letter in front keeps spreadsheets from reading 12345e67 as a number.
    return f"r{digest[:_ID_DIGITS]}"


def dismiss(
    store: Store,
    reason: str,
    *,
    ids: Sequence[str] = (),
    code: str | None = None,
    kind: str | None = None,
    who: str,
    preview: bool = False,
) -> Dismissal:
    """Dismiss rejected rows, all of them or none.

    Parameters
    ----------
    reason
        Why the rows are dismissed. Long numbers are removed before the reason is stored.
    ids
        Ids of rows in the list.
    code
        Code of a reason, instead of ids: dismiss all rows with this reason.
    kind
        Kind of the rows; None means every kind.
    who
        Who dismisses the rows, for the audit.
    preview
        Count the rows, and change nothing.

    Raises
    ------
    InputError
        ``no-kind``; ``nothing-named`` unless either ids or a code is given, ``no-reason``.
    NotFoundError
        ``no-rejected`` if an id or the code matches no row of the list.
    """
    _check_arguments(reason, ids, code, kind)
    stored_reason = cells.read_text(pa.array([reason.strip()]))[0].as_py()
    if preview:
        return _summarize(_select_rows(store, ids, code, kind))
    with store.transaction() as work:
        rows = _select_rows(work, ids, code, kind)
        dismissed = [
            {
                "kind": row["kind"],
                "digest": row["digest"],
                "recorded_at": work.moment,
                "reason": stored_reason,
            }
            for row in rows
        ]
        work.append(_DISMISS, pa.Table.from_pylist(dismissed))
        subject = kind or "rejected rows"
        work.execute(_NOTE, work.moment, who, subject, len(rows))
    return _summarize(rows)


def dismissed_rows(reads: Reads, kind: str | None = None) -> pa.Table:
    """Dismissed rows, oldest first: the columns of `rejected_rows`, and ``reason``."""
    return reads.read(_DISMISSED, kind)


def _check_arguments(reason: str, ids: Sequence[str], code: str | None, kind: str | None) -> None:
    if kind is not None:
        find_kind(kind)
    if (len(ids) > 0) == (code is not None):
        raise InputError(
            "nothing-named",
            "Name the rows by their ids, as `mikrozonasi records rejected` lists them, or name all "
            "rows with one reason by --code. Do not use both.",
            indonesian="Sebutkan baris menurut id-nya, seperti didaftar `mikrozonasi records "
            "rejected`, atau semua baris dengan satu alasan memakai --code. Jangan pakai keduanya.",
        )
    if code is not None and code not in REASONS:
        raise InputError(
            "nothing-named",
            f"There is no reason {code}. The reasons are: {', '.join(REASONS)}.",
            indonesian=f"Tidak ada alasan {code}. Alasan yang ada: {', '.join(REASONS)}.",
        )
    if not reason.strip():
        raise InputError(
            "no-reason",
            "The reason is missing. Write why these rows are closed: --reason TEXT.",
            indonesian="Alasan belum ditulis. Tulis sebab baris ini ditutup: --reason TEKS.",
        )


def _select_rows(
    reads: Reads, ids: Sequence[str], code: str | None, kind: str | None
) -> list[Mapping[str, Any]]:
    open_rows: list[Mapping[str, Any]] = rejected_rows(reads, kind).to_pylist()
    if code is not None:
        rows = [row for row in open_rows if f'"code": "{code}"' in row["reasons"]]
        if not rows:
            raise NotFoundError(
                "no-rejected",
                f"No row on the list has the reason {code}.",
                indonesian=f"Tidak ada baris di daftar dengan alasan {code}.",
            )
        return rows
    names = {text.strip().casefold() for text in ids}
    rows = [row for row in open_rows if names & {row_id(row["digest"]), row["digest"]}]
    known_names = {name for row in rows for name in (row_id(row["digest"]), row["digest"])}
    unknown = sorted(names - known_names)
    if unknown:
        raise NotFoundError(
            "no-rejected",
            f"{len(unknown)} of the ids name no row on the list ({', '.join(unknown[:5])}). "
            "Nothing was changed. Look the ids up with `mikrozonasi records rejected`.",
            indonesian=f"{len(unknown)} id tidak menunjuk baris di daftar "
            f"({', '.join(unknown[:5])}). Tidak ada yang diubah. Cari id dengan `mikrozonasi "
            "records rejected`.",
        )
    if len(rows) > len(names):
        raise InputError(
            "no-rejected",
            "One id names several rows. Nothing was changed. Write the full id from the column "
            "mends of the exported list.",
            indonesian="Satu id menunjuk beberapa baris. Tidak ada yang diubah. Tulis id "
            "lengkap dari kolom mends pada daftar yang diekspor.",
        )
    return rows


def _summarize(rows: Sequence[Mapping[str, Any]]) -> Dismissal:
    counts: dict[str, int] = {}
    for row in rows:
        code = row["reasons"].partition('"code": "')[2].partition('"')[0]
        counts[code] = counts.get(code, 0) + 1
    return Dismissal(len(rows), dict(sorted(counts.items())))
