"""The short way to a tile: past what FastAPI does to check and document a path.

A tile that is at hand costs less than finding out that its address is one. What is not plainly a
tile's address goes on to the documented paths of `api.routes.tiles`, which answer the same.
"""

import re
from collections.abc import Callable, Iterator
from itertools import permutations, product
from typing import Final, NamedTuple

from fastapi import Request
from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from api.tiles.responses import tile_answer
from api.tiles.service import TileRequest, Tiles
from zoning.tiles.geometry.scheme import Tile

_PATH: Final = re.compile(
    r"/tiles/([0-9a-z]{1,64})/(\d{1,9})/(\d{1,9})/(\d{1,9})(\.mvt|\.png|@2x\.png)", re.ASCII
)
_REQUESTED: Final = "mikrozonasi.tile"


class _ImageOptions(NamedTuple):
    size: int = 0
    pattern: bool = False


_PATTERNS: Final = {"": False, "pattern=false": False, "pattern=true": True}
_SIZES: Final = {"": 256, "size=256": 256, "size=512": 512}


def _every_option() -> Iterator[tuple[tuple[str, bytes], _ImageOptions]]:
    """Every ending and query that is taken, and what it means."""
    yield (".mvt", b""), _ImageOptions()
    for (said, pattern), (across, size) in product(_PATTERNS.items(), _SIZES.items()):
        for asked in permutations((said, across)):
            yield (".png", "&".join(filter(None, asked)).encode()), _ImageOptions(size, pattern)
    for said, pattern in _PATTERNS.items():
        yield ("@2x.png", said.encode()), _ImageOptions(512, pattern)


_OPTIONS: Final = dict(_every_option())


class FastTileRoute(BaseRoute):
    """Answers ``/tiles/{run}/{z}/{x}/{y}``, an ending, and a query as our own pages write it.

    Parameters
    ----------
    tiles_of
        The tiles of the application that answers a request.
    """

    path = "/tiles/{run}/{z}/{x}/{y}{ending}"
    """By which it is named in `api.http.access`."""
    methods = frozenset({"GET"})

    def __init__(self, tiles_of: Callable[[Request], Tiles]) -> None:
        self._tiles_of = tiles_of

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request is for a tile and nothing but."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return Match.NONE, {}
        found = _PATH.fullmatch(scope["path"].removeprefix(scope.get("root_path", "")))
        if found is None:
            return Match.NONE, {}
        run, z, x, y, ending = found.groups()
        options = _OPTIONS.get((ending, scope["query_string"]))
        if options is None:
            return Match.NONE, {}
        return Match.FULL, {_REQUESTED: TileRequest(run, Tile(int(z), int(x), int(y)), *options)}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer it."""
        request = Request(scope, receive, send)
        answer = await tile_answer(request, self._tiles_of(request), scope[_REQUESTED])
        await answer(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """Name no path: those documented do."""
        raise NoMatchFound(name, path_params)
