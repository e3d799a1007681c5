"""A fast route to tiles that skips the parameter checks of FastAPI.

A tile from the cache costs less than these checks. An address that this route does not match goes
to the documented routes of `api.routes.tiles`, which give the same answers.
"""

import re
from collections.abc import Callable, Iterator
from itertools import permutations, product
from typing import Final, NamedTuple

from fastapi import Request
from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from api.tiles.responses import tile_response
from api.tiles.service import TileRequest, Tiles
from zoning.tiles.geometry.scheme import Tile

_PATH: Final = re.compile(
    r"/tiles/([0-9a-z]{1,64})/(\d{1,9})/(\d{1,9})/(\d{1,9})(\.mvt|\.png|@2x\.png)", re.ASCII
)
_SCOPE_KEY: Final = "mikrozonasi.tile"


class _ImageOptions(NamedTuple):
    size: int = 0
    pattern: bool = False


_PATTERNS: Final = {"": False, "pattern=false": False, "pattern=true": True}
_SIZES: Final = {"": 256, "size=256": 256, "size=512": 512}


def _iterate_options() -> Iterator[tuple[tuple[str, bytes], _ImageOptions]]:
    """Every ending with every query string that the route matches, and their options."""
    yield (".mvt", b""), _ImageOptions()
    for (pattern_query, pattern), (size_query, size) in product(_PATTERNS.items(), _SIZES.items()):
        for queries in permutations((pattern_query, size_query)):
            yield (".png", "&".join(filter(None, queries)).encode()), _ImageOptions(size, pattern)
    for pattern_query, pattern in _PATTERNS.items():
        yield ("@2x.png", pattern_query.encode()), _ImageOptions(512, pattern)


_OPTIONS: Final = dict(_iterate_options())


class FastTileRoute(BaseRoute):
    """Answers ``/tiles/{run}/{z}/{x}/{y}``, an ending, and a query as the pages here write it.

    Parameters
    ----------
    get_tiles
        Gives the tiles of the application that answers a request.
    """

    path = "/tiles/{run}/{z}/{x}/{y}{ending}"
    """Name of the route in `api.http.access`."""
    methods = frozenset({"GET"})

    def __init__(self, get_tiles: Callable[[Request], Tiles]) -> None:
        self._get_tiles = get_tiles

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request is for a tile, with options that the route knows."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return Match.NONE, {}
        match = _PATH.fullmatch(scope["path"].removeprefix(scope.get("root_path", "")))
        if match is None:
            return Match.NONE, {}
        run, z, x, y, ending = match.groups()
        options = _OPTIONS.get((ending, scope["query_string"]))
        if options is None:
            return Match.NONE, {}
        return Match.FULL, {_SCOPE_KEY: TileRequest(run, Tile(int(z), int(x), int(y)), *options)}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that matches."""
        request = Request(scope, receive, send)
        response = await tile_response(request, self._get_tiles(request), scope[_SCOPE_KEY])
        await response(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """Raise: only the documented routes build URLs."""
        raise NoMatchFound(name, path_params)
