"""What hostile files do to a server: ``python -m benchmarks.hostile [--only WORD ...]``.

Each file of `benchmarks.hostile_files` is sent to a real server, while ``/healthz`` is asked again
and again, and is then loaded by the command ``records load``. Ends with 1 where one of them takes
more than ten seconds or a gigabyte, or where ``/healthz`` waits for a second.
"""

import argparse
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from http.client import HTTPException
from pathlib import Path
from typing import Final, NamedTuple, Self
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from benchmarks.clients.tiles_server import Server, served
from benchmarks.hostile_files import FILES
from benchmarks.report import versions
from geodata import sample_city
from geodata.boundaries import assemble, save_boundaries
from geodata.store import open_store
from geodata.tables import XLSX_MEDIA_TYPE
from zoning.days.daily import run_days
from zoning.records.intake import load_records

MOST_SECONDS: Final = 10.0
MOST_MEGABYTES: Final = 1_000.0
MOST_WAIT: Final = 1.0
_PATIENCE: Final = 120.0
_POLLED: Final = 0.02
_NO_ANSWER: Final = (OSError, HTTPException, ValueError)
"""Nothing comes in time, the connection breaks off, or what comes is no answer of ours."""
_COMMAND: Final = "from api.cli import main; main()"
_KINDS: Final = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": XLSX_MEDIA_TYPE,
}
"""An OpenDocument spreadsheet comes under the name of the other: what reads them reads both."""


class Outcome(NamedTuple):
    """What one file did.

    Attributes
    ----------
    seconds, processor, megabytes
        Until the answer; of the processor, by all processes; most memory of them together.
    wait
        The longest that ``/healthz`` took meanwhile; 0 on the command line.
    answer
        Code and sentence, or what was taken.
    """

    file: str
    way: str
    seconds: float
    processor: float
    megabytes: float
    wait: float
    answer: str

    @property
    def is_bounded(self) -> bool:
        """Whether it stays within what is allowed."""
        return (
            self.seconds <= MOST_SECONDS
            and self.megabytes <= MOST_MEGABYTES
            and self.wait <= MOST_WAIT
        )

    def row(self) -> str:
        """The outcome as a line of a table."""
        mark = " " if self.is_bounded else "!"
        return (
            f"{mark} {self.file:<42} {self.way:<7} {self.seconds:6.2f} s "
            f"({self.processor:5.2f} s of processor) {self.megabytes:7.0f} MB "
            f"{self.wait * 1000:6.0f} ms  {self.answer[:100]}"
        )


class Watch:
    """Watches memory of processes, and how long ``/healthz`` takes."""

    def __init__(self, pid: int, port: int | None) -> None:
        self.megabytes = self.wait = 0.0
        self._processor: dict[int, list[float]] = {}
        self._pid, self._port = pid, port
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._watch_memory)]
        if port is not None:
            self._threads.append(threading.Thread(target=self._ask))

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    @property
    def processor(self) -> float:
        """Seconds of the processor that all took since they were first seen."""
        return sum(last - first for first, last in self._processor.values())

    def _watch_memory(self) -> None:
        while not self._ended.wait(_POLLED):
            family = _family(self._pid)
            self.megabytes = max(self.megabytes, sum(map(_own_megabytes, family)))
            for pid in family:
                used = _processor_seconds(pid)
                seen = self._processor.setdefault(pid, [used, used])
                seen[1] = max(used, seen[1])

    def _ask(self) -> None:
        while not self._ended.wait(_POLLED):
            start = time.perf_counter()
            with (
                suppress(*_NO_ANSWER),
                urlopen(f"http://127.0.0.1:{self._port}/healthz", timeout=_PATIENCE) as answer,
            ):
                answer.read()
            self.wait = max(self.wait, time.perf_counter() - start)


