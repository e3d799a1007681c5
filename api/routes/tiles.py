"""Tiles of any published day, and the TileJSON that names them."""

from enum import IntEnum
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request, Response

from api.http.links import base_url
from api.http.parameters import ShownDay, WholeNumber
from api.schemas.tiles import TileJson, TilesPrepared, TileStyle
from api.services.days import TilesDay
from api.services.public import CurrentCity, Services
from api.tiles.responses import MVT, PNG, tile_answer
from api.tiles.service import TileRequest
from zoning.tiles.formats.style import style
from zoning.tiles.formats.tilejson import Form, tilejson, title
from zoning.tiles.geometry.scheme import Tile

router = APIRouter(tags=["tiles"])
about = APIRouter(tags=["tiles"])
"""Says where tiles are: what is asked there changes the answer, so all of it must be known."""
RunId = Annotated[
    str, Path(pattern="^[0-9a-z]{1,64}$", description="Id of a run, or `latest` for the newest.")
]
Patterned = Annotated[bool, Query(description="Say the colours by dots, stripes and lattice too.")]


class TileSize(IntEnum):
    """Pixels across a picture."""

    USUAL = 256
    LARGE = 512


Size = Annotated[TileSize, Query(description="Pixels across a picture.")]
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    204: {"description": "Nothing is there"},
    404: {"description": "No such tile, or no such run"},
    503: {"description": "Being prepared: ask again after the seconds of `Retry-After`"},
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
    and `name`; and `other`, areas that are no RT.
    """
    return await tile_answer(request, services.tiles, TileRequest(run, Tile(z, x, y)))


@router.get(
    "/tiles/{run}/{z}/{x}/{y}@2x.png",
    summary="A picture, 512 pixels across",
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
    """The picture of a tile for a screen with small pixels, as Leaflet's `{r}` asks for it."""
    return await tile_answer(
        request, services.tiles, TileRequest(run, Tile(z, x, y), TileSize.LARGE, pattern)
    )


@router.get(
    "/tiles/{run}/{z}/{x}/{y}.png",
    summary="A picture",
    response_class=Response,
    responses={200: {"content": {PNG: {}}}, **_ANSWERS},
)
async def picture(  # noqa: PLR0913  (what its address and its query say)
    request: Request,
    services: Services,
    run: RunId,
    z: WholeNumber,
    x: WholeNumber,
    y: WholeNumber,
    *,
    size: Size = TileSize.USUAL,
    pattern: Patterned = False,
) -> Response:
    """RT of a run in their colours as a PNG, zooms 8 to 18, transparent outside the city."""
    return await tile_answer(
        request, services.tiles, TileRequest(run, Tile(z, x, y), size, pattern)
    )


@about.get("/tilejson", summary="TileJSON 3.0", response_model_exclude_none=True)
def description(
    request: Request,
    city: CurrentCity,
    day: TilesDay,
    *,
    form: Annotated[Form, Query(alias="format", description="Vector tiles or pictures.")] = "mvt",
    size: Size = TileSize.USUAL,
    pattern: Patterned = False,
) -> TileJson:
    """Addresses, zooms, bounds and fields of a day's tiles, as map libraries read them.

    `size` and `pattern` are those of pictures.
    """
    boundaries, base = city.ground(day).boundaries, base_url(request)
    found = tilejson(boundaries, day, form, base, city.rules.classes, size=size, pattern=pattern)
    return TileJson.model_validate(found)


@about.get("/tiles/prepared", summary="How much is prepared of a day's tiles")
def prepared(services: Services, response: Response, on: ShownDay = None) -> TilesPrepared:
    """The share of the tiles of a day's boundaries that is prepared, 1 for all of them.

    Pictures that are not prepared are drawn when asked for; vector tiles answer 503 with
    `Retry-After` until then.
    """
    response.headers["Cache-Control"] = "no-store"
    key = services.city.published_key(on)
    return TilesPrepared(prepared=services.tiles.share_prepared(key.boundaries))


@about.get("/tilestyle", summary="A style for the vector tiles", response_model_exclude_none=True)
def tile_style(request: Request, city: CurrentCity, day: TilesDay) -> TileStyle:
    """Colours and borders of a day's vector tiles, as MapLibre and QGIS read them."""
    asked = urlencode(request.query_params.multi_items())
    address = f"{base_url(request)}/tilejson" + (f"?{asked}" if asked else "")
    name = title(city.ground(day).boundaries, day)
    found = style(name, address, city.rules.classes)
    return TileStyle.model_validate(found)
