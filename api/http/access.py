"""The list of public routes. Access, CORS, caching and embedding follow from this list.

A route that is not on the list is for officials, so a new route is closed until it is listed here.
The name of a route is its method and its path, as the router writes the path.
"""

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from functools import cached_property
from typing import Final, NamedTuple

from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import Match
from starlette.types import Scope

from api.http.links import request_path


class Access(Enum):
    """Who may read a route, and which headers its responses get."""

    DATA = auto()
    """Public; scripts of other sites may read the response (CORS)."""
    ASSET = auto()
    """A public file of a page: other sites may load the file, as the guide's examples do."""
    PAGE = auto()
    """A public HTML page; scripts of other sites may not read it."""
    HEALTH = auto()
    """Public, for health probes; no cache stores the response."""
    OFFICIALS = auto()
    """Only with the token; no cache stores the response, no other site embeds it."""
    NOTHING = auto()
    """There is no route."""


_ROUTES: Final[Mapping[Access, Sequence[str]]] = {
    Access.DATA: (
        "GET /colours/{run}",
        "GET /days",
        "GET /indicators",
        "GET /locate",
        "POST /locate",
        "GET /names/{boundaries}",
        "GET /openapi.json",
        "GET /picture/{run}.png",
        "GET /outlines/{boundaries}",
        "GET /outlines/{boundaries}/numbers",
        "GET /places",
        "GET /summary",
        "GET /tilejson",
        "GET /tilestyle",
        "GET /tiles/prepared",
        "GET /tiles/{run}/{z}/{x}/{y}{ending}",
        "GET /tiles/{run}/{z}/{x}/{y}.mvt",
        "GET /tiles/{run}/{z}/{x}/{y}.png",
        "GET /tiles/{run}/{z}/{x}/{y}@2x.png",
        "GET /zones",
        "GET /zones.csv",
        "GET /zones/{code}",
        "GET /zones/{code}/history",
        "GET /zones/{code}/history.csv",
        "GET /ogc",
        "GET /ogc/api",
        "GET /ogc/conformance",
        "GET /ogc/collections",
        "GET /ogc/collections/{collection}",
        "GET /ogc/collections/{collection}/queryables",
        "GET /ogc/collections/{collection}/schema",
        "GET /ogc/collections/{collection}/items",
        "GET /ogc/collections/{collection}/items/{feature}",
        "GET /ogc/collections/{collection}/tiles",
        "GET /ogc/collections/{collection}/tiles/{scheme}",
        "GET /ogc/collections/{collection}/tiles/{scheme}/{matrix}/{row}/{column}",
        "GET /ogc/collections/{collection}/map/tiles",
        "GET /ogc/collections/{collection}/map/tiles/{scheme}",
        "GET /ogc/collections/{collection}/map/tiles/{scheme}/{matrix}/{row}/{column}",
        "GET /ogc/tileMatrixSets",
        "GET /ogc/tileMatrixSets/{scheme}",
        "GET /ogc/tiles",
        "GET /ogc/tiles/{scheme}",
        "GET /ogc/tiles/{scheme}/{matrix}/{row}/{column}",
        "GET /ogc/map/tiles",
        "GET /ogc/map/tiles/{scheme}",
        "GET /ogc/map/tiles/{scheme}/{matrix}/{row}/{column}",
    ),
    Access.PAGE: (
        "GET /",
        "GET /alat",
        "GET /aturan",
        "GET /bantuan",
        "GET /docs",
        "GET /docs/guide/{path:path}",
        "GET /dokter",
        "GET /embed",
        "GET /embed/guide",
        "GET /embed/guide/{example}",
        "GET /map",
        "GET /pendatang",
        "GET /rt",
        "POST /rt",
        "GET /rt/{code}",
        "GET /rujukan",
        "GET /tempat",
        "GET /tentang",
        "GET /vaksinasi",
        "GET /wilayah",
        "GET /wilayah/{code}",
    ),
    Access.ASSET: (
        "GET /assets/own",
        "GET /assets/vendor",
        "GET /assets/{release}/{name:path}",
        "GET /logo",
        "GET /manifest.webmanifest",
        "GET /service-worker.js",
    ),
    Access.HEALTH: ("GET /healthz",),
}
PUBLIC_ROUTES: Final = {name: access for access, names in _ROUTES.items() for name in names}
"""Access of each public route by its name, like ``GET /zones``."""
_ACCESS_BY_PATH: Final = {name.partition(" ")[2]: access for name, access in PUBLIC_ROUTES.items()}
_CROSS_ORIGIN: Final = frozenset({Access.DATA, Access.ASSET})
_METHODS: Final = ("GET", "POST")
_SCOPE_KEY: Final = "mikrozonasi.route_access"


