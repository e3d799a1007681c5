"""Cost of hostile files for a server: ``python -m benchmarks.hostile [--only WORD ...]``.

Each file of `benchmarks.hostile.files` is sent to a real server, while ``/healthz`` is polled, and
is then loaded by the command ``records load``. The exit status is 1 if a file takes more than ten
seconds or a gigabyte, or if ``/healthz`` takes more than a second.
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
from benchmarks.hostile.files import FILES
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
_TIMEOUT_SECONDS: Final = 120.0
_POLL_SECONDS: Final = 0.02
_NO_ANSWER_ERRORS: Final = (OSError, HTTPException, ValueError)
"""A timeout, a closed connection, or a body that is no answer of ours."""
_COMMAND: Final = "from api.cli import main; main()"
_KINDS: Final = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": XLSX_MEDIA_TYPE,
}
"""An OpenDocument spreadsheet is sent with the media type of XLSX: the reader accepts both."""


class Outcome(NamedTuple):
    """The cost of one file.

    Attributes
    ----------
    seconds, processor, megabytes
        Time until the answer, CPU time of all processes, and their peak memory together.
    wait
        Longest time of ``/healthz`` meanwhile, in seconds; 0 on the command line.
    answer
        Code and sentence, or the counts of records.
    """

    file: str
    method: str
    seconds: float
    processor: float
    megabytes: float
    wait: float
    answer: str

    @property
    def is_bounded(self) -> bool:
        """Whether the cost is within the limits."""
        return (
            self.seconds <= MOST_SECONDS
            and self.megabytes <= MOST_MEGABYTES
            and self.wait <= MOST_WAIT
        )

    def row(self) -> str:
        """The outcome as a line of a table."""
        mark = " " if self.is_bounded else "!"
        return (
            f"{mark} {self.file:<42} {self.method:<7} {self.seconds:6.2f} s "
            f"({self.processor:5.2f} s of processor) {self.megabytes:7.0f} MB "
            f"{self.wait * 1000:6.0f} ms  {self.answer[:100]}"
        )


class Watch:
    """Samples the memory of processes, and the time of ``/healthz``."""

    def __init__(self, pid: int, port: int | None) -> None:
        self.megabytes = self.wait = 0.0
        self._processor: dict[int, list[float]] = {}
        self._pid, self._port = pid, port
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._watch_memory)]
        if port is not None:
            self._threads.append(threading.Thread(target=self._poll_health))

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @property
    def processor(self) -> float:
        """CPU seconds of all processes since each was first seen."""
        return sum(last - first for first, last in self._processor.values())

    def _watch_memory(self) -> None:
        while not self._stop.wait(_POLL_SECONDS):
            processes = _family(self._pid)
            self.megabytes = max(self.megabytes, sum(map(_own_megabytes, processes)))
            for pid in processes:
                seconds = _processor_seconds(pid)
                first_and_last = self._processor.setdefault(pid, [seconds, seconds])
                first_and_last[1] = max(seconds, first_and_last[1])

    def _poll_health(self) -> None:
        while not self._stop.wait(_POLL_SECONDS):
            start = time.perf_counter()
            with (
                suppress(*_NO_ANSWER_ERRORS),
                urlopen(
                    f"http://127.0.0.1:{self._port}/healthz", timeout=_TIMEOUT_SECONDS
                ) as answer,
            ):
                answer.read()
            self.wait = max(self.wait, time.perf_counter() - start)


def send(server: Server, token: str, name: str, content: bytes) -> Outcome:
    """Send a file to a server."""
    kind = _KINDS.get(Path(name).suffix, "application/octet-stream")
    request = Request(
        f"http://127.0.0.1:{server.port}/records/cases",
        data=content,
        headers={"Authorization": f"Bearer {token}", "Content-Type": kind},
    )
    with Watch(server.pid, server.port) as watch:
        start = time.perf_counter()
        try:
            answer_text = _summary(_answer(request))
        except TimeoutError:
            answer_text = _no_answer_text()
        except _NO_ANSWER_ERRORS as error:
            # A timeout while connecting or sending raises this error.
            late = isinstance(getattr(error, "reason", None), TimeoutError)
            answer_text = _no_answer_text() if late else f"no answer: {type(error).__name__}"
        seconds = time.perf_counter() - start
    return Outcome(name, "sent", seconds, watch.processor, watch.megabytes, watch.wait, answer_text)


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
            output, _ = process.communicate(timeout=_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            output = _no_answer_text()
    seconds = time.perf_counter() - start
    answer = " ".join(output.split())
    return Outcome(path.name, "loaded", seconds, watch.processor, watch.megabytes, 0.0, answer)


def measure(only: Sequence[str], report: Callable[[Outcome], None]) -> list[Outcome]:
    """Send and load every file whose name contains one of the words."""
    outcomes = []
    with _city() as (folder, database):
        token = secrets.token_urlsafe(32)
        os.environ["MIKROZONASI_TOKEN"] = token
        files = list(_make_files(folder, only))
        with served(database) as server:
            for path in files:
                outcomes.append(send(server, token, path.name, path.read_bytes()))
                report(outcomes[-1])
        for path in files:
            outcomes.append(load(database, path))
            report(outcomes[-1])
    return outcomes


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[""], help="words in the names of files")
    only = parser.parse_args().only
    print(versions(), flush=True)
    outcomes = measure(only, lambda outcome: print(outcome.row(), flush=True))
    over_limit = [outcome for outcome in outcomes if not outcome.is_bounded]
    print(
        f"{len(outcomes)} files; {len(over_limit)} took more than {MOST_SECONDS:.0f} s, "
        f"{MOST_MEGABYTES:.0f} MB or {MOST_WAIT:.0f} s of /healthz."
    )
    sys.exit(1 if over_limit else 0)


def _make_files(folder: Path, only: Sequence[str]) -> Iterator[Path]:
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


def _answer(request: Request) -> dict[str, object]:
    try:
        with urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310  (our own server)
            body = answer.read()
    except HTTPError as error:
        body = error.read()
    document: dict[str, object] = json.loads(body)
    return document


def _no_answer_text() -> str:
    return f"no answer in {_TIMEOUT_SECONDS:.0f} s"


def _summary(body: dict[str, object]) -> str:
    if "code" in body:
        return f"{body['code']}: {body['message']}"
    return f"{body['new']} new, {body['rejected']} rejected {body['rejected_by_reason']}"


def _family(pid: int) -> list[int]:
    """The ids of a process and of its child processes."""
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
    """Resident memory of a process in megabytes, without shared files."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    match = re.search(r"RssAnon:\s+(\d+) kB", status)
    return int(match[1]) * 1024 / 1e6 if match else 0.0


if __name__ == "__main__":
    main()
