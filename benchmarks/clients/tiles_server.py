"""The server that is measured: a process of its own, as one starts it."""

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
_PATIENCE: Final = 180.0


class Server(NamedTuple):
    """A server that answers."""

    port: int
    pid: int
    seconds: float
    """From its start to its first answer; tiles may still be being prepared."""

    def seconds_for(self, path: str) -> tuple[float, int]:
        """Seconds for one answer, and its bytes as they were sent, in gzip."""
        start = time.perf_counter()
        size = len(_get(self.port, path))
        return time.perf_counter() - start, size

    def wait_until_prepared(self) -> None:
        """Return when the tiles of the newest day are prepared: vector tiles answer 503 before."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            with urlopen(f"http://127.0.0.1:{self.port}/tiles/prepared") as answer:
                if json.load(answer)["prepared"] >= 1:
                    return
            time.sleep(0.1)
        raise TimeoutError("the tiles were not prepared")

    def megabytes(self) -> float | None:
        """Resident memory; None where the system does not say."""
        status = Path(f"/proc/{self.pid}/status")
        found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text()) if status.exists() else None
        return int(found[1]) * 1024 / 1e6 if found else None


def command(*words: str) -> None:
    """Run a command of ours to its end."""
    subprocess.run([*_COMMAND, *words], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


@contextmanager
def served(database: str, through: Sequence[str] = ()) -> Iterator[Server]:
    """Serve a database until the end of the block.

    Parameters
    ----------
    through
        A command that starts what stands behind it.
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
            process.wait(timeout=_PATIENCE)


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            _get(port, "/openapi.json")
        except URLError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError("the server did not start")


def _get(port: int, path: str) -> bytes:
    asked = Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "gzip"})
    with urlopen(asked, timeout=_PATIENCE) as answer:  # noqa: S310
        body: bytes = answer.read()
    return body