def send(server: Server, token: str, name: str, content: bytes) -> Outcome:
    """Send a file to a server."""
    kind = _KINDS.get(Path(name).suffix, "application/octet-stream")
    asked = Request(
        f"http://127.0.0.1:{server.port}/records/cases",
        data=content,
        headers={"Authorization": f"Bearer {token}", "Content-Type": kind},
    )
    with Watch(server.pid, server.port) as watch:
        start = time.perf_counter()
        try:
            said = _said(_answer(asked))
        except TimeoutError:
            said = _nothing_said()
        except _NO_ANSWER as error:
            # The time to connect and to send is over in this way.
            late = isinstance(getattr(error, "reason", None), TimeoutError)
            said = _nothing_said() if late else f"no answer: {type(error).__name__}"
        seconds = time.perf_counter() - start
    return Outcome(name, "sent", seconds, watch.processor, watch.megabytes, watch.wait, said)


def load(database: str, path: Path) -> Outcome:
    """Load a file by the command line, while no server runs."""
    line = [sys.executable, "-c", _COMMAND, "records", "load", "cases", str(path)]
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603  (our own command on our own file)
        [*line, "--database", database, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with Watch(process.pid, None) as watch:
        try:
            said, _ = process.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            said = _nothing_said()
    seconds = time.perf_counter() - start
    answer = " ".join(said.split())
    return Outcome(path.name, "loaded", seconds, watch.processor, watch.megabytes, 0.0, answer)


def measure(only: Sequence[str], tell: Callable[[Outcome], None]) -> list[Outcome]:
    """Send and load every file whose name holds one of some words."""
    found = []
    with _city() as (folder, database):
        token = secrets.token_urlsafe(32)
        os.environ["MIKROZONASI_TOKEN"] = token
        files = list(_made(folder, only))
        with served(database) as server:
            for path in files:
                found.append(send(server, token, path.name, path.read_bytes()))
                tell(found[-1])
        for path in files:
            found.append(load(database, path))
            tell(found[-1])
    return found


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__)
    asked.add_argument("--only", nargs="+", default=[""], help="words in the names of files")
    only = asked.parse_args().only
    print(versions(), flush=True)
    outcomes = measure(only, lambda outcome: print(outcome.row(), flush=True))
    beyond = [each for each in outcomes if not each.is_bounded]
    print(
        f"{len(outcomes)} files; {len(beyond)} took more than {MOST_SECONDS:.0f} s, "
        f"{MOST_MEGABYTES:.0f} MB or {MOST_WAIT:.0f} s of /healthz."
    )
    sys.exit(1 if beyond else 0)


def _made(folder: Path, only: Sequence[str]) -> Iterator[Path]:
    for ending, makers in FILES.items():
        for make in makers:
            if any(word in make.__name__ for word in only):
                path = folder / f"{make.__name__}{ending}"
                path.write_bytes(make())
                yield path


@contextmanager
def _city() -> Iterator[tuple[Path, str]]:
    """A folder with a database of one kecamatan of the sample city."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = f"duckdb:///{folder}/city.duckdb"
        sample = sample_city.build(7, kecamatan=("33.74.01",))
        sample.cases.to_csv(folder / "sample.csv", index=False)
        with open_store(database, create=True) as store:
            boundaries = assemble(sample.rt)
            save_boundaries(store, boundaries, "sample", {})
            load_records(store, "cases", folder / "sample.csv")
            run_days(store, boundaries, [date(2021, 7, 15)])
        yield folder, database


def _answer(asked: Request) -> dict[str, object]:
    try:
        with urlopen(asked, timeout=_PATIENCE) as answer:  # noqa: S310  (our own server)
            body = answer.read()
    except HTTPError as refused:
        body = refused.read()
    found: dict[str, object] = json.loads(body)
    return found


def _nothing_said() -> str:
    return f"no answer in {_PATIENCE:.0f} s"


def _said(body: dict[str, object]) -> str:
    if "code" in body:
        return f"{body['code']}: {body['message']}"
    return f"{body['new']} new, {body['rejected']} rejected {body['rejected_by_reason']}"


def _family(pid: int) -> list[int]:
    """A process and the processes it started."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = " ".join((task / "children").read_text(encoding="ascii") for task in tasks)
    except OSError:
        return [pid]
    return [pid, *map(int, children.split())]


def _processor_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _own_megabytes(pid: int) -> float:
    """Resident memory of a process, without the files that it shares with others."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    found = re.search(r"RssAnon:\s+(\d+) kB", status)
    return int(found[1]) * 1024 / 1e6 if found else 0.0


if __name__ == "__main__":
    main()
