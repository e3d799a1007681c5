"""Writes runs into the store: a run is immutable, and one transaction publishes all of them.

The public part of a run (`geodata.public_runs`) is written in the same transaction, into separate
tables, and only if it differs from the published public part of the day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from geodata.public_runs import PUBLIC_RUN_SCHEMA, public_run, zones_by_run
from geodata.runs import FOUR_CLASSES, RunData, class_lists, counts_columns, run_of
from geodata.store import Reads, Transaction

_PUBLISHED: Final = """
select distinct on (date) date, version, run from published
where date = any($1) order by date, version desc
"""
_KNOWN: Final = "select run from run where run = any($1)"
_STORED: Final = """
select run, date, rule, rule_digest, records, boundaries, engine, green, yellow, orange, red, counts
from run where run = any($1)
"""
_NEWEST: Final = "select counts from run order by computed_at desc limit 1"
_ADD_RUNS: Final = """
insert into run (run, date, rule, rule_digest, records, boundaries, engine, computed_at,
                 green, yellow, orange, red, counts)
select run, date, rule, rule_digest, records, boundaries, engine, moment,
       green, yellow, orange, red, counts
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
_COLOURED: Final = "select run, code, risk from run_zone where run = any($1) and risk > 0"
_PUBLIC: Final = """
select distinct on (date) date, version, public_id from public_publication
where date = any($1) order by date, version desc
"""
_PUBLIC_KNOWN: Final = "select public_id from public_run where public_id = any($1)"
_ADD_PUBLIC_RUNS: Final = """
insert into public_run (public_id, date, rule, rule_digest, boundaries,
                        green, yellow, orange, red, counts)
select public_id, date, rule, rule_digest, boundaries, green, yellow, orange, red, counts
from stage order by public_id
"""
_ADD_PUBLIC_ZONES: Final = """
insert into public_zone (public_id, code, risk)
select public_id, code, risk from stage order by public_id, code
"""
_PUBLISH_PUBLICLY: Final = """
insert into public_publication (date, version, public_id, published_at)
select date, version, public_id, moment from stage order by date, version
"""


@dataclass(frozen=True)
class PublishedRun(RunData):
    """A row of the table ``run``: one computation of one day's zones.

    The id of its run is the internal id: the keyed digest of the inputs.
    """

    records: str
    engine: str

    def row(self, moment: datetime) -> dict[str, Any]:
        """The columns of the row."""
        return {
            "run": self.run,
            "date": self.date,
            "rule": self.rule,
            "rule_digest": self.rule_digest,
            "records": self.records,
            "boundaries": self.boundaries,
            "engine": self.engine,
            **counts_columns(self.counts),
            "moment": moment,
        }


_ROWS: Final = pa.schema(
    {
        **dict.fromkeys(("run", "rule", "rule_digest", "records", "boundaries"), pa.string()),
        "engine": pa.string(),
        "date": pa.date32(),
        **dict.fromkeys(FOUR_CLASSES, pa.int64()),
        "counts": pa.string(),
        "moment": pa.timestamp("us"),
    }
)


def stored_runs(reads: Reads, runs: Sequence[str]) -> dict[str, PublishedRun]:
    """Stored runs by id, also those that are no longer published."""
    rows = reads.read(_STORED, list(runs)).to_pylist()
    return {row["run"]: PublishedRun(run_of(row), row["records"], row["engine"]) for row in rows}


def newest_classes(reads: Reads) -> set[tuple[str, ...]]:
    """Classes of the newest run; all runs have the same classes."""
    return class_lists(reads.read(_NEWEST)["counts"].to_pylist())


