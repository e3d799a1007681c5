"""A tile as an answer: found or made, marked with how long it may be kept, packed or plain."""

from typing import Final

from anyio.to_thread import run_sync
from fastapi import Request, Response
from isal import igzip

from api.http.caching import A_MINUTE, FOREVER, set_cache_headers
from api.http.compression import accepted
from api.tiles.service import LATEST, TileRequest, Tiles
from geodata.errors import NotFoundError

MVT: Final = "application/vnd.mapbox-vector-tile"
PNG: Final = "image/png"


async def tile_answer(
    request: Request, tiles: Tiles, requested: TileRequest, how_long: str | None = None
) -> Response:
    """Answer with a tile, or 204 where nothing is; made in another thread if not at hand.

    Parameters
    ----------
    requested
        Its run may be `LATEST`.
    how_long
        For how long it may be kept, where the path does not name the run.

    Raises
    ------
    NotFoundError
        ``no-tile`` outside the zooms and the world, ``no-run`` for a run never published.
    NotReadyError
        If it is being prepared.
    NotModified
        If the asker has it already.
    """
    if not requested.tile.exists:
        raise NotFoundError(
            "no-tile",
            "There is no such tile. Zooms are 8 to 18, columns and rows 0 to 2^zoom - 1.",
            indonesian="Tidak ada tile itu. Zoom 8 sampai 18, kolom dan baris 0 sampai 2^zoom - 1.",
        )
    run: str | None = tiles.newest() if requested.run == LATEST else requested.run
    if run is None:
        run = await run_sync(tiles.find_newest, limiter=tiles.threads)
    named = requested._replace(run=run)
    lifetime = how_long or (A_MINUTE if requested.run == LATEST else FOREVER)
    body = tiles.cached(named)
    if body is None:
        # Who has the tile gets 304 before the run is read and the tile is made.
        set_cache_headers(request, run, lifetime, exists=False)
        body = await run_sync(tiles.make, named, limiter=tiles.threads)
    set_cache_headers(request, run, lifetime)
    if not body:
        return Response(status_code=204)
    return Response(body, media_type=PNG) if requested.size else vector_answer(request, body)


def vector_answer(request: Request, packed: bytes) -> Response:
    """Answer with a vector tile in gzip, or plain to who does not take that."""
    headers = {"Vary": "Accept-Encoding"}
    if "gzip" in accepted(request):
        return Response(packed, media_type=MVT, headers={**headers, "Content-Encoding": "gzip"})
    plain: bytes = igzip.decompress(packed)  # type: ignore[no-untyped-call]  # isal's
    return Response(plain, media_type=MVT, headers=headers)
