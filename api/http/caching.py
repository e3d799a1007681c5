"""HTTP caching: a strong ETag for each answer, and how long a cache may keep it.

An answer depends on the run, on what was asked and where (links lead back there), on this version
and how it is set; its ETag is their hash, so it is known before anything is computed.
"""

import hashlib
from typing import Final

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.access import AccessTable
from api.http.compression import accepted
from api.http.configuration import rules_in_use, settings_of
from api.http.links import base_url, path_of
from geodata.version import VERSION

A_DAY: Final = "public, max-age=300, stale-while-revalidate=86400"
"""Of a day asked for by its date: it may be published anew, but seldom is."""
A_MINUTE: Final = "public, max-age=60"
"""Of the newest day, whichever that is."""
FOREVER: Final = "public, max-age=31536000, immutable"
"""Of a run asked for by its id."""
NOT_MODIFIED: Final = 304
_PACKED_AS: Final[dict[str, frozenset[str]]] = {"png": frozenset(), "mvt": frozenset({"gzip"})}
"""By ending, where it is not whatever the asker accepts."""


class NotModified(Exception):  # noqa: N818  (it is no error)
    """The asker already has this answer."""


def set_cache_headers(
    request: Request,
    run: str,
    how_long: str,
    *,
    form: str = "",
    same_bytes: bool = True,
    exists: bool = True,
) -> None:
    """Set ``ETag`` and ``Cache-Control`` of the answer to a request.

    Parameters
    ----------
    form
        Which of several forms it has, where that hangs on what the asker accepts.
    same_bytes
        False where the answer says when it was made: its ETag is then weak.
    exists
        False while it is not known whether there is an answer: ``*`` then matches nothing yet.

    Raises
    ------
    NotModified
        304, where ``If-None-Match`` matches: the client has the answer already.
    """
    etag = _etag(request, f"{run} {form}" if form else run)
    request.state.caching = {
        "ETag": etag if same_bytes else f"W/{etag}",
        "Cache-Control": how_long,
    }
    if form:
        request.state.caching["Vary"] = "Accept"
    known = ",".join(request.headers.getlist("if-none-match"))
    tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
    if etag in tags or (exists and known.strip() == "*"):
        raise NotModified


async def not_modified(_request: Request, _error: Exception) -> Response:
    """Answer `NotModified`: the headers come from the middleware."""
    return Response(status_code=NOT_MODIFIED)


class CachingMiddleware:
    """Writes the headers that `set_cache_headers` noted into the answer.

    No cache keeps an error, or an answer that is not public.

    Parameters
    ----------
    table
        Says what is public.
    """

    def __init__(self, app: ASGIApp, table: AccessTable) -> None:
        self._app = app
        self._table = table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._mark(scope, message)
            await send(message)

        await self._app(scope, receive, send_marked)

    def _mark(self, scope: Scope, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        if message["status"] >= 400 or not self._table.of(scope).is_public:
            headers["Cache-Control"] = "no-store"
            return
        for name, value in scope.get("state", {}).get("caching", {}).items():
            headers[name] = value
        if message["status"] == NOT_MODIFIED and not scope["path"].endswith(".png"):
            # As the answer it stands for: a cache takes these headers for its own.
            headers.add_vary_header("Accept-Encoding")


def _etag(request: Request, run: str) -> str:
    # A compressed answer is other bytes, so another strong ETag.
    asked = (
        VERSION,
        settings_of(request).shaping,
        *filter(None, [rules_in_use(request).digest]),
        run,
        base_url(request),
        path_of(request.scope),
        *sorted(f"{name}={value}" for name, value in request.query_params.multi_items()),
        _packings(request),
    )
    return f'"{hashlib.sha256(chr(0).join(asked).encode()).hexdigest()[:32]}"'


def _packings(request: Request) -> str:
    """Those accepted that may make other bytes of the answer."""
    every = accepted(request)
    ending = request.scope["path"].rpartition(".")[2]
    return ",".join(sorted(every & _PACKED_AS.get(ending, every)))
