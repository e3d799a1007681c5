"""Withdrawn records: a withdrawal is a version, and all earlier versions stay readable.

A withdrawn record is in no count from that moment on. The file that brought the record does not
bring it back when the file is sent again; a new file with another content does.
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
from geodata.records import kind_of
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
        Keys of records, however they are written (`geodata.records.record_ids`). A record that is
        withdrawn already stays as it is.
    reason
        Kept with the batch; long numbers in it are not.

    Returns
    -------
    int
        How many are withdrawn now that were not.

    Raises
    ------
    InputError
        ``no-kind``.
    NotFoundError
        ``no-record`` if one of the ids names no record of the kind.
    """
    key = kind_of(kind).key
    secret = pseudonymiser or open_pseudonymiser(store)
    with store.transaction() as work:
        newest = _newest(work, kind, find_keys(work, kind, ids))
        standing = newest.filter(pc.invert(pc.fill_null(newest["withdrawn"], fill_value=False)))
        if standing.num_rows:
            batch = f"{SOURCE}-{uuid4().hex}"
            add_batch(work, batch, kind, SOURCE, summary_of(reason, standing.num_rows, secret))
            moment = pa.repeat(pa.scalar(work.moment, pa.timestamp("us")), standing.num_rows)
            batches = pa.repeat(batch, standing.num_rows)
            add_versions(work, kind, _withdrawn(standing, key, batches, moment))
    return len(standing)


def add_withdrawals(
    work: Transaction, kind: str, ids: Sequence[str], batches: pa.Array, moments: pa.Array
) -> None:
    """Withdraw records at moments of their own; for `zoning.records.past.writing` alone.

    Parameters
    ----------
    ids
        In order, each of a record that is there and not withdrawn.
    batches, moments
        Of each: text and timestamps.
    """
    key = kind_of(kind).key
    newest = _newest(work, kind, ids).sort_by(key)
    add_versions(work, kind, _withdrawn(newest, key, batches, moments))


def summary_of(reason: str, count: int, secret: Pseudonymiser) -> str:
    """What is kept with the batch of a withdrawal, JSON: long numbers in a reason are not."""
    said = cells.read_text(pa.array([reason]))[0].as_py()
    summary = {"reason": said, "withdrawn": count, "secret_check": secret.check_value()}
    return json.dumps(summary, sort_keys=True)


def record_history(store: Store, kind: str, identity: str) -> pd.DataFrame:
    """Every version of a record, the first first, with the file it came in.

    Raises
    ------
    InputError
        ``no-kind``.
    NotFoundError
        ``no-record``.
    """
    history = kind_of(kind).sql.history
    [key] = find_keys(store, kind, [identity])
    found: pd.DataFrame = store.read(history, key).to_pandas()
    return found.drop(columns=["digest", "batch"])


def _newest(work: Transaction, kind: str, keys: Sequence[str]) -> pa.Table:
    """Newest versions of some records, by key."""
    newest = newest_versions(work, kind)
    return newest.filter(pc.is_in(newest[kind_of(kind).key], pa.array(keys, pa.string())))


def _withdrawn(rows: pa.Table, key: str, batches: pa.Array, moments: pa.Array) -> pa.Table:
    """The same rows as the next versions, withdrawn."""
    digests = [hashlib.sha256(f"withdrawn {d}".encode()) for d in rows["digest"].to_pylist()]
    said = {
        "version": pc.add(rows["version"], 1),
        "batch": batches,
        "recorded_at": moments,
        "digest": pa.array([digest.hexdigest()[:32] for digest in digests]),
        "withdrawn": pa.repeat(pa.scalar(value=True), rows.num_rows),
    }
    columns = [said.get(name, rows[name]) for name in rows.column_names]
    return pa.table(columns, rows.column_names).sort_by(key)
