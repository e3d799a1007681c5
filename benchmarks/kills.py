"""Loads and daily runs killed with SIGKILL at random moments: nothing missing, nothing doubled.

``python -m benchmarks.kills --times 100 --database duckdb`` (or ``postgresql``: a server of its
own, or the one that ``MIKROZONASI_TEST_POSTGRES`` names). Each time a new process takes in the
rows and runs a month; it is killed somewhere on the way, a third of the times while it writes the
rows and a third while it runs the days. What is found then must be all of a step or nothing of
it; and the same done once more, undisturbed, must end in the same bytes as if there had been no
kill. Exits with 1 where it does not.
"""

import argparse
import hashlib
import io
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd
import pyarrow.parquet as pq

from geodata import sample_city
from geodata.boundaries import assemble, save_boundaries
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.store import Store, database_path, open_store
from tests.databases import server
from zoning.days.daily import every_day, run_days
from zoning.records.intake import load_records

DAYS: Final = every_day(date(2021, 6, 15), date(2021, 7, 15))
TODAY: Final = date(2021, 12, 31)
KEY: Final = Pseudonymiser(b"a secret of sixteen and more")
_STEPS: Final = ("reading", "keeping", "running")
_STATE: Final = {
    "case_version": "select * from case_version order by case_id, version",
    "rejected": "select * from rejected order by kind, digest",
    "batch": "select * from batch order by batch",
    "run": "select * from run order by run",
    "run_zone": "select * from run_zone order by run, code",
    "run_unplaced": "select * from run_unplaced order by run, code",
    "published": "select * from published order by date, version",
    "public_run": "select * from public_run order by public_id",
    "public_zone": "select * from public_zone order by public_id, code",
    "public_publication": "select * from public_publication order by date, version",
}
_MOMENTS: Final = frozenset({"recorded_at", "computed_at", "published_at"})


class City(NamedTuple):
    """What is taken in, and where to: ``new`` gives the URL of a fresh copy of the database."""

    file: Path
    new: Callable[[], str]


class Expected(NamedTuple):
    """An undisturbed run: its digest, its rows by table, and the seconds of each step."""

    digest: str
    rows: dict[str, int]
    seconds: dict[str, float]


class Faulty(Exception):  # noqa: N818  (a finding, not an error of the program)
    """What was found after a kill is neither all nor nothing, or not what it should have become."""


def work(url: str, file: Path, told: Callable[[str], None]) -> None:
    """Take in the file and run the days, telling each step at its beginning."""
    with open_store(url) as store:
        told("reading")
        load_records(
            *(store, "cases", file),
            pseudonymiser=KEY,
            today=TODAY,
            progress=lambda _doing, step, _of: told("keeping") if step == 3 else None,
        )
        told("running")
        run_days(store, None, DAYS, today=TODAY, pseudonymiser=KEY)
        told("done")


def undisturbed(city: City) -> Expected:
    """The same without a kill, in a process of its own: what every other end is measured by."""
    url = city.new()
    begun: dict[str, float] = {}
    with _child(url, city.file) as (told, process):
        while (step := told.recv()) != "done":
            begun[step] = time.perf_counter()
        end = time.perf_counter()
        process.join()
    marks = [*begun.values(), end]
    seconds = {step: marks[k + 1] - marks[k] for k, step in enumerate(_STEPS)}
    with open_store(url) as store:
        return Expected(_digest(store), _rows(store), seconds)


def kill_once(city: City, expected: Expected, choice: random.Random) -> str:
    """Kill one process somewhere, look at what is left, and do it once more.

    Returns
    -------
    str
        What was left: ``nothing``, ``records`` or ``everything``.

    Raises
    ------
    Faulty
        If it was half of anything, or ends otherwise than undisturbed.
    """
    url = city.new()
    step = choice.choice(_STEPS)
    with _child(url, city.file) as (told, process):
        while told.recv() != step:
            pass
        process.join(choice.uniform(0, 1.1 * expected.seconds[step]))
        if process.pid is not None and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join()
    with open_store(url) as store:
        left = _left(_rows(store), expected.rows)
    work(url, city.file, lambda _: None)
    with open_store(url) as store:
        if _digest(store) != expected.digest:
            raise Faulty(f"after a kill while {step} the end is another one")
    return left


