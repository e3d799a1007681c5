"""Who may ask for records: until accounts come, whoever has the token of the server."""

import hmac
from typing import Annotated, Final, Literal

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Message, Receive, Scope, Send

from api.settings import Settings
from geodata.errors import AccessError, TokenError
from zoning.audit import note
from zoning.city import City

_WHO: Final = "token"
"""Whom the audit names while one token opens for everyone who has it."""
_OFFICIAL: Final = ("/officials", "/records", "/newcomers")
_bearer = HTTPBearer(auto_error=False, description="The server's `MIKROZONASI_TOKEN`.")


def official(
    request: Request,
    shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> None:
    """Let officials in; what they are told is kept by no cache.

    Raises
    ------
    AccessError
        ``officials-closed`` where no token is set.
    TokenError
        ``token-wanted`` without the token, or with another.
    """
    settings: Settings = request.app.state.settings
    request.state.caching = {"Cache-Control": "no-store"}
    if settings.token is None:
        raise AccessError(
            "officials-closed",
            "Records are closed here: this server has no token. Set MIKROZONASI_TOKEN to at least "
            "16 characters in its environment, start it again, and send the token along as "
            "`Authorization: Bearer ...`.",
        )
    given = "" if shown is None else shown.credentials
    # In constant time: how long a refusal takes must not tell how much of the token was right.
    if not hmac.compare_digest(settings.token.get_secret_value().encode(), given.encode()):
        raise TokenError(
            "token-wanted",
            "This is for officials. Send the server's token along as `Authorization: Bearer ...`.",
        )


def note_records(request: Request, action: Literal["read", "write"], records: int) -> None:
    """Leave a line in the audit: what was asked for, and how many records were told or taken."""
    city: City = request.app.state.city
    note(city.store, who=_WHO, action=action, what=request.url.path, records=records)


def _official_city(request: Request) -> City:
    city: City = request.app.state.city
    return city


OfficialCity = Annotated[City, Depends(_official_city)]
"""The city with its counts, for routes that only officials reach."""


class PublicCORSMiddleware(CORSMiddleware):
    """Lets other sites' scripts read what is public, and nothing of what is for officials."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and is_official(scope):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def send(self, message: Message, send: Send, request_headers: Headers) -> None:
        """Say the same to all where all may read: a cache then keeps one answer, not one a site."""
        if self.allow_all_origins and message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(self.simple_headers)
            await send(message)
        else:
            await super().send(message, send, request_headers)


def is_official(scope: Scope) -> bool:
    """Whether a request asks for what only officials may see or do."""
    path = str(scope["path"]).removeprefix(str(scope.get("root_path", "")))
    return any(path == known or path.startswith(f"{known}/") for known in _OFFICIAL)
