"""Records that should never have been: a withdrawal is a version; what a record was stays readable.

A withdrawn record is in no count from then on. The file that brought it does not bring it back
when it is sent again; a new file that says otherwise does.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Final
from uuid import uuid4

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geodata.errors import InputError
from geodata.identity import Pseudonymiser, open_pseudonymiser
from geodata.records import Kind, kind_of
from geodata.records.parsing import cells
from geodata.store import Store, Transaction
from zoning.records.appending import add_batch
from zoning.records.known import find_keys

SOURCE: Final = "withdrawal"
_NEWEST: Final = {
    "cases": """
select distinct on (case_id) * from case_version where case_id = any($1)
order by case_id, version desc
""",
    "newcomers": """
select distinct on (newcomer_id) * from newcomer_version where newcomer_id = any($1)
order by newcomer_id, version desc
""",
    "places": """
select distinct on (place_id) * from place_version where place_id = any($1)
order by place_id, version desc
""",
    "indicators": """
select distinct on (indicator_id) * from indicator_version where indicator_id = any($1)
order by indicator_id, version desc
""",
}
_ADD: Final = {
    "cases": "insert into case_version select * from stage order by case_id, version",
    "newcomers": "insert into newcomer_version select * from stage order by newcomer_id, version",
    "places": "insert into place_version select * from stage order by place_id, version",
    "indicators": """
insert into indicator_version select * from stage order by indicator_id, version
""",
}
_HISTORY: Final = {
    "cases": """
select v.*, b.source from case_version v left join batch b on b.batch = v.batch
where v.case_id = $1 order by v.version
""",
    "newcomers": """
select v.*, b.source from newcomer_version v left join batch b on b.batch = v.batch
where v.newcomer_id = $1 order by v.version
""",
    "places": """
select v.*, b.source from place_version v left join batch b on b.batch = v.batch
where v.place_id = $1 order by v.version
""",
    "indicators": """
select v.*, b.source from indicator_version v left join batch b on b.batch = v.batch
where v.indicator_id = $1 order by v.version
""",
}


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
    key = _kind(kind).key
    secret = pseudonymiser or open_pseudonymiser(store)
    with store.transaction() as work:
        newest = work.read(_NEWEST[kind], sorted(find_keys(work, kind, ids)))
        standing = newest.filter(pc.invert(pc.fill_null(newest["withdrawn"], fill_value=False)))
        if standing.num_rows:
            batch = f"{SOURCE}-{uuid4().hex}"
            add_batch(work, batch, kind, SOURCE, summary_of(reason, standing.num_rows, secret))
            moment = pa.repeat(pa.scalar(work.moment, pa.timestamp("us")), standing.num_rows)
            batches = pa.repeat(batch, standing.num_rows)
            work.append(_ADD[kind], _withdrawn(standing, key, batches, moment))
    return len(standing)


def add_withdrawals(
    work: Transaction, kind: str, ids: Sequence[str], batches: pa.Array, moments: pa.Array
) -> None:
    """Withdraw records at moments of their own; for `zoning.records.past` alone.

    Parameters
    ----------
    ids
        In order, each of a record that is there and not withdrawn.
    batches, moments
        Of each: text and timestamps.
    """
    newest = work.read(_NEWEST[kind], list(ids)).sort_by(_kind(kind).key)
    work.append(_ADD[kind], _withdrawn(newest, _kind(kind).key, batches, moments))


def summary_of(reason: str, count: int, secret: Pseudonymiser) -> str:
    """What is kept with the batch of a withdrawal, JSON: long numbers in a reason are not."""
    said = cells.read_text(pa.array([reason]))[0].as_py()
    summary = {"reason": said, "withdrawn": count, "secret_check": secret.check_value()}
    return json.dumps(summary, sort_keys=True)


def record_history(store: Store, kind: str, identity: str) -> pd.DataFrame:
    """Every version of a record, the first first, with the file it came in.

    Raises
    ------
    NotFoundError
        ``no-record``.
    """
    _kind(kind)
    [key] = find_keys(store, kind, [identity])
    found: pd.DataFrame = store.read(_HISTORY[kind], key).to_pandas()
    return found.drop(columns=["digest", "batch"])


def _kind(name: str) -> Kind:
    """A kind whose records are of persons: places and indicators are corrected by their files."""
    if name not in _NEWEST:
        raise InputError(
            "no-kind",
            f"Records of these kinds have a history here: {', '.join(_NEWEST)}.",
            indonesian=f"Catatan yang punya riwayat di sini berjenis: {', '.join(_NEWEST)}.",
        )
    return kind_of(name)


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
