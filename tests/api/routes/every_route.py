"""Every route of an application with a valid address, for tests of all routes."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from api.http.files.release_assets import ReleaseAssets

FILLED = {
    "run": "latest",
    "boundaries": "latest",
    "z": "12",
    "x": "3304",
    "y": "2127",
    "ending": ".png",
    "code": "33.74.01",
    "example": "leaflet",
    "collection": "zones-rt",
    "feature": "33.74.01.1003-001-001",
    "scheme": "WebMercatorQuad",
    "matrix": "12",
    "row": "2127",
    "column": "3304",
    "kind": "cases",
    "newcomer_id": "N-1",
    "path": "index.html",
    "release": ReleaseAssets().release,
    "name": "own/portal.css",
}
"""Values of path parameters that exist in the small city."""
QUERIES = {"GET /locate": "?lon=110.41&lat=-6.97"}
FILES = {"/assets/own": "/zones.js", "/assets/vendor": "/leaflet/leaflet.js"}


class RouteAddress(NamedTuple):
    """A route: its method, its path template, and an address that it answers."""

    method: str
    path: str
    address: str


def every_route(app: Any) -> Iterator[RouteAddress]:
    """Every method of every route, also of routes without a path."""
    for route in iter_route_contexts(app.routes):
        path = route.path or ""
        address = re.sub(r"{(\w+)(?::path)?}", lambda match: FILLED[match[1]], path)
        address += FILES.get(path, "")
        for method in sorted((route.methods or {"GET"}) - {"HEAD"}):
            yield RouteAddress(method, path, address + QUERIES.get(f"{method} {path}", ""))


def every_get(client: TestClient) -> list[str]:
    """Address of every route with GET."""
    return [route.address for route in every_route(client.app) if route.method == "GET"]
