"""The short way to a tile: without a query, past what FastAPI does to check and document a path.

A tile that is at hand costs less than finding out that its address is one. What is not plainly a
tile's address goes on to the documented paths of `api.routes.tiles`, which answer the same.
"""

import re
from typing import Final

from fastapi import Request
from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from api.tile_answers import tile_answer
from api.tiles import Wanted
from zoning.tiles.scheme import Tile

_PATH: Final = re.compile(
    r"/tiles/([0-9a-z]{1,64})/(\d{1,9})/(\d{1,9})/(\d{1,9})(\.mvt|\.png|@2x\.png)", re.ASCII
)
_SIZES: Final = {".mvt": 0, ".png": 256, "@2x.png": 512}
_WANTED: Final = "mikrozonasi.tile"


class TileLane(BaseRoute):
    """Answers ``/tiles/{run}/{z}/{x}/{y}`` and an ending, where nothing else is asked."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request is for a tile and nothing but."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["query_string"]:
            return Match.NONE, {}
        found = _PATH.fullmatch(scope["path"].removeprefix(scope.get("root_path", "")))
        if found is None:
            return Match.NONE, {}
        run, z, x, y, ending = found.groups()
        wanted = Wanted(run, Tile(int(z), int(x), int(y)), _SIZES[ending])
        return Match.FULL, {_WANTED: wanted}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer it."""
        answer = await tile_answer(Request(scope, receive, send), scope[_WANTED])
        await answer(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """Name no path: those documented do."""
        raise NoMatchFound(name, path_params)