class RouteAccess(NamedTuple):
    """Access of the route that answers a request.

    Attributes
    ----------
    access
        Who may read the route.
    redirect_path
        Path of the route, where the requested path has a slash too many or too few.
    """

    access: Access
    redirect_path: str | None = None

    @property
    def is_public(self) -> bool:
        """Whether everyone may read the route."""
        return self.access not in {Access.OFFICIALS, Access.NOTHING}

    @property
    def is_cross_origin(self) -> bool:
        """Whether scripts of other sites may read the response."""
        return self.access in _CROSS_ORIGIN


class AccessTable:
    """Finds the access of the route that answers a request, as the application routes it.

    Parameters
    ----------
    app
        The routes are read at the first request. A route that is added later is not found, and
        `api.http.security.GateMiddleware` answers 404 for an unknown route.
    """

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def route_access(self, scope: Scope) -> RouteAccess:
        """Access of the route that answers a request; kept in the scope."""
        route_access: RouteAccess | None = scope.get(_SCOPE_KEY)
        if route_access is None:
            route_access = scope[_SCOPE_KEY] = self._find(scope)
        return route_access

    def cross_origin_methods(self, scope: Scope) -> tuple[str, ...]:
        """Methods with which scripts of other sites may request this path."""
        names = {method: self.route_name({**scope, "method": method}) for method in _METHODS}
        return tuple(
            method for method, name in names.items() if PUBLIC_ROUTES.get(name) in _CROSS_ORIGIN
        )

    def route_name(self, scope: Scope) -> str:
        """Name of the route for a method and a path, like ``GET /zones``; empty if none matches."""
        match, route = self._match(scope)
        return f"{scope['method']} {_route_path(route)}" if match is Match.FULL else ""

    @cached_property
    def _routes(self) -> list[RouteContext]:
        return list(iter_route_contexts(self._app.routes))

    def _find(self, scope: Scope) -> RouteAccess:
        access = self._access(scope)
        if access is not None:
            return RouteAccess(access)
        path = request_path(scope)
        variant = path.rstrip("/") if path.endswith("/") else f"{path}/"
        access = self._access({**scope, "path": variant, "root_path": ""})
        return RouteAccess(Access.NOTHING) if access is None else RouteAccess(access, variant)

    def _access(self, scope: Scope) -> Access | None:
        match, route = self._match(scope)
        if match is Match.FULL:
            return PUBLIC_ROUTES.get(f"{scope['method']} {_route_path(route)}", Access.OFFICIALS)
        if match is Match.PARTIAL:
            # No route has this method: the answer is 405 and discloses nothing.
            return _ACCESS_BY_PATH.get(_route_path(route), Access.OFFICIALS)
        return None

    def _match(self, scope: Scope) -> tuple[Match, RouteContext | None]:
        """The first route that matches path and method, else the first that matches the path."""
        partial: RouteContext | None = None
        for route in self._routes:
            match = route.matches(scope)[0]
            if match is Match.FULL:
                return match, route
            if match is Match.PARTIAL and partial is None:
                partial = route
        return (Match.NONE if partial is None else Match.PARTIAL), partial


def _route_path(route: RouteContext | None) -> str:
    return "" if route is None else route.path or ""
