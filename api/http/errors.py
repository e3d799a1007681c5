"""Errors as the outside sees them: a status, a stable code, a sentence; nothing of the inside.

A page says the sentence in Indonesian and English; JSON says it in English, beside the code.
"""

from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from api.http.configuration import rules_in_use, settings_of
from api.http.links import base_path, path_of
from api.http.parameter_faults import message_of
from api.pages.error_page import error_page
from api.pages.policy import page_policy
from geodata.errors import (
    AccessError,
    BusyError,
    InputError,
    MikrozonasiError,
    NotFoundError,
    NotReadyError,
    StoreError,
    TokenError,
    TooLargeError,
    UnsupportedError,
)
from geodata.language import Bilingual, Language

STATUS: Final[dict[type[MikrozonasiError], int]] = {
    NotFoundError: 404,
    TokenError: 401,
    AccessError: 403,
    TooLargeError: 413,
    UnsupportedError: 415,
    InputError: 422,
    StoreError: 503,
    MikrozonasiError: 500,
}
"""The first class an error belongs to says its status."""
_HTTP: Final = {
    404: (
        "not-found",
        Bilingual(
            "Tidak ada apa-apa di alamat ini. Yang ada tercantum di /docs.",
            "There is nothing at this address. /docs lists what there is.",
        ),
    ),
    405: (
        "method-not-allowed",
        Bilingual(
            "Alamat ini tidak menerima cara itu. Yang ada tercantum di /docs.",
            "This address does not take that method. /docs lists what there is.",
        ),
    ),
}
_OTHER_HTTP: Final = (
    "http-error",
    Bilingual("Permintaan ini tidak dapat dijawab.", "This cannot be answered."),
)
_UNEXPECTED: Final = Bilingual(
    "Ada yang salah di server ini; sudah dicatat.", "Something went wrong here; it has been noted."
)
GENERAL: Final = (
    *((status, code, said) for status, (code, said) in _HTTP.items()),
    (400, *_OTHER_HTTP),
    (500, "internal", _UNEXPECTED),
    (
        422,
        "invalid-parameter",
        Bilingual(
            "Nama parameter dan apa yang salah pada nilainya.",
            "The name of the parameter, and what is wrong with its value.",
        ),
    ),
)
"""Status, code and sentence of errors that no exception of this project carries."""
HTTP_UNAVAILABLE: Final = 503
_AGAIN_AFTER: Final = 5
"""Seconds."""
_OF_ERRORS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Of every error; an unexpected one passes no middleware of ours."""
_PAGES: Final = frozenset({"/", "/map", "/embed", "/embed/guide"})
_PAGES_BELOW: Final = ("/embed/guide/", "/docs/guide/")


class ErrorAnswer(BaseModel):
    """What every error says."""

    code: str = Field(description="Stable; for machines.", examples=["no-run"])
    message: str = Field(description="For people: what to do.")


def add_error_handlers(app: FastAPI) -> None:
    """Answer every error in one form."""
    app.add_exception_handler(MikrozonasiError, _ours)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def status_of(error: MikrozonasiError) -> int:
    """HTTP status of one of our errors."""
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


async def _ours(request: Request, error: Exception) -> Response:
    if not isinstance(error, MikrozonasiError):
        raise error
    return answer_of(request, error)


def answer_of(request: Request, error: MikrozonasiError) -> Response:
    """The answer that says one of our errors."""
    status = _status(request, status_of(error))
    said = Bilingual(error.indonesian, error.message)
    answer = _answer(request, status, error.code, said)
    if isinstance(error, TokenError):
        answer.headers["WWW-Authenticate"] = "Bearer"
    if status == HTTP_UNAVAILABLE:
        again = error.retry_after if isinstance(error, NotReadyError | BusyError) else _AGAIN_AFTER
        answer.headers["Retry-After"] = str(again)
    return answer


def no_such_address(request: Request) -> Response:
    """The answer where there is no route."""
    return _answer(request, 404, *_HTTP[404])


async def _malformed(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    return _answer(request, _status(request, 422), "invalid-parameter", message_of(error.errors()))


def _status(request: Request, status: int) -> int:
    """The status, but that OGC API wants 400 for what is 422 elsewhere."""
    return 400 if status == 422 and _is_ogc(request) else status


def _is_ogc(request: Request) -> bool:
    path = path_of(request.scope)
    return path == "/ogc" or path.startswith("/ogc/")


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    code, said = _HTTP.get(error.status_code, _OTHER_HTTP)
    answer = _answer(request, error.status_code, code, said)
    answer.headers.update(error.headers or {})  # as Allow, of the methods that are taken
    return answer


async def _unexpected(request: Request, _: Exception) -> Response:
    """Say nothing of the inside; the server logs the error itself, for it is raised on."""
    return _answer(request, 500, "internal", _UNEXPECTED)


def _wants_page(request: Request, code: str) -> bool:
    if _is_ogc(request) and "f" in request.query_params:
        return request.query_params["f"] == "html"
    path = path_of(request.scope)
    is_page = path in _PAGES or path.startswith(_PAGES_BELOW) or code == _HTTP[404][0]
    return (is_page or _is_ogc(request)) and "text/html" in request.headers.get("accept", "")


def _answer(request: Request, status: int, code: str, said: Bilingual) -> Response:
    headers = dict(_OF_ERRORS)
    if not _wants_page(request, code):
        return JSONResponse({"code": code, "message": said.en}, status, headers)
    # In a frame too, whoever put it there must be able to read what is wrong.
    framed = path_of(request.scope) == "/embed"
    ancestors = settings_of(request).frame_ancestors if framed else ()
    headers["Content-Security-Policy"] = page_policy([], ancestors, None)
    language: Language = "en" if request.query_params.get("lang") == "en" else "id"
    page = error_page(base_path(request), code, said, language, rules_in_use(request).disease)
    return HTMLResponse(page, status, headers)
