"""Withdraw records: a withdrawal is a version, and all earlier versions stay readable.

From the moment of the withdrawal no count includes the record. The same file sent again does not
bring the record back. A new file with another content does.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Final
from uuid import uuid4

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geodata.ledger.appending import add_batch, add_versions
from geodata.ledger.current import newest_versions
from geodata.ledger.matching.record_numbers import find_keys
from geodata.pseudonyms.identity import Pseudonymiser, open_pseudonymiser
from geodata.records import find_kind
from geodata.records.parsing import cells
from geodata.store import Store, Transaction

SOURCE: Final = "withdrawal"


def withdraw(
    store: Store,
    kind: str,
    ids: Sequence[str],
    reason: str,
    *,
    pseudonymiser: Pseudonymiser | None = None,
) -> int:
    """Withdraw records, all of them or none.

    Parameters
    ----------
    ids
        Keys of records in any spelling (`geodata.records.record_ids`). A record that is withdrawn
        already stays as it is.
    reason
        Stored with the batch, without long numbers.

    Returns
    -------
    int
        Number of records that are newly withdrawn.

    Raises
    ------
    InputError
        ``no-kind``.
    NotFoundError
        ``no-record`` if one of the ids names no record of the kind.
    """
    key = find_kind(kind).key
    secret = pseudonymiser or open_pseudonymiser(store)
    with store.transaction() as work:
        newest = _newest(work, kind, find_keys(work, kind, ids))
        not_withdrawn = newest.filter(
            pc.invert(pc.fill_null(newest["withdrawn"], fill_value=False))
        )
        if not_withdrawn.num_rows:
            batch = f"{SOURCE}-{uuid4().hex}"
            add_batch(
                work,
                batch,
                kind,
                SOURCE,
                withdrawal_summary(reason, not_withdrawn.num_rows, secret),
            )
            moment = pa.repeat(pa.scalar(work.moment, pa.timestamp("us")), not_withdrawn.num_rows)
            batches = pa.repeat(batch, not_withdrawn.num_rows)
            add_versions(work, kind, _withdrawn(not_withdrawn, key, batches, moment))
    return len(not_withdrawn)


def add_withdrawals(
    work: Transaction, kind: str, ids: Sequence[str], batches: pa.Array, moments: pa.Array
) -> None:
    """Withdraw each record at its own moment; only for `zoning.records.past.writing`.

    Parameters
    ----------
    ids
        Sorted keys of existing records that are not withdrawn.
    batches, moments
        Batch (text) and moment (timestamp) of each withdrawal.
    """
    key = find_kind(kind).key
    newest = _newest(work, kind, ids).sort_by(key)
    add_versions(work, kind, _withdrawn(newest, key, batches, moments))


def withdrawal_summary(reason: str, count: int, secret: Pseudonymiser) -> str:
    """The summary of a withdrawal's batch as JSON, without long numbers of the reason."""
    stored_reason = cells.read_text(pa.array([reason]))[0].as_py()
    summary = {"reason": stored_reason, "withdrawn": count, "secret_check": secret.check_value()}
    return json.dumps(summary, sort_keys=True)


def record_history(store: Store, kind: str, identity: str) -> pd.DataFrame:
    """Every version of a record, oldest first, with the source file of each version.

    Raises
    ------
    InputError
        ``no-kind``.
    NotFoundError
        ``no-record``.
    """
    history = find_kind(kind).sql.history
    [key] = find_keys(store, kind, [identity])
    versions: pd.DataFrame = store.read(history, key).to_pandas()
    return versions.drop(columns=["digest", "batch"])


def _newest(work: Transaction, kind: str, keys: Sequence[str]) -> pa.Table:
    """Newest versions of the records with these keys."""
    newest = newest_versions(work, kind)
    return newest.filter(pc.is_in(newest[find_kind(kind).key], pa.array(keys, pa.string())))


def _withdrawn(rows: pa.Table, key: str, batches: pa.Array, moments: pa.Array) -> pa.Table:
    """The next versions of these records, withdrawn."""
    digests = [
        hashlib.sha256(f"withdrawn {digest}".encode()) for digest in rows["digest"].to_pylist()
    ]
    new_columns = {
        "version": pc.add(rows["version"], 1),
        "batch": batches,
        "recorded_at": moments,
        "digest": pa.array([hashed.hexdigest()[:32] for hashed in digests]),
        "withdrawn": pa.repeat(pa.scalar(value=True), rows.num_rows),
    }
    columns = [new_columns.get(name, rows[name]) for name in rows.column_names]
    return pa.table(columns, rows.column_names).sort_by(key)
