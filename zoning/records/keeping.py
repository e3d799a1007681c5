"""Versions of records and rejected rows in the store: append-only, one transaction a file."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from geodata.identity import Pseudonymiser
from geodata.records import Checked, Kind
from geodata.store import Reads, Store, Transaction
from zoning.records.erasing import without_erased
from zoning.records.mending import Mends, close_mended

_VERSIONS: Final = {
    "cases": "select case_id as key, version, digest from case_version order by 1, 2",
    "newcomers": "select newcomer_id as key, version, digest from newcomer_version order by 1, 2",
    "places": "select place_id as key, version, digest from place_version order by 1, 2",
    "indicators": """
select indicator_id as key, version, digest from indicator_version order by 1, 2
""",
}
_ADD: Final = {
    "cases": """
insert into case_version (case_id, version, batch, recorded_at, digest, nik, kk, address, rt, rw,
    kelurahan, kecamatan, lon, lat, point_reading, non_resident, status, confirmed_on, onset_on,
    specimen_on, reported_on, outcome, outcome_on, withdrawn)
select case_id, version, batch, recorded_at, digest, nik, kk, address, rt, rw, kelurahan,
    kecamatan, lon, lat, point_reading, non_resident, status, confirmed_on, onset_on, specimen_on,
    reported_on, outcome, outcome_on, status = 'withdrawn'
from stage order by case_id, version
""",
    "newcomers": """
insert into newcomer_version (newcomer_id, version, batch, recorded_at, digest, nik, kk, address,
    rt, rw, kelurahan, kecamatan, lon, lat, point_reading, non_resident, origin, arrived_on,
    quarantine_until, tested_on, test_result, left_on, health_letter, origin_risk, reported_by)
select newcomer_id, version, batch, recorded_at, digest, nik, kk, address, rt, rw, kelurahan,
    kecamatan, lon, lat, point_reading, non_resident, origin, arrived_on, quarantine_until,
    tested_on, test_result, left_on, health_letter, origin_risk, reported_by
from stage order by newcomer_id, version
""",
    "places": """
insert into place_version (place_id, version, batch, recorded_at, digest, place_kind, name, address,
    rt, rw, kelurahan, kecamatan, lon, lat, point_reading, capacity, in_use, stock, hours, contact,
    updated_at)
select place_id, version, batch, recorded_at, digest, place_kind, name, address, rt, rw, kelurahan,
    kecamatan, lon, lat, point_reading, capacity, in_use, stock, hours, contact, updated_at
from stage order by place_id, version
""",
    "indicators": """
insert into indicator_version (indicator_id, version, batch, recorded_at, digest, indicator, area,
    kelurahan, kecamatan, date, value, unit)
select indicator_id, version, batch, recorded_at, digest, indicator, area, kelurahan, kecamatan,
    date, value, unit
