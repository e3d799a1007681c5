"""The OpenAPI 3.0 description of the paths below /ogc.

FastAPI writes OpenAPI 3.1, which OGC API clients do not read; and the query parameters of a
collection depend on its properties.
"""

from typing import Any, Final

from fastapi import Request

from api.ogc.columns import Property
from api.ogc.cql.reading import LONGEST
from api.ogc.crs import CRS84, Crs
from api.ogc.features.collection import Collection
from api.ogc.features.selecting import LANGUAGES
from api.ogc.links import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, ogc_root
from api.ogc.messages import ABOUT, join_languages
from api.ogc.parameters import DEFAULT_LIMIT, LARGEST_LIMIT, LARGEST_OFFSET
from api.ogc.tiles.tiling import FORMS, MEDIA, SCHEME, TileKind, Tileset, find_tilesets
from geodata.language import Bilingual
from geodata.version import VERSION
from zoning.tiles.geometry.scheme import MAX_ZOOM, MIN_ZOOM

Document = dict[str, Any]
_QUERY: Final = {"in": "query", "style": "form", "explode": False}
"""Style of every query parameter; the OGC standards require it."""
_TAGS: Final = ("service", "features", "tiles")


def openapi(
    request: Request, title: Bilingual, collections: list[Collection], crss: dict[str, Crs]
) -> Document:
    """Describe every path, its parameters and its responses."""
    names = [collection.id for collection in collections]
    item_paths = {
        f"/collections/{collection.id}/items": _items(collection) for collection in collections
    }
    return {
        "openapi": "3.0.3",
        "info": {
            "title": join_languages(title),
            "description": join_languages(ABOUT),
            "version": VERSION,
            "license": {"name": "Apache-2.0"},
        },
        "servers": [{"url": ogc_root(request)}],
        "tags": [{"name": name} for name in _TAGS],
        "paths": {
            "/": _get("landing", "Landing page", "service"),
            "/conformance": _get("conformance", "Conformance classes", "service"),
            "/api": _get("api", "This description", "service", OPENAPI),
            "/collections": _get("collections", "Collections", "features"),
            "/collections/{collectionId}": _get_of_collection("collection", "A collection", JSON),
            "/collections/{collectionId}/queryables": _get_of_collection(
                "queryables", "Properties that a filter may use", SCHEMA
            ),
            "/collections/{collectionId}/schema": _get_of_collection(
                "schema", "Properties of the features", SCHEMA
            ),
            **item_paths,
            "/collections/{collectionId}/items/{featureId}": _item(),
            "/tileMatrixSets": _get("tileMatrixSets", "Tile matrix sets", "tiles"),
            "/tileMatrixSets/{tileMatrixSetId}": _get(
                "tileMatrixSet", "A tile matrix set", "tiles", JSON, [_parameter("tileMatrixSetId")]
            ),
            **_tile_paths(collections),
        },
        "components": {
            "parameters": _parameters(names, list(crss)),
            "responses": _RESPONSES,
            "schemas": _SCHEMAS,
        },
    }


def _get(
    operation: str,
    summary: str,
    tag: str,
    media_type: str = JSON,
    parameters: list[Any] | None = None,
) -> Document:
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "tags": [tag],
            "parameters": [*(parameters or []), _parameter("f")],
            "responses": {
                "200": {
                    "description": "OK",
                    "content": {
                        media_type: {"schema": {"type": "object"}},
                        HTML: {"schema": {"type": "string"}},
                    },
                },
                "304": {"description": "The client has the answer already"},
                "400": {"$ref": "#/components/responses/malformed"},
                "404": {"$ref": "#/components/responses/absent"},
            },
        }
    }


def _get_of_collection(operation: str, summary: str, media_type: str) -> Document:
    return _get(operation, summary, "features", media_type, [_parameter("collectionId")])


def _items(collection: Collection) -> Document:
    names = ("limit", "offset", "bbox", "bbox-crs", "datetime", "crs")
    filters = ("filter", "filter-lang", "filter-crs", "known_at")
    parameters = [
        *map(_parameter, (*names, *filters)),
        # Days have no parameter of their own, so that GDAL sends a filter by date as datetime.
        *(_property_parameter(prop) for prop in collection.properties if prop.kind != "day"),
    ]
    summary = f"Features of {join_languages(collection.title)}"
    return _get(f"items-{collection.id}", summary, "features", GEOJSON, parameters)


def _item() -> Document:
    parameters = [
        _parameter("collectionId"),
        {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}},
        _parameter("crs"),
    ]
    return _get("item", "One feature", "features", GEOJSON, parameters)


