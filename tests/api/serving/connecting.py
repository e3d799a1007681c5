"""Connections with a manual clock and a client that a test controls."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.server import ServerState

from api.serving.connections import Connections
from api.serving.limits import Limits
from api.serving.protocol import BoundedProtocol

LIMITS = Limits(
    connections=10,
    per_client=4,
    unread_bytes=5_000_000,
    head_seconds=10.0,
    head_bytes=2000,
    headers=20,
    pipelined=3,
    grace_seconds=20.0,
    least_rate=1000,
    linger_seconds=5.0,
)
App = Callable[[Any, Any, Any], Awaitable[None]]


class ManualClockLoop(asyncio.SelectorEventLoop):
    """An event loop whose time advances only by `advance`."""

    def __init__(self) -> None:
        self.now = 1000.0
        super().__init__()

    def time(self) -> float:
        return self.now

    def settle(self) -> None:
        """Run all callbacks of this moment."""
        for _ in range(30):
            self.call_soon(self.stop)
            self.run_forever()

    def advance(self, seconds: float) -> None:
        """Advance the time."""
        self.settle()
        self.now += seconds
        self.settle()


class Wire(asyncio.Transport):
    """The bytes that the server wrote, and the number of bytes that the client has not read."""

    HIGH, LOW = 65536, 16384

    def __init__(self, loop: ManualClockLoop, host: str) -> None:
        super().__init__({"peername": (host, 50000), "sockname": ("192.0.2.1", 8000)})
        self._loop = loop
        self.protocol: Any = None
        self.written = bytearray()
        self.client_reads = True
        self.unread = 0
        self.is_paused = self.is_reading_paused = False
        self.is_closing_now = self.is_lost = self.is_aborted = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.is_lost
        self.written += data
        if not self.client_reads:
            self.unread += len(data)
            if self.unread > self.HIGH and not self.is_paused:
                self.is_paused = True
                self.protocol.pause_writing()

    def read(self, size: int) -> None:
        """Let the client read some bytes."""
        self.unread = max(0, self.unread - size)
        if self.is_paused and self.unread <= self.LOW:
            self.is_paused = False
            self.protocol.resume_writing()
        if self.is_closing_now and not self.unread:
            self._lose()
        self._loop.settle()

    def get_write_buffer_size(self) -> int:
        return self.unread

    def pause_reading(self) -> None:
        self.is_reading_paused = True

    def resume_reading(self) -> None:
        self.is_reading_paused = False

    def is_closing(self) -> bool:
        return self.is_closing_now

    def close(self) -> None:
        self.is_closing_now = True
        if not self.unread:
            self._lose()

    def abort(self) -> None:
        self.is_closing_now = self.is_aborted = True
        self._lose()

    def _lose(self) -> None:
        if not self.is_lost:
            self.is_lost = True
            self._loop.call_soon(self.protocol.connection_lost, None)

    @property
    def status(self) -> int | None:
        """Status of the last answer; None without an answer."""
        heads = bytes(self.written).split(b"HTTP/1.1 ")[1:]
        return int(heads[-1][:3]) if heads else None

    @property
    def code(self) -> str:
        """Code of the error in the last answer."""
        return str(json.loads(bytes(self.written).rpartition(b"\r\n\r\n")[2])["code"])


class Server:
    """A server of one application, and the clients that connect to it."""

    def __init__(self, loop: ManualClockLoop, app: App, limits: Limits, proxies: str) -> None:
        self.loop = loop
        self.connections = Connections(limits)
        self._config = Config(app, ws="none", log_config=None, forwarded_allow_ips=proxies)
        self._config.load()
        self._state = ServerState()

    def connect(self, host: str = "198.51.100.1") -> Wire:
        wire = Wire(self.loop, host)
        wire.protocol = BoundedProtocol(
            self._config,
            self._state,
            {},
            cast("asyncio.AbstractEventLoop", self.loop),
            connections=self.connections,
        )
        wire.protocol.connection_made(wire)
        self.loop.settle()
        return wire

    def send(self, wire: Wire, data: bytes) -> None:
        if not wire.is_closing_now:
            wire.protocol.data_received(data)
        self.loop.settle()


@contextmanager
def serving(app: App, limits: Limits = LIMITS, proxies: str = "127.0.0.1") -> Iterator[Server]:
    """Serve an application until the end of the block."""
    loop = ManualClockLoop()
    asyncio.set_event_loop(loop)
    try:
        yield Server(loop, app, limits, proxies)
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.settle()
        asyncio.set_event_loop(None)
        loop.close()