def publish(
    work: Transaction, runs: Sequence[PublishedRun], zones: pa.Table, unplaced: pa.Table
) -> set[date]:
    """Publish runs of different days.

    Parameters
    ----------
    runs
        One run for each day.
    zones
        ``run, code, risk, houses, houses_at_least, cases, active`` of runs not yet stored.
    unplaced
        ``run, code, cases, active`` of the same runs.

    Returns
    -------
    set of date
        Days with a new published run. All other days are unchanged.
    """
    versions = _versions(work, runs)
    changed = [run for run in runs if versions.get(run.date, (0, ""))[1] != run.run]
    if changed:
        _write_runs(work, changed, zones, unplaced)
        _append_versions(work, changed, versions)
        _publish_public_part(work, changed)
    return {run.date for run in changed}


def public_ids(reads: Reads, days: Sequence[date]) -> dict[date, str]:
    """The public id of the published run of each day."""
    return {day: public_id for day, (_, public_id) in _public_versions(reads, days).items()}


def _versions(work: Transaction, runs: Sequence[PublishedRun]) -> dict[date, tuple[int, str]]:
    rows = work.read(_PUBLISHED, [run.date for run in runs]).to_pylist()
    return {row["date"]: (row["version"], row["run"]) for row in rows}


def _write_runs(
    work: Transaction,
    runs: Sequence[PublishedRun],
    zones: pa.Table,
    unplaced: pa.Table,
) -> None:
    # A corrected day may have the inputs of an older run again: that run is stored already.
    stored_ids = set(work.read(_KNOWN, [run.run for run in runs])["run"].to_pylist())
    new = [run for run in runs if run.run not in stored_ids]
    if not new:
        return
    rows = [run.row(work.moment) for run in new]
    work.append(_ADD_RUNS, pa.Table.from_pylist(rows, schema=_ROWS))
    ids = [run.run for run in new]
    for sql, table in ((_ADD_ZONES, zones), (_ADD_UNPLACED, unplaced)):
        new_rows = table.filter(pc.is_in(table["run"], pa.array(ids)))
        if new_rows.num_rows:
            work.append(sql, new_rows)


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


def _publish_public_part(work: Transaction, runs: Sequence[PublishedRun]) -> None:
    """Write the public part of runs, for days on which the public part changes.

    A correction that changes no colour adds no id, no version and no moment here.
    """
    coloured = zones_by_run(work.read(_COLOURED, [run.run for run in runs]))
    published_versions = _public_versions(work, [run.date for run in runs])
    public_parts = [(run, public_run(run.of, coloured.get(run.run))) for run in runs]
    changed = [
        (run, part)
        for run, part in public_parts
        if published_versions.get(run.date, (0, ""))[1] != part.public_id
    ]
    if not changed:
        return
    # A day may have its former colours again: their row is stored already.
    ids = [part.public_id for _, part in changed]
    stored_ids = set(work.read(_PUBLIC_KNOWN, ids)["public_id"].to_pylist())
    new = [(run.run, part) for run, part in changed if part.public_id not in stored_ids]
    if new:
        rows = [part.row() for _, part in new]
        work.append(_ADD_PUBLIC_RUNS, pa.Table.from_pylist(rows, schema=PUBLIC_RUN_SCHEMA))
        _write_public_zones(work, {part.public_id: coloured.get(run) for run, part in new})
    rows = [
        {
            "date": run.date,
            "version": published_versions.get(run.date, (0, ""))[0] + 1,
            "public_id": part.public_id,
            "moment": work.moment,
        }
        for run, part in changed
    ]
    work.append(_PUBLISH_PUBLICLY, pa.Table.from_pylist(rows))


def _write_public_zones(work: Transaction, zones: Mapping[str, pa.Table | None]) -> None:
    tables = [
        rows.append_column("public_id", pa.array([public_id] * rows.num_rows, pa.string()))
        for public_id, rows in zones.items()
        if rows is not None
    ]
    if tables:
        work.append(_ADD_PUBLIC_ZONES, pa.concat_tables(tables))


def _public_versions(reads: Reads, days: Sequence[date]) -> dict[date, tuple[int, str]]:
    rows = reads.read(_PUBLIC, list(days)).to_pylist()
    return {row["date"]: (row["version"], row["public_id"]) for row in rows}
