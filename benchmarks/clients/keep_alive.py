"""Clients with open connections that send one request after another, without pauses or ETags.

A separate process: ``python -m benchmarks.clients.keep_alive PORT CONNECTIONS SECONDS < paths``
prints the seconds of each answer as JSON. The paths are a JSON list; each connection repeats them,
or sends each path once if SECONDS is 0.
"""

import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import cycle
from typing import Final

_HEADERS: Final = {"Accept-Encoding": "gzip, deflate, br", "Accept": "text/html"}
_TIMEOUT_SECONDS: Final = 60.0


def send_requests(port: int, paths: Sequence[str], seconds: float) -> list[float]:
    """Seconds of each answer on one connection."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_SECONDS)
    until = time.monotonic() + seconds
    answers: list[float] = []
    for path in cycle(paths) if seconds else paths:
        start = time.perf_counter()
        connection.request("GET", path, headers=_HEADERS)
        answer = connection.getresponse()
        answer.read()
        answers.append(time.perf_counter() - start)
        if answer.status != 200:
            raise RuntimeError(f"{path} answers {answer.status}")
        if seconds and time.monotonic() > until:
            break
    connection.close()
    return answers


def main() -> None:
    port, connections, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    paths: list[str] = json.load(sys.stdin)
    with ThreadPoolExecutor(connections) as threads:
        parts = threads.map(lambda _: send_requests(port, paths, seconds), range(connections))
        print(json.dumps([answer for part in parts for answer in part]))


if __name__ == "__main__":
    main()
