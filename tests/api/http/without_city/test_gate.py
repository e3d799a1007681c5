"""Routes of officials need the token of the server; every form of a wrong token is rejected."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse
from starlette.types import Message

from api.http.access import AccessTable
from api.http.security import GateMiddleware
from tests.api.http.without_city.small_app import BEARER, TOKEN, error_of, request, small_app

CLOSED = (
    "Records are closed here: this server has no token. Set MIKROZONASI_TOKEN to at least 16 "
    "characters in its environment, start the server again, and send the token as "
    "`Authorization: Bearer ...`."
)
WANTED = (
    "This address is for officials. Send the token of the server as `Authorization: Bearer ...`."
)
MISSING = "This address does not exist. Open /docs for all addresses."
WRONG = [
    (),
    (("Authorization", ""),),
    (("Authorization", "Bearer"),),
    (("Authorization", "Bearer "),),
    (("Authorization", TOKEN),),
    (("Authorization", f"Basic {TOKEN}"),),
    (("Authorization", f"Bearer{TOKEN}"),),
    (("Authorization", f"Bearer:{TOKEN}"),),
    (("Authorization", f"Bearer {TOKEN[:-1]}"),),
    (("Authorization", f"Bearer {TOKEN}x"),),
    (("Authorization", f"Bearer {TOKEN.upper()}"),),
    (("Authorization", f"Bearer Bearer {TOKEN}"),),
    (("Authorization", f"Bearer {TOKEN} {TOKEN}"),),
    (("Authorization", "Bearer XXXX"),),
    (("Authorization", "Bearer None"),),
    (("Token", f"Bearer {TOKEN}"),),
]


def _gated(**settings: Any) -> FastAPI:
    app = small_app(**settings)

    @app.get("/zones")
    @app.get("/docs/guide/{path:path}")
    @app.get("/zones/{code}")
    @app.get("/records/{kind}")
    def route(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"passed {request.url.path}")

    app.add_middleware(GateMiddleware, table=AccessTable(app))
    return app


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return _gated(token=TOKEN)


@pytest.mark.parametrize("headers", WRONG)
@pytest.mark.parametrize("path", ["/records/cases", "/records/cases/"])
def test_a_stranger_gets_401(app: FastAPI, headers: Sequence[tuple[str, str]], path: str) -> None:
    answer = request(app, path, headers=headers)
    assert error_of(answer) == (401, "token-wanted", WANTED)
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
@pytest.mark.parametrize("space", [" ", "  "])
def test_an_official_passes_with_the_token(app: FastAPI, scheme: str, space: str) -> None:
    answer = request(
        app, "/records/cases", headers=(("Authorization", f"{scheme}{space}{TOKEN} "),)
    )
    assert (answer.status, answer.body) == (200, b"passed /records/cases")


def test_a_server_without_a_token_lets_nobody_pass() -> None:
    app = _gated(token=None)
    for headers in (*WRONG, BEARER):
        answer = request(app, "/records/cases", headers=headers)
        assert error_of(answer) == (403, "officials-closed", CLOSED)
        assert "www-authenticate" not in answer.headers
    assert request(app, "/zones").status == 200


def test_public_routes_need_no_token_and_ignore_a_wrong_token(app: FastAPI) -> None:
    for headers in WRONG:
        answer = request(app, "/zones", headers=headers)
        assert (answer.status, answer.body) == (200, b"passed /zones")


def test_an_unknown_path_answers_404_with_and_without_the_token(app: FastAPI) -> None:
    for headers in ((), BEARER):
        answer = request(app, "/nothing", headers=headers)
        assert error_of(answer) == (404, "not-found", MISSING)


@pytest.mark.parametrize(
    ("target", "root", "location"),
    [
        ("/zones/", "", "/zones"),
        ("/zones/?level=rt&limit=1", "", "/zones?level=rt&limit=1"),
        ("/docs/guide", "", "/docs/guide/"),
        ("/docs/guide?lang=en", "", "/docs/guide/?lang=en"),
        ("/zonasi/zones/?level=rt", "/zonasi", "/zonasi/zones?level=rt"),
        ("/zones/ré sumé/", "", "/zones/r%C3%A9%20sum%C3%A9"),
    ],
)
def test_a_slash_too_many_or_too_few_redirects_to_the_path_of_the_route(
    app: FastAPI, target: str, root: str, location: str
) -> None:
    answer = request(app, target, changes={"root_path": root})
    assert (answer.status, answer.headers["location"]) == (307, location)


def test_an_official_with_the_token_is_redirected(app: FastAPI) -> None:
    answer = request(app, "/records/cases/?limit=1", headers=BEARER)
    assert (answer.status, answer.headers["location"]) == (307, "/records/cases?limit=1")


def test_a_redirect_goes_below_the_public_address() -> None:
    app = _gated(public_url="https://kota.example/zonasi")
    assert request(app, "/zones/").headers["location"] == "/zonasi/zones"


def test_a_websocket_is_closed_and_other_events_pass(app: FastAPI) -> None:
    passed, sent = [], list[Message]()

    async def inner(scope: Any, _receive: Any, _send: Any) -> None:
        passed.append(scope["type"])

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    gate = GateMiddleware(inner, AccessTable(app))
    asyncio.run(gate({"type": "websocket", "path": "/zones"}, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]
    assert passed == []
    asyncio.run(gate({"type": "lifespan"}, receive, send))
    assert passed == ["lifespan"]
