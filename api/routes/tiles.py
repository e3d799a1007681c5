"""Tiles of any published day, their TileJSON and their style."""

from enum import IntEnum
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from api.http.links import base_url
from api.http.parameters import RunId, ShownDay, WholeNumber
from api.schemas.tiles import TileJson, TilesPrepared, TileStyle
from api.services.days import TilesDay
from api.services.public import CurrentCity, Services
from api.tiles.responses import MVT, PNG, tile_response
from api.tiles.service import TileRequest
from zoning.tiles.formats.style import style
from zoning.tiles.formats.tilejson import TileFormat, tilejson, title
from zoning.tiles.geometry.scheme import Tile

router = APIRouter(tags=["tiles"])
about = APIRouter(tags=["tiles"])
"""Routes that describe tiles; they reject unknown parameters, which would change the answer."""
Patterned = Annotated[
    bool, Query(description="Show a pattern for each colour: dots, stripes, lattice.")
]


class TileSize(IntEnum):
    """Pixels of a side of a picture."""

    STANDARD = 256
    LARGE = 512


Size = Annotated[TileSize, Query(description="Pixels of a side of a picture.")]
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    204: {"description": "The tile is empty"},
    404: {"description": "The tile or the run does not exist"},
    503: {"description": "In preparation: try again after the seconds of `Retry-After`"},
}


@router.get(
    "/tiles/{run}/{z}/{x}/{y}.mvt",
    summary="A vector tile",
    response_class=Response,
    responses={200: {"content": {MVT: {}}}, **_ANSWERS},
)
async def vector(
    request: Request,
    services: Services,
    run: RunId,
    z: WholeNumber,
    x: WholeNumber,
    y: WholeNumber,
) -> Response:
    """Zones of a run as a Mapbox Vector Tile, zooms 8 to 18.

    Layers `kecamatan` and `kelurahan`, `rt` from zoom 10, `rw` from 12, each with `risk`, `code`
    and `name`; and layer `other` with areas that are no RT.
    """
    return await tile_response(request, services.tiles, TileRequest(run, Tile(z, x, y)))


@router.get(
    "/tiles/{run}/{z}/{x}/{y}@2x.png",
    summary="A picture with sides of 512 pixels",
    response_class=Response,
    responses={200: {"content": {PNG: {}}}, **_ANSWERS},
)
async def large_picture(
    request: Request,
    services: Services,
    run: RunId,
    z: WholeNumber,
    x: WholeNumber,
    y: WholeNumber,
    *,
    pattern: Patterned = False,
) -> Response:
    """The picture of a tile for a high-resolution screen, for `{r}` of Leaflet."""
    return await tile_response(
        request, services.tiles, TileRequest(run, Tile(z, x, y), TileSize.LARGE, pattern)
    )


@router.get(
    "/tiles/{run}/{z}/{x}/{y}.png",
    summary="A picture",
    response_class=Response,
    responses={200: {"content": {PNG: {}}}, **_ANSWERS},
)
async def picture(  # noqa: PLR0913  (path and query parameters)
    request: Request,
    services: Services,
    run: RunId,
    z: WholeNumber,
    x: WholeNumber,
    y: WholeNumber,
    *,
    size: Size = TileSize.STANDARD,
    pattern: Patterned = False,
) -> Response:
    """The RT of a run in their colours as PNG, zooms 8 to 18, transparent outside the city."""
    return await tile_response(
        request, services.tiles, TileRequest(run, Tile(z, x, y), size, pattern)
    )


@about.get("/tilejson", summary="TileJSON 3.0", response_model_exclude_none=True)
def description(
    request: Request,
    city: CurrentCity,
    day: TilesDay,
    *,
    form: Annotated[
        TileFormat, Query(alias="format", description="Vector tiles or pictures.")
    ] = "mvt",
    size: Size = TileSize.STANDARD,
    pattern: Patterned = False,
) -> TileJson:
    """URLs, zooms, bounds and fields of the tiles of a day, for map libraries.

    `size` and `pattern` are options of pictures.
    """
    boundaries, base = city.ground(day).boundaries, base_url(request)
    document = tilejson(boundaries, day, form, base, city.rules.classes, size=size, pattern=pattern)
    return TileJson.model_validate(document)


@about.get("/tiles/prepared", summary="Progress of preparing the tiles of a day")
def prepared(services: Services, response: Response, date: ShownDay = None) -> TilesPrepared:
    """The share of the tiles that is prepared, for the boundaries of a day: 0 to 1.

    The server draws a picture that is not prepared at the request; a vector tile answers 503 with
    `Retry-After` until it is prepared.
    """
    response.headers["Cache-Control"] = "no-store"
    key = services.city.published_key(date)
    return TilesPrepared(prepared=services.tiles.prepared_share(key.boundaries))


@about.get("/tilestyle", summary="A style for the vector tiles", response_model_exclude_none=True)
def tile_style(request: Request, city: CurrentCity, day: TilesDay) -> TileStyle:
    """Colours and borders of the vector tiles of a day, for MapLibre and QGIS."""
    query = urlencode(request.query_params.multi_items())
    tilejson_url = f"{base_url(request)}/tilejson" + (f"?{query}" if query else "")
    name = title(city.ground(day).boundaries, day)
    return TileStyle.model_validate(style(name, tilejson_url, city.rules.classes))
