"""Every route of the application is public by the list, or closed; from it all else follows."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Host, Match, Mount, NoMatchFound, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from api.app import create_app
from api.http.access import LISTED, Access
from api.settings import Settings
from tests.api.routes.every_route import RouteOf, every_route
from tests.databases import copy_of
from zoning.tiles.pyramid import Pyramid

TOKEN = "a-token-for-this-test"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
ELSEWHERE = {"Origin": "https://a.example"}
WORDS = ("/officials", "/records", "/newcomers")
"""What the paths of officials begin with, said here again: the list is no oracle of itself."""
BODIES = {"POST /locate": {"lon": 110.41, "lat": -6.97}}


@pytest.fixture(scope="module")
def app(
    small_database: str, small_pyramid: Pyramid, tmp_path_factory: pytest.TempPathFactory
) -> FastAPI:
    """The application over a city that may be changed, with a token and prepared tiles."""
    url = copy_of(small_database, tmp_path_factory.mktemp("walk"))
    return create_app(Settings(database=url, token=SecretStr(TOKEN), tiles=small_pyramid.folder))


@pytest.fixture(scope="module")
def walker(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def routes(app: FastAPI) -> list[RouteOf]:
    return list(every_route(app))


def ask(client: TestClient, route: RouteOf, method: str | None = None, **headers: str) -> Any:
    body = BODIES.get(f"{route.method} {route.path}")
    return client.request(method or route.method, route.address, headers=headers, json=body)


def closed(answer: Any) -> bool:
    """Whether an answer is what officials' paths say to everyone else."""
    return bool(
        answer.status_code == 401
        and answer.json()["code"] == "token-wanted"
        and answer.headers["www-authenticate"] == "Bearer"
        and answer.headers["cache-control"] == "no-store"
        and answer.headers["cross-origin-resource-policy"] == "same-origin"
        and "access-control-allow-origin" not in answer.headers
        and "etag" not in answer.headers
    )


def is_for_officials(route: RouteOf) -> bool:
    return route.path.startswith(WORDS)


def test_the_list_names_every_public_route_and_nothing_that_is_none(
    routes: list[RouteOf],
) -> None:
    public = {f"{one.method} {one.path}" for one in routes if not is_for_officials(one)}
    assert public == set(LISTED)
    assert len([one for one in routes if is_for_officials(one)]) >= 4


def test_every_route_that_is_not_public_wants_the_token(
    walker: TestClient, routes: list[RouteOf]
) -> None:
    for route in routes:
        if is_for_officials(route):
            for method in (route.method, "HEAD", "OPTIONS", "DELETE"):
                answer = ask(walker, route, method, **ELSEWHERE)
                if method == "HEAD":
                    assert answer.status_code == 401, route
                else:
                    assert closed(answer), (route, method)
            wrong = ask(walker, route, Authorization="Bearer another-token-of-this-length")
            assert closed(wrong), route
            assert ask(walker, route, **BEARER).status_code not in {401, 403}, route
        else:
            assert ask(walker, route).status_code in {200, 204, 307}, route


def test_scripts_of_other_sites_read_public_data_and_nothing_else(
    walker: TestClient, routes: list[RouteOf]
) -> None:
    shared = {Access.DATA, Access.ASSET}
    for route in routes:
        may = LISTED.get(f"{route.method} {route.path}") in shared
        for headers in (ELSEWHERE, {**ELSEWHERE, **BEARER}):
            answer = ask(walker, route, **headers)
            assert (answer.headers.get("access-control-allow-origin") == "*") == may, route
            assert "access-control-allow-credentials" not in answer.headers
        wanted = {**ELSEWHERE, "Access-Control-Request-Method": route.method}
        said = walker.options(route.address, headers=wanted)
        assert (said.status_code == 200) == may, route
        assert ("access-control-allow-origin" in said.headers) == may, route


