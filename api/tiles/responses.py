"""A tile as a response: from the cache or newly made, with cache headers, gzip or plain."""

from typing import Final

from anyio.to_thread import run_sync
from fastapi import Request, Response
from isal import igzip

from api.http.caching import A_MINUTE, FOREVER, set_cache_headers
from api.http.compression import accepted_encodings
from api.tiles.service import LATEST, TileRequest, Tiles
from geodata.errors import NotFoundError

MVT: Final = "application/vnd.mapbox-vector-tile"
PNG: Final = "image/png"


async def tile_response(
    request: Request, tiles: Tiles, tile_request: TileRequest, cache_control: str | None = None
) -> Response:
    """Answer with a tile, or 204 for an empty tile; another thread makes a tile that is not cached.

    Parameters
    ----------
    tile_request
        The run may be `LATEST`.
    cache_control
        Replaces the usual cache time, where the path does not name the run.

    Raises
    ------
    NotFoundError
        ``no-tile`` outside the zooms and the world, ``no-run`` for a run never published.
    NotReadyError
        If the tile is in preparation.
    NotModified
        If the client has the tile already.
    """
    if not tile_request.tile.exists:
        raise NotFoundError(
            "no-tile",
            "This tile does not exist. Zooms are 8 to 18, columns and rows 0 to 2^zoom - 1.",
            indonesian="Tile itu tidak ada. Zoom 8 sampai 18, kolom dan baris 0 sampai 2^zoom - 1.",
        )
    run, usual_lifetime = await _resolve(tiles, tile_request.run)
    resolved = tile_request._replace(run=run)
    lifetime = cache_control or usual_lifetime
    body = tiles.cached(resolved)
    if body is None:
        # A client that has the tile gets 304 before the run is read and the tile is made.
        set_cache_headers(request, run, lifetime, exists=False)
        body = await run_sync(tiles.make, resolved, limiter=tiles.threads)
    set_cache_headers(request, run, lifetime)
    if not body:
        return Response(status_code=204)
    return Response(body, media_type=PNG) if tile_request.size else vector_response(request, body)


async def picture_response(request: Request, tiles: Tiles, run: str, width: int) -> Response:
    """Answer with the picture of the city; another thread draws a picture that is not cached.

    Parameters
    ----------
    run
        May be `LATEST`.

    Raises
    ------
    NotFoundError
        ``no-run`` for a run never published, ``nothing-published``.
    NotModified
        If the client has the picture already.
    """
    run, lifetime = await _resolve(tiles, run)
    picture = tiles.cached_city_picture(run, width)
    if picture is None:
        set_cache_headers(request, run, lifetime, exists=False)
        picture = await run_sync(tiles.city_picture, run, width, limiter=tiles.threads)
    set_cache_headers(request, run, lifetime)
    return Response(picture, media_type=PNG)


async def _resolve(tiles: Tiles, run: str) -> tuple[str, str]:
    """The id of a requested run, and how long a cache may store its pictures."""
    if run != LATEST:
        return run, FOREVER
    newest = tiles.newest()
    if newest is None:
        newest = await run_sync(tiles.find_newest, limiter=tiles.threads)
    return newest, A_MINUTE


def vector_response(request: Request, compressed: bytes) -> Response:
    """Answer with a vector tile in gzip; plain for a client that does not accept gzip."""
    headers = {"Vary": "Accept-Encoding"}
    if "gzip" in accepted_encodings(request):
        return Response(compressed, media_type=MVT, headers={**headers, "Content-Encoding": "gzip"})
    plain: bytes = igzip.decompress(compressed)  # type: ignore[no-untyped-call]  # isal's
    return Response(plain, media_type=MVT, headers=headers)
