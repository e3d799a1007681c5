"""Every route is on the list of public routes or closed; caching, CORS and embedding follow."""

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
from api.http.access import PUBLIC_ROUTES, Access
from api.settings import Settings
from tests.api.routes.every_route import RouteAddress, every_route
from tests.databases import copy_of
from zoning.tiles.pyramid import Pyramid

TOKEN = "a-token-for-this-test"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
OTHER_SITE = {"Origin": "https://a.example"}
PREFIXES = ("/officials", "/records", "/newcomers")
"""First part of the paths of officials, written again: the list is no oracle of itself."""
FORMS = {"POST /rt": {"kelurahan": "Sekayu"}}
BODIES = {"POST /locate": {"lon": 110.41, "lat": -6.97}}


@pytest.fixture(scope="module")
def app(
    small_database: str, small_pyramid: Pyramid, tmp_path_factory: pytest.TempPathFactory
) -> FastAPI:
    """The application over a city that the test may change, with a token and prepared tiles."""
    url = copy_of(small_database, tmp_path_factory.mktemp("walk"))
    return create_app(Settings(database=url, token=SecretStr(TOKEN), tiles=small_pyramid.folder))


@pytest.fixture(scope="module")
def walker(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def routes(app: FastAPI) -> list[RouteAddress]:
    return list(every_route(app))


def ask(client: TestClient, route: RouteAddress, method: str | None = None, **headers: str) -> Any:
    name = f"{route.method} {route.path}"
    return client.request(
        method or route.method,
        route.address,
        headers=headers,
        json=BODIES.get(name),
        data=FORMS.get(name),
    )


def is_closed(answer: Any) -> bool:
    """Whether an answer is the 401 of officials' paths."""
    return bool(
        answer.status_code == 401
        and answer.json()["code"] == "token-wanted"
        and answer.headers["www-authenticate"] == "Bearer"
        and answer.headers["cache-control"] == "no-store"
        and answer.headers["cross-origin-resource-policy"] == "same-origin"
        and "access-control-allow-origin" not in answer.headers
        and "etag" not in answer.headers
    )


def is_for_officials(route: RouteAddress) -> bool:
    return route.path.startswith(PREFIXES)


def test_the_list_names_every_public_route_and_no_other(routes: list[RouteAddress]) -> None:
    public = {f"{route.method} {route.path}" for route in routes if not is_for_officials(route)}
    assert public == set(PUBLIC_ROUTES)
    assert len([route for route in routes if is_for_officials(route)]) >= 4


def test_every_route_that_is_not_public_needs_the_token(
    walker: TestClient, routes: list[RouteAddress]
) -> None:
    for route in routes:
        if is_for_officials(route):
            for method in (route.method, "HEAD", "OPTIONS", "DELETE"):
                answer = ask(walker, route, method, **OTHER_SITE)
                if method == "HEAD":
                    assert answer.status_code == 401, route
                else:
                    assert is_closed(answer), (route, method)
            answer = ask(walker, route, Authorization="Bearer another-token-of-this-length")
            assert is_closed(answer), route
            assert ask(walker, route, **BEARER).status_code not in {401, 403}, route
        else:
            assert ask(walker, route).status_code in {200, 204, 307}, route


def test_scripts_of_other_sites_read_only_public_data(
    walker: TestClient, routes: list[RouteAddress]
) -> None:
    shared = {Access.DATA, Access.ASSET}
    for route in routes:
        is_shared = PUBLIC_ROUTES.get(f"{route.method} {route.path}") in shared
        for headers in (OTHER_SITE, {**OTHER_SITE, **BEARER}):
            answer = ask(walker, route, **headers)
            assert (answer.headers.get("access-control-allow-origin") == "*") == is_shared, route
            assert "access-control-allow-credentials" not in answer.headers
        headers = {**OTHER_SITE, "Access-Control-Request-Method": route.method}
        preflight = walker.options(route.address, headers=headers)
        assert (preflight.status_code == 200) == is_shared, route
        assert ("access-control-allow-origin" in preflight.headers) == is_shared, route


def test_a_preflight_allows_only_the_listed_methods(
    walker: TestClient, routes: list[RouteAddress]
) -> None:
    public = {route.address: route for route in routes if not is_for_officials(route)}
    for route in public.values():
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
            name = f"{'GET' if method == 'HEAD' else method} {route.path}"
            is_shared = PUBLIC_ROUTES.get(name) in {Access.DATA, Access.ASSET}
            headers = {**OTHER_SITE, "Access-Control-Request-Method": method}
            answer = walker.options(route.address, headers=headers)
            assert (answer.status_code == 200) == is_shared, (route, method)


def test_no_cache_stores_an_answer_for_officials_or_an_error(
    walker: TestClient, routes: list[RouteAddress]
) -> None:
    for route in routes:
        answer = ask(walker, route, **(BEARER if is_for_officials(route) else {}))
        cache_control = answer.headers.get("cache-control", "")
        changes_always = route.path in {"/healthz", "/tiles/prepared"}
        if is_for_officials(route) or changes_always or route.method == "POST":
            assert cache_control == "no-store", route
        elif answer.status_code < 300 and route.path not in {"/docs", "/openapi.json"}:
            assert cache_control.startswith(("public", "no-cache")), route
        error = walker.request("PATCH", route.address, headers=BEARER)
        assert error.status_code == 405, route
        assert error.headers["cache-control"] == "no-store", route
        assert "etag" not in error.headers
    for path in ("/nothing", "/zones/none", "/zones?dat=1", "/assets/own/none.js", "/map?date=x"):
        assert walker.get(path).headers["cache-control"] == "no-store", path


def test_other_sites_may_embed_only_public_answers(
    walker: TestClient, routes: list[RouteAddress]
) -> None:
    for route in routes:
        for headers in ({}, BEARER):
            answer = ask(walker, route, **headers)
            policy = "same-origin" if is_for_officials(route) else "cross-origin"
            assert answer.headers["cross-origin-resource-policy"] == policy, route
            assert answer.headers["x-content-type-options"] == "nosniff"


def test_head_has_the_headers_of_get(walker: TestClient, routes: list[RouteAddress]) -> None:
    for route in routes:
        if route.method == "GET" and not is_for_officials(route) and "/assets" not in route.path:
            head, get = ask(walker, route, "HEAD"), ask(walker, route)
            assert head.status_code == get.status_code, route
            assert dict(head.headers) == dict(get.headers), route


# --- a route that is not on the list


class PathlessRoute(BaseRoute):
    """A route of an unknown class, without a path."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return (Match.FULL if scope["path"].startswith("/odd") else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("secret")(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> Any:
        raise NoMatchFound(name, path_params)


class PartialRoute(PathlessRoute):
    """A route that reports a partial match and still answers."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return (Match.PARTIAL if scope["path"].startswith("/half") else Match.NONE), {}


def _secret(*_: Any) -> PlainTextResponse:
    return PlainTextResponse("secret", headers={"Cache-Control": "public", "ETag": '"1"'})


def _add_routes(app: FastAPI) -> None:
    """Add a route of every class; some shadow a public path."""

    @app.get("/new")
    @app.post("/new")
    @app.post("/zones")
    def new() -> PlainTextResponse:
        return _secret()

    inner = APIRouter(prefix="/inner")
    inner.add_api_route("/zones", _async_secret)
    outer = APIRouter(prefix="/outer")
    outer.include_router(inner)
    app.include_router(outer)
    app.add_route("/plain", _secret)
    app.router.routes += [
        PathlessRoute(),
        PartialRoute(),
        Mount("/mounted", app=Starlette(routes=[Route("/zones", _secret)])),
        Host("secret.example", app=Starlette(routes=[Route("/hosted", _secret)])),
    ]
    app.router.routes.insert(0, Route("/zones/secret", _secret))


async def _async_secret() -> PlainTextResponse:
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
def unlisted_client(small_database: str) -> Iterator[TestClient]:
    app = create_app(Settings(database=small_database, token=SecretStr(TOKEN)))
    _add_routes(app)
    with TestClient(app, follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize(("method", "path"), ADDED)
def test_a_route_that_is_not_listed_is_closed(
    unlisted_client: TestClient, method: str, path: str
) -> None:
    answer = unlisted_client.request(method, path, headers=OTHER_SITE)
    assert answer.status_code == 401 if method == "HEAD" else is_closed(answer)
    assert "secret" not in answer.text
    headers = {**OTHER_SITE, "Access-Control-Request-Method": method}
    assert unlisted_client.options(path, headers=headers).status_code != 200 or path == "/zones"
    with_token = unlisted_client.request(method, path, headers={**OTHER_SITE, **BEARER})
    assert with_token.status_code in {200, 307}
    assert with_token.headers["cache-control"] == "no-store"
    assert with_token.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in with_token.headers


def test_a_host_that_is_not_listed_is_closed(unlisted_client: TestClient) -> None:
    assert is_closed(unlisted_client.get("/hosted", headers={"Host": "secret.example"}))


def test_listed_routes_stay_open_next_to_unlisted_routes(unlisted_client: TestClient) -> None:
    for path in ("/zones?level=kota", "/zones/33.74", "/summary", "/tiles/latest/12/3304/2127.png"):
        assert unlisted_client.get(path).status_code == 200


def test_a_route_that_is_added_after_the_start_answers_404(small_database: str) -> None:
    app = create_app(Settings(database=small_database))
    with TestClient(app) as client:
        assert client.get("/zones/33.74").status_code == 200
        app.add_route("/late", _secret)
        assert client.get("/late").status_code == 404


def test_every_websocket_is_closed(small_database: str) -> None:
    app = create_app(Settings(database=small_database))
    app.router.routes.append(WebSocketRoute("/socket", _send_secret))
    with TestClient(app) as client:
        connection = client.websocket_connect("/socket")
        with pytest.raises(WebSocketDisconnect):
            connection.__enter__()


async def _send_secret(socket: Any) -> None:
    await socket.accept()
    await socket.send_text("secret")


def test_without_a_token_in_the_settings_every_unlisted_route_is_closed(
    small_database: str,
) -> None:
    app = create_app(Settings(database=small_database))
    _add_routes(app)
    with TestClient(app, follow_redirects=False) as client:
        for route in every_route(app):
            if f"{route.method} {route.path}" not in PUBLIC_ROUTES and route.path not in {
                "",
                "/mounted",
            }:
                answer = ask(client, route, **BEARER)
                assert answer.status_code == 403, route
                assert answer.json()["code"] == "officials-closed"


def test_a_root_path_opens_and_closes_the_same_routes(small_database: str) -> None:
    app = create_app(Settings(database=small_database, token=SecretStr(TOKEN)))
    with TestClient(app, root_path="/zonasi") as client:
        for path in ("/zones?level=kota", "/docs", "/assets/own/zones.js"):
            assert client.get(f"/zonasi{path}").status_code == 200
        for path in ("/newcomers", "/records/cases/rejected"):
            assert is_closed(client.get(path))
            assert is_closed(client.get(f"/zonasi{path}"))


@pytest.mark.parametrize(
    "path",
    ["/newcomers/", "/./newcomers", "/zones/../newcomers", "/%6eewcomers",
     "/newcomers%2f", "/NEWCOMERS", "/newcomers;x", "/newcomers%00", "/tiles/../newcomers"],
)  # fmt: skip
def test_no_spelling_of_an_address_opens_a_closed_route(walker: TestClient, path: str) -> None:
    answer = walker.get(path, headers=OTHER_SITE)
    assert answer.status_code in {401, 404}
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers or answer.status_code == 404
