"""Errors as the outside sees them: a status, a stable code, a sentence; nothing of the inside."""

from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from api.headers import page_policy
from api.links import base_path
from geodata.errors import (
    AccessError,
    InputError,
    MikrozonasiError,
    NotFoundError,
    StoreError,
    TokenError,
    TooLargeError,
    UnsupportedError,
)
from zoning.drawing.pages import message_page

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
    404: ("not-found", "There is nothing at this address. /docs lists what there is."),
    405: (
        "method-not-allowed",
        "This address does not take that method. /docs lists what there is.",
    ),
}
_PAGES: Final = frozenset({"/", "/map", "/embed", "/embed/guide"})


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
    answer = _answer(request, _status(request, status_of(error)), error.code, error.message)
    if isinstance(error, TokenError):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


async def _malformed(request: Request, error: Exception) -> Response:
    """Name the parameters and what is wrong with them; never repeat what came."""
    if not isinstance(error, RequestValidationError):
        raise error
    faults = [f"{fault['loc'][-1]}: {_said(fault['msg'])}" for fault in error.errors()]
    status = _status(request, 422)
    return _answer(request, status, "invalid-parameter", " ".join(dict.fromkeys(faults)))


def _status(request: Request, status: int) -> int:
    """The status, but that OGC API wants 400 for what is 422 elsewhere."""
    return 400 if status == 422 and _is_ogc(request) else status


def _is_ogc(request: Request) -> bool:
    path = _path(request)
    return path == "/ogc" or path.startswith("/ogc/")


def _path(request: Request) -> str:
    return request.url.path.removeprefix(base_path(request))


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    code, message = _HTTP.get(error.status_code, ("http-error", "This cannot be answered."))
    return _answer(request, error.status_code, code, message)


async def _unexpected(request: Request, _: Exception) -> Response:
    """Say nothing of the inside; the server logs the error itself, for it is raised on."""
    return _answer(request, 500, "internal", "Something went wrong here; it has been noted.")


def _said(message: str) -> str:
    sentence = message.removeprefix("Value error, ")
    return sentence[:1].upper() + sentence[1:].rstrip(".") + "."


def _wants_page(request: Request) -> bool:
    if _is_ogc(request) and "f" in request.query_params:
        return request.query_params["f"] == "html"
    has_pages = _path(request) in _PAGES or _is_ogc(request)
    return has_pages and "text/html" in request.headers.get("accept", "")


def _answer(request: Request, status: int, code: str, message: str) -> Response:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if _wants_page(request):
        base = base_path(request)
        # In a frame too, whoever put it there must be able to read what is wrong.
        framed = _path(request) == "/embed"
        ancestors = request.app.state.settings.frame_ancestors if framed else ()
        headers["Content-Security-Policy"] = page_policy([], ancestors, None)
        return HTMLResponse(message_page(base, code, message), status, headers)
    return JSONResponse({"code": code, "message": message}, status, headers)
