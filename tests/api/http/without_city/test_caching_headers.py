"""ETags differ where responses may differ; a 304 only for a response that the client has."""

import gzip
import re
from itertools import combinations
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.types import Scope

from api.http import caching
from api.http.access import AccessTable
from api.http.caching import CachingMiddleware, set_cache_headers
from api.http.configuration import RulesInUse
from geodata.language import Bilingual
from tests.api.http.without_city.small_app import request, small_app
from tests.api.serving.raw import Answer

CACHE_CONTROL = "public, max-age=7"
RULES = RulesInUse(Bilingual("DBD", "dengue"), "a-digest")


def _app(rules: RulesInUse | None = None, **settings: Any) -> FastAPI:
    """An application whose query says how the response is cached."""
    app = small_app(**settings)
    if rules is not None:
        app.state.rules = rules

    @app.get("/zones")
    @app.get("/zones/{code}")
    @app.get("/tiles/{run}/{z}/{x}/{y}.png")
    @app.get("/tiles/{run}/{z}/{x}/{y}.mvt")
    @app.get("/records/{kind}")
    def route(request: Request) -> Response:
        asked = request.query_params
        if "plain" in asked:
            return PlainTextResponse("answer", headers={"Cache-Control": "public"})
        options: dict[str, Any] = {}
        if "accept" in request.headers:
            options["form"] = request.headers["accept"]
        if "weak" in asked:
            options["is_strong"] = False
        if "unknown" in asked:
            options["exists"] = False
        run = request.headers.get("run", "run-1")
        set_cache_headers(request, run, CACHE_CONTROL, **options)
        return PlainTextResponse("answer", int(asked.get("status", "200")))

    app.add_middleware(CachingMiddleware, table=AccessTable(app))
    return app


TILE = "/tiles/a.b/1/2/3"


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return _app()


def _etag(app: FastAPI, target: str = "/zones", **options: Any) -> str:
    return request(app, target, **options).headers["etag"]


def _with_tags(app: FastAPI, target: str, *lines: str) -> Answer:
    return request(app, target, headers=tuple(("If-None-Match", line) for line in lines))


def _accept(*lines: str) -> dict[str, Any]:
    return {"headers": tuple(("Accept-Encoding", line) for line in lines)}


def test_a_response_has_an_etag_and_the_time_that_a_cache_may_store_it(app: FastAPI) -> None:
    headers = request(app, "/zones").headers
    assert re.fullmatch('"[0-9a-f]{32}"', headers["etag"])
    assert headers["cache-control"] == CACHE_CONTROL
    assert "vary" not in headers
    assert _etag(app) == _etag(app)


