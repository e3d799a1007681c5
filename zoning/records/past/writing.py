"""Writes the past of the sample city: versions of records with moments from the sample city.

Everywhere else a version is recorded at the moment of its transaction, so that the records known at
a moment never change. Only here a whole past is written at once, in one transaction and into an
empty database. The input is a `SampleCity`: no file and no option can set past moments. Every row
passes the same checks as the rows of files.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from geodata.boundaries import Boundaries, Version, add_version, assemble
from geodata.errors import InputError
from geodata.language import Bilingual, Progress
from geodata.ledger.appending import ADD_BATCHES, add_rejected, add_versions
from geodata.ledger.withdrawing import SOURCE, add_withdrawals
from geodata.pseudonyms.identity import open_pseudonymiser
from geodata.records import find_kind
from geodata.sample_city import KNOWN_FROM, REDIVIDED, SampleCity
from geodata.store import Store, Transaction
from zoning.records.boundary_facts import city_reference
from zoning.records.past.batches import BatchNames, batches
from zoning.records.past.rows import MOMENT, RECORDED, PastRows, check_past

_EXISTING: Final = """
select batch from batch union all select boundaries as batch from boundary_version
"""
_ADD_VERIFICATIONS: Final = """
insert into verification (newcomer_id, verified_on, verified_by, recorded_at)
select newcomer_id, verified_on, verified_by, recorded_at from stage
order by newcomer_id, verified_on, verified_by
"""
_STEPS: Final = 3
CHECKING: Final = {
    "cases": Bilingual("Memeriksa kasus", "Checking cases"),
    "newcomers": Bilingual("Memeriksa pendatang", "Checking newcomers"),
}
SAVING: Final = Bilingual("Menyimpan", "Saving")
_LOADED_BEFORE: Final = timedelta(days=3)


class DatedBoundaries(NamedTuple):
    """Boundaries with the moment of loading and the first day in force."""

    boundaries: Boundaries
    version: Version


class PastReport(NamedTuple):
    """What became of the rows of a kind.

    Attributes
    ----------
    read, new, corrected, unchanged, rejected
        Numbers of rows; ``read`` is the sum of the others.
    withdrawn
        Number of records.
    """

    read: int
    new: int
    corrected: int
    unchanged: int
    rejected: int
    withdrawn: int


def dated_boundaries(city: SampleCity, source: str) -> list[DatedBoundaries]:
    """The boundaries of the sample city, each loaded three days before it is in force."""
    return [
        _load_before(assemble(rt), since, source)
        for rt, since in ((city.rt_before, KNOWN_FROM), (city.rt, REDIVIDED))
    ]


def _load_before(boundaries: Boundaries, since: date, source: str) -> DatedBoundaries:
    loaded = datetime.combine(since, time()) - _LOADED_BEFORE
    return DatedBoundaries(boundaries, Version(boundaries.id, since, loaded, source))


def write_past(
    store: Store,
    city: SampleCity,
    boundaries: Sequence[DatedBoundaries],
    progress: Progress | None = None,
) -> dict[str, PastReport]:
    """Write the past of the sample city. Written twice, the same past changes nothing.

    Parameters
    ----------
    boundaries
        From `dated_boundaries`.

    Returns
    -------
    dict
        A report for each kind of records.

    Raises
    ------
    InputError
        ``holds-records`` if the database has other boundaries or records, ``moment-in-future`` if
        the past ends after the present moment.
    """
    show_progress = progress or (lambda *_: None)
    secret = open_pseudonymiser(store)
    city_facts = city_reference(boundaries[-1].boundaries)
    reports = {"cases": city.case_reports, "newcomers": city.newcomer_reports}
    checked = []
    for step, (kind, rows) in enumerate(reports.items()):
        show_progress(CHECKING[kind], step, _STEPS)
        checked.append(check_past(rows, find_kind(kind), secret, city_facts, store.settings))
    show_progress(SAVING, _STEPS - 1, _STEPS)
    names = BatchNames(secret, _identity(checked, boundaries))
    with store.transaction() as work:
        existing = set(work.read(_EXISTING)["batch"].to_pylist())
        is_repeated = names.past_batch in existing
        if existing and not is_repeated:
            raise _not_empty()
        _check_ended(city, work.moment)
        if not is_repeated:
            for dated in boundaries:
                add_version(work, dated.boundaries, dated.version, "{}")
            _write_past(work, city, checked, names)
    show_progress(SAVING, _STEPS, _STEPS)
    return {rows.kind.name: _report(rows, city, is_repeated=is_repeated) for rows in checked}


def _write_past(
    work: Transaction, city: SampleCity, checked: Sequence[PastRows], names: BatchNames
) -> None:
    work.append(ADD_BATCHES, batches(city, checked, names))
    for kind, _, versions, rejected in checked:
        add_versions(work, kind.name, _with_batch(versions, kind.name, names))
        kinds = pa.repeat(kind.name, rejected.num_rows)
        rejected_rows = _with_batch(rejected, kind.name, names)
        add_rejected(work, rejected_rows.append_column("kind", kinds))
    for kind_name, rows in city.withdrawals.groupby("kind"):
        ordered = rows.sort_values("id")
        moments = pa.array(ordered[RECORDED], MOMENT)
        batch_ids = names.ids(SOURCE, ordered[RECORDED])
        add_withdrawals(work, str(kind_name), ordered["id"].tolist(), batch_ids, moments)
    work.append(_ADD_VERIFICATIONS, _verifications(city.verifications))


def _identity(checked: Sequence[PastRows], boundaries: Sequence[DatedBoundaries]) -> str:
    """Digest of the records, their moments and the boundaries."""
    digest = hashlib.sha256("".join(dated.boundaries.id for dated in boundaries).encode())
    for rows in checked:
        digest.update("".join(rows.versions["digest"].to_pylist()).encode())
        digest.update(rows.versions[RECORDED].to_numpy().tobytes())
    return f"past {digest.hexdigest()}"


def _with_batch(rows: pa.Table, kind: str, names: BatchNames) -> pa.Table:
    return rows.append_column("batch", names.ids(kind, rows[RECORDED].to_pandas()))


def _verifications(rows: pd.DataFrame) -> pa.Table:
    day = pd.to_datetime(rows["verified_on"]).dt.date
    return pa.table(
        {
            "newcomer_id": pa.array(rows["newcomer_id"], pa.string()),
            "verified_on": pa.array(day, pa.date32()),
            "verified_by": pa.array(rows["verified_by"], pa.string()),
            RECORDED: pa.array(rows[RECORDED], MOMENT),
        }
    )


def _report(checked: PastRows, city: SampleCity, *, is_repeated: bool) -> PastReport:
    read, rejected = int(checked.read.sum()), checked.rejected.num_rows
    if is_repeated:
        return PastReport(read, 0, 0, read - rejected, rejected, 0)
    number = checked.versions["version"].to_numpy()
    new = int(np.count_nonzero(number == 1))
    withdrawn = int((city.withdrawals["kind"] == checked.kind.name).sum())
    unchanged = read - len(number) - rejected
    return PastReport(read, new, len(number) - new, unchanged, rejected, withdrawn)


def _check_ended(city: SampleCity, moment: datetime) -> None:
    tables = (city.case_reports, city.newcomer_reports, city.withdrawals, city.verifications)
    latest = max(table[RECORDED].max() for table in tables if len(table))
    if latest >= pd.Timestamp(moment):
        raise InputError(
            "moment-in-future",
            f"The past of the sample city ends on {latest:%Y-%m-%d}, but the clock of this "
            f"machine shows {moment:%Y-%m-%d}. Set the clock of the machine.",
            indonesian=f"Masa lalu kota contoh berakhir pada {latest:%Y-%m-%d}, sedangkan jam "
            f"mesin ini menunjukkan {moment:%Y-%m-%d}. Betulkan jam mesin.",
        )


def _not_empty() -> InputError:
    return InputError(
        "holds-records",
        "The database already has boundaries or records, but the past of the sample city can be "
        "written only to an empty database. Name a new file with --database, for instance "
        "duckdb:///sample.duckdb.",
        indonesian="Basis data sudah memuat batas wilayah atau catatan, padahal masa lalu kota "
        "contoh hanya dapat ditulis ke basis data kosong. Sebutkan berkas baru dengan --database, "
        "misalnya duckdb:///sample.duckdb.",
    )
