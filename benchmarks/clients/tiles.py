"""Request many paths from a server over a few open connections, like a browser.

A separate process: ``python -m benchmarks.clients.tiles PORT CONNECTIONS < paths`` prints the
answers as JSON.
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
_RECEIVE_BYTES: Final = 1 << 18


class Answers(NamedTuple):
    """The answers to many requests."""

    seconds: float
    statuses: dict[str, int]
    megabytes: float
    """Size of the bodies as sent."""


def ask(port: int, paths: Sequence[str], connections: int = 4) -> Answers:
    """Request all paths from another process, one at a time on each connection."""
    command = [sys.executable, "-m", "benchmarks.clients.tiles", str(port), str(connections)]
    process = subprocess.run(  # noqa: S603  (this module)
        command, input="\n".join(paths), check=True, stdout=subprocess.PIPE, text=True
    )
    return Answers(**json.loads(process.stdout))


class _Connection:
    """One connection, and the answer that it is receiving."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((_HOST, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = bytearray()
        self._expected_length = 0

    def send(self, request: bytes) -> None:
        self._received.clear()
        self._expected_length = 0
        self.socket.sendall(request)

    def receive(self) -> tuple[bytes, int] | None:
        """Status and length of the body, once the answer is complete; else None."""
        received = self.socket.recv(_RECEIVE_BYTES)
        if not received:
            raise ConnectionError("the server hung up")
        self._received += received
        if not self._expected_length:
            head = self._received.find(b"\r\n\r\n")
            if head < 0:
                return None
            length = _LENGTH.search(self._received, 0, head)
            self._body = int(length[1]) if length else 0
            self._expected_length = head + 4 + self._body
        return (
            (bytes(self._received[9:12]), self._body)
            if len(self._received) >= self._expected_length
            else None
        )


def _all(port: int, requests: Iterator[bytes], connections: int) -> tuple[Counter[str], int]:
    statuses: Counter[str] = Counter()
    size = 0
    with selectors.DefaultSelector() as waiting:
        for _ in range(connections):
            connection = _Connection(port)
            request = next(requests, None)
            if request is not None:
                waiting.register(connection.socket, selectors.EVENT_READ, connection)
                connection.send(request)
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
    requests = [
        f"GET {path} HTTP/1.1\r\nHost: {_HOST}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
        for path in sys.stdin.read().split()
    ]
    start = time.perf_counter()
    statuses, size = _all(port, iter(requests), connections)
    seconds = time.perf_counter() - start
    print(json.dumps(Answers(seconds, dict(statuses), size / 1e6)._asdict()))


if __name__ == "__main__":
    main()
