"""The access of a route: public only if the route is on the list, closed in every other case."""

from typing import Any

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Host, Route

from api.http.access import Access, AccessTable, RouteAccess

OPEN = {Access.DATA, Access.ASSET, Access.PAGE, Access.HEALTH}
DATA, PAGE, OFFICIALS, NOTHING = Access.DATA, Access.PAGE, Access.OFFICIALS, Access.NOTHING


def _answer(*_: Any) -> PlainTextResponse:
    return PlainTextResponse("answer")


@pytest.fixture(scope="module")
def table() -> AccessTable:
    app = FastAPI(openapi_url=None)
    for method, path in (
        ("GET", "/zones"),
        ("GET", "/zones/{code}"),
        ("POST", "/zones/{name}"),
        ("POST", "/locate"),
        ("GET", "/locate"),
        ("GET", "/map"),
        ("GET", "/docs/guide/{path:path}"),
        ("GET", "/healthz"),
        ("POST", "/records/{kind}"),
        ("GET", "/records/{kind}"),
        ("DELETE", "/newcomers/{code}"),
        ("GET", "/newcomers/{name}"),
    ):
        app.router.routes.append(Route(path, _answer, methods=[method]))
    inner = Starlette(routes=[Route("/zones.js", _answer)])
    app.mount("/assets/own", inner)
    app.mount("/zones-of-officials", inner)
    app.router.routes.append(Host("hosted.example", app=inner))
    return AccessTable(app)


def _scope(method: str, path: str, root: str = "", host: str = "kota.example") -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": root,
        "headers": [(b"host", host.encode())],
    }


@pytest.mark.parametrize(
    ("method", "path", "access", "redirect"),
    [
        ("GET", "/zones", DATA, None),
        ("GET", "/zones/33.74", DATA, None),
        ("GET", "/locate", DATA, None),
        ("POST", "/locate", DATA, None),
        ("GET", "/map", PAGE, None),
        ("GET", "/docs/guide/a/b.html", PAGE, None),
        ("GET", "/healthz", Access.HEALTH, None),
        ("GET", "/assets/own/zones.js", Access.ASSET, None),
        # A listed path with a method that no route has: the answer is 405.
        ("DELETE", "/zones", DATA, None),
        ("PUT", "/map", PAGE, None),
        ("DELETE", "/zones/33.74", DATA, None),
        ("DELETE", "/records/cases", OFFICIALS, None),
        ("PUT", "/newcomers/N-1", OFFICIALS, None),
        # A listed path with a method that is not listed.
        ("POST", "/zones/33.74", OFFICIALS, None),
        ("GET", "/records/cases", OFFICIALS, None),
        ("POST", "/records/cases", OFFICIALS, None),
        ("GET", "/newcomers/N-1", OFFICIALS, None),
        ("GET", "/zones-of-officials/zones.js", OFFICIALS, None),
        # A slash too many or too few.
        ("GET", "/zones/", DATA, "/zones"),
        ("GET", "/zones/33.74/", DATA, "/zones/33.74"),
        ("GET", "/zones/33.74-X/", DATA, "/zones/33.74-X"),
        ("GET", "/map/", PAGE, "/map"),
        ("GET", "/docs/guide", PAGE, "/docs/guide/"),
        ("DELETE", "/locate/", DATA, "/locate"),
        ("GET", "/records/cases/", OFFICIALS, "/records/cases"),
        ("POST", "/zones/33.74//", OFFICIALS, "/zones/33.74"),
        # No route.
        ("GET", "/", NOTHING, None),
        ("GET", "//", NOTHING, None),
        ("GET", "/nothing", NOTHING, None),
        ("GET", "/nothing/", NOTHING, None),
        ("GET", "/zones/33.74/cases", NOTHING, None),
    ],
)
def test_a_request_has_the_access_of_its_route(
    table: AccessTable, method: str, path: str, access: Access, redirect: str | None
) -> None:
    assert table.route_access(_scope(method, path)) == RouteAccess(access, redirect)
    behind_proxy = _scope(method, f"/zonasi{path}", "/zonasi")
    assert table.route_access(behind_proxy) == RouteAccess(access, redirect)


def test_every_path_of_a_host_of_its_own_is_closed(table: AccessTable) -> None:
    scope = _scope("GET", "/zones.js", host="hosted.example")
    assert table.route_access(scope) == RouteAccess(OFFICIALS)
    assert table.route_name(scope) == "GET "


def test_a_redirect_behind_a_proxy_looks_for_the_path_without_the_prefix(
    table: AccessTable,
) -> None:
    scope = _scope("GET", "/zones/zones/", "/zones")
    assert table.route_access(scope) == RouteAccess(DATA, "/zones")


def test_the_access_of_a_request_is_found_once(table: AccessTable) -> None:
    scope = _scope("GET", "/zones")
    first = table.route_access(scope)
    # The router changes the path of a mounted application in the same scope.
    scope["path"] = "/records/cases"
    assert table.route_access(scope) is first
    assert table.route_access(_scope("GET", "/records/cases")) == RouteAccess(OFFICIALS)


@pytest.mark.parametrize("access", Access)
def test_only_listed_routes_are_public_and_only_data_and_files_cross_origin(
    access: Access,
) -> None:
    assert RouteAccess(access).is_public == (access in OPEN)
    assert RouteAccess(access).is_cross_origin == (access in {Access.DATA, Access.ASSET})


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/zones", ("GET",)),
        ("/locate", ("GET", "POST")),
        ("/zones/33.74", ("GET",)),
        ("/assets/own/zones.js", ("GET",)),
        ("/map", ()),
        ("/healthz", ()),
        ("/records/cases", ()),
        ("/nothing", ()),
    ],
)
def test_other_sites_may_use_the_listed_methods(
    table: AccessTable, path: str, methods: tuple[str, ...]
) -> None:
    scope = _scope("OPTIONS", path)
    assert table.cross_origin_methods(scope) == methods
    assert scope["method"] == "OPTIONS"


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/zones/33.74", "GET /zones/{code}"),
        ("POST", "/zones/33.74", "POST /zones/{name}"),
        ("DELETE", "/zones/33.74", ""),
        ("GET", "/nothing", ""),
    ],
)
def test_a_route_is_named_by_its_method_and_its_path(
    table: AccessTable, method: str, path: str, name: str
) -> None:
    assert table.route_name(_scope(method, path)) == name


def test_a_route_that_is_added_after_the_first_request_is_not_found() -> None:
    app = FastAPI(openapi_url=None)
    table = AccessTable(app)
    assert table.route_access(_scope("GET", "/zones")).access is NOTHING
    app.router.routes.append(Route("/zones", _answer))
    assert table.route_access(_scope("GET", "/zones")).access is NOTHING
