"""Clients that ask a server one thing after another, with pauses, as people at a map do.

A process of its own: ``python -m benchmarks.clients.visitors PORT CLIENTS SECONDS < questions``
prints the seconds that each answer took, by kind, as JSON.
"""

import asyncio
import json
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

HOST: Final = "127.0.0.1"
FAILED: Final = "failed"
NOT_MODIFIED: Final = "not modified"
_PAUSE: Final = 0.05
"""Seconds between an answer and the next question, about."""
_PATIENCE: Final = 30.0
_AGAIN: Final = 0.25
"""Part of the questions that are asked again by one who has the answer."""
_STATUS: Final = re.compile(rb"HTTP/1\.1 (\d{3})")
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_ETAG: Final = re.compile(rb"\r\netag: *([^\r]+)", re.IGNORECASE)
_CLOSING: Final = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_GOOD: Final = frozenset({200, 204, 304})


class Asked(NamedTuple):
    """A question."""

    kind: str
    path: str


class Client:
    """One connection, which stays open, and what its cache holds."""

    def __init__(self, port: int, asked: Sequence[Asked], seed: int) -> None:
        self.taken: defaultdict[str, list[float]] = defaultdict(list)
        self._port = port
        self._asked = asked
        self._chance = random.Random(seed)  # noqa: S311  (nothing secret)
        self._etags: dict[str, bytes] = {}
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask_until(self, end: float) -> None:
        """Ask until a moment of the clock."""
        while time.monotonic() < end:
            one = self._chance.choice(self._asked)
            known = self._known()
            kind, path = (NOT_MODIFIED, known) if known else one
            start = time.perf_counter()
            try:
                good = await asyncio.wait_for(self._ask(path, again=bool(known)), _PATIENCE)
            except (OSError, TimeoutError, EOFError):
                good = False
                self._hang_up()
            self.taken[kind if good else FAILED].append(time.perf_counter() - start)
            await asyncio.sleep(_PAUSE * self._chance.uniform(0.5, 1.5))
        self._hang_up()

    def _known(self) -> str | None:
        """An answer at hand that is asked for again, now and then."""
        if self._etags and self._chance.random() < _AGAIN:
            return self._chance.choice(list(self._etags))
        return None

    async def _ask(self, path: str, *, again: bool) -> bool:
        if self._writer is None or self._writer.is_closing():
            self._reader, self._writer = await asyncio.open_connection(HOST, self._port)
        assert self._reader is not None  # noqa: S101  (opened with the writer)
        etag = self._etags.get(path) if again else None
        known = b"If-None-Match: %b\r\n" % etag if etag else b""
        head = f"GET {path} HTTP/1.1\r\nHost: kota.example\r\nAccept-Encoding: gzip\r\n".encode()
        self._writer.write(head + known + b"\r\n")
        answer = await self._reader.readuntil(b"\r\n\r\n")
        status = int(_STATUS.match(answer)[1])  # type: ignore[index]  # an answer has one
        await _body(self._reader, answer)
        if (found := _ETAG.search(answer)) and status == 200:
            self._etags[path] = found[1]
        if _CLOSING.search(answer):
            self._hang_up()
        return status in _GOOD

    def _hang_up(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer = None


async def _body(reader: asyncio.StreamReader, head: bytes) -> None:
    if _CHUNKED.search(head):
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    elif length := _LENGTH.search(head):
        # What is not modified says how long it would be, and is not sent.
        await reader.readexactly(0 if b" 304 " in head[:16] else int(length[1]))


async def _all(
    port: int, number: int, seconds: float, asked: Sequence[Asked]
) -> dict[str, list[float]]:
    clients = [Client(port, asked, seed) for seed in range(number)]
    end = time.monotonic() + seconds
    await asyncio.gather(*(client.ask_until(end) for client in clients))
    taken: defaultdict[str, list[float]] = defaultdict(list)
    for client in clients:
        for kind, one in client.taken.items():
            taken[kind] += one
    return dict(taken)


def main() -> None:
    port, number, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    asked = [Asked(*one) for one in json.load(sys.stdin)]
    print(json.dumps(asyncio.run(_all(port, number, seconds, asked))))


if __name__ == "__main__":
    main()
