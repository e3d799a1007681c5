"""HTTP caching: an ETag for each response, and the time that a cache may store the response.

A response depends on the run, the request, the public URL (links contain it), the version of the
software and its settings. The ETag is a hash of these, so it is known before the response is made.
"""

import hashlib
from typing import Final
from urllib.parse import urlencode

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.access import AccessTable
from api.http.compression import accepted_encodings
from api.http.configuration import current_settings, rules_in_use
from api.http.links import base_url, request_path
from geodata.version import VERSION

A_DAY: Final = "public, max-age=300, stale-while-revalidate=86400"
"""For a day that is requested by its date: it may be published again, but seldom is."""
A_MINUTE: Final = "public, max-age=60"
"""For the newest day."""
FOREVER: Final = "public, max-age=31536000, immutable"
"""For a run that is requested by its id: a run never changes."""
NOT_MODIFIED: Final = 304
SETTLED_ETAG: Final = "settled_etag"
"""Where the state of a request has the ETag of a settled answer; see `api.http.kept_answers`."""
KEPT_ETAG: Final = "kept_etag"
"""Where the state of a request has the ETag of the answer that the server keeps."""
_ENCODINGS_BY_ENDING: Final[dict[str, frozenset[str]]] = {
    "png": frozenset(),
    "mvt": frozenset({"gzip"}),
}
"""Content encodings of paths that do not use every encoding that the client accepts."""


class NotModified(Exception):  # noqa: N818  (it is no error)
    """The client, or `api.http.kept_answers`, already has this response."""


def set_cache_headers(
    request: Request,
    run: str,
    cache_control: str,
    *,
    form: str = "",
    is_strong: bool = True,
    exists: bool = True,
    is_settled: bool = False,
) -> None:
    """Set ``ETag`` and ``Cache-Control`` of the response to a request.

    Parameters
    ----------
    run
        Public id of the run, or another key that changes whenever the response changes.
    form
        Media type of the response, where the client chooses it with ``Accept``.
    is_strong
        False if the response contains the time of the request: the ETag is then weak.
    exists
        False while it is unknown whether the resource exists: ``*`` does not match until then.
    is_settled
        Whether the request, the database and the date alone decide the response: the server may
        keep it. The time of day, a file and the progress of a preparation must not change it.

    Raises
    ------
    NotModified
        304, where ``If-None-Match`` matches: the client has the response already. Also where the
        server has it.
    """
    etag = _etag(request, f"{run} {form}" if form else run)
    request.state.caching = {
        "ETag": etag if is_strong else f"W/{etag}",
        "Cache-Control": cache_control,
    }
    if form:
        request.state.caching["Vary"] = "Accept"
    if is_settled:
        setattr(request.state, SETTLED_ETAG, etag)
    is_kept = is_settled and getattr(request.state, KEPT_ETAG, None) == etag
    if is_kept or matches_etag(request, etag, exists=exists):
        raise NotModified


def matches_etag(request: Request, etag: str, *, exists: bool = True) -> bool:
    """Whether ``If-None-Match`` says that the client has the response with this ETag.

    Parameters
    ----------
    exists
        Whether the resource exists, so that ``*`` matches.
    """
    header = ",".join(request.headers.getlist("if-none-match"))
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return etag in tags or (exists and header.strip() == "*")


async def not_modified(_request: Request, _error: Exception) -> Response:
    """The response to `NotModified`; `CachingMiddleware` adds the headers."""
    return Response(status_code=NOT_MODIFIED)


class CachingMiddleware:
    """Adds the headers of `set_cache_headers` to the response.

    No cache stores an error or a response that is not public.

    Parameters
    ----------
    table
        Finds which routes are public.
    """

    def __init__(self, app: ASGIApp, table: AccessTable) -> None:
        self._app = app
        self._table = table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(scope, message)
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _add_headers(self, scope: Scope, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        if message["status"] >= 400 or not self._table.route_access(scope).is_public:
            headers["Cache-Control"] = "no-store"
            return
        for name, value in scope.get("state", {}).get("caching", {}).items():
            headers[name] = value
        if message["status"] == NOT_MODIFIED and not scope["path"].endswith(".png"):
            # A cache copies the headers of a 304 to the stored response, so both need this header.
            headers.add_vary_header("Accept-Encoding")


def _etag(request: Request, run: str) -> str:
    # Compression changes the bytes, so a strong ETag depends on the encodings.
    key = (
        VERSION,
        current_settings(request).answer_settings,
        *filter(None, [rules_in_use(request).digest]),
        run,
        base_url(request),
        request_path(request.scope),
        urlencode(sorted(request.query_params.multi_items())),
        _encodings(request),
    )
    return f'"{hashlib.sha256(chr(0).join(key).encode()).hexdigest()[:32]}"'


def _encodings(request: Request) -> str:
    """The accepted content encodings that can change the bytes of the response."""
    encodings = accepted_encodings(request)
    ending = request.scope["path"].rpartition(".")[2]
    return ",".join(sorted(encodings & _ENCODINGS_BY_ENDING.get(ending, encodings)))
