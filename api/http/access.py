"""What everyone may see: one list. Access, CORS, caching and embedding follow from it.

A route that is not on the list is for officials, so a new route is closed until it is listed here.
Routes are named by method and path, as they are written where they are made.
"""

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from functools import cached_property
from typing import Final, NamedTuple

from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import Match
from starlette.types import Scope

from api.http.links import path_of


class Access(Enum):
    """What a route gives, and to whom."""

    DATA = auto()
    """Public; scripts of other sites may read it."""
    ASSET = auto()
    """A public file of a page: other sites may load it, as the guide's examples do."""
    PAGE = auto()
    """Public, for people; scripts of other sites have no need to read it."""
    HEALTH = auto()
    """Public, for probes; kept by no cache."""
    OFFICIALS = auto()
    """Only with the token; kept by no cache, shown in no other site."""
    NOTHING = auto()
    """There is no route."""


_LISTED: Final[Mapping[Access, Sequence[str]]] = {
    Access.DATA: (
        "GET /days",
        "GET /indicators",
        "GET /locate",
        "POST /locate",
        "GET /openapi.json",
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
        "GET /zones/{code}",
        "GET /zones/{code}/history",
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
        "GET /docs",
        "GET /docs/guide/{path:path}",
        "GET /embed",
        "GET /embed/guide",
        "GET /embed/guide/{example}",
        "GET /map",
    ),
    Access.ASSET: ("GET /assets/own", "GET /assets/vendor"),
    Access.HEALTH: ("GET /healthz",),
}
LISTED: Final = {name: access for access, names in _LISTED.items() for name in names}
"""Access of each public route by its name, like ``GET /zones``."""
_OF_PATH: Final = {name.partition(" ")[2]: access for name, access in LISTED.items()}
_READ_BY_OTHER_SITES: Final = frozenset({Access.DATA, Access.ASSET})
_METHODS: Final = ("GET", "POST")
_KEY: Final = "mikrozonasi.answering"


class RouteAccess(NamedTuple):
    """Which kind of route answers a request.

    Attributes
    ----------
    access
        Its kind.
    moved_to
        Path of the route, where the one asked for has a slash too many or too few.
    """

    access: Access
    moved_to: str | None = None

    @property
    def is_public(self) -> bool:
        """Whether everyone may see it."""
        return self.access not in {Access.OFFICIALS, Access.NOTHING}

    @property
    def is_read_by_other_sites(self) -> bool:
        """Whether scripts of other sites may read it."""
        return self.access in _READ_BY_OTHER_SITES


class AccessTable:
    """Finds the kind of route that answers a request, as the application would choose it.

    Parameters
    ----------
    app
        Its routes are read at the first request. A route that is added later is not found, and
        what is not found is answered 404: see `api.http.security.GateMiddleware`.
    """

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def of(self, scope: Scope) -> RouteAccess:
        """The kind of route that answers; remembered in the scope."""
        found: RouteAccess | None = scope.get(_KEY)
        if found is None:
            found = scope[_KEY] = self._find(scope)
        return found

    def methods_for_other_sites(self, scope: Scope) -> tuple[str, ...]:
        """Methods by which scripts of other sites may ask for this path."""
        names = {method: self.name_of({**scope, "method": method}) for method in _METHODS}
        return tuple(
            method for method, name in names.items() if LISTED.get(name) in _READ_BY_OTHER_SITES
        )

    def name_of(self, scope: Scope) -> str:
        """Name of the route that takes method and path, like ``GET /zones``; empty for none."""
        match, route = self._route(scope)
        return f"{scope['method']} {_path(route)}" if match is Match.FULL else ""

    @cached_property
    def _routes(self) -> list[RouteContext]:
        return list(iter_route_contexts(self._app.routes))

    def _find(self, scope: Scope) -> RouteAccess:
        access = self._access(scope)
        if access is not None:
            return RouteAccess(access)
        path = path_of(scope)
        other = path.rstrip("/") if path.endswith("/") else f"{path}/"
        access = self._access({**scope, "path": other, "root_path": ""}) if other else None
        return RouteAccess(Access.NOTHING) if access is None else RouteAccess(access, other)

    def _access(self, scope: Scope) -> Access | None:
        match, route = self._route(scope)
        if match is Match.FULL:
            return LISTED.get(f"{scope['method']} {_path(route)}", Access.OFFICIALS)
        if match is Match.PARTIAL:
            # A method that no route takes: answered 405, and nothing told.
            return _OF_PATH.get(_path(route), Access.OFFICIALS)
        return None

    def _route(self, scope: Scope) -> tuple[Match, RouteContext | None]:
        """The first route that takes path and method, else the first that takes the path."""
        partial: RouteContext | None = None
        for route in self._routes:
            match = route.matches(scope)[0]
            if match is Match.FULL:
                return match, route
            if match is Match.PARTIAL and partial is None:
                partial = route
        return (Match.NONE if partial is None else Match.PARTIAL), partial


def _path(route: RouteContext | None) -> str:
    return "" if route is None else route.path or ""
