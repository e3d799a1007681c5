"""The past of a city that is made up: versions of records with the moments its maker gives them.

Everywhere else a version is recorded at the moment of its transaction, so that what was known at a
moment never changes. Here a whole past is written at once, into a database that holds nothing, in
one transaction. No loading of files comes this way, and no option leads here: `mikrozonasi demo`
is the only one to call it. Every row goes through the checks that files go through.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from geodata.boundaries import Boundaries, Version, add_version
from geodata.errors import InputError
from geodata.identity import Pseudonymiser, open_pseudonymiser
from geodata.records import kind_of
from geodata.store import Store, Transaction
from zoning.records.intake import surroundings
from zoning.records.keeping import ADD_BATCHES, add_rejected, add_versions
from zoning.records.past_rows import MOMENT, RECORDED, PastRows, check_past
from zoning.records.withdrawing import SOURCE, add_withdrawals, summary_of

_HELD: Final = """
select batch from batch union all select boundaries as batch from boundary_version
"""
_ADD_VERIFICATIONS: Final = """
insert into verification (newcomer_id, verified_on, verified_by, recorded_at)
select newcomer_id, verified_on, verified_by, recorded_at from stage
order by newcomer_id, verified_on, verified_by
"""
_STEPS: Final = 3

Progress = Callable[[str, int, int], None]


class Past(NamedTuple):
    """What a made-up city knew when; moments are UTC, without a zone.

    Attributes
    ----------
    boundaries
        Each version with when it was loaded and since when it is in force.
    reports
        By kind: rows as a file has them and ``recorded_at``, oldest first. Each row has an id. The
        rows of one moment are one file.
    withdrawals
        ``kind, id, reason, recorded_at``: each is a transaction of its own.
    verifications
        ``newcomer_id, verified_on, verified_by, recorded_at``.
    """

    boundaries: Sequence[tuple[Boundaries, Version]]
    reports: Mapping[str, pd.DataFrame]
    withdrawals: pd.DataFrame
    verifications: pd.DataFrame


class PastReport(NamedTuple):
    """What became of the rows of a kind.

    Attributes
    ----------
    read, new, corrected, unchanged, rejected
        Rows; the first is the sum of the others.
    withdrawn
        Records.
    """

    read: int
    new: int
    corrected: int
    unchanged: int
    rejected: int
    withdrawn: int


def keep_past(store: Store, past: Past, progress: Progress | None = None) -> dict[str, PastReport]:
    """Write the past of a made-up city; written before, it changes nothing.

    Raises
    ------
    InputError
        ``holds-records`` if the database holds anything else, ``moment-in-future`` if the past is
        not over.
    """
    tell = progress or (lambda *_: None)
    secret = open_pseudonymiser(store)
    around = surroundings(past.boundaries[-1][0])
    told = []
    for step, (kind, rows) in enumerate(past.reports.items()):
        tell(f"Checking {kind}", step, _STEPS)
        told.append(check_past(rows, kind_of(kind), secret, around))
    tell("Keeping", _STEPS - 1, _STEPS)
    identity = _identity(told, past)
    with store.transaction() as work:
        held = set(work.read(_HELD)["batch"].to_pylist())
        again = secret.pseudonym("batch", identity) in held
        if held and not again:
            raise _holds_records()
        _check_over(past, work)
        if not again:
            _write(work, told, past, identity, secret)
    tell("Keeping", _STEPS, _STEPS)
    return {each.kind.name: _report(each, past, again=again) for each in told}


def _write(
    work: Transaction, told: Sequence[PastRows], past: Past, identity: str, secret: Pseudonymiser
) -> None:
    for boundaries, version in past.boundaries:
        add_version(work, boundaries, version, "{}")
    work.append(ADD_BATCHES, _batches(told, past, identity, secret))
    for each in told:
        add_versions(
            work, each.kind.name, _with_batch(each.versions, each.kind.name, identity, secret)
        )
        rejected = _with_batch(each.rejected, each.kind.name, identity, secret)
        kinds = pa.repeat(each.kind.name, rejected.num_rows)
        add_rejected(work, rejected.append_column("kind", kinds))
    for kind, rows in past.withdrawals.groupby("kind"):
        ordered = rows.sort_values("id")
        batches = _batch_ids(SOURCE, ordered[RECORDED], identity, secret)
        moments = pa.array(ordered[RECORDED], MOMENT)
        add_withdrawals(work, str(kind), ordered["id"].tolist(), batches, moments)
    work.append(_ADD_VERIFICATIONS, _verifications(past.verifications))


def _identity(told: Sequence[PastRows], past: Past) -> str:
    """Names this past: the same for the same records at the same moments, and boundaries."""
    said = hashlib.sha256("".join(version.boundaries for _, version in past.boundaries).encode())
    for each in told:
        said.update("".join(each.versions["digest"].to_pylist()).encode())
        said.update(each.versions[RECORDED].to_numpy().tobytes())
    return f"past {said.hexdigest()}"


def _batch_ids(
    what: str, moments: "pd.Series[pd.Timestamp]", identity: str, secret: Pseudonymiser
) -> pa.Array:
    """Ids of the files, or withdrawals, of moments."""
    number, distinct = pd.factorize(moments)
    named = [
        secret.pseudonym("batch", f"{identity} {what} {moment.isoformat()}") for moment in distinct
    ]
    return pa.array(named, pa.string()).take(pa.array(number))


def _with_batch(rows: pa.Table, kind: str, identity: str, secret: Pseudonymiser) -> pa.Table:
    moments = rows[RECORDED].to_pandas()
    return rows.append_column("batch", _batch_ids(kind, moments, identity, secret))


def _batches(
    told: Sequence[PastRows], past: Past, identity: str, secret: Pseudonymiser
) -> pa.Table:
    """One row a file, one a withdrawal, and one that names the whole."""
    parts = [_files(each, identity, secret) for each in told]
    rows = past.withdrawals.sort_values(RECORDED)
    withdrawn = {
        "batch": _batch_ids(SOURCE, rows[RECORDED], identity, secret).to_pylist(),
        "kind": rows["kind"].to_numpy(object),
        "source": SOURCE,
        RECORDED: rows[RECORDED].to_numpy(),
        "summary": [summary_of(reason, 1, secret) for reason in rows["reason"]],
    }
    whole = {
        "batch": [secret.pseudonym("batch", identity)],
        "kind": "cases",
        "source": "a made-up past",
        RECORDED: min(each.read.index.min() for each in told),
        "summary": _summary({}, secret),
    }
    table = pd.concat([*parts, pd.DataFrame(withdrawn), pd.DataFrame(whole)], ignore_index=True)
    return pa.table(
        {
            name: pa.array(table[name], MOMENT if name == RECORDED else pa.string())
            for name in ("batch", "kind", "source", RECORDED, "summary")
        }
    ).sort_by("batch")


def _files(told: PastRows, identity: str, secret: Pseudonymiser) -> pd.DataFrame:
    moments = told.read.index.to_series()
    number = pd.Series(told.versions["version"].to_numpy())
    when = pd.Series(told.versions[RECORDED].to_numpy())
    turned = pd.Series(told.rejected[RECORDED].to_numpy())
    counts = pd.DataFrame(
        {
            "read": told.read,
            "new": when[number == 1].value_counts(),
            "corrected": when[number > 1].value_counts(),
            "rejected": turned.value_counts(),
        }
    )
    counts = counts.reindex(told.read.index).fillna(0).astype(np.int64)
    counts["unchanged"] = 2 * counts["read"] - counts.sum(axis=1)
    return pd.DataFrame(
        {
            "batch": _batch_ids(told.kind.name, moments, identity, secret).to_pylist(),
            "kind": told.kind.name,
            "source": [f"{told.kind.name}-{moment:%Y-%m-%d}.csv" for moment in told.read.index],
            RECORDED: told.read.index,
            "summary": [_summary(row, secret) for row in counts.to_dict("records")],
        }
    )


def _summary(counts: Mapping[str, int], secret: Pseudonymiser) -> str:
    return json.dumps({**counts, "secret_check": secret.check_value()}, sort_keys=True)


def _verifications(rows: pd.DataFrame) -> pa.Table:
    day = pd.to_datetime(rows["verified_on"]).dt.date
    return pa.table(
        {
            "newcomer_id": pa.array(rows["newcomer_id"], pa.string()),
            "verified_on": pa.array(day, pa.date32()),
            "verified_by": pa.array(rows["verified_by"], pa.string()),
            RECORDED: pa.array(rows[RECORDED], MOMENT),
        }
    ).sort_by([("newcomer_id", "ascending"), ("verified_on", "ascending")])


def _report(told: PastRows, past: Past, *, again: bool) -> PastReport:
    read, versions = int(told.read.sum()), told.versions["version"].to_numpy()
    rejected = told.rejected.num_rows
    withdrawn = int((past.withdrawals["kind"] == told.kind.name).sum())
    if again:
        return PastReport(read, 0, 0, read - rejected, rejected, 0)
    new = int(np.count_nonzero(versions == 1))
    unchanged = read - len(versions) - rejected
    return PastReport(read, new, len(versions) - new, unchanged, rejected, withdrawn)


def _check_over(past: Past, work: Transaction) -> None:
    rows = (*past.reports.values(), past.withdrawals, past.verifications)
    latest = [frame[RECORDED].max() for frame in rows if len(frame)]
    latest += [pd.Timestamp(version.recorded_at) for _, version in past.boundaries]
    if max(latest) >= pd.Timestamp(work.moment):
        raise InputError(
            "moment-in-future",
            f"The past of the made-up city ends on {max(latest):%Y-%m-%d}, and the clock of this "
            f"machine says {work.moment:%Y-%m-%d}. Set the clock right.",
        )


def _holds_records() -> InputError:
    return InputError(
        "holds-records",
        "The database holds boundaries or records already, and the past of a made-up city is "
        "written only into a database that holds nothing. Name a new file with --database, for "
        "instance duckdb:///sample.duckdb.",
    )
