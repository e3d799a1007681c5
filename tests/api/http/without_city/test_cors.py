"""Scripts of other sites read public data with GET and HEAD, or with POST where a route has it."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI, Response
from starlette.responses import PlainTextResponse

from api.http.access import AccessTable
from api.http.security import PublicCORSMiddleware
from tests.api.http.without_city.small_app import request, small_app
from tests.api.serving.raw import Answer

SITE = "https://a.example"
FROM_SITE = ("Origin", SITE)
ALLOWED_HEADERS = {"cache-control", "if-modified-since", "if-none-match", "range"}


def _app(*origins: str) -> FastAPI:
    app = small_app()

    @app.get("/zones")
    @app.get("/locate")
    @app.post("/locate")
    @app.get("/map")
    @app.get("/records/{kind}")
    def route() -> Response:
        return PlainTextResponse("answer", headers={"Vary": "Accept"})

    app.add_middleware(PublicCORSMiddleware, table=AccessTable(app), origins=origins)
    return app


@pytest.fixture
def everyone() -> FastAPI:
    return _app("*")


@pytest.fixture
def one_site() -> FastAPI:
    return _app(SITE)


def _preflight(app: FastAPI, path: str, method: str, *headers: tuple[str, str]) -> Answer:
    asked = (FROM_SITE, ("Access-Control-Request-Method", method), *headers)
    return request(app, path, method="OPTIONS", headers=asked)


def _values(answer: Answer, name: str) -> set[str]:
    return {value.strip().lower() for value in answer.headers[name].split(",")}


@pytest.mark.parametrize("path", ["/zones", "/locate"])
def test_every_response_with_data_has_the_same_headers(everyone: FastAPI, path: str) -> None:
    for headers in ((), (FROM_SITE,)):
        answer = request(everyone, path, headers=headers)
        assert answer.body == b"answer"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-expose-headers"] == "ETag, Content-Crs"
        assert answer.headers["vary"] == "Accept"
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/map", "/records/cases", "/nothing"])
@pytest.mark.parametrize("origin", ["*", SITE])
def test_no_other_response_may_be_read(origin: str, path: str) -> None:
    app = _app(origin)
    answer = request(app, path, headers=(FROM_SITE,))
    assert not [name for name in answer.headers if name.startswith("access-control")]
    for method in ("GET", "POST"):
        assert _preflight(app, path, method).status in {404, 405}


@pytest.mark.parametrize(
    ("path", "methods"), [("/zones", {"get", "head"}), ("/locate", {"get", "head", "post"})]
)
def test_a_preflight_lists_the_methods_of_the_route(
    everyone: FastAPI, path: str, methods: set[str]
) -> None:
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE"):
        answer = _preflight(everyone, path, method)
        assert (answer.status == 200) == (method.lower() in methods), method
        assert _values(answer, "access-control-allow-methods") == methods
        assert answer.headers["access-control-max-age"] == "86400"
        assert answer.headers["access-control-allow-origin"] == "*"


def test_a_route_with_post_only_allows_no_head() -> None:
    app = small_app()
    app.add_api_route("/locate", lambda: "answer", methods=["POST"])
    app.add_middleware(PublicCORSMiddleware, table=AccessTable(app), origins=("*",))
    assert _values(_preflight(app, "/locate", "POST"), "access-control-allow-methods") == {"post"}


def test_a_preflight_lists_the_headers_that_a_script_may_send(everyone: FastAPI) -> None:
    answer = _preflight(everyone, "/zones", "GET")
    allowed = _values(answer, "access-control-allow-headers")
    # The other four are allowed for every site by the standard of fetch.
    assert allowed - {"accept", "accept-language", "content-language", "content-type"} == (
        ALLOWED_HEADERS
    )
    for name in (*ALLOWED_HEADERS, "Authorization"):
        answer = _preflight(everyone, "/zones", "GET", ("Access-Control-Request-Headers", name))
        assert (answer.status == 200) == (name != "Authorization"), name


def test_only_the_listed_sites_may_read(one_site: FastAPI) -> None:
    answer = request(one_site, "/zones", headers=(FROM_SITE,))
    assert answer.headers["access-control-allow-origin"] == SITE
    assert _values(answer, "vary") == {"accept", "origin"}
    assert _preflight(one_site, "/zones", "GET").status == 200
    for headers in ((), (("Origin", "https://b.example"),)):
        other = request(one_site, "/zones", headers=headers)
        assert (other.status, other.body) == (200, b"answer")
        assert "access-control-allow-origin" not in other.headers


def test_events_that_are_no_requests_pass(everyone: FastAPI) -> None:
    passed = []

    async def inner(scope: Any, _receive: Any, _send: Any) -> None:
        passed.append(scope["type"])

    middleware: Any = PublicCORSMiddleware(inner, AccessTable(everyone), ("*",))
    asyncio.run(middleware({"type": "lifespan"}, None, None))
    assert passed == ["lifespan"]
