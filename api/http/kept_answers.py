"""Kept answers: a page is the same bytes for everybody until the city changes.

`set_cache_headers` marks an answer as settled: the request, the database and the date alone decide
it. The server keeps the compressed bytes of such an answer, in the bounded cache of the city. A
later request for the same address costs one read of the database: the moment of the last write.

After any write, the route computes the ETag of the answer again. If the ETag is the same, the kept
answer is sent; else the route makes a new one.
"""

import re
from datetime import date, datetime
from typing import Final, NamedTuple

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.caching import KEPT_ETAG, NOT_MODIFIED, SETTLED_ETAG, matches_etag
from api.http.compression import accepted_encodings
from api.http.links import base_url, request_path
from geodata.errors import MikrozonasiError
from zoning.caching import Key
from zoning.public.city import PublicCity

LARGEST_BODY: Final = 200_000
"""Bytes of the largest body that is kept."""
LONGEST_QUERY: Final = 200
"""Bytes of the longest query whose answer is kept; queries of our links are shorter."""
_PATHS: Final = re.compile(
    r"/|/map|/embed|/summary|/aturan|/tentang|/(rt|wilayah|zones)/[^/]+|/wilayah"
)
"""Only for these paths the moment of the last write is read."""
THREADS: Final = 2
"""Threads that read this moment."""
_HEADERS_OF_BODIES: Final = frozenset({b"content-length", b"transfer-encoding"})
"""A request with a body goes through the checks of bodies."""
_HEADERS_OF_304: Final = (b"etag", b"cache-control", b"vary")


class _State(NamedTuple):
    """What decides a settled answer, besides the request. Read before the answer is made."""

    last_write: datetime
    today: date


class _KeptAnswer(NamedTuple):
    """An answer as sent, and the state for which it is known to be right."""

    state: _State
    etag: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    @property
    def nbytes(self) -> int:
        """Bytes of the body and the headers."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers)


class KeptAnswersMiddleware:
    """Sends kept answers, and keeps the settled answers of the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._threads = CapacityLimiter(THREADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        state = await self._read_state(scope) if _may_be_kept(scope) else None
        if state is None:
            await self._app(scope, receive, send)
            return
        city, request = _city(scope), Request(scope)
        key = _key(request)
        kept: _KeptAnswer | None = city.cache.get(key)
        if kept is not None and kept.state == state:
            await _send_kept(kept, request, send)
            return
        marks = scope.setdefault("state", {})
        if kept is not None:
            marks[KEPT_ETAG] = kept.etag
        recorder = _Recorder(marks, send, kept)
        await self._app(scope, receive, recorder.send)
        if recorder.is_still_right and kept is not None:
            kept = kept._replace(state=state)
            await _send_kept(kept, request, send)
        else:
            kept = recorder.answer(state)
        if kept is not None:
            _keep(city, key, kept)

    async def _read_state(self, scope: Scope) -> _State | None:
        """The state; None if the database does not answer: the route says so better."""
        try:
            return await run_sync(_state_of, _city(scope), limiter=self._threads)
        except MikrozonasiError:
            return None


class _Recorder:
    """Passes an answer on and records it, if it is settled and not too large."""

    def __init__(self, marks: dict[str, object], send: Send, kept: _KeptAnswer | None) -> None:
        self._marks, self._send, self._kept = marks, send, kept
        self._headers: tuple[tuple[bytes, bytes], ...] = ()
        self._body = bytearray()
        self._is_recording = self._is_complete = False
        self.is_still_right = False
        """Whether the route found that the kept answer is the answer."""

    async def send(self, message: Message) -> None:
        """Pass one message on, unless the kept answer replaces it."""
        if message["type"] == "http.response.start":
            settled = self._marks.get(SETTLED_ETAG)
            self.is_still_right = (
                self._kept is not None
                and settled == self._kept.etag
                and message["status"] == NOT_MODIFIED
            )
            self._is_recording = settled is not None and message["status"] == 200
            self._headers = tuple(message["headers"])
        elif self._is_recording:
            self._body += message.get("body", b"")
            self._is_complete = not message.get("more_body", False)
            self._is_recording = len(self._body) <= LARGEST_BODY
        if not self.is_still_right:
            await self._send(message)

    def answer(self, state: _State) -> _KeptAnswer | None:
        """The recorded answer; None if there is none to keep."""
        if not (self._is_recording and self._is_complete):
            return None
        etag = str(self._marks[SETTLED_ETAG])
        return _KeptAnswer(state, etag, self._headers, bytes(self._body))


def _key(request: Request) -> Key:
    """Everything in a request that can change a settled answer."""
    return (
        "kept answer",
        base_url(request),
        str(request.scope.get("root_path", "")),
        str(request.scope["path"]),
        bytes(request.scope["query_string"]),
        accepted_encodings(request),
    )


def _may_be_kept(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and _PATHS.fullmatch(request_path(scope)) is not None
        and len(scope["query_string"]) <= LONGEST_QUERY
        and not any(name in _HEADERS_OF_BODIES for name, _ in scope["headers"])
    )


def _city(scope: Scope) -> PublicCity:
    city: PublicCity = scope["app"].state.public.city
    return city


def _state_of(city: PublicCity) -> _State:
    return _State(city.last_write(), datetime.now(city.timezone).date())


def _keep(city: PublicCity, key: Key, kept: _KeptAnswer) -> None:
    city.cache.discard(key)
    # A client chooses the length of the key: its address and its host count too.
    city.cache.get_or_build(key, lambda: kept, lambda answer: answer.nbytes + len(repr(key)))


async def _send_kept(kept: _KeptAnswer, request: Request, send: Send) -> None:
    """Send a kept answer, or 304 if the client has it."""
    headers = [(name, value) for name, value in kept.headers]
    status, body = 200, kept.body
    if matches_etag(request, kept.etag):
        status, body = NOT_MODIFIED, b""
        headers = [(name, value) for name, value in headers if name.lower() in _HEADERS_OF_304]
        MutableHeaders(raw=headers).add_vary_header("Accept-Encoding")
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
