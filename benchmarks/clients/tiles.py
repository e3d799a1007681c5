"""Asks a server for many paths over a few connections that stay open, as browsers hold them.

A process of its own: ``python -m benchmarks.clients.tiles PORT CONNECTIONS < paths`` prints what
came, as JSON.
"""

import json
import re
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

_HOST: Final = "127.0.0.1"
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_AT_ONCE: Final = 1 << 18


class Answers(NamedTuple):
    """What came of asking for many paths."""

    seconds: float
    statuses: dict[str, int]
    megabytes: float
    """Of bodies, as they were sent."""


def ask(port: int, paths: Sequence[str], connections: int = 4) -> Answers:
    """Ask for all paths, each connection for one at a time, from another process."""
    command = [sys.executable, "-m", "benchmarks.clients.tiles", str(port), str(connections)]
    said = subprocess.run(  # noqa: S603  (this module)
        command, input="\n".join(paths), check=True, stdout=subprocess.PIPE, text=True
    )
    return Answers(**json.loads(said.stdout))


class _Connection:
    """One connection, and the answer that is on its way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((_HOST, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._came = bytearray()
        self._whole = 0

    def send(self, request: bytes) -> None:
        self._came.clear()
        self._whole = 0
        self.socket.sendall(request)

    def receive(self) -> tuple[bytes, int] | None:
        """Status and length of the body, when all of it is there."""
        part = self.socket.recv(_AT_ONCE)
        if not part:
            raise ConnectionError("the server hung up")
        self._came += part
        if not self._whole:
            head = self._came.find(b"\r\n\r\n")
            if head < 0:
                return None
            length = _LENGTH.search(self._came, 0, head)
            self._body = int(length[1]) if length else 0
            self._whole = head + 4 + self._body
        return (bytes(self._came[9:12]), self._body) if len(self._came) >= self._whole else None


def _all(port: int, requests: Iterator[bytes], connections: int) -> tuple[Counter[str], int]:
    statuses: Counter[str] = Counter()
    size = 0
    with selectors.DefaultSelector() as waiting:
        for _ in range(connections):
            one = _Connection(port)
            request = next(requests, None)
            if request is not None:
                waiting.register(one.socket, selectors.EVENT_READ, one)
                one.send(request)
        while waiting.get_map():
            for key, _ in waiting.select():
                answer = key.data.receive()
                if answer is None:
                    continue
                statuses[answer[0].decode()] += 1
                size += answer[1]
                request = next(requests, None)
                if request is None:
                    waiting.unregister(key.data.socket)
                    key.data.socket.close()
                else:
                    key.data.send(request)
    return statuses, size


def main() -> None:
    port, connections = int(sys.argv[1]), int(sys.argv[2])
    asked = [
        f"GET {path} HTTP/1.1\r\nHost: {_HOST}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
        for path in sys.stdin.read().split()
    ]
    start = time.perf_counter()
    statuses, size = _all(port, iter(asked), connections)
    seconds = time.perf_counter() - start
    print(json.dumps(Answers(seconds, dict(statuses), size / 1e6)._asdict()))


if __name__ == "__main__":
    main()
