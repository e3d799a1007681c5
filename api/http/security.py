"""Access control: officials' routes need the token of the server; CORS of public routes."""

import hmac
from collections.abc import Sequence
from functools import cache
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
from api.http.configuration import current_settings
from api.http.errors import error_response, not_found_response
from api.http.links import base_path
from geodata.errors import AccessError, MikrozonasiError, TokenError

bearer_token: Final = HTTPBearer(auto_error=False, description="The server's `MIKROZONASI_TOKEN`.")
"""Marks a path with a token in the OpenAPI description; `GateMiddleware` checks the token."""


class GateMiddleware:
    """Passes public routes for everyone and the other routes for officials; 404 for no route.

    Parameters
    ----------
    table
        Finds the access of a route.
    """

    def __init__(self, app: ASGIApp, table: AccessTable) -> None:
        self._app = app
        self._table = table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        response = self._check(scope) if scope["type"] == "http" else None
        await (self._app if response is None else response)(scope, receive, send)

    def _check(self, scope: Scope) -> Response | None:
        """The response that replaces the route; None if the request may pass."""
        route_access, request = self._table.route_access(scope), Request(scope)
        if route_access.access is Access.NOTHING:
            return not_found_response(request)
        if route_access.access is Access.OFFICIALS:
            try:
                _check_token(request)
            except MikrozonasiError as error:
                return error_response(request, error)
        if route_access.redirect_path is None:
            return None
        query = scope["query_string"].decode("latin-1")
        target = quote(f"{base_path(request)}{route_access.redirect_path}")
        return RedirectResponse(f"{target}?{query}" if query else target)


def _check_token(request: Request) -> None:
    """Check the token of a request to an officials' route.

    Raises
    ------
    AccessError
        ``officials-closed`` if the server has no token.
    TokenError
        ``token-wanted`` if the request has no token or a wrong token.
    """
    token = current_settings(request).token
    if token is None:
        raise AccessError(
            "officials-closed",
            "Records are closed here: this server has no token. Set MIKROZONASI_TOKEN to at least "
            "16 characters in its environment, start the server again, and send the token as "
            "`Authorization: Bearer ...`.",
            indonesian="Data tidak dapat dibuka di sini: server ini tidak punya token. Isi "
            "MIKROZONASI_TOKEN dengan sedikitnya 16 karakter, jalankan ulang server, lalu kirim "
            "token sebagai `Authorization: Bearer ...`.",
        )
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    request_token = credentials.strip() if scheme.lower() == "bearer" else ""
    # In constant time: the duration must not disclose how much of a wrong token is right.
    if not hmac.compare_digest(token.get_secret_value().encode(), request_token.encode()):
        raise TokenError(
            "token-wanted",
            "This address is for officials. Send the token of the server as "
            "`Authorization: Bearer ...`.",
            indonesian="Alamat ini hanya untuk petugas. Kirim token server sebagai "
            "`Authorization: Bearer ...`.",
        )


class PublicCORSMiddleware:
    """Lets scripts of other sites read the public data routes.

    Parameters
    ----------
    table
        Finds these routes and their methods.
    origins
        Origins of the sites; ``*`` for all.
    """

    def __init__(self, app: ASGIApp, table: AccessTable, origins: Sequence[str]) -> None:
        self._app = app
        self._table = table
        self._origins = origins
        self._cors = cache(self._cors_middleware)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        app = self._app
        if scope["type"] == "http":
            if scope["method"] == "OPTIONS":
                methods = self._table.cross_origin_methods(scope)
                app = self._cors(methods) if methods else app
            elif self._table.route_access(scope).is_cross_origin:
                app = self._cors(())  # methods are in the responses to preflights only
        await app(scope, receive, send)

    def _cors_middleware(self, methods: tuple[str, ...]) -> ASGIApp:
        return _UniformCORSMiddleware(
            self._app,
            allow_origins=self._origins,
            allow_methods=[*methods, *(("HEAD",) if "GET" in methods else ())],
            allow_headers=["Cache-Control", "If-Modified-Since", "If-None-Match", "Range"],
            expose_headers=["ETag", "Content-Crs"],
            max_age=86400,
        )


class _UniformCORSMiddleware(CORSMiddleware):
    """Sends the same headers to all sites where all may read: a cache stores one response."""

    async def send(self, message: Message, send: Send, request_headers: Headers) -> None:
        """Send one message."""
        if self.allow_all_origins and message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(self.simple_headers)
            await send(message)
        else:
            await super().send(message, send, request_headers)
