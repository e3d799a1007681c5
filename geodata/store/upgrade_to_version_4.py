"""Upgrade to version 4 of the tables: the public part of older runs, and keyed ids of runs.

Every past publication becomes a public publication. If the public content of a day does not change
from one publication to the next, only the first publication is stored. Ids of runs, which were
plain hashes of the cases, become keyed hashes. Runs are read in groups to bound the memory.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

import pyarrow as pa

from geodata.language import Bilingual, Progress
from geodata.public_runs import PUBLIC_RUN_SCHEMA, PublicRun, public_run, zones_by_run
from geodata.runs import run_of
from geodata.store.model import Dialect, Session

MakeKeyedId = Callable[[Literal["run", "records"], str], str]
"""Makes the keyed form of an id of the domain ``run`` or ``records``."""

_KEY_IDS_STEP: Final = Bilingual("Memberi hitungan id baru", "Giving runs keyed ids")
_PUBLIC_RUNS_STEP: Final = Bilingual(
    "Mencari bagian publik tiap hitungan", "Finding the public part of each run"
)
_RUNS_AT_ONCE: Final = 256
_RUNS: Final = """
select run, date, rule, rule_digest, boundaries, green, yellow, orange, red from run order by run
"""
_COLOURED: Final = """
select run, code, risk from run_zone where run between $1 and $2 and risk > 0
"""
_PUBLISHED: Final = "select date, version, run, published_at from published order by date, version"
_ADD_RUNS: Final = """
insert into public_run (public_id, date, rule, rule_digest, boundaries, green, yellow, orange, red)
select public_id, date, rule, rule_digest, boundaries, green, yellow, orange, red
from stage order by public_id
"""
_ADD_ZONES: Final = """
insert into public_zone (public_id, code, risk)
select public_id, code, risk from stage order by public_id, code
"""
_ADD_PUBLICATIONS: Final = """
insert into public_publication (date, version, public_id, published_at)
select date, version, public_id, published_at from stage order by date, version
"""
_IDS: Final = "select run, records from run order by run"
_REKEY: Final = (
    """
update run set run = stage.keyed, records = stage.keyed_records from stage
where run.run = stage.run
""",
    "update published set run = stage.keyed from stage where published.run = stage.run",
    "update run_unplaced set run = stage.keyed from stage where run_unplaced.run = stage.run",
)
# Rows in the order of the new ids: DuckDB needs this order to find the rows of a run fast.
_NEW_ZONES: Final = """
create table run_zone_keyed (
    run             text not null,
    code            text not null,
    risk            bigint not null,
    houses          bigint not null,
    houses_at_least bigint not null,
    cases           bigint not null,
    active          bigint not null
)
"""
_FILL_ZONES: Final = """
insert into run_zone_keyed (run, code, risk, houses, houses_at_least, cases, active)
select stage.keyed, code, risk, houses, houses_at_least, cases, active
from run_zone join stage on run_zone.run = stage.run order by stage.keyed, code
"""
_SWAP_ZONES: Final = ("drop table run_zone", "alter table run_zone_keyed rename to run_zone")
_INDEX: Final = "create index run_zone_by_run on run_zone (run)"


def publish_past_runs(session: Session, progress: Progress) -> None:
    """Fill the public tables from the published runs."""
    published = session.read(_PUBLISHED, ()).to_pylist()
    published_ids = {row["run"] for row in published}
    public_ids: dict[str, str] = {}
    written: set[str] = set()
    for runs in _runs_in_groups(session, published_ids, progress):
        coloured = zones_by_run(session.read(_COLOURED, (runs[0]["run"], runs[-1]["run"])))
        public_runs = {
            run["run"]: public_run(run_of(run), coloured.get(run["run"])) for run in runs
        }
        new_runs = {
            public.public_id: run
            for run, public in public_runs.items()
            if public.public_id not in written
        }
        public_ids |= {run: public.public_id for run, public in public_runs.items()}
        written |= new_runs.keys()
        _write(session, {run: public_runs[run] for run in new_runs.values()}, coloured)
    rows = list(_public_versions(published, public_ids))
    if rows:
        session.append(_ADD_PUBLICATIONS, pa.Table.from_pylist(rows))


def rekey_runs(
    session: Session, dialect: Dialect, make_keyed_id: MakeKeyedId, progress: Progress
) -> None:
    """Replace unkeyed ids of runs and records by keyed ids in every table."""
    ids = session.read(_IDS, ()).to_pylist()
    if not ids:
        return
    rows = [
        {
            "run": row["run"],
            "keyed": make_keyed_id("run", row["run"]),
            "keyed_records": make_keyed_id("records", row["records"]),
        }
        for row in ids
    ]
    stage = pa.Table.from_pylist(rows)
    total = len(_REKEY) + 1
    for step, sql in enumerate(_REKEY):
        progress(_KEY_IDS_STEP, step, total)
        session.append(sql, stage)
    progress(_KEY_IDS_STEP, total - 1, total)
    session.execute(_NEW_ZONES, ())
    session.append(_FILL_ZONES, stage)
    for sql in _SWAP_ZONES:
        session.execute(sql, ())
    if dialect == "postgresql":
        session.execute(_INDEX, ())
    progress(_KEY_IDS_STEP, total, total)


def _runs_in_groups(
    session: Session, published_ids: set[str], progress: Progress
) -> Iterator[list[dict[str, Any]]]:
    runs = [run for run in session.read(_RUNS, ()).to_pylist() if run["run"] in published_ids]
    for start in range(0, len(runs), _RUNS_AT_ONCE):
        progress(_PUBLIC_RUNS_STEP, start, len(runs))
        yield runs[start : start + _RUNS_AT_ONCE]


def _write(
    session: Session, public_runs: Mapping[str, PublicRun], coloured: Mapping[str, pa.Table]
) -> None:
    if not public_runs:
        return
    rows = [public.row() for public in public_runs.values()]
    session.append(_ADD_RUNS, pa.Table.from_pylist(rows, schema=PUBLIC_RUN_SCHEMA))
    tables = [
        coloured[run].append_column(
            "public_id", pa.array([public.public_id] * len(coloured[run]), pa.string())
        )
        for run, public in public_runs.items()
        if run in coloured
    ]
    if tables:
        session.append(_ADD_ZONES, pa.concat_tables(tables))


def _public_versions(
    published: Sequence[Mapping[str, Any]], public_ids: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """The publications of each day that changed the public content, with new version numbers."""
    day, version, last_public_id = None, 0, ""
    for row in published:
        if row["date"] != day:
            day, version, last_public_id = row["date"], 0, ""
        public_id = public_ids[row["run"]]
        if public_id != last_public_id:
            version, last_public_id = version + 1, public_id
            yield {
                "date": day,
                "version": version,
                "public_id": public_id,
                "published_at": row["published_at"],
            }