def test_responses_that_may_differ_have_different_etags(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    etags = [
        _etag(app),
        _etag(app, headers=(("Run", "run-2"),)),
        _etag(app, headers=(("Accept", "text/html"),)),
        _etag(app, headers=(("Accept", "application/json"),)),
        _etag(app, "/zones/33.74"),
        _etag(app, "/zones?level=rt"),
        _etag(app, "/zones?level=rw"),
        _etag(app, "/zones?limit=rt"),
        _etag(app, "/zones?level=rt&level=rw"),
        _etag(app, "/zones?a=1&b=2"),
        _etag(app, "/zones?a=12&b="),
        # The value of one parameter that looks like two parameters.
        *(_etag(app, f"/zones?a=1{sign}b=2") for sign in ("%00", "%01", "%26", "%20")),
        _etag(app, changes={"scheme": "https"}),
        _etag(app, headers=(("Host", "other.example"),)),
        _etag(app, "/zonasi/zones", changes={"root_path": "/zonasi"}),
        _etag(app, **_accept("gzip")),
        _etag(app, **_accept("gzip, br")),
        _etag(_app(minimum_count=7)),
        _etag(_app(RULES)),
        _etag(_app(public_url="https://kota.example/zonasi")),
    ]
    monkeypatch.setattr(caching, "VERSION", "another version")
    etags.append(_etag(app))
    same = [pair for pair in combinations(enumerate(etags), 2) if pair[0][1] == pair[1][1]]
    assert same == []


def test_requests_for_the_same_response_have_the_same_etag(app: FastAPI) -> None:
    assert _etag(app, "/zones?a=1&b=2") == _etag(app, "/zones?b=2&a=1")
    assert _etag(app, **_accept("gzip, br")) == _etag(app, **_accept("br", "gzip"))
    assert _etag(app, **_accept("gzip")) == _etag(app, **_accept("gzip, unknown"))
    assert _etag(app) == _etag(_app(token="a-token-for-this-test"))
    public = _app(public_url="https://kota.example")
    assert _etag(public) == _etag(public, headers=(("Host", "forged.example"),))


@pytest.mark.parametrize(
    ("path", "first", "second", "are_equal"),
    [
        (f"{TILE}.png", "", "gzip, br, zstd", True),
        (f"{TILE}.mvt", "gzip", "gzip, br, zstd", True),
        (f"{TILE}.mvt", "", "br, zstd", True),
        (f"{TILE}.mvt", "", "gzip", False),
        ("/zones", "", "gzip", False),
        ("/zones", "gzip", "gzip, br", False),
        ("/zones/png", "", "gzip", False),
    ],
)
def test_only_encodings_that_the_response_may_use_change_the_etag(
    app: FastAPI, path: str, first: str, second: str, *, are_equal: bool
) -> None:
    assert (_etag(app, path, **_accept(first)) == _etag(app, path, **_accept(second))) == are_equal


OTHER = '"0123456789abcdef0123456789abcdef"'


@pytest.mark.parametrize(
    "lines",
    [
        ["{}"],
        ["W/{}"],
        [f"{OTHER},{{}}"],
        [f"{OTHER}, {{}}"],
        [f"{{}} ,{OTHER}"],
        [OTHER, "{}"],
        ["{}", OTHER],
        ["*"],
        [" * "],
    ],
)
def test_a_client_that_has_the_response_gets_304(app: FastAPI, lines: list[str]) -> None:
    etag = _etag(app)
    answer = _with_tags(app, "/zones", *(line.format(etag) for line in lines))
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["etag"] == etag
    assert answer.headers["cache-control"] == CACHE_CONTROL


@pytest.mark.parametrize(
    "lines", [[], [""], [OTHER], [f"{OTHER}, *"], ["W/"], ["{0}x"], ["w/{}"], ["WW/{}"]]
)
def test_a_client_that_does_not_have_the_response_gets_the_response(
    app: FastAPI, lines: list[str]
) -> None:
    answer = _with_tags(app, "/zones", *(line.format(_etag(app)) for line in lines))
    assert (answer.status, answer.body) == (200, b"answer")


def test_a_star_does_not_match_before_it_is_known_that_the_resource_exists(app: FastAPI) -> None:
    assert _with_tags(app, "/zones?unknown=1", "*").status == 200
    etag = _etag(app, "/zones?unknown=1")
    assert _with_tags(app, "/zones?unknown=1", etag).status == 304


def test_a_response_with_the_time_of_the_request_has_a_weak_etag(app: FastAPI) -> None:
    etag = _etag(app, "/zones?weak=1")
    assert re.fullmatch('W/"[0-9a-f]{32}"', etag)
    assert _with_tags(app, "/zones?weak=1", etag).status == 304
    assert _with_tags(app, "/zones?weak=1", etag.removeprefix("W/")).status == 304


def test_a_response_whose_form_the_client_chooses_says_so(app: FastAPI) -> None:
    accept = ("Accept", "text/html")
    answer = request(app, "/zones", headers=(accept,))
    assert answer.headers["vary"] == "Accept"
    etag = answer.headers["etag"]
    again = request(app, "/zones", headers=(accept, ("If-None-Match", etag)))
    assert (again.status, again.headers["vary"]) == (304, "Accept, Accept-Encoding")
    other = request(app, "/zones", headers=(("Accept", "x/y"), ("If-None-Match", etag)))
    assert other.status == 200


def test_only_the_304_of_a_png_does_not_vary_with_the_encoding(app: FastAPI) -> None:
    for path, vary in (
        ("/zones", "Accept-Encoding"),
        (f"{TILE}.mvt", "Accept-Encoding"),
        (f"{TILE}.png", None),
    ):
        assert "vary" not in request(app, path).headers
        answer = _with_tags(app, path, "*")
        assert (answer.status, answer.headers.get("vary")) == (304, vary)


@pytest.mark.parametrize("status", [400, 404, 500])
def test_no_cache_stores_an_error(app: FastAPI, status: int) -> None:
    headers = request(app, f"/zones?status={status}").headers
    assert headers.getlist("cache-control") == ["no-store"]
    assert "etag" not in headers


def test_a_cache_may_store_every_other_public_status(app: FastAPI) -> None:
    assert request(app, "/zones?status=399").headers["cache-control"] == CACHE_CONTROL


@pytest.mark.parametrize("path", ["/records/cases", "/records/cases?plain=1", "/nothing"])
def test_no_cache_stores_a_response_that_is_not_public(app: FastAPI, path: str) -> None:
    for answer in (request(app, path), _with_tags(app, path, "*")):
        assert answer.headers.getlist("cache-control") == ["no-store"]
        assert "etag" not in answer.headers


def test_a_route_that_sets_no_cache_headers_keeps_its_own(app: FastAPI) -> None:
    headers = request(app, "/zones?plain=1").headers
    assert headers["cache-control"] == "public"
    assert "etag" not in headers

    async def inner(scope: Scope, receive: Any, send: Any) -> None:
        del scope["state"]
        await PlainTextResponse(gzip.compress(b"answer"))(scope, receive, send)

    answer = request(CachingMiddleware(inner, AccessTable(app)), "/zones")
    assert gzip.decompress(answer.body) == b"answer"
    assert "etag" not in answer.headers
