"""How large a question may be: its path, its parameters, its body; whatever it asks for."""

import re
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.errors import answer_of
from api.http.links import path_of
from geodata.errors import InputError, MikrozonasiError, NotFoundError, TooLargeError

LONGEST_PATH: Final = 2000
MOST_PARAMETERS: Final = 100
LARGEST_BODY: Final = 64_000
"""Bytes, where no file is sent."""
_FILES: Final = re.compile(r"/records/[^/]*")


class BoundsMiddleware:
    """Refuses what is larger than any question is, before anything is made of it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = _refusal(scope)
        if refused is None and _has_body(scope) and not _takes_files(scope):
            body = await _whole_body(receive)
            if body is None:
                refused = _too_large()
            else:
                receive = _once(body, receive)
        if refused is None:
            await self._app(scope, receive, send)
        else:
            await answer_of(Request(scope), refused)(scope, receive, send)


def _refusal(scope: Scope) -> MikrozonasiError | None:
    if len(scope["path"]) > LONGEST_PATH:
        return NotFoundError(
            "not-found",
            "There is nothing at so long an address. /docs lists what there is.",
            indonesian="Tidak ada apa-apa di alamat sepanjang itu. Yang ada tercantum di /docs.",
        )
    query: bytes = scope["query_string"]
    if query.count(b"&") >= MOST_PARAMETERS:
        return InputError(
            "too-many-parameters",
            f"There are more than {MOST_PARAMETERS} parameters in this address. Ask for less.",
            indonesian=f"Ada lebih dari {MOST_PARAMETERS} parameter di alamat ini. "
            "Kurangi jumlahnya.",
        )
    return None


def _takes_files(scope: Scope) -> bool:
    return _FILES.fullmatch(path_of(scope)) is not None


def _has_body(scope: Scope) -> bool:
    return any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])


async def _whole_body(receive: Receive) -> bytes | None:
    """The body; None as soon as it is too large."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)


def _once(body: bytes, receive: Receive) -> Receive:
    """The body as one message, then whatever else comes."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


def _too_large() -> TooLargeError:
    return TooLargeError(
        "too-large",
        f"At most {LARGEST_BODY} bytes are taken here; files go to /records.",
        indonesian=f"Di sini diterima paling banyak {LARGEST_BODY} byte; kirim berkas ke /records.",
    )
