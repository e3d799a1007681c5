"""OGC API: the landing page, what holds, the description, and the collections."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.ogc import describing
from api.ogc.conformance import CONFORMS_TO
from api.ogc.features.collection import Collection
from api.ogc.links import OPENAPI, SCHEMA, address
from api.ogc.messages import ABOUT, WORDS, said
from api.ogc.openapi import openapi
from api.ogc.pages import page
from api.ogc.parameters import read_format
from api.ogc.service import Ogc
from api.ogc.tiles.tiling import tilesets_of
from api.routes.docs import swagger_page
from api.services.public import ChosenCollection, CurrentOgc, classes_of
from geodata.language import Bilingual

# What is here says what it is at /ogc/api.
router = APIRouter(prefix="/ogc", include_in_schema=False)
_TOP: Final = (WORDS["service"], "")
_COLLECTIONS: Final = (WORDS["collections"], "/collections")


@router.get("")
def landing(request: Request, ogc: CurrentOgc) -> Response:
    """Where everything is."""
    title = ogc.title
    shape = read_format(request, said(title))
    if shape == "json":
        return JSONResponse(describing.landing(request, shape, title))
    more = [
        (WORDS["tiles"], "/tiles"),
        (WORDS["pictures"], "/map/tiles"),
        (WORDS["schemes"], "/tileMatrixSets"),
        (WORDS["conformance"], "/conformance"),
        (WORDS["documentation"], "/api"),
    ]
    context = {"about": ABOUT, "collections": ogc.collections.values(), "more": more}
    return _page(request, "landing", title, "", context, trail=())


@router.get("/conformance")
def conformance(request: Request) -> Response:
    """What of the standards holds."""
    shape = read_format(request, "")
    if shape == "json":
        return JSONResponse({"conformsTo": CONFORMS_TO})
    context = {"conforms": CONFORMS_TO}
    return _page(request, "conformance", WORDS["conformance"], "/conformance", context)


@router.get("/api")
def description(request: Request, ogc: CurrentOgc) -> Response:
    """The OpenAPI 3.0 description, or Swagger UI over it."""
    shape = read_format(request, " ".join([said(ogc.title), *ogc.crs]))
    if shape == "json":
        every = list(ogc.collections.values())
        return JSONResponse(openapi(request, ogc.title, every, ogc.crs), media_type=OPENAPI)
    return swagger_page(request, address(request, "/api", f="json"), said(ogc.title))


@router.get("/collections")
def collections(request: Request, ogc: CurrentOgc) -> Response:
    """All collections."""
    every = list(ogc.collections.values())
    shape = read_format(request, _version(ogc, *every))
    if shape == "json":
        return JSONResponse(describing.collections(request, shape, every, ogc.crs, ogc.timezone))
    context = {"collections": every}
    return _page(request, "collections", WORDS["collections"], "/collections", context)


@router.get("/collections/{collection}")
def collection(request: Request, ogc: CurrentOgc, chosen: ChosenCollection) -> Response:
    """One collection."""
    shape = read_format(request, _version(ogc, chosen))
    if shape == "json":
        return JSONResponse(describing.collection(request, shape, chosen, ogc.crs, ogc.timezone))
    bounds = ", ".join(f"{side:.5f}" for side in chosen.bounds())
    tiles = [(one.title, one.path) for one in tilesets_of(chosen)]
    context = {
        "one": chosen,
        "span": chosen.span(),
        "bounds": bounds,
        "crs": ogc.crs,
        "tiles": tiles,
    }
    path = f"/collections/{chosen.id}"
    return _page(request, "collection", chosen.title, path, context, trail=(_TOP, _COLLECTIONS))


@router.get("/collections/{collection}/queryables")
def queryables(request: Request, chosen: ChosenCollection) -> Response:
    """Properties a filter may speak of."""
    return _properties(request, chosen, "queryables", describing.queryables(request, chosen))


@router.get("/collections/{collection}/schema")
def schema(request: Request, chosen: ChosenCollection) -> Response:
    """Properties of its features."""
    return _properties(request, chosen, "schema", describing.schema(request, chosen))


def _properties(
    request: Request, chosen: Collection, name: str, answer: dict[str, Any]
) -> Response:
    if read_format(request, "") == "json":
        return JSONResponse(answer, media_type=SCHEMA)
    path = f"/collections/{chosen.id}"
    context = {"properties": chosen.properties, "geometry": chosen.geometry}
    trail = (_TOP, _COLLECTIONS, (chosen.title, path))
    return _page(request, "properties", WORDS[name], f"{path}/{name}", context, trail=trail)


def _version(ogc: Ogc, *chosen: Collection) -> str:
    return " ".join([*(one.version() for one in chosen), *ogc.crs])


def _page(
    request: Request,
    name: str,
    title: Bilingual,
    path: str,
    context: dict[str, Any],
    trail: tuple[tuple[Bilingual, str], ...] = (_TOP,),
) -> Response:
    above = {"title": title, "trail": trail, "json": address(request, path, f="json")}
    return page(request, name, classes_of(request), {**above, **context})
