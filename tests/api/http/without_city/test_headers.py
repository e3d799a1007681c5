"""Security headers of every response, and HEAD like GET."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from starlette.responses import PlainTextResponse

from api.http.access import AccessTable
from api.http.headers import HeadMiddleware, SafetyMiddleware
from tests.api.http.without_city.small_app import request, small_app

DENY_ALL = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
PAGE = "default-src 'self'"


@pytest.fixture(scope="module")
def app() -> FastAPI:
    app = small_app()

    @app.get("/zones")
    @app.get("/records/{kind}")
    def route(request: Request) -> Response:
        return Response(
            status_code=int(request.query_params.get("status", "200")),
            headers={"Content-Security-Policy": PAGE} if "page" in request.query_params else {},
        )

    app.add_middleware(SafetyMiddleware, table=AccessTable(app))
    return app


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("/zones", "cross-origin"),
        ("/zones?status=404", "cross-origin"),
        ("/zones?status=304", "cross-origin"),
        ("/records/cases", "same-origin"),
        ("/records/cases?status=304", "same-origin"),
        ("/nothing", "same-origin"),
    ],
)
def test_every_response_has_security_headers(app: FastAPI, path: str, policy: str) -> None:
    headers = request(app, path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers.getlist("cross-origin-resource-policy") == [policy]


@pytest.mark.parametrize(
    ("target", "policy"),
    [
        ("/zones", DENY_ALL),
        ("/zones?status=404", DENY_ALL),
        ("/zones?page=1", PAGE),
        ("/zones?status=304", None),
    ],
)
def test_a_response_without_a_policy_allows_nothing_and_a_304_keeps_the_stored_policy(
    app: FastAPI, target: str, policy: str | None
) -> None:
    assert request(app, target).headers.get("content-security-policy") == policy


@pytest.mark.parametrize(
    ("event", "method", "becomes"),
    [
        ("http", "HEAD", "GET"),
        ("http", "GET", "GET"),
        ("http", "POST", "POST"),
        ("websocket", "HEAD", "HEAD"),
    ],
)
def test_head_is_answered_like_get(event: str, method: str, becomes: str) -> None:
    passed: list[Any] = []

    async def inner(*arguments: Any) -> None:
        passed.append(arguments)

    scope = {"type": event, "method": method, "path": "/zones"}
    middleware: Any = HeadMiddleware(inner)
    asyncio.run(middleware(scope, "receive", "send"))
    assert passed == [({**scope, "method": becomes}, "receive", "send")]
    assert scope["method"] == method, "the server reads HEAD in its own scope"


def test_an_event_without_a_method_passes() -> None:
    passed = []

    async def inner(scope: Any, _receive: Any, _send: Any) -> None:
        passed.append(scope["type"])

    middleware: Any = HeadMiddleware(inner)
    asyncio.run(middleware({"type": "lifespan"}, None, None))
    assert passed == ["lifespan"]


def test_the_body_passes_unchanged(app: FastAPI) -> None:
    async def inner(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse("answer")(scope, receive, send)

    answer = request(HeadMiddleware(SafetyMiddleware(inner, AccessTable(app))), "/zones")
    assert answer.body == b"answer"
