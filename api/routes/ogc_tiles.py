"""OGC API Tiles: tilesets and tiles; in these paths the row comes before the column."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse
from isal import igzip

from api.http.caching import A_DAY
from api.http.parameters import WHOLE
from api.ogc.links import ogc_url
from api.ogc.messages import LABELS
from api.ogc.pages import page
from api.ogc.parameters import Form, read_document_form, read_known_parameters
from api.ogc.service import Ogc
from api.ogc.tiles.layers import extract_layer
from api.ogc.tiles.tiling import (
    FORMS,
    SCHEME,
    TileKind,
    Tileset,
    find_tilesets,
    scheme_document,
    scheme_list,
    tileset_list,
    tileset_metadata,
    within_limits,
)
from api.ogc.times import read_days, read_subset
from api.services.public import (
    CurrentOgc,
    PathCollection,
    PublicServices,
    Services,
    risk_classes,
)
from api.tiles.responses import tile_response, vector_response
from api.tiles.service import LATEST, TileRequest, gzip_tile
from geodata.calendar import DayRange
from geodata.errors import InputError, NotFoundError
from geodata.language import Bilingual
from zoning.tiles.geometry.scheme import Tile

router = APIRouter(prefix="/ogc", include_in_schema=False)
_TILE: Final = "/{scheme}/{matrix}/{row}/{column}"
_PICTURE_SIZE: Final = 256
_KINDS: Final = {form: kind for kind, form in FORMS.items()}
_SCHEME_NAME: Final = Bilingual(SCHEME, "Web Mercator")


def _dataset_tileset(request: Request) -> Tileset:
    path = request.scope["route"].path.removeprefix(router.prefix)
    return Tileset("map" if path.startswith("/map/") else "vector")


def _collection_tileset(request: Request, collection: PathCollection) -> Tileset:
    kind = "map" if "/map/tiles" in request.scope["route"].path else "vector"
    for tileset in find_tilesets(collection):
        if tileset.kind == kind:
            return tileset
    raise NotFoundError(
        "no-tiles",
        "This collection has no tiles of this kind. Use /ogc/tiles: it has tiles of all zones.",
        indonesian="Koleksi ini tidak punya tile jenis itu. Pakai /ogc/tiles: isinya tile semua "
        "zona.",
    )


def _check_scheme(scheme: Annotated[str, Path()]) -> None:
    if scheme != SCHEME:
        raise NotFoundError(
            "no-tiles",
            f"That tile matrix set does not exist. Write {SCHEME}.",
            indonesian=f"Skema tile itu tidak ada. Tulis {SCHEME}.",
        )


DatasetTileset = Annotated[Tileset, Depends(_dataset_tileset)]
CollectionTileset = Annotated[Tileset, Depends(_collection_tileset)]
CheckedScheme = Depends(_check_scheme)


@router.get("/tileMatrixSets")
def schemes(request: Request) -> Response:
    """The list of tile matrix sets."""
    form = read_document_form(request, "")
    document = scheme_list(request, form)
    return _response(request, form, document, LABELS["schemes"], "/tileMatrixSets")


@router.get("/tileMatrixSets/{scheme}", dependencies=[CheckedScheme])
def scheme(request: Request) -> Response:
    """The tile matrix set of all tiles."""
    form, path = read_document_form(request, ""), f"/tileMatrixSets/{SCHEME}"
    trail = ((LABELS["schemes"], "/tileMatrixSets"),)
    return _response(request, form, scheme_document(), _SCHEME_NAME, path, trail)


@router.get("/tiles")
@router.get("/map/tiles")
def tilesets(request: Request, ogc: CurrentOgc, tileset: DatasetTileset) -> Response:
    """Tilesets of all zones."""
    return _list_tilesets(request, ogc, tileset)


@router.get("/collections/{collection}/tiles")
@router.get("/collections/{collection}/map/tiles")
def collection_tilesets(request: Request, ogc: CurrentOgc, tileset: CollectionTileset) -> Response:
    """Tilesets of a collection."""
    return _list_tilesets(request, ogc, tileset)


@router.get("/tiles/{scheme}", dependencies=[CheckedScheme])
@router.get("/map/tiles/{scheme}", dependencies=[CheckedScheme])
def metadata(request: Request, ogc: CurrentOgc, tileset: DatasetTileset) -> Response:
    """Metadata of a tileset of all zones."""
    return _describe_tileset(request, ogc, tileset)


@router.get("/collections/{collection}/tiles/{scheme}", dependencies=[CheckedScheme])
@router.get("/collections/{collection}/map/tiles/{scheme}", dependencies=[CheckedScheme])
def collection_metadata(request: Request, ogc: CurrentOgc, tileset: CollectionTileset) -> Response:
    """Metadata of a tileset of a collection."""
    return _describe_tileset(request, ogc, tileset)


@router.get(f"/tiles{_TILE}", dependencies=[CheckedScheme])
@router.get(f"/map/tiles{_TILE}", dependencies=[CheckedScheme])
async def tile(
    request: Request,
    services: Services,
    tileset: DatasetTileset,
    matrix: str,
    row: str,
    column: str,
) -> Response:
    """A tile of all zones."""
    return await _tile(request, services, tileset, (matrix, row, column))


@router.get(f"/collections/{{collection}}/tiles{_TILE}", dependencies=[CheckedScheme])
@router.get(f"/collections/{{collection}}/map/tiles{_TILE}", dependencies=[CheckedScheme])
async def collection_tile(
    request: Request,
    services: Services,
    tileset: CollectionTileset,
    matrix: str,
    row: str,
    column: str,
) -> Response:
    """A tile of a collection."""
    return await _tile(request, services, tileset, (matrix, row, column))


async def _tile(
    request: Request, services: PublicServices, tileset: Tileset, numbers: tuple[str, str, str]
) -> Response:
    tile = _read_tile(*numbers)
    response = await _find_tile(request, services, tileset, tile)
    if response.status_code == 204:
        # Tiles outside the limits are empty, so only an empty tile needs this check.
        await run_sync(_check_limits, services.ogc, tileset, tile, limiter=services.tiles.threads)
    return response


async def _find_tile(
    request: Request, services: PublicServices, tileset: Tileset, tile: Tile
) -> Response:
    ogc = services.ogc
    parameters = read_known_parameters(request, ("datetime", "subset"))
    kind = _read_kind(tileset, parameters.get("f"))
    days = _read_days(parameters, ogc.timezone)
    run: str | None = LATEST
    if days is not None:
        run = await run_sync(ogc.newest_run, days, limiter=services.tiles.threads)
    if run is None:
        return Response(status_code=204)
    tile_request = TileRequest(run, tile, _PICTURE_SIZE if kind == "map" else 0)
    cache_control = None if days is None else A_DAY
    response = await tile_response(request, services.tiles, tile_request, cache_control)
    if tileset.layer is None or kind == "map" or response.status_code == 204:
        return response
    return _layer_response(request, response, tileset.layer)


def _read_days(parameters: Mapping[str, str], timezone: ZoneInfo) -> DayRange | None:
    if {"datetime", "subset"} <= parameters.keys():
        raise InputError(
            "invalid-parameter",
            "subset: The parameters subset and datetime mean the same. Write only one of them.",
            indonesian="subset: Parameter subset dan datetime sama artinya. Tulis salah satu saja.",
        )
    if "subset" in parameters:
        return read_subset(parameters["subset"], timezone)
    return read_days(parameters["datetime"], timezone) if "datetime" in parameters else None


def _check_limits(ogc: Ogc, tileset: Tileset, tile: Tile) -> None:
    if not within_limits(tileset, ogc.boundaries, tile):
        raise NotFoundError(
            "no-tile",
            "This tile is outside the limits of its tileset. See tileMatrixSetLimits in the "
            "description of the tileset.",
            indonesian="Tile ini di luar batas kumpulan tile. Lihat tileMatrixSetLimits pada "
            "keterangan kumpulan itu.",
        )


def _layer_response(request: Request, response: Response, layer: str) -> Response:
    is_compressed = response.headers.get("content-encoding") == "gzip"
    tile = igzip.decompress(response.body) if is_compressed else bytes(response.body)  # type: ignore[no-untyped-call]  # isal's
    layer_tile = extract_layer(tile, layer)
    if not layer_tile:
        return Response(status_code=204)
    return vector_response(request, gzip_tile(layer_tile))


def _read_kind(tileset: Tileset, form: str | None) -> TileKind:
    """Vector or picture: by ``f`` for tiles of all zones, else by the path."""
    kind = tileset.kind if form is None else _KINDS.get(form)
    if kind is None or (tileset.layer is not None and kind != tileset.kind):
        raise InputError(
            "invalid-parameter",
            "f: These tiles do not have this format. Write mvt for vector tiles, png for pictures.",
            indonesian="f: Tile ini tidak ada dalam format itu. Tulis mvt untuk tile vektor, png "
            "untuk tile gambar.",
        )
    return kind


def _read_tile(matrix: str, row: str, column: str) -> Tile:
    try:
        z, y, x = (int(text) for text in (matrix, row, column) if WHOLE.fullmatch(text))
    except ValueError:
        raise NotFoundError(
            "no-tile",
            "This tile does not exist. Write whole numbers for zoom, row and column.",
            indonesian="Tile itu tidak ada. Tulis bilangan bulat untuk zoom, baris dan kolom.",
        ) from None
    return Tile(z, x, y)


def _list_tilesets(request: Request, ogc: Ogc, tileset: Tileset) -> Response:
    boundaries = ogc.boundaries
    form = read_document_form(request, boundaries.id)
    document = tileset_list(request, tileset, boundaries, form)
    return _response(request, form, document, tileset.title, tileset.path)


def _describe_tileset(request: Request, ogc: Ogc, tileset: Tileset) -> Response:
    boundaries = ogc.boundaries
    form = read_document_form(request, boundaries.id)
    document = tileset_metadata(request, tileset, boundaries, risk_classes(request), form)
    path, trail = f"{tileset.path}/{SCHEME}", ((tileset.title, tileset.path),)
    return _response(request, form, document, _SCHEME_NAME, path, trail)


def _response(
    request: Request,
    form: Form,
    document: dict[str, Any],
    title: Bilingual,
    path: str,
    trail: tuple[tuple[Bilingual, str], ...] = (),
) -> Response:
    if form == "json":
        return JSONResponse(document)
    context = {
        "title": title,
        "trail": ((LABELS["service"], ""), *trail),
        "json": ogc_url(request, path, f="json"),
        "document": document,
    }
    return page(request, "tiles", risk_classes(request), context)
