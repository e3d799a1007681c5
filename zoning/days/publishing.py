"""Runs into the store: immutable once written, published all together or not at all."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from geodata.store import Reads, Transaction

_PUBLISHED: Final = """
select distinct on (date) date, version, run from published
where date = any($1) order by date, version desc
"""
_KNOWN: Final = "select run from run where run = any($1)"
_STORED: Final = """
select run, date, rule, rule_digest, records, boundaries, engine, green, yellow, orange, red
from run where run = any($1)
"""
_ADD_RUNS: Final = """
insert into run (run, date, rule, rule_digest, records, boundaries, engine, computed_at,
                 green, yellow, orange, red)
select run, date, rule, rule_digest, records, boundaries, engine, moment,
       green, yellow, orange, red
from stage order by run
"""
_ADD_ZONES: Final = """
insert into run_zone (run, code, risk, houses, houses_at_least, cases, active)
select run, code, risk, houses, houses_at_least, cases, active from stage order by run, code
"""
_ADD_UNPLACED: Final = """
insert into run_unplaced (run, code, cases, active)
select run, code, cases, active from stage order by run, code
"""
_PUBLISH: Final = """
insert into published (date, version, run, published_at)
select date, version, run, moment from stage order by date, version
"""


class PublishedRun(NamedTuple):
    """A row of the table ``run``: one computation of one day's zones."""

    run: str
    date: date
    rule: str
    rule_digest: str
    records: str
    boundaries: str
    engine: str
    green: int
    yellow: int
    orange: int
    red: int


def stored_runs(reads: Reads, runs: Sequence[str]) -> dict[str, PublishedRun]:
    """Those of the runs that were ever computed, published still or not, by id."""
    found = reads.read(_STORED, list(runs)).to_pylist()
    return {row["run"]: PublishedRun(**row) for row in found}


def publish(
    work: Transaction, runs: Sequence[PublishedRun], zones: pa.Table, unplaced: pa.Table
) -> set[date]:
    """Publish runs of different days.

    Parameters
    ----------
    runs
        One a day.
    zones
        ``run, code, risk, houses, houses_at_least, cases, active`` of runs not yet stored.
    unplaced
        ``run, code, cases, active`` of the same.

    Returns
    -------
    set of date
        Days whose published run is another now. The others are as they were.
    """
    versions = _versions(work, runs)
    fresh = [run for run in runs if versions.get(run.date, (0, ""))[1] != run.run]
    if fresh:
        _write(work, fresh, zones, unplaced)
        _append_versions(work, fresh, versions)
    return {run.date for run in fresh}


def _versions(work: Transaction, runs: Sequence[PublishedRun]) -> dict[date, tuple[int, str]]:
    found = work.read(_PUBLISHED, [run.date for run in runs]).to_pylist()
    return {row["date"]: (row["version"], row["run"]) for row in found}


def _write(
    work: Transaction,
    runs: Sequence[PublishedRun],
    zones: pa.Table,
    unplaced: pa.Table,
) -> None:
    # A day may come back to what it was before a correction: that run is there already.
    known = set(work.read(_KNOWN, [run.run for run in runs])["run"].to_pylist())
    new = [run for run in runs if run.run not in known]
    if not new:
        return
    rows = [{**run._asdict(), "moment": work.moment} for run in new]
    work.append(_ADD_RUNS, pa.Table.from_pylist(rows))
    ids = [run.run for run in new]
    for sql, parts in ((_ADD_ZONES, zones), (_ADD_UNPLACED, unplaced)):
        own = parts.filter(pc.is_in(parts["run"], pa.array(ids)))
        if own.num_rows:
            work.append(sql, own)


def _append_versions(
    work: Transaction, runs: Sequence[PublishedRun], versions: dict[date, tuple[int, str]]
) -> None:
    rows = [
        {
            "date": run.date,
            "version": versions.get(run.date, (0, ""))[0] + 1,
            "run": run.run,
            "moment": work.moment,
        }
        for run in runs
    ]
    work.append(_PUBLISH, pa.Table.from_pylist(rows))
