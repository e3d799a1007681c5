"""Clients that send one request after another with pauses, like people at a map.

A separate process: ``python -m benchmarks.clients.visitors PORT CLIENTS SECONDS < questions``
prints the seconds of each answer, by kind, as JSON.
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
"""Approximate seconds between an answer and the next request."""
_TIMEOUT_SECONDS: Final = 30.0
_REPEAT_SHARE: Final = 0.25
"""Share of the requests that repeat an earlier request with its ETag."""
_STATUS: Final = re.compile(rb"HTTP/1\.1 (\d{3})")
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_ETAG: Final = re.compile(rb"\r\netag: *([^\r]+)", re.IGNORECASE)
_CLOSING: Final = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_EXPECTED_STATUSES: Final = frozenset({200, 204, 304})


class MapRequest(NamedTuple):
    """A request of the map."""

    kind: str
    path: str


class Client:
    """One open connection, with a cache of ETags."""

    def __init__(self, port: int, requests: Sequence[MapRequest], seed: int) -> None:
        self.seconds_by_kind: defaultdict[str, list[float]] = defaultdict(list)
        self._port = port
        self._requests = requests
        self._random = random.Random(seed)  # noqa: S311  (nothing secret)
        self._etags: dict[str, bytes] = {}
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask_until(self, end: float) -> None:
        """Send requests until a moment of the monotonic clock."""
        while time.monotonic() < end:
            request = self._random.choice(self._requests)
            cached_path = self._path_with_etag()
            kind, path = (NOT_MODIFIED, cached_path) if cached_path else request
            start = time.perf_counter()
            try:
                is_expected = await asyncio.wait_for(
                    self._ask(path, with_etag=bool(cached_path)), _TIMEOUT_SECONDS
                )
            except (OSError, TimeoutError, EOFError):
                is_expected = False
                self._hang_up()
            self.seconds_by_kind[kind if is_expected else FAILED].append(
                time.perf_counter() - start
            )
            await asyncio.sleep(_PAUSE * self._random.uniform(0.5, 1.5))
        self._hang_up()

    def _path_with_etag(self) -> str | None:
        """Sometimes a path with a known ETag, to request it again; else None."""
        if self._etags and self._random.random() < _REPEAT_SHARE:
            return self._random.choice(list(self._etags))
        return None

    async def _ask(self, path: str, *, with_etag: bool) -> bool:
        if self._writer is None or self._writer.is_closing():
            self._reader, self._writer = await asyncio.open_connection(HOST, self._port)
        assert self._reader is not None  # noqa: S101  (opened with the writer)
        etag = self._etags.get(path) if with_etag else None
        condition = b"If-None-Match: %b\r\n" % etag if etag else b""
        head = f"GET {path} HTTP/1.1\r\nHost: kota.example\r\nAccept-Encoding: gzip\r\n".encode()
        self._writer.write(head + condition + b"\r\n")
        answer = await self._reader.readuntil(b"\r\n\r\n")
        status = int(_STATUS.match(answer)[1])  # type: ignore[index]  # an answer has one
        await _body(self._reader, answer)
        if (match := _ETAG.search(answer)) and status == 200:
            self._etags[path] = match[1]
        if _CLOSING.search(answer):
            self._hang_up()
        return status in _EXPECTED_STATUSES

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
        # A 304 has the length of the full body, but no body.
        await reader.readexactly(0 if b" 304 " in head[:16] else int(length[1]))


async def _all(
    port: int, number: int, seconds: float, requests: Sequence[MapRequest]
) -> dict[str, list[float]]:
    clients = [Client(port, requests, seed) for seed in range(number)]
    end = time.monotonic() + seconds
    await asyncio.gather(*(client.ask_until(end) for client in clients))
    seconds_by_kind: defaultdict[str, list[float]] = defaultdict(list)
    for client in clients:
        for kind, kind_seconds in client.seconds_by_kind.items():
            seconds_by_kind[kind] += kind_seconds
    return dict(seconds_by_kind)


def main() -> None:
    port, number, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    requests = [MapRequest(*entry) for entry in json.load(sys.stdin)]
    print(json.dumps(asyncio.run(_all(port, number, seconds, requests))))


if __name__ == "__main__":
    main()