def test_a_preflight_allows_the_methods_that_are_listed_and_no_other(
    walker: TestClient, routes: list[RouteOf]
) -> None:
    for path in {one.address: one for one in routes if not is_for_officials(one)}.values():
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
            listed = f"{'GET' if method == 'HEAD' else method} {path.path}"
            may = LISTED.get(listed) in {Access.DATA, Access.ASSET}
            wanted = {**ELSEWHERE, "Access-Control-Request-Method": method}
            answer = walker.options(path.address, headers=wanted)
            assert (answer.status_code == 200) == may, (path, method)


def test_what_is_for_officials_and_every_error_is_kept_by_no_cache(
    walker: TestClient, routes: list[RouteOf]
) -> None:
    for route in routes:
        answer = ask(walker, route, **(BEARER if is_for_officials(route) else {}))
        said = answer.headers.get("cache-control", "")
        told_now = route.path in {"/healthz", "/tiles/prepared"}  # how it stands this moment
        if is_for_officials(route) or told_now or route.method == "POST":
            assert said == "no-store", route
        elif answer.status_code < 300 and route.path not in {"/docs", "/openapi.json"}:
            assert said.startswith(("public", "no-cache")), route
        wrong = walker.request("PATCH", route.address, headers=BEARER)
        assert wrong.status_code == 405, route
        assert wrong.headers["cache-control"] == "no-store", route
        assert "etag" not in wrong.headers
    for path in ("/nothing", "/zones/none", "/zones?dat=1", "/assets/own/none.js", "/map?date=x"):
        assert walker.get(path).headers["cache-control"] == "no-store", path


def test_other_sites_may_show_what_is_public_and_nothing_else(
    walker: TestClient, routes: list[RouteOf]
) -> None:
    for route in routes:
        for headers in ({}, BEARER):
            answer = ask(walker, route, **headers)
            policy = "same-origin" if is_for_officials(route) else "cross-origin"
            assert answer.headers["cross-origin-resource-policy"] == policy, route
            assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_head_says_what_get_says(walker: TestClient, routes: list[RouteOf]) -> None:
    for route in routes:
        if route.method == "GET" and not is_for_officials(route) and "/assets" not in route.path:
            head, get = ask(walker, route, "HEAD"), ask(walker, route)
            assert head.status_code == get.status_code, route
            assert dict(head.headers) == dict(get.headers), route


# --- a route that somebody forgets to list


class Odd(BaseRoute):
    """A route of a kind of its own, that says no path."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return (Match.FULL if scope["path"].startswith("/odd") else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("secret")(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> Any:
        raise NoMatchFound(name, path_params)


class HalfOdd(Odd):
    """One that says that it takes the path by no method, and answers all the same."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return (Match.PARTIAL if scope["path"].startswith("/half") else Match.NONE), {}


def _secret(*_: Any) -> PlainTextResponse:
    return PlainTextResponse("secret", headers={"Cache-Control": "public", "ETag": '"1"'})


def _added(app: FastAPI) -> None:
    """A route of every kind, as somebody might add them; some shadow a public path."""

    @app.get("/new")
    @app.post("/new")
    @app.post("/zones")
    def new() -> PlainTextResponse:
        return _secret()

    inner = APIRouter(prefix="/inner")
    inner.add_api_route("/zones", _secret_answer)
    outer = APIRouter(prefix="/outer")
    outer.include_router(inner)
    app.include_router(outer)
    app.add_route("/plain", _secret)
    app.router.routes += [
        Odd(),
        HalfOdd(),
        Mount("/mounted", app=Starlette(routes=[Route("/zones", _secret)])),
        Host("secret.example", app=Starlette(routes=[Route("/hosted", _secret)])),
    ]
    app.router.routes.insert(0, Route("/zones/secret", _secret))


async def _secret_answer() -> PlainTextResponse:
    return _secret()


