"""Version 4 of the tables: what is public of the runs of an older database, and ids with a key.

Every past publication becomes a public one; where the public content of a day stays the same from
one publication to the next, only the first is kept. Ids of runs, once plain hashes of the cases,
become keyed ones. Runs are read some at a time, so that a long history needs no more memory.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

import pyarrow as pa

from geodata.language import Bilingual, Progress
from geodata.public_runs import ROWS, PublicRun, public_run, zones_by_run
from geodata.runs import run_of
from geodata.store.model import Dialect, Session

Keyed = Callable[[Literal["run", "records"], str], str]
"""Gives the keyed form of an id of the domain ``run`` or ``records``."""

_GIVING_IDS: Final = Bilingual("Memberi hitungan id baru", "Giving runs keyed ids")
_FINDING_PUBLIC: Final = Bilingual(
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
# In the order of the new ids, as they are always written: DuckDB finds the rows of a run by it.
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


def publish_past(session: Session, progress: Progress) -> None:
    """Fill the public tables from the runs that were published."""
    published = session.read(_PUBLISHED, ()).to_pylist()
    wanted = {row["run"] for row in published}
    public_of: dict[str, str] = {}
    written: set[str] = set()
    for runs in _some_at_a_time(session, wanted, progress):
        coloured = zones_by_run(session.read(_COLOURED, (runs[0]["run"], runs[-1]["run"])))
        parts = {run["run"]: public_run(run_of(run), coloured.get(run["run"])) for run in runs}
        new = {part.public_id: run for run, part in parts.items() if part.public_id not in written}
        public_of |= {run: part.public_id for run, part in parts.items()}
        written |= new.keys()
        _write(session, {run: parts[run] for run in new.values()}, coloured)
    rows = list(_changes(published, public_of))
    if rows:
        session.append(_ADD_PUBLICATIONS, pa.Table.from_pylist(rows))


def rekey_runs(session: Session, dialect: Dialect, keyed: Keyed, progress: Progress) -> None:
    """Put keyed ids in the place of unkeyed ones, wherever they stand."""
    ids = session.read(_IDS, ()).to_pylist()
    if not ids:
        return
    rows = [
        {
            "run": row["run"],
            "keyed": keyed("run", row["run"]),
            "keyed_records": keyed("records", row["records"]),
        }
        for row in ids
    ]
    stage = pa.Table.from_pylist(rows)
    total = len(_REKEY) + 1
    for done, sql in enumerate(_REKEY):
        progress(_GIVING_IDS, done, total)
        session.append(sql, stage)
    progress(_GIVING_IDS, total - 1, total)
    session.execute(_NEW_ZONES, ())
    session.append(_FILL_ZONES, stage)
    for sql in _SWAP_ZONES:
        session.execute(sql, ())
    if dialect == "postgresql":
        session.execute(_INDEX, ())
    progress(_GIVING_IDS, total, total)


def _some_at_a_time(
    session: Session, wanted: set[str], progress: Progress
) -> Iterator[list[dict[str, Any]]]:
    every = [run for run in session.read(_RUNS, ()).to_pylist() if run["run"] in wanted]
    for start in range(0, len(every), _RUNS_AT_ONCE):
        progress(_FINDING_PUBLIC, start, len(every))
        yield every[start : start + _RUNS_AT_ONCE]


def _write(
    session: Session, parts: Mapping[str, PublicRun], coloured: Mapping[str, pa.Table]
) -> None:
    if not parts:
        return
    rows = [part.row() for part in parts.values()]
    session.append(_ADD_RUNS, pa.Table.from_pylist(rows, schema=ROWS))
    tables = [
        coloured[run].append_column(
            "public_id", pa.array([part.public_id] * len(coloured[run]), pa.string())
        )
        for run, part in parts.items()
        if run in coloured
    ]
    if tables:
        session.append(_ADD_ZONES, pa.concat_tables(tables))


def _changes(
    published: Sequence[Mapping[str, Any]], public_of: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Of each day those publications that changed what is public, numbered anew."""
    day, version, stands = None, 0, ""
    for row in published:
        if row["date"] != day:
            day, version, stands = row["date"], 0, ""
        public = public_of[row["run"]]
        if public != stands:
            version, stands = version + 1, public
            yield {
                "date": day,
                "version": version,
                "public_id": public,
                "published_at": row["published_at"],
            }
