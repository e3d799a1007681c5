"""Every route of an application, and a request that each answers: for tests that walk them all."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

FILLED = {
    "run": "latest",
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
}
"""What stands in an address of the small city."""
WANTED = {"GET /locate": "?lon=110.41&lat=-6.97"}
INSIDE = {"/assets/own": "/zones.js", "/assets/vendor": "/leaflet/leaflet.js"}


class RouteOf(NamedTuple):
    """A route: its method, its path as it is written, and an address that it answers."""

    method: str
    path: str
    address: str


def every_route(app: Any) -> Iterator[RouteOf]:
    """Each method of each route; routes of whatever kind that name no path too."""
    for route in iter_route_contexts(app.routes):
        path = route.path or ""
        address = re.sub(r"{(\w+)(?::path)?}", lambda found: FILLED[found[1]], path)
        address += INSIDE.get(path, "")
        for method in sorted((route.methods or {"GET"}) - {"HEAD"}):
            yield RouteOf(method, path, address + WANTED.get(f"{method} {path}", ""))


def every_get(client: TestClient) -> list[str]:
    """Address of everything that is asked by GET."""
    return [one.address for one in every_route(client.app) if one.method == "GET"]
