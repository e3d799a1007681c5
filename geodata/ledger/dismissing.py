"""Rejected rows that nobody will mend: closed with a reason, kept, and no longer listed.

A row is named as the list of rejected rows names it (``r3f9a2c10``); all rows with one reason
together by its code. What was rejected, and why it was closed, stays on record, and the audit
says by whom.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import pyarrow as pa

from geodata.errors import InputError, NotFoundError
from geodata.records import kind_of
from geodata.records.parsing import cells
from geodata.records.parsing.rejection_reasons import REASONS
from geodata.store import Reads, Store

_HEX_DIGITS: Final = 8
_CLOSE: Final = """
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
    """Rows that are closed, or that would be: how many, and by their first reasons."""

    rows: int
    by_reason: dict[str, int]


def rejected_rows(store: Reads, kind: str | None = None) -> pa.Table:
    """Rows that were turned away and are neither mended nor dismissed, oldest first.

    Returns
    -------
    pa.Table
        ``kind, source, row_number, recorded_at, reasons, record, digest``; reasons and record are
        JSON.
    """
    return store.read(_REJECTED, kind)


def row_id(digest: str) -> str:
    """The short name of a rejected row: the same for ever."""
    # A letter in front: a spreadsheet takes 12345e67 for a number.
    return f"r{digest[:_HEX_DIGITS]}"


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
    """Close rejected rows, all of them or none.

    Parameters
    ----------
    reason
        Why; long numbers in it are struck out.
    ids
        Names of rows as the list gives them.
    code
        All rows on the list that have this reason, instead of ids.
    kind
        Of the rows; every kind where not given.
    who
        By whose hand, for the audit.
    preview
        Count only; nothing is changed.

    Raises
    ------
    InputError
        ``no-kind``; ``nothing-named`` unless either ids or a code is given, ``no-reason``.
    NotFoundError
        ``no-rejected`` if an id names no row on the list, or the code none.
    """
    _check(reason, ids, code, kind)
    said = cells.read_text(pa.array([reason.strip()]))[0].as_py()
    if preview:
        return _of(_chosen(store, ids, code, kind))
    with store.transaction() as work:
        rows = _chosen(work, ids, code, kind)
        closed = [
            {
                "kind": row["kind"],
                "digest": row["digest"],
                "recorded_at": work.moment,
                "reason": said,
            }
            for row in rows
        ]
        work.append(_CLOSE, pa.Table.from_pylist(closed))
        what = kind or "rejected rows"
        work.execute(_NOTE, work.moment, who, what, len(rows))
    return _of(rows)


def dismissed_rows(store: Reads, kind: str | None = None) -> pa.Table:
    """Rows that were closed, oldest first: as `rejected_rows`, with ``reason`` too."""
    return store.read(_DISMISSED, kind)


def _check(reason: str, ids: Sequence[str], code: str | None, kind: str | None) -> None:
    if kind is not None:
        kind_of(kind)
    if (len(ids) > 0) == (code is not None):
        raise InputError(
            "nothing-named",
            "Name the rows by their ids, as `mikrozonasi records rejected` lists them, or all "
            "rows of one reason by --code; not both.",
            indonesian="Sebutkan baris menurut id-nya, seperti didaftar `mikrozonasi records "
            "rejected`, atau semua baris dengan satu alasan memakai --code; jangan keduanya.",
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
            "Say why these rows are closed: --reason TEXT.",
            indonesian="Sebutkan sebab baris ini ditutup: --reason TEKS.",
        )


def _chosen(
    reads: Reads, ids: Sequence[str], code: str | None, kind: str | None
) -> list[Mapping[str, Any]]:
    listed: list[Mapping[str, Any]] = rejected_rows(reads, kind).to_pylist()
    if code is not None:
        found = [row for row in listed if f'"code": "{code}"' in row["reasons"]]
        if not found:
            raise NotFoundError(
                "no-rejected",
                f"No row on the list has the reason {code}.",
                indonesian=f"Tidak ada baris di daftar dengan alasan {code}.",
            )
        return found
    wanted = {each.strip().casefold() for each in ids}
    found = [row for row in listed if wanted & {row_id(row["digest"]), row["digest"]}]
    named = {name for row in found for name in (row_id(row["digest"]), row["digest"])}
    unknown = sorted(wanted - named)
    if unknown:
        raise NotFoundError(
            "no-rejected",
            f"{len(unknown)} of the ids name no row on the list ({', '.join(unknown[:5])}). See "
            "`mikrozonasi records rejected`; nothing was changed.",
            indonesian=f"{len(unknown)} id tidak menunjuk baris di daftar "
            f"({', '.join(unknown[:5])}). Lihat `mikrozonasi records rejected`; tidak ada yang "
            "diubah.",
        )
    if len(found) > len(wanted):
        raise InputError(
            "no-rejected",
            "An id names several rows. Give the whole name, as the column mends of the written "
            "list has it; nothing was changed.",
            indonesian="Satu id menunjuk beberapa baris. Berikan nama lengkapnya, seperti di "
            "kolom mends pada daftar yang ditulis; tidak ada yang diubah.",
        )
    return found


def _of(rows: Sequence[Mapping[str, Any]]) -> Dismissal:
    counts: dict[str, int] = {}
    for row in rows:
        first = row["reasons"].partition('"code": "')[2].partition('"')[0]
        counts[first] = counts.get(first, 0) + 1
    return Dismissal(len(rows), dict(sorted(counts.items())))