from stage order by indicator_id, version
""",
}
_ADD_REJECTED: Final = """
insert into rejected (kind, digest, batch, recorded_at, row_number, reasons, record)
select kind, digest, batch, recorded_at, row_number, reasons, record
from stage order by kind, digest
on conflict (kind, digest) do nothing
"""
_KNOWN_REJECTED: Final = "select digest from rejected where kind = $1"
_BATCH: Final = "select batch from batch where batch = $1"
ADD_BATCHES: Final = """
insert into batch (batch, kind, source, recorded_at, summary)
select batch, kind, source, recorded_at, summary from stage order by batch
"""
_ADD_BATCH: Final = "insert into batch values ($1, $2, $3, $4, $5)"
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


class Change(NamedTuple):
    """Rows of a file by what they are to the database."""

    new: int
    corrected: int
    unchanged: int
    mended: int
    """Rows turned away before that a row of the file mends; such a row is one of the others too."""
    erased: int
    """Rows of persons who were erased, which are left out; they are unchanged ones too."""
    rejected_before: int = 0
    """Rows turned away that were turned away before: the list has each once, or it is closed."""


def keep(  # noqa: PLR0913  (one way in, called from one place with every name spelt out)
    store: Store,
    kind: Kind,
    checked: Checked,
    *,
    batch: str,
    source: str,
    summary: Callable[[Change], str],
    mends: Mends,
    secret: Pseudonymiser,
) -> Change:
    """Keep what a file brings, all of it or nothing.

    Parameters
    ----------
    batch
        Of the file's content: one that was kept before brings only what it did not bring then.
    summary
        JSON that is kept with the batch.
    mends
        Rejected rows that rows of the file mend.
    secret
        Which knows erased persons by their marks.
    """
    with store.transaction() as work:
        # Not a moment earlier: who is erased meanwhile must not come back.
        checked, erased = without_erased(work, kind.name, checked, secret)
        records = checked.accepted
        again = work.read(_BATCH, batch).num_rows > 0
        known = _known(work, kind, records, again=again)
        fresh = (known["version"] > 0).to_numpy()
        # Rows that repeat a record of the same file say nothing new.
        repeats = int(records["count"].to_numpy().sum()) - records.num_rows
        new = int(np.count_nonzero(known["version"] == 1))
        corrected = int(np.count_nonzero(known["version"] > 1))
        mended = close_mended(work, kind.name, mends, batch)
        unchanged = records.num_rows - new - corrected + repeats + erased
        rejected = _unkept(work, kind, checked.rejected)
        before = checked.rejected.num_rows - rejected.num_rows
        change = Change(new, corrected, unchanged, mended, erased, before)
        if not again:
            add_batch(work, batch, kind.name, source, summary(change))
        versions = records.append_column("version", pa.array(known["version"]))
        add_versions(work, kind.name, _of_now(work, versions.filter(pa.array(fresh)), batch))
        add_rejected(work, _of_now(work, rejected, batch))
    return change


def add_batch(work: Transaction, batch: str, kind: str, source: str, summary: str) -> None:
    """Keep what changed records together: a file, a withdrawal.

    Parameters
    ----------
    summary
        JSON, with the ``secret_check`` of the pseudonymiser.
    """
    work.execute(_ADD_BATCH, batch, kind, source, work.moment, summary)


def add_versions(work: Transaction, kind: str, versions: pa.Table) -> None:
    """Append versions of records.

    Parameters
    ----------
    versions
        As `geodata.records.check` accepts them, with ``version``, ``batch`` and ``recorded_at``:
        the moment of the transaction, except in `zoning.records.past`.
    """
    if versions.num_rows:
        work.append(_ADD[kind], versions)


def add_rejected(work: Transaction, rejected: pa.Table) -> None:
    """Append rows that were turned away, each once.

    Parameters
    ----------
    rejected
        As `geodata.records.check` gives them, with ``kind``, ``batch`` and ``recorded_at``.
    """
    if rejected.num_rows:
        work.append(_ADD_REJECTED, rejected)


def rejected_rows(store: Reads, kind: str | None = None) -> pa.Table:
    """Rows that were turned away and are neither mended nor dismissed, oldest first.

    Returns
    -------
    pa.Table
        ``kind, source, row_number, recorded_at, reasons, record, digest``; reasons and record are
        JSON.
    """
    return store.read(_REJECTED, kind)


def _known(work: Transaction, kind: Kind, records: pa.Table, *, again: bool) -> pd.DataFrame:
    """The version each record becomes; 0 where it says nothing new."""
    kept = work.read(_VERSIONS[kind.name]).to_pandas()
    newest = kept.drop_duplicates("key", keep="last").set_index("key")
    keys = pd.Index(records[kind.key].to_pylist(), dtype=newest.index.dtype)
    digests = pd.Series(records["digest"].to_pylist(), dtype=object)
    last = newest["version"].reindex(keys).fillna(0).to_numpy(dtype=np.int64)
    said = newest["digest"].reindex(keys).to_numpy(dtype=object)
    same = (digests.to_numpy() == said) & (last > 0)
    if again:
        # An old file sent once more does not undo what corrected it since.
        before = set(zip(kept["key"], kept["digest"], strict=True))
        same |= np.array([pair in before for pair in zip(keys, digests, strict=True)], dtype=bool)
    return pd.DataFrame({"version": np.where(same, 0, last + 1)})


def _unkept(work: Transaction, kind: Kind, rejected: pa.Table) -> pa.Table:
    """Rejected rows not kept yet, each once."""
    digests = rejected["digest"].to_pandas()
    known = set(work.read(_KNOWN_REJECTED, kind.name)["digest"].to_pylist())
    fresh = ~digests.duplicated() & ~digests.isin(known)
    kinds = pa.array([kind.name] * rejected.num_rows, type=pa.string())
    return rejected.append_column("kind", kinds).filter(pa.array(fresh.to_numpy(dtype=bool)))


def _of_now(work: Transaction, rows: pa.Table, batch: str) -> pa.Table:
    """Rows of a batch, recorded at the moment of the transaction."""
    moment = pa.repeat(pa.scalar(work.moment, type=pa.timestamp("us")), rows.num_rows)
    told = rows.append_column("batch", pa.repeat(batch, rows.num_rows))
    return told.append_column("recorded_at", moment)