@contextmanager
def small_city(folder: Path, database: str, rows: int) -> Iterator[City]:
    """Boundaries of one kecamatan in a database that can be copied, and a file of cases there."""
    sample = sample_city.build(7, kecamatan=("33.74.01",))
    file = folder / "cases.parquet"
    _cases(sample.cases, rows).to_parquet(file)

    def fill(url: str) -> None:
        with open_store(url, create=True) as store:
            save_boundaries(store, assemble(sample.rt), "sample", {})

    if database == "duckdb":
        fill(f"duckdb:///{folder}/base.duckdb")
        yield City(file, lambda: _copied(folder))
        return
    with server() as postgres:
        base = postgres.new()
        fill(base)
        yield City(file, lambda: postgres.copy(base))


def _cases(cases: pd.DataFrame, rows: int) -> pd.DataFrame:
    """As many cases as asked for, each a person and a case of its own."""
    several = pd.concat([cases] * -(-rows // len(cases)), ignore_index=True).head(rows)
    return several.assign(case_id=[f"K-{k:06}" for k in range(rows)], nik=None)


def _copied(folder: Path) -> str:
    url = f"duckdb:///{folder}/city.duckdb"
    path = database_path(url)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
    shutil.copy(folder / "base.duckdb", path)
    return url


@contextmanager
def _child(
    url: str, file: Path
) -> Iterator[tuple[Connection, multiprocessing.process.BaseProcess]]:
    """Do the work in a process that has imported everything already."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([__name__, "zoning.records.intake", "zoning.days.daily"])
    here, there = processes.Pipe(duplex=False)
    process = processes.Process(target=_tell_and_work, args=(url, file, there))
    process.start()
    there.close()
    with here:
        yield here, process
    process.close()


def _tell_and_work(url: str, file: Path, there: Connection) -> None:
    work(url, file, there.send)


def _rows(store: Store) -> dict[str, int]:
    # At one moment: what was sent before a kill may still be on its way into the database.
    count = "select count(*) as n from "
    with store.snapshot() as moment:
        return {name: int(moment.read(count + name)["n"][0].as_py()) for name in _STATE}


def _digest(store: Store) -> str:
    """Of every row of records and runs, but for the moments at which they were written."""
    digest = hashlib.sha256()
    for sql in _STATE.values():
        found = store.read(sql)
        kept = found.drop_columns([name for name in found.column_names if name in _MOMENTS])
        # Parquet has one form for one table, whatever pieces it came in.
        written = io.BytesIO()
        pq.write_table(kept.combine_chunks(), written, compression="none")
        digest.update(written.getbuffer())
    return digest.hexdigest()


def _left(found: dict[str, int], expected: dict[str, int]) -> str:
    records = {name: expected[name] for name in ("case_version", "rejected", "batch")}
    states = {
        "nothing": dict.fromkeys(expected, 0),
        "records": dict.fromkeys(expected, 0) | records,
        "everything": expected,
    }
    for name, state in states.items():
        if found == state:
            return name
    raise Faulty(f"half of a step was left: {found}, of {expected}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--times", type=int, default=100)
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--database", choices=("duckdb", "postgresql"), default="duckdb")
    asked.add_argument("--seed", type=int, default=7)
    given = asked.parse_args()
    choice = random.Random(given.seed)  # noqa: S311  (moments of kills, not secrets)
    with (
        tempfile.TemporaryDirectory() as folder,
        small_city(Path(folder), given.database, given.rows) as city,
    ):
        undisturbed(city)  # the first compiles the kernels where that was never done
        expected = undisturbed(city)
        print(
            "undisturbed:",
            {step: round(s, 2) for step, s in expected.seconds.items()},
            "s",
            flush=True,
        )
        left: Counter[str] = Counter()
        for time_ in range(given.times):
            try:
                left[kill_once(city, expected, choice)] += 1
            except Faulty as fault:
                print(f"kill {time_ + 1}: {fault}")
                sys.exit(1)
            if (time_ + 1) % 10 == 0:
                print(f"{time_ + 1} kills, left {dict(left)}", flush=True)
        print(f"{given.times} kills on {given.database}, {given.rows:,} rows: left {dict(left)};")
        print("none was half done, and each ended in the same bytes as undisturbed")


if __name__ == "__main__":
    main()
