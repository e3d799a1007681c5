"""OGC API: landing page, conformance, OpenAPI description and collections."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.ogc import describing
from api.ogc.conformance import CONFORMS_TO
from api.ogc.features.collection import Collection
from api.ogc.links import OPENAPI, SCHEMA, ogc_url
from api.ogc.messages import ABOUT, LABELS, join_languages
from api.ogc.openapi import openapi
from api.ogc.pages import page
from api.ogc.parameters import read_document_form
from api.ogc.service import Ogc
from api.ogc.tiles.tiling import find_tilesets
from api.routes.docs import swagger_page
from api.services.public import CurrentOgc, PathCollection, risk_classes
from geodata.language import Bilingual

# /ogc/api describes these routes, not /openapi.json.
router = APIRouter(prefix="/ogc", include_in_schema=False)
_LANDING: Final = (LABELS["service"], "")
_COLLECTIONS: Final = (LABELS["collections"], "/collections")


@router.get("")
def landing(request: Request, ogc: CurrentOgc) -> Response:
    """The landing page: links to all documents."""
    title = ogc.title
    form = read_document_form(request, join_languages(title))
    if form == "json":
        return JSONResponse(describing.landing_document(request, form, title))
    more = [
        (LABELS["tiles"], "/tiles"),
        (LABELS["pictures"], "/map/tiles"),
        (LABELS["schemes"], "/tileMatrixSets"),
        (LABELS["conformance"], "/conformance"),
        (LABELS["documentation"], "/api"),
    ]
    context = {"about": ABOUT, "collections": ogc.collections.values(), "more": more}
    return _page(request, "landing", title, "", context, trail=())


@router.get("/conformance")
def conformance(request: Request) -> Response:
    """The conformance classes."""
    if read_document_form(request, "") == "json":
        return JSONResponse({"conformsTo": CONFORMS_TO})
    context = {"conforms": CONFORMS_TO}
    return _page(request, "conformance", LABELS["conformance"], "/conformance", context)


@router.get("/api")
def description(request: Request, ogc: CurrentOgc) -> Response:
    """The OpenAPI 3.0 description, or Swagger UI over it."""
    title = join_languages(ogc.title)
    if read_document_form(request, " ".join([title, *ogc.crs])) == "json":
        document = openapi(request, ogc.title, list(ogc.collections.values()), ogc.crs)
        return JSONResponse(document, media_type=OPENAPI)
    return swagger_page(request, ogc_url(request, "/api", f="json"), title)


@router.get("/collections")
def collections(request: Request, ogc: CurrentOgc) -> Response:
    """All collections."""
    all_collections = list(ogc.collections.values())
    form = read_document_form(request, _version(ogc, *all_collections))
    if form == "json":
        return JSONResponse(
            describing.collections_document(request, form, all_collections, ogc.crs, ogc.timezone)
        )
    context = {"collections": all_collections}
    return _page(request, "collections", LABELS["collections"], "/collections", context)


@router.get("/collections/{collection}")
def collection(request: Request, ogc: CurrentOgc, collection: PathCollection) -> Response:
    """One collection."""
    form = read_document_form(request, _version(ogc, collection))
    if form == "json":
        return JSONResponse(
            describing.collection_document(request, form, collection, ogc.crs, ogc.timezone)
        )
    context = {
        "collection": collection,
        "days": collection.day_range(),
        "bounds": ", ".join(f"{side:.5f}" for side in collection.bounds()),
        "crs": ogc.crs,
        "tilesets": find_tilesets(collection),
    }
    path, trail = f"/collections/{collection.id}", (_LANDING, _COLLECTIONS)
    return _page(request, "collection", collection.title, path, context, trail=trail)


@router.get("/collections/{collection}/queryables")
def queryables(request: Request, collection: PathCollection) -> Response:
    """The properties that a filter may use."""
    document = describing.queryables_document(request, collection)
    return _properties(request, collection, "queryables", document)


@router.get("/collections/{collection}/schema")
def schema(request: Request, collection: PathCollection) -> Response:
    """The properties of the features."""
    document = describing.schema_document(request, collection)
    return _properties(request, collection, "schema", document)


def _properties(
    request: Request, collection: Collection, name: str, document: dict[str, Any]
) -> Response:
    if read_document_form(request, "") == "json":
        return JSONResponse(document, media_type=SCHEMA)
    path = f"/collections/{collection.id}"
    context = {"properties": collection.properties, "geometry": collection.geometry}
    trail = (_LANDING, _COLLECTIONS, (collection.title, path))
    return _page(request, "properties", LABELS[name], f"{path}/{name}", context, trail=trail)


def _version(ogc: Ogc, *collections: Collection) -> str:
    return " ".join([*(collection.version() for collection in collections), *ogc.crs])


def _page(
    request: Request,
    name: str,
    title: Bilingual,
    path: str,
    context: dict[str, Any],
    trail: tuple[tuple[Bilingual, str], ...] = (_LANDING,),
) -> Response:
    heading = {"title": title, "trail": trail, "json": ogc_url(request, path, f="json")}
    return page(request, name, risk_classes(request), {**heading, **context})