ADDED = [
    ("GET", "/new"),
    ("POST", "/new"),
    ("HEAD", "/new"),
    ("GET", "/new/"),
    ("POST", "/zones"),
    ("GET", "/outer/inner/zones"),
    ("GET", "/plain"),
    ("GET", "/odd"),
    ("POST", "/odd/er"),
    ("GET", "/half"),
    ("DELETE", "/half"),
    ("GET", "/mounted/zones"),
    ("GET", "/mounted"),
    ("GET", "/zones/secret"),
]


@pytest.fixture(scope="module")
def forgetful(small_database: str) -> Iterator[TestClient]:
    app = create_app(Settings(database=small_database, token=SecretStr(TOKEN)))
    _added(app)
    with TestClient(app, follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize(("method", "path"), ADDED)
def test_a_route_that_is_not_listed_is_closed(
    forgetful: TestClient, method: str, path: str
) -> None:
    answer = forgetful.request(method, path, headers=ELSEWHERE)
    assert answer.status_code == 401 if method == "HEAD" else closed(answer)
    assert "secret" not in answer.text
    wanted = {**ELSEWHERE, "Access-Control-Request-Method": method}
    assert forgetful.options(path, headers=wanted).status_code != 200 or path == "/zones"
    with_token = forgetful.request(method, path, headers={**ELSEWHERE, **BEARER})
    assert with_token.status_code in {200, 307}
    assert with_token.headers["cache-control"] == "no-store"
    assert with_token.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in with_token.headers


def test_a_host_that_is_not_listed_is_closed(forgetful: TestClient) -> None:
    assert closed(forgetful.get("/hosted", headers={"Host": "secret.example"}))


def test_what_is_listed_is_open_beside_it(forgetful: TestClient) -> None:
    for path in ("/zones?level=kota", "/zones/33.74", "/summary", "/tiles/latest/12/3304/2127.png"):
        assert forgetful.get(path).status_code == 200


def test_a_route_added_while_it_serves_is_not_there(small_database: str) -> None:
    app = create_app(Settings(database=small_database))
    with TestClient(app) as client:
        assert client.get("/zones/33.74").status_code == 200
        app.add_route("/late", _secret)
        assert client.get("/late").status_code == 404


def test_no_websocket_is_let_in(small_database: str) -> None:
    app = create_app(Settings(database=small_database))
    app.router.routes.append(WebSocketRoute("/socket", _talk))
    with TestClient(app) as client:
        asked = client.websocket_connect("/socket")
        with pytest.raises(WebSocketDisconnect):
            asked.__enter__()


async def _talk(socket: Any) -> None:
    await socket.accept()
    await socket.send_text("secret")


def test_without_a_token_set_all_of_them_are_closed(small_database: str) -> None:
    app = create_app(Settings(database=small_database))
    _added(app)
    with TestClient(app, follow_redirects=False) as client:
        for route in every_route(app):
            if f"{route.method} {route.path}" not in LISTED and route.path not in {"", "/mounted"}:
                answer = ask(client, route, **BEARER)
                assert answer.status_code == 403, route
                assert answer.json()["code"] == "officials-closed"


def test_behind_a_path_the_same_is_open_and_closed(small_database: str) -> None:
    app = create_app(Settings(database=small_database, token=SecretStr(TOKEN)))
    with TestClient(app, root_path="/zonasi") as client:
        for path in ("/zones?level=kota", "/docs", "/assets/own/zones.js"):
            assert client.get(f"/zonasi{path}").status_code == 200
        for path in ("/newcomers", "/records/cases/rejected"):
            assert closed(client.get(path))
            assert closed(client.get(f"/zonasi{path}"))


@pytest.mark.parametrize(
    "path",
    ["/newcomers/", "/./newcomers", "/zones/../newcomers", "/%6eewcomers",
     "/newcomers%2f", "/NEWCOMERS", "/newcomers;x", "/newcomers%00", "/tiles/../newcomers"],
)  # fmt: skip
def test_no_way_of_writing_an_address_opens_it(walker: TestClient, path: str) -> None:
    answer = walker.get(path, headers=ELSEWHERE)
    assert answer.status_code in {401, 404}
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers or answer.status_code == 404
