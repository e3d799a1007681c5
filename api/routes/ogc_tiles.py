"""OGC API Tiles: which there are, and each; row before column, unlike the paths under /tiles."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse
from isal import igzip

from api.http.caching import A_DAY
from api.http.parameters import WHOLE
from api.ogc.links import address
from api.ogc.messages import WORDS
from api.ogc.pages import page
from api.ogc.parameters import Form, read_format, read_known_parameters
from api.ogc.service import Ogc
from api.ogc.tiles.layers import only_layer
from api.ogc.tiles.tiling import (
    FORMS,
    SCHEME,
    Kind,
    Tileset,
    scheme,
    scheme_list,
    tileset_list,
    tileset_metadata,
    tilesets_of,
    within_limits,
)
from api.ogc.times import read_days, read_subset
from api.services.public import (
    ChosenCollection,
    CurrentOgc,
    PublicServices,
    Services,
    classes_of,
)
from api.tiles.responses import tile_answer, vector_answer
from api.tiles.service import LATEST, TileRequest, pack
from geodata.calendar import DayRange
from geodata.errors import InputError, NotFoundError
from geodata.language import Bilingual
from zoning.tiles.geometry.scheme import Tile

router = APIRouter(prefix="/ogc", include_in_schema=False)
_TILE: Final = "/{scheme}/{matrix}/{row}/{column}"
_PICTURE: Final = 256
_KINDS: Final = {form: kind for kind, form in FORMS.items()}
_SCHEME_NAME: Final = Bilingual(SCHEME, "Web Mercator")


def _everything(request: Request) -> Tileset:
    under = request.scope["route"].path.removeprefix(router.prefix)
    return Tileset("map" if under.startswith("/map/") else "vector")


def _of_collection(request: Request, chosen: ChosenCollection) -> Tileset:
    kind = "map" if "/map/tiles" in request.scope["route"].path else "vector"
    for one in tilesets_of(chosen):
        if one.kind == kind:
            return one
    raise NotFoundError(
        "no-tiles",
        "There are no such tiles of this collection; /ogc/tiles has them for all zones.",
        indonesian="Tidak ada tile seperti itu untuk koleksi ini; /ogc/tiles memuat semua zona.",
    )


def _known_scheme(scheme: Annotated[str, Path()]) -> None:
    if scheme != SCHEME:
        raise NotFoundError(
            "no-tiles",
            f"Tiles come in {SCHEME} alone.",
            indonesian=f"Tile hanya ada dalam {SCHEME}.",
        )


Everything = Annotated[Tileset, Depends(_everything)]
OfCollection = Annotated[Tileset, Depends(_of_collection)]
InScheme = Depends(_known_scheme)


@router.get("/tileMatrixSets")
def schemes(request: Request) -> Response:
    """The tile matrix sets there are."""
    shape = read_format(request, "")
    return _answer(request, shape, scheme_list(request, shape), WORDS["schemes"], "/tileMatrixSets")


@router.get("/tileMatrixSets/{scheme}", dependencies=[InScheme])
def one_scheme(request: Request) -> Response:
    """The one that tiles come in."""
    path = f"/tileMatrixSets/{SCHEME}"
    above = ((WORDS["schemes"], "/tileMatrixSets"),)
    return _answer(request, read_format(request, ""), scheme(), _SCHEME_NAME, path, above)


@router.get("/tiles")
@router.get("/map/tiles")
def tilesets(request: Request, ogc: CurrentOgc, tileset: Everything) -> Response:
    """Tilesets of everything."""
    return _listed(request, ogc, tileset)


@router.get("/collections/{collection}/tiles")
@router.get("/collections/{collection}/map/tiles")
def collection_tilesets(request: Request, ogc: CurrentOgc, tileset: OfCollection) -> Response:
    """Tilesets of a collection."""
    return _listed(request, ogc, tileset)


@router.get("/tiles/{scheme}", dependencies=[InScheme])
@router.get("/map/tiles/{scheme}", dependencies=[InScheme])
def metadata(request: Request, ogc: CurrentOgc, tileset: Everything) -> Response:
    """What is in the tiles of everything."""
    return _described(request, ogc, tileset)


@router.get("/collections/{collection}/tiles/{scheme}", dependencies=[InScheme])
@router.get("/collections/{collection}/map/tiles/{scheme}", dependencies=[InScheme])
def collection_metadata(request: Request, ogc: CurrentOgc, tileset: OfCollection) -> Response:
    """What is in the tiles of a collection."""
    return _described(request, ogc, tileset)


@router.get(f"/tiles{_TILE}", dependencies=[InScheme])
@router.get(f"/map/tiles{_TILE}", dependencies=[InScheme])
async def tile(
    request: Request, services: Services, tileset: Everything, matrix: str, row: str, column: str
) -> Response:
    """A tile of everything."""
    return await _tile(request, services, tileset, (matrix, row, column))


@router.get(f"/collections/{{collection}}/tiles{_TILE}", dependencies=[InScheme])
@router.get(f"/collections/{{collection}}/map/tiles{_TILE}", dependencies=[InScheme])
async def collection_tile(
    request: Request, services: Services, tileset: OfCollection, matrix: str, row: str, column: str
) -> Response:
    """A tile of a collection."""
    return await _tile(request, services, tileset, (matrix, row, column))


async def _tile(
    request: Request, services: PublicServices, tileset: Tileset, numbers: tuple[str, str, str]
) -> Response:
    tile = _read_tile(*numbers)
    answer = await _found(request, services, tileset, tile)
    if answer.status_code == 204:
        # Nothing lies outside the limits, so only where nothing is must they be looked up.
        await run_sync(_check_within, services.ogc, tileset, tile, limiter=services.tiles.threads)
    return answer


async def _found(
    request: Request, services: PublicServices, tileset: Tileset, tile: Tile
) -> Response:
    ogc = services.ogc
    given = read_known_parameters(request, ("datetime", "subset"))
    kind = _kind(tileset, given.get("f"))
    days = _days(given, ogc.timezone)
    run: str | None = LATEST
    if days is not None:
        run = await run_sync(ogc.run_of, days, limiter=services.tiles.threads)
    if run is None:
        return Response(status_code=204)
    wanted = TileRequest(run, tile, _PICTURE if kind == "map" else 0)
    answer = await tile_answer(request, services.tiles, wanted, None if days is None else A_DAY)
    if tileset.layer is None or kind == "map" or answer.status_code == 204:
        return answer
    return _of_layer(request, answer, tileset.layer)


def _days(given: Mapping[str, str], timezone: ZoneInfo) -> DayRange | None:
    if {"datetime", "subset"} <= given.keys():
        raise InputError(
            "invalid-parameter",
            "subset: It says the same as datetime; give one of them.",
            indonesian="subset: Sama artinya dengan datetime; pakai salah satu.",
        )
    if "subset" in given:
        return read_subset(given["subset"], timezone)
    return read_days(given["datetime"], timezone) if "datetime" in given else None


def _check_within(ogc: Ogc, tileset: Tileset, tile: Tile) -> None:
    if not within_limits(tileset, ogc.boundaries, tile):
        raise NotFoundError(
            "no-tile",
            "That tile lies outside the limits of its tileset: see tileMatrixSetLimits in its "
            "description.",
            indonesian="Tile itu di luar batas kumpulannya; lihat tileMatrixSetLimits pada "
            "keterangannya.",
        )


def _of_layer(request: Request, answer: Response, layer: str) -> Response:
    packed = answer.headers.get("content-encoding") == "gzip"
    whole = igzip.decompress(answer.body) if packed else bytes(answer.body)  # type: ignore[no-untyped-call]  # isal's
    found = only_layer(whole, layer)
    return vector_answer(request, pack(found)) if found else Response(status_code=204)


def _kind(tileset: Tileset, wanted: str | None) -> Kind:
    """Vector or picture: by ``f`` where all zones are meant, else as the path says."""
    kind = tileset.kind if wanted is None else _KINDS.get(wanted)
    if kind is None or (tileset.layer is not None and kind != tileset.kind):
        raise InputError(
            "invalid-parameter",
            "f: Tiles are mvt or png.",
            indonesian="f: Tile berbentuk mvt atau png.",
        )
    return kind


def _read_tile(matrix: str, row: str, column: str) -> Tile:
    try:
        z, y, x = (int(text) for text in (matrix, row, column) if WHOLE.fullmatch(text))
    except ValueError:
        raise NotFoundError(
            "no-tile",
            "There is no such tile: its numbers are whole.",
            indonesian="Tidak ada tile itu: nomornya bilangan bulat.",
        ) from None
    return Tile(z, x, y)


def _listed(request: Request, ogc: Ogc, tileset: Tileset) -> Response:
    boundaries = ogc.boundaries
    shape = read_format(request, boundaries.id)
    answer = tileset_list(request, tileset, boundaries, shape)
    return _answer(request, shape, answer, tileset.title, tileset.path)


def _described(request: Request, ogc: Ogc, tileset: Tileset) -> Response:
    boundaries = ogc.boundaries
    shape = read_format(request, boundaries.id)
    answer = tileset_metadata(request, tileset, (boundaries, classes_of(request)), shape)
    path, above = f"{tileset.path}/{SCHEME}", ((tileset.title, tileset.path),)
    return _answer(request, shape, answer, _SCHEME_NAME, path, above)


def _answer(
    request: Request,
    shape: Form,
    answer: dict[str, Any],
    title: Bilingual,
    path: str,
    above: tuple[tuple[Bilingual, str], ...] = (),
) -> Response:
    if shape == "json":
        return JSONResponse(answer)
    context = {
        "title": title,
        "trail": ((WORDS["service"], ""), *above),
        "json": address(request, path, f="json"),
        "answer": answer,
    }
    return page(request, "tiles", classes_of(request), context)
