"""Kill loads and daily runs with SIGKILL at random moments: nothing is missing or doubled.

``python -m benchmarks.kills --times 100 --database duckdb`` (or ``postgresql``: a new server, or
the server in ``MIKROZONASI_TEST_POSTGRES``). Each time a new process loads the rows and runs a
month. The process is killed at a random moment while it reads the file, writes the rows or runs the
days, a third of the times each. After the kill, each step must be complete or absent. The same
work, repeated without a kill, must end in the same bytes as without any kill. The exit status is 1
if not.
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
_MOMENT_COLUMNS: Final = frozenset({"recorded_at", "computed_at", "published_at"})


class City(NamedTuple):
    """The file to load; ``new`` gives the URL of a new copy of the database."""

    file: Path
    new: Callable[[], str]


class Expected(NamedTuple):
    """An undisturbed run: its digest, its rows by table, and the seconds of each step."""

    digest: str
    rows: dict[str, int]
    seconds: dict[str, float]


class Faulty(Exception):  # noqa: N818  (a finding, not an error of the program)
    """After a kill, a step is half done, or the repeated work ends differently."""


def work(url: str, file: Path, report_step: Callable[[str], None]) -> None:
    """Load the file and run the days; calls ``report_step`` at the beginning of each step."""
    with open_store(url) as store:
        report_step("reading")
        load_records(
            *(store, "cases", file),
            pseudonymiser=KEY,
            today=TODAY,
            progress=lambda _doing, step, _of: report_step("keeping") if step == 3 else None,
        )
        report_step("running")
        run_days(store, None, DAYS, today=TODAY, pseudonymiser=KEY)
        report_step("done")


def undisturbed(city: City) -> Expected:
    """The same work without a kill, in a separate process: the expected end."""
    url = city.new()
    started: dict[str, float] = {}
    with _child(url, city.file) as (receiver, process):
        while (step := receiver.recv()) != "done":
            started[step] = time.perf_counter()
        end = time.perf_counter()
        process.join()
    marks = [*started.values(), end]
    seconds = {step: marks[k + 1] - marks[k] for k, step in enumerate(_STEPS)}
    with open_store(url) as store:
        return Expected(_digest(store), _rows(store), seconds)


def kill_once(city: City, expected: Expected, choice: random.Random) -> str:
    """Kill one process at a random moment, check the database, and repeat the work.

    Returns
    -------
    str
        State of the database after the kill: ``nothing``, ``records`` or ``everything``.

    Raises
    ------
    Faulty
        If a step is half done, or the repeated work ends differently.
    """
    url = city.new()
    step = choice.choice(_STEPS)
    with _child(url, city.file) as (receiver, process):
        while receiver.recv() != step:
            pass
        process.join(choice.uniform(0, 1.1 * expected.seconds[step]))
        if process.pid is not None and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join()
    with open_store(url) as store:
        state = _left(_rows(store), expected.rows)
    work(url, city.file, lambda _: None)
    with open_store(url) as store:
        if _digest(store) != expected.digest:
            raise Faulty(f"after a kill while {step} the end is another one")
    return state


@contextmanager
def small_city(folder: Path, database: str, rows: int) -> Iterator[City]:
    """A database with the boundaries of one kecamatan, and a file of cases there."""
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
    """A number of cases, each of another person and with another number."""
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
    """Do the work in a process of a fork server that has imported the modules already."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([__name__, "zoning.records.intake", "zoning.days.daily"])
    receiver, sender = processes.Pipe(duplex=False)
    process = processes.Process(target=_work_and_report, args=(url, file, sender))
    process.start()
    sender.close()
    with receiver:
        yield receiver, process
    process.close()


def _work_and_report(url: str, file: Path, sender: Connection) -> None:
    work(url, file, sender.send)


def _rows(store: Store) -> dict[str, int]:
    # In one snapshot: a statement sent before the kill may still be running in the database.
    count = "select count(*) as n from "
    with store.snapshot() as moment:
        return {name: int(moment.read(count + name)["n"][0].as_py()) for name in _STATE}


def _digest(store: Store) -> str:
    """Hash of all rows of records and runs, without the moments of writing."""
    digest = hashlib.sha256()
    for sql in _STATE.values():
        table = store.read(sql)
        compared = table.drop_columns(
            [name for name in table.column_names if name in _MOMENT_COLUMNS]
        )
        # Parquet gives the same bytes for the same table, whatever its chunks.
        buffer = io.BytesIO()
        pq.write_table(compared.combine_chunks(), buffer, compression="none")
        digest.update(buffer.getbuffer())
    return digest.hexdigest()


def _left(rows: dict[str, int], expected: dict[str, int]) -> str:
    records = {name: expected[name] for name in ("case_version", "rejected", "batch")}
    states = {
        "nothing": dict.fromkeys(expected, 0),
        "records": dict.fromkeys(expected, 0) | records,
        "everything": expected,
    }
    for name, state in states.items():
        if rows == state:
            return name
    raise Faulty(f"half of a step was left: {rows}, of {expected}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--database", choices=("duckdb", "postgresql"), default="duckdb")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    choice = random.Random(arguments.seed)  # noqa: S311  (moments of kills, not secrets)
    with (
        tempfile.TemporaryDirectory() as folder,
        small_city(Path(folder), arguments.database, arguments.rows) as city,
    ):
        undisturbed(city)  # the first run may compile the kernels
        expected = undisturbed(city)
        print(
            "undisturbed:",
            {step: round(s, 2) for step, s in expected.seconds.items()},
            "s",
            flush=True,
        )
        states: Counter[str] = Counter()
        for kill_number in range(arguments.times):
            try:
                states[kill_once(city, expected, choice)] += 1
            except Faulty as fault:
                print(f"kill {kill_number + 1}: {fault}")
                sys.exit(1)
            if (kill_number + 1) % 10 == 0:
                print(f"{kill_number + 1} kills, left {dict(states)}", flush=True)
        print(
            f"{arguments.times} kills on {arguments.database}, {arguments.rows:,} rows: "
            f"left {dict(states)};"
        )
        print("none was half done, and each ended in the same bytes as undisturbed")


if __name__ == "__main__":
    main()
