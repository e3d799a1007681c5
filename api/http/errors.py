"""Error responses: a status, a stable code and a sentence, without internal details.

A page shows the sentence in Indonesian and English; JSON has the code and the English sentence.
"""

from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from api.http.configuration import current_settings
from api.http.links import request_path
from api.http.parameter_faults import fault_message
from api.http.portal_shell import portal_policy, portal_shell
from api.pages.portal.error_page import PageError, error_page
from api.pages.portal.rendering import Address
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
"""HTTP status by error class; the first class that matches counts."""
_HTTP_ERRORS: Final = {
    404: (
        "not-found",
        Bilingual(
            "Alamat ini tidak ada. Semua alamat tercantum di /docs.",
            "This address does not exist. Open /docs for all addresses.",
        ),
    ),
    405: (
        "method-not-allowed",
        Bilingual(
            "Alamat ini tidak menerima metode HTTP itu. Metodenya tercantum di /docs.",
            "This address does not accept that HTTP method. Open /docs for its methods.",
        ),
    ),
}
_OTHER_HTTP_ERROR: Final = (
    "http-error",
    Bilingual(
        "Permintaan ini tidak dapat dijawab. Periksa alamat dan isinya.",
        "The server cannot answer this request. Check its address and its body.",
    ),
)
_UNEXPECTED: Final = Bilingual(
    "Terjadi kesalahan di server. Kesalahan ini sudah dicatat; coba lagi nanti.",
    "The server had an unexpected error. The error is in its log; try again later.",
)
GENERAL: Final = (
    *((status, code, sentence) for status, (code, sentence) in _HTTP_ERRORS.items()),
    (400, *_OTHER_HTTP_ERROR),
    (500, "internal", _UNEXPECTED),
    (
        422,
        "invalid-parameter",
        Bilingual(
            "Nama parameter dan kesalahan pada nilainya.",
            "The name of the parameter and the fault of its value.",
        ),
    ),
)
"""Status, code and sentence of errors that are no exceptions of this project."""
HTTP_UNAVAILABLE: Final = 503
_RETRY_AFTER: Final = 5
"""Seconds."""
_ERROR_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers of every error; the response to an unexpected error passes no middleware."""
_PAGES: Final = frozenset(
    {"/", "/map", "/embed", "/embed/guide", "/rt", "/wilayah", "/aturan", "/tentang"}
    | {"/tempat", "/rujukan", "/vaksinasi", "/bantuan", "/alat", "/pendatang", "/dokter"}
)
_PAGES_BELOW: Final = ("/embed/guide/", "/docs/guide/", "/rt/", "/wilayah/")


class ErrorAnswer(BaseModel):
    """The body of every error response."""

    code: str = Field(description="Stable code for programs.", examples=["no-run"])
    message: str = Field(description="Sentence for people: cause and remedy.")


def add_error_handlers(app: FastAPI) -> None:
    """Answer every error in the same form."""
    app.add_exception_handler(MikrozonasiError, _handle_project_error)
    app.add_exception_handler(RequestValidationError, _handle_invalid_parameter)
    app.add_exception_handler(HTTPException, _handle_http_error)
    app.add_exception_handler(Exception, _handle_unexpected_error)


def http_status(error: MikrozonasiError) -> int:
    """HTTP status of an error of this project."""
    return next(status for cls, status in STATUS.items() if isinstance(error, cls))


async def _handle_project_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, MikrozonasiError):
        raise error
    return error_response(request, error)


def error_response(request: Request, error: MikrozonasiError) -> Response:
    """The response to an error of this project."""
    status = _status(request, http_status(error))
    sentence = Bilingual(error.indonesian, error.message)
    nearest = error.nearest if isinstance(error, NotFoundError) else {}
    response = _response(request, status, PageError(error.code, sentence, nearest))
    if isinstance(error, TokenError):
        response.headers["WWW-Authenticate"] = "Bearer"
    if status == HTTP_UNAVAILABLE:
        seconds = _RETRY_AFTER
        if isinstance(error, NotReadyError | BusyError):
            seconds = error.retry_after
        response.headers["Retry-After"] = str(seconds)
    return response


def not_found_response(request: Request) -> Response:
    """The response where no route matches."""
    return _response(request, 404, PageError(*_HTTP_ERRORS[404]))


async def _handle_invalid_parameter(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    status = _status(request, 422)
    return _response(request, status, PageError("invalid-parameter", fault_message(error.errors())))


def _status(request: Request, status: int) -> int:
    """The status; paths of OGC API answer 400 instead of 422, as the standard requires."""
    return 400 if status == 422 and _is_ogc(request) else status


def _is_ogc(request: Request) -> bool:
    path = request_path(request.scope)
    return path == "/ogc" or path.startswith("/ogc/")


async def _handle_http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    page_error = PageError(*_HTTP_ERRORS.get(error.status_code, _OTHER_HTTP_ERROR))
    response = _response(request, error.status_code, page_error)
    response.headers.update(error.headers or {})  # Allow lists the accepted methods.
    return response


async def _handle_unexpected_error(request: Request, _: Exception) -> Response:
    """Disclose no internal details; the server logs the error, because it is raised again."""
    return _response(request, 500, PageError("internal", _UNEXPECTED))


def _wants_page(request: Request, code: str) -> bool:
    if _is_ogc(request) and "f" in request.query_params:
        return request.query_params["f"] == "html"
    path = request_path(request.scope)
    is_page = path in _PAGES or path.startswith(_PAGES_BELOW) or code == _HTTP_ERRORS[404][0]
    return (is_page or _is_ogc(request)) and "text/html" in request.headers.get("accept", "")


def _response(request: Request, status: int, error: PageError) -> Response:
    headers = dict(_ERROR_HEADERS)
    if not _wants_page(request, error.code):
        return JSONResponse({"code": error.code, "message": error.message.en}, status, headers)
    # A site that frames the map must be able to show the error.
    is_framed = request_path(request.scope) == "/embed"
    ancestors = current_settings(request).frame_ancestors if is_framed else ()
    headers["Content-Security-Policy"] = portal_policy(ancestors)
    language: Language = "en" if request.query_params.get("lang") == "en" else "id"
    address = Address(request_path(request.scope), language)
    return HTMLResponse(error_page(portal_shell(request), address, error), status, headers)
