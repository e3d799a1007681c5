"""Who may ask for what is not public: until accounts come, whoever has the token of the server."""

import hmac
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse
from fastapi.security import HTTPBearer
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from api.http.access import Access, AccessTable
from api.http.configuration import settings_of
from api.http.errors import answer_of, no_such_address
from api.http.links import base_path
from geodata.errors import AccessError, MikrozonasiError, TokenError

official: Final = HTTPBearer(auto_error=False, description="The server's `MIKROZONASI_TOKEN`.")
"""Says in the description of the interface that a path wants the token. `GateMiddleware` asks."""


class GateMiddleware:
    """Lets everyone see what is listed as public, officials the rest, and nothing else through.

    Parameters
    ----------
    table
        Says which is which.
    """

    def __init__(self, app: ASGIApp, table: AccessTable) -> None:
        self._app = app
        self._table = table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (self._app if refusal is None else refusal)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        answering, request = self._table.of(scope), Request(scope)
        if answering.access is Access.NOTHING:
            return no_such_address(request)
        if answering.access is Access.OFFICIALS:
            try:
                _check_token(request)
            except MikrozonasiError as error:
                return answer_of(request, error)
        if answering.moved_to is None:
            return None
        query = scope["query_string"].decode("latin-1")
        moved_to = quote(f"{base_path(request)}{answering.moved_to}")
        return RedirectResponse(f"{moved_to}?{query}" if query else moved_to)


def _check_token(request: Request) -> None:
    """Let officials in.

    Raises
    ------
    AccessError
        ``officials-closed`` where no token is set.
    TokenError
        ``token-wanted`` without the token, or with another.
    """
    token = settings_of(request).token
    if token is None:
        raise AccessError(
            "officials-closed",
            "Records are closed here: this server has no token. Set MIKROZONASI_TOKEN to at least "
            "16 characters in its environment, start it again, and send the token along as "
            "`Authorization: Bearer ...`.",
            indonesian="Data tidak dapat dibuka di sini: server ini tidak punya token. Isi "
            "MIKROZONASI_TOKEN dengan sedikitnya 16 karakter, jalankan ulang server, lalu kirim "
            "token sebagai `Authorization: Bearer ...`.",
        )
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    shown = shown.strip() if scheme.lower() == "bearer" else ""
    # In constant time: how long a refusal takes must not tell how much of the token was right.
    if not hmac.compare_digest(token.get_secret_value().encode(), shown.encode()):
        raise TokenError(
            "token-wanted",
            "This is for officials. Send the server's token along as `Authorization: Bearer ...`.",
            indonesian="Ini hanya untuk petugas. Kirim token server sebagai `Authorization: "
            "Bearer ...`.",
        )


class PublicCORSMiddleware:
    """Lets other sites' scripts read what is listed for them, by the methods listed.

    Parameters
    ----------
    table
        Says what that is.
    origins
        The sites; ``*`` for all.
    """

    def __init__(self, app: ASGIApp, table: AccessTable, origins: Sequence[str]) -> None:
        self._app = app
        self._table = table
        self._origins = origins
        self._cors = lru_cache(maxsize=8)(self._allowing)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        app = self._app
        if scope["type"] == "http":
            if scope["method"] == "OPTIONS":
                methods = self._table.methods_for_other_sites(scope)
                app = self._cors(methods) if methods else app
            elif self._table.of(scope).is_read_by_other_sites:
                app = self._cors(("GET",))
        await app(scope, receive, send)

    def _allowing(self, methods: tuple[str, ...]) -> ASGIApp:
        return _SameForAll(
            self._app,
            allow_origins=self._origins,
            allow_methods=[*methods, *(("HEAD",) if "GET" in methods else ())],
            allow_headers=["Cache-Control", "If-Modified-Since", "If-None-Match", "Range"],
            expose_headers=["ETag", "Content-Crs"],
            max_age=86400,
        )


class _SameForAll(CORSMiddleware):
    """Says the same to all where all may read: a cache then keeps one answer, not one a site."""

    async def send(self, message: Message, send: Send, request_headers: Headers) -> None:
        """Send one message."""
        if self.allow_all_origins and message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(self.simple_headers)
            await send(message)
        else:
            await super().send(message, send, request_headers)
