"""Limits on the size of a request: its path, its parameters and its body."""

import re
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.errors import error_response
from api.http.links import request_path
from geodata.errors import InputError, MikrozonasiError, NotFoundError, TooLargeError

LONGEST_PATH: Final = 2000
MOST_PARAMETERS: Final = 100
LARGEST_BODY: Final = 64_000
"""Bytes of a body that is not a file."""
_UPLOAD_PATH: Final = re.compile(r"/records/[^/]*")


class BoundsMiddleware:
    """Rejects requests above the limits before anything else handles them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        error = _limit_error(scope)
        if error is None and _has_body(scope) and not _is_upload(scope):
            body = await _read_body(receive)
            if body is None:
                error = _too_large()
            else:
                receive = _replay(body, receive)
        if error is None:
            await self._app(scope, receive, send)
        else:
            await error_response(Request(scope), error)(scope, receive, send)


def _limit_error(scope: Scope) -> MikrozonasiError | None:
    if len(scope["path"]) > LONGEST_PATH:
        return NotFoundError(
            "not-found",
            f"The path is longer than {LONGEST_PATH} characters. Open /docs for all paths.",
            indonesian=f"Alamat ini lebih panjang dari {LONGEST_PATH} karakter. Semua alamat "
            "tercantum di /docs.",
        )
    query: bytes = scope["query_string"]
    if query.count(b"&") >= MOST_PARAMETERS:
        return InputError(
            "too-many-parameters",
            f"This address has more than {MOST_PARAMETERS} parameters. Send fewer parameters.",
            indonesian=f"Alamat ini memuat lebih dari {MOST_PARAMETERS} parameter. "
            "Kurangi jumlahnya.",
        )
    return None


def _is_upload(scope: Scope) -> bool:
    return _UPLOAD_PATH.fullmatch(request_path(scope)) is not None


def _has_body(scope: Scope) -> bool:
    return any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])


async def _read_body(receive: Receive) -> bytes | None:
    """The body; None as soon as the body is too large."""
    body = bytearray()
    has_more = True
    while has_more:
        message = await receive()
        if message["type"] != "http.request":
            break
        body += message.get("body", b"")
        has_more = message.get("more_body", False)
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body as one message, then the later messages of the connection."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_body() -> Message:
        return messages.pop() if messages else await receive()

    return receive_body


def _too_large() -> TooLargeError:
    return TooLargeError(
        "too-large",
        f"The body is larger than {LARGEST_BODY} bytes. Send less, or send a file to /records.",
        indonesian=f"Isi permintaan lebih besar dari {LARGEST_BODY} byte. Kirim lebih sedikit, "
        "atau kirim berkas ke /records.",
    )
