"""The measured server: a separate process, started with the command."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple
from urllib.error import URLError
from urllib.request import Request, urlopen

from tests.servers import reserved_port

_COMMAND: Final = (sys.executable, "-c", "from api.cli import main; main()")
_TIMEOUT_SECONDS: Final = 180.0


class Server(NamedTuple):
    """A running server."""

    port: int
    pid: int
    seconds: float
    """Seconds from the start to the first answer; tiles may still be in preparation."""

    def seconds_for(self, path: str) -> tuple[float, int]:
        """Seconds for one answer, and its size in bytes as sent, in gzip."""
        start = time.perf_counter()
        size = len(_get(self.port, path))
        return time.perf_counter() - start, size

    def wait_until_prepared(self, seconds: float = _TIMEOUT_SECONDS) -> None:
        """Wait until the tiles of the newest day are prepared; before, vector tiles answer 503."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with urlopen(f"http://127.0.0.1:{self.port}/tiles/prepared") as answer:
                if json.load(answer)["prepared"] >= 1:
                    return
            time.sleep(0.1)
        raise TimeoutError("the tiles were not prepared")

    def megabytes(self) -> float | None:
        """Resident memory in megabytes; None if the system does not report it."""
        status = Path(f"/proc/{self.pid}/status")
        match = re.search(r"VmRSS:\s+(\d+) kB", status.read_text()) if status.exists() else None
        return int(match[1]) * 1024 / 1e6 if match else None


def command(*words: str) -> None:
    """Run a command of ours and wait for its end."""
    subprocess.run([*_COMMAND, *words], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


@contextmanager
def served(database: str, through: Sequence[str] = ()) -> Iterator[Server]:
    """Serve a database until the end of the block.

    Parameters
    ----------
    through
        A command that starts the command after it.
    """
    with reserved_port() as port:
        start = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603
            [*through, *_COMMAND, "serve", "--database", database, "--port", str(port)],
            env=os.environ,
            stderr=subprocess.DEVNULL,
        )
        try:
            _await(port, process)
            yield Server(port, process.pid, time.perf_counter() - start)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=_TIMEOUT_SECONDS)


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _TIMEOUT_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            _get(port, "/openapi.json")
        except URLError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError("the server did not start")


def _get(port: int, path: str) -> bytes:
    request = Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "gzip"})
    with urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
        body: bytes = answer.read()
    return body