def _tile_paths(collections: list[Collection]) -> Document:
    tilesets = [tileset for collection in collections for tileset in find_tilesets(collection)]
    paths: Document = {}
    for tileset in [Tileset("vector"), Tileset("map"), *tilesets]:
        name, summary = _operation(tileset), join_languages(tileset.title)
        path, parameters = f"{tileset.path}/{{tileMatrixSetId}}", [_parameter("tileMatrixSetId")]
        paths[tileset.path] = _get(f"{name}.getTileSetsList", summary, "tiles")
        paths[path] = _get(f"{name}.getTileSet", summary, "tiles", JSON, parameters)
        paths[f"{path}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"] = _tile(tileset, name)
    return paths


def _operation(tileset: Tileset) -> str:
    """First part of the operation id of a tileset, by table 11 of OGC 20-057."""
    scope = "zones.dataset" if tileset.collection is None else f"{tileset.collection.id}.collection"
    return f"{scope}.{tileset.kind}"


def _tile(tileset: Tileset, name: str) -> Document:
    kinds: list[TileKind] = (
        [tileset.kind] if tileset.layer or tileset.kind == "map" else ["vector", "map"]
    )
    binary = {"schema": {"type": "string", "format": "binary"}}
    names = ("tileMatrixSetId", "tileMatrix", "tileRow", "tileCol", "datetime", "subset")
    forms = _enum(*(FORMS[kind] for kind in kinds))
    summary = join_languages(tileset.title)
    path = _get(f"{name}.getTile", summary, "tiles", JSON, [*map(_parameter, names)])
    path["get"]["parameters"][-1] = {"name": "f", **_QUERY, "schema": forms}
    responses = path["get"]["responses"]
    responses["200"]["content"] = {MEDIA[kind]: binary for kind in kinds}
    responses["204"] = {"description": "The tile is empty"}
    return path


def _property_parameter(prop: Property) -> Document:
    schema = {name: value for name, value in prop.schema.items() if name != "title"}
    return {
        "name": prop.name,
        **_QUERY,
        "description": f"{join_languages(prop.title)}: = {prop.name}",
        "schema": schema,
    }


def _parameter(name: str) -> Document:
    return {"$ref": f"#/components/parameters/{name}"}


def _parameters(names: list[str], crss: list[str]) -> Document:
    crs_schema = {"type": "string", "enum": crss, "default": CRS84.uri}
    corners = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    query = {
        "limit": (
            "Number of features on a page.",
            {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT},
        ),
        "offset": (
            "Number of features to skip.",
            {"type": "integer", "minimum": 0, "maximum": LARGEST_OFFSET, "default": 0},
        ),
        "bbox": ("Only features that intersect this box: lower corner, upper corner.", corners),
        "bbox-crs": ("Coordinate system of bbox.", crs_schema),
        "datetime": (
            "A day, a moment, or an interval. Default for zones: the newest published day.",
            {"type": "string"},
        ),
        "subset": ('As datetime: datetime("2021-07-15").', {"type": "string"}),
        "crs": ("Coordinate system of the answer.", crs_schema),
        "filter": ("A filter in CQL2.", {"type": "string", "maxLength": LONGEST}),
        "filter-lang": (
            "Language of the filter.",
            {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]},
        ),
        "filter-crs": ("Coordinate system of geometries in the filter.", crs_schema),
        "known_at": (
            "The state that was published at this moment. Places are always as known now.",
            {"type": "string"},
        ),
        "f": ("Format of the answer; stronger than the header Accept.", _enum("json", "html")),
    }
    parameters: Document = {
        name: {"name": name, **_QUERY, "description": description, "schema": schema}
        for name, (description, schema) in query.items()
    }
    number = {"type": "integer", "minimum": 0}
    paths = {
        "collectionId": _enum(*names),
        "tileMatrixSetId": _enum(SCHEME),
        "tileMatrix": _enum(*map(str, range(MIN_ZOOM, MAX_ZOOM + 1))),
        "tileRow": number,
        "tileCol": number,
    }
    for name, schema in paths.items():
        parameters[name] = {"name": name, "in": "path", "required": True, "schema": schema}
    return parameters


def _enum(*values: str) -> Document:
    return {"type": "string", "enum": list(values)}


def _error_response(description: str) -> Document:
    return {
        "description": description,
        "content": {JSON: {"schema": {"$ref": "#/components/schemas/fault"}}},
    }


_RESPONSES: Final = {
    "malformed": _error_response("A parameter is malformed or unknown"),
    "absent": _error_response("The resource does not exist"),
}
_SCHEMAS: Final = {
    "fault": {
        "type": "object",
        "required": ["code", "message"],
        "properties": {
            "code": {"type": "string", "description": "Stable code for programs."},
            "message": {"type": "string", "description": "Sentence for people: cause and remedy."},
        },
    },
}
