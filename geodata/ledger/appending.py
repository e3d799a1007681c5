"""Append rows to the tables of records: versions, batches, aliases, rejected rows.

No existing row changes. `geodata.ledger.loading` decides what a row becomes.
"""

import json
from collections.abc import Mapping
from typing import Final

import pyarrow as pa

from geodata.pseudonyms.city_secret import check_same_secret
from geodata.records import find_kind
from geodata.store import Transaction

_ADD_ALIASES: Final = """
insert into record_alias (kind, alias, record, recorded_at)
select kind, alias, record, recorded_at from stage order by kind, alias
on conflict (kind, alias) do nothing
"""
_ADD_REJECTED: Final = """
insert into rejected (kind, digest, batch, recorded_at, row_number, reasons, record)
select kind, digest, batch, recorded_at, row_number, reasons, record
from stage order by kind, digest
on conflict (kind, digest) do nothing
"""
ADD_BATCHES: Final = """
insert into batch (batch, kind, source, recorded_at, summary)
select batch, kind, source, recorded_at, summary from stage order by batch
"""
_ADD_BATCH: Final = "insert into batch values ($1, $2, $3, $4, $5)"


def add_batch(work: Transaction, batch: str, kind: str, source: str, summary: str) -> None:
    """Add a batch: a file, a withdrawal or another change of several records.

    Parameters
    ----------
    summary
        JSON, with the ``secret_check`` of the pseudonymiser.

    Raises
    ------
    StoreError
        ``other-secret`` if the database was made with another secret.
    """
    check_same_secret(work, str(json.loads(summary)["secret_check"]))
    work.execute(_ADD_BATCH, batch, kind, source, work.moment, summary)


def add_versions(work: Transaction, kind: str, versions: pa.Table) -> None:
    """Append versions of records.

    Parameters
    ----------
    versions
        As `geodata.records.CheckedSheet.accepted`, with ``version``, ``batch`` and ``recorded_at``,
        which is the moment of the transaction (except in `zoning.records.past.writing`). Without
        a column ``withdrawn`` no version is withdrawn. The kind's own columns are optional.
    """
    if not versions.num_rows:
        return
    columns = versions.column_names
    if "withdrawn" not in columns:
        not_withdrawn = pa.repeat(pa.scalar(value=False), versions.num_rows)
        versions = versions.append_column("withdrawn", not_withdrawn)
    for name, arrow_type in find_kind(kind).internal_columns:
        if name not in columns:
            versions = versions.append_column(name, pa.nulls(versions.num_rows, arrow_type))
    work.append(find_kind(kind).sql.append, versions)


def add_rejected(work: Transaction, rejected: pa.Table) -> None:
    """Append rejected rows. A row that is in the table already stays as it is.

    Parameters
    ----------
    rejected
        As `geodata.records.CheckedSheet.rejected`, with ``kind``, ``batch`` and ``recorded_at``.
    """
    if rejected.num_rows:
        work.append(_ADD_REJECTED, rejected)


def add_aliases(work: Transaction, kind: str, records_by_alias: Mapping[str, str]) -> None:
    """Append further numbers of records: each alias with the key of its record."""
    rows = [
        {"kind": kind, "alias": alias, "record": record, "recorded_at": work.moment}
        for alias, record in records_by_alias.items()
    ]
    if rows:
        work.append(_ADD_ALIASES, pa.Table.from_pylist(rows))


def stamp_rows(work: Transaction, rows: pa.Table, batch: str) -> pa.Table:
    """Add ``batch`` and ``recorded_at`` (the moment of the transaction) to rows."""
    moments = pa.repeat(pa.scalar(work.moment, type=pa.timestamp("us")), rows.num_rows)
    stamped = rows.append_column("batch", pa.repeat(batch, rows.num_rows))
    return stamped.append_column("recorded_at", moments)
