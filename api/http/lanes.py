"""Turns: how many questions of a kind are worked on at once, and how many may wait.

Expensive questions have a lane of their own, so that however many are asked, cheap ones are
answered, and `/healthz` always. Who would wait too long is told so at once (503, ``busy``).
A turn ends when the answer begins: who reads slowly keeps nobody waiting.
"""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Final, NamedTuple

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.access import Access, AccessTable
from api.http.errors import answer_of
from api.http.links import path_of
from geodata.errors import StoreError


class Lane(NamedTuple):
    """A kind of question.

    Attributes
    ----------
    at_once
        How many are worked on at a time.
    waiting
        How many more may wait for their turn.
    """

    at_once: int
    waiting: int


# Together with the threads that make tiles they are fewer than the connections that a process may
# have to PostgreSQL (`geodata.store.postgres`): nobody waits for one of those.
LANES: Final = {
    "health": Lane(2, 16),
    "cheap": Lane(8, 256),
    "expensive": Lane(4, 64),
    "features": Lane(4, 64),
    "officials": Lane(4, 32),
    "tiles": Lane(512, 0),
}
_OF_ACCESS: Final = {Access.HEALTH: "health", Access.OFFICIALS: "officials"}
_KINDS: Final = (
    ("tiles", re.compile(r"/tiles/[^/]+/.*|/ogc/.*tiles/[^/]+/[^/]+/[^/]+/[^/]+")),
    ("features", re.compile(r"/ogc/.*/items(/.*)?")),
    ("expensive", re.compile(r"/zones/[^/]+/history")),
    (
        "cheap",
        re.compile(
            r"/|/zones/[^/]+|/locate|/tilejson|/tilestyle|/tiles/prepared"
            r"|/docs(/guide(/.*)?)?|/openapi\.json|/assets/.*|/ogc(/.*)?"
        ),
    ),
)
_WRITERS: Final = 4


def lane_of(path: str, access: Access) -> str:
    """Name of the lane of a path: ``expensive`` unless something else is known of it."""
    if access in _OF_ACCESS:
        return _OF_ACCESS[access]
    return next((name for name, kind in _KINDS if kind.fullmatch(path)), "expensive")


class LanesMiddleware:
    """Lets every question wait for its turn, or says that too many wait.

    Parameters
    ----------
    table
        Says what officials ask.
    """

    def __init__(self, app: ASGIApp, table: AccessTable) -> None:
        self._app = app
        self._table = table
        self._turns = {name: CapacityLimiter(lane.at_once) for name, lane in LANES.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = lane_of(path_of(scope), self._table.of(scope).access)
        turns = self._turns[name]
        # Those who wait are counted where nobody else runs in between.
        if not turns.available_tokens:
            waiting = turns.statistics().tasks_waiting
            if waiting >= LANES[name].waiting:
                await answer_of(Request(scope), _busy())(scope, receive, send)
                return
        turn = _Turn(turns)
        await turns.acquire_on_behalf_of(turn)

        async def send_freely(message: Message) -> None:
            if message["type"] == "http.response.start":
                turn.end()
            await send(message)

        try:
            await self._app(scope, receive, send_freely)
        finally:
            turn.end()


class _Turn:
    def __init__(self, turns: CapacityLimiter) -> None:
        self._turns = turns
        self._ended = False

    def end(self) -> None:
        if not self._ended:
            self._ended = True
            self._turns.release_on_behalf_of(self)


def _busy() -> StoreError:
    return StoreError(
        "busy",
        "Too many questions of this kind are waiting here. Ask again in a few seconds.",
        indonesian="Terlalu banyak permintaan sedang menunggu. Coba lagi beberapa detik lagi.",
    )


class StreamWriter:
    """Long answers written piece by piece, by a few threads of their own."""

    def __init__(self) -> None:
        self._threads = CapacityLimiter(_WRITERS)

    async def pieces(self, made: Iterator[bytes]) -> AsyncIterator[bytes]:
        """The same pieces; each is made when the one before it has been sent."""
        while (piece := await run_sync(next, made, None, limiter=self._threads)) is not None:
            yield piece
