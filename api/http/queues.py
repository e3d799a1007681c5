"""Concurrency limits: how many requests of a kind run at once, and how many may wait in a queue.

Expensive requests and OGC features have their own queues, so they never delay cheap requests or
`/healthz`. A request that finds its queue full gets 503 ``busy`` at once. A request releases its
slot when the response starts, so a client that reads slowly blocks no other client.
"""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Final, NamedTuple

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.access import Access, AccessTable
from api.http.errors import error_response
from api.http.links import request_path
from geodata.errors import StoreError


class QueueLimits(NamedTuple):
    """Limits of the requests of one kind.

    Attributes
    ----------
    concurrent
        How many requests run at the same time.
    waiting
        How many more requests may wait.
    """

    concurrent: int
    waiting: int


# The running requests of the other queues and the threads that make tiles are together fewer than
# the PostgreSQL connections of a process (`geodata.store.postgres`): no request waits for a
# connection. A request in the queue of tiles holds no connection.
QUEUES: Final = {
    "health": QueueLimits(2, 16),
    "cheap": QueueLimits(8, 256),
    "expensive": QueueLimits(4, 64),
    "features": QueueLimits(4, 64),
    "officials": QueueLimits(4, 32),
    "tiles": QueueLimits(512, 0),
}
_QUEUE_BY_ACCESS: Final = {Access.HEALTH: "health", Access.OFFICIALS: "officials"}
_QUEUE_BY_PATH: Final = (
    ("tiles", re.compile(r"/picture/.*|/tiles/[^/]+/.*|/ogc/.*tiles/[^/]+/[^/]+/[^/]+/[^/]+")),
    ("features", re.compile(r"/ogc/.*/items(/.*)?")),
    ("expensive", re.compile(r"/zones/[^/]+/history")),
    (
        "cheap",
        re.compile(
            r"/|/rt(/[^/]+)?|/aturan|/tentang|/names/[^/]+|/colours/[^/]+|/zones/[^/]+|/locate"
            r"|/tilejson|/tilestyle|/tiles/prepared|/manifest\.webmanifest|/service-worker\.js"
            r"|/docs(/guide(/.*)?)?|/openapi\.json|/assets/.*|/ogc(/.*)?"
        ),
    ),
)
_WRITER_THREADS: Final = 4


def queue_name(path: str, access: Access) -> str:
    """Name of the queue of a path; ``expensive`` for every path that no other queue lists."""
    if access in _QUEUE_BY_ACCESS:
        return _QUEUE_BY_ACCESS[access]
    return next((name for name, paths in _QUEUE_BY_PATH if paths.fullmatch(path)), "expensive")


class QueueMiddleware:
    """Lets every request wait for a slot, or answers 503 where too many wait.

    Parameters
    ----------
    table
        Finds which routes are for officials.
    """

    def __init__(self, app: ASGIApp, table: AccessTable) -> None:
        self._app = app
        self._table = table
        self._slots = {name: CapacityLimiter(limits.concurrent) for name, limits in QUEUES.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = queue_name(request_path(scope), self._table.route_access(scope).access)
        slots = self._slots[name]
        # No await between the count and the decision: no other task can run in between.
        if not slots.available_tokens:
            waiting = slots.statistics().tasks_waiting
            if waiting >= QUEUES[name].waiting:
                await error_response(Request(scope), _busy())(scope, receive, send)
                return
        slot = _Slot(slots)
        await slots.acquire_on_behalf_of(slot)

        async def release_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                slot.release()
            await send(message)

        try:
            await self._app(scope, receive, release_and_send)
        finally:
            slot.release()


class _Slot:
    def __init__(self, slots: CapacityLimiter) -> None:
        self._slots = slots
        self._is_released = False

    def release(self) -> None:
        if not self._is_released:
            self._is_released = True
            self._slots.release_on_behalf_of(self)


def _busy() -> StoreError:
    return StoreError(
        "busy",
        "Too many requests of this kind are waiting. Try again in a few seconds.",
        indonesian="Terlalu banyak permintaan sejenis ini sedang menunggu. Coba lagi beberapa "
        "detik lagi.",
    )


class StreamWriter:
    """Writes long responses piece by piece, on a few threads of its own."""

    def __init__(self) -> None:
        self._threads = CapacityLimiter(_WRITER_THREADS)

    async def pieces(self, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
        """The same pieces; a thread makes a piece after the piece before it was sent."""
        while (piece := await run_sync(next, pieces, None, limiter=self._threads)) is not None:
            yield piece
