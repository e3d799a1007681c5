"""The past of the sample city: versions of its records with the moments its maker gives them.

Everywhere else a version is recorded at the moment of its transaction, so that what was known at a
moment never changes. Here a whole past is written at once, into a database that holds nothing, in
one transaction. It takes a `SampleCity` and nothing else: no loading of files comes this way, no
option leads here. Every row goes through the checks that files go through.
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
from geodata.records import kind_of
from geodata.sample_city import KNOWN_FROM, REDIVIDED, SampleCity
from geodata.store import Store, Transaction
from zoning.records.boundary_facts import surroundings
from zoning.records.past.batches import BatchNames, batches
from zoning.records.past.rows import MOMENT, RECORDED, PastRows, check_past

_HELD: Final = """
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
KEEPING: Final = Bilingual("Menyimpan", "Keeping")
_AHEAD: Final = timedelta(days=3)


class Dated(NamedTuple):
    """Boundaries with when they were loaded and since when they are in force."""

    boundaries: Boundaries
    version: Version


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


def dated_boundaries(city: SampleCity, source: str) -> list[Dated]:
    """The boundaries of the sample city, each loaded three days before it is in force."""
    return [
        _dated(assemble(rt), since, source)
        for rt, since in ((city.rt_before, KNOWN_FROM), (city.rt, REDIVIDED))
    ]


def _dated(boundaries: Boundaries, since: date, source: str) -> Dated:
    loaded = datetime.combine(since, time()) - _AHEAD
    return Dated(boundaries, Version(boundaries.id, since, loaded, source))


def keep_past(
    store: Store,
    city: SampleCity,
    boundaries: Sequence[Dated],
    progress: Progress | None = None,
) -> dict[str, PastReport]:
    """Write the past of the sample city; written before, it changes nothing.

    Parameters
    ----------
    boundaries
        Those of `dated_boundaries`.

    Returns
    -------
    dict
        By kind of records.

    Raises
    ------
    InputError
        ``holds-records`` if the database holds anything else, ``moment-in-future`` if the past is
        not over.
    """
    tell = progress or (lambda *_: None)
    secret = open_pseudonymiser(store)
    around = surroundings(boundaries[-1].boundaries)
    reports = {"cases": city.case_reports, "newcomers": city.newcomer_reports}
    checked = []
    for step, (kind, rows) in enumerate(reports.items()):
        tell(CHECKING[kind], step, _STEPS)
        checked.append(check_past(rows, kind_of(kind), secret, around, store.settings))
    tell(KEEPING, _STEPS - 1, _STEPS)
    names = BatchNames(secret, _identity(checked, boundaries))
    with store.transaction() as work:
        held = set(work.read(_HELD)["batch"].to_pylist())
        again = names.whole in held
        if held and not again:
            raise _holds_records()
        _check_over(city, work.moment)
        if not again:
            for each in boundaries:
                add_version(work, each.boundaries, each.version, "{}")
            _write(work, city, checked, names)
    tell(KEEPING, _STEPS, _STEPS)
    return {each.kind.name: _report(each, city, again=again) for each in checked}


def _write(
    work: Transaction, city: SampleCity, checked: Sequence[PastRows], names: BatchNames
) -> None:
    work.append(ADD_BATCHES, batches(city, checked, names))
    for kind, _, versions, rejected in checked:
        add_versions(work, kind.name, _with_batch(versions, kind.name, names))
        kinds = pa.repeat(kind.name, rejected.num_rows)
        turned_away = _with_batch(rejected, kind.name, names)
        add_rejected(work, turned_away.append_column("kind", kinds))
    for kind_name, rows in city.withdrawals.groupby("kind"):
        ordered = rows.sort_values("id")
        moments = pa.array(ordered[RECORDED], MOMENT)
        withdrawn = names.of(SOURCE, ordered[RECORDED])
        add_withdrawals(work, str(kind_name), ordered["id"].tolist(), withdrawn, moments)
    work.append(_ADD_VERIFICATIONS, _verifications(city.verifications))


def _identity(checked: Sequence[PastRows], boundaries: Sequence[Dated]) -> str:
    """The same for the same records at the same moments and the same boundaries."""
    said = hashlib.sha256("".join(each.boundaries.id for each in boundaries).encode())
    for each in checked:
        said.update("".join(each.versions["digest"].to_pylist()).encode())
        said.update(each.versions[RECORDED].to_numpy().tobytes())
    return f"past {said.hexdigest()}"


def _with_batch(rows: pa.Table, kind: str, names: BatchNames) -> pa.Table:
    return rows.append_column("batch", names.of(kind, rows[RECORDED].to_pandas()))


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


def _report(checked: PastRows, city: SampleCity, *, again: bool) -> PastReport:
    read, rejected = int(checked.read.sum()), checked.rejected.num_rows
    if again:
        return PastReport(read, 0, 0, read - rejected, rejected, 0)
    number = checked.versions["version"].to_numpy()
    new = int(np.count_nonzero(number == 1))
    withdrawn = int((city.withdrawals["kind"] == checked.kind.name).sum())
    unchanged = read - len(number) - rejected
    return PastReport(read, new, len(number) - new, unchanged, rejected, withdrawn)


def _check_over(city: SampleCity, moment: datetime) -> None:
    tables = (city.case_reports, city.newcomer_reports, city.withdrawals, city.verifications)
    latest = max(table[RECORDED].max() for table in tables if len(table))
    if latest >= pd.Timestamp(moment):
        raise InputError(
            "moment-in-future",
            f"The past of the sample city ends on {latest:%Y-%m-%d}, and the clock of this "
            f"machine says {moment:%Y-%m-%d}. Set the clock right.",
            indonesian=f"Masa lalu kota contoh berakhir pada {latest:%Y-%m-%d}, sedangkan jam "
            f"mesin ini menunjukkan {moment:%Y-%m-%d}. Betulkan jam mesin.",
        )


def _holds_records() -> InputError:
    return InputError(
        "holds-records",
        "The database holds boundaries or records already, and the past of the sample city is "
        "written only into a database that holds nothing. Name a new file with --database, for "
        "instance duckdb:///sample.duckdb.",
        indonesian="Basis data sudah memuat batas wilayah atau catatan, padahal masa lalu kota "
        "contoh hanya ditulis ke basis data kosong. Sebutkan berkas baru dengan --database, "
        "misalnya duckdb:///sample.duckdb.",
    )
