"""The OpenAPI 3.0 description of what is under /ogc.

FastAPI writes 3.1, which OGC API clients do not read; and what may be asked of a collection
depends on its properties.
"""

from typing import Any, Final

from fastapi import Request

from api.ogc.columns import Property
from api.ogc.cql.reading import LONGEST
from api.ogc.crs import CRS84, Crs
from api.ogc.features.collection import Collection
from api.ogc.features.selecting import LANGUAGES
from api.ogc.links import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, root
from api.ogc.messages import ABOUT, said
from api.ogc.parameters import DEFAULT_LIMIT, LARGEST_LIMIT, LARGEST_OFFSET
from api.ogc.tiles.tiling import FORMS, MEDIA, SCHEME, Kind, Tileset, tilesets_of
from api.version import VERSION
from geodata.language import Bilingual
from zoning.tiles.geometry.scheme import MAX_ZOOM, MIN_ZOOM

Document = dict[str, Any]
_QUERY: Final = {"in": "query", "style": "form", "explode": False}
"""How every parameter of a question is written; OGC wants it said."""
_TAGS: Final = ("service", "features", "tiles")


def openapi(
    request: Request, title: Bilingual, every: list[Collection], crss: dict[str, Crs]
) -> Document:
    """Describe every address, its parameters and its answers."""
    names = [one.id for one in every]
    own = {f"/collections/{one.id}/items": _items(one) for one in every}
    return {
        "openapi": "3.0.3",
        "info": {
            "title": said(title),
            "description": said(ABOUT),
            "version": VERSION,
            "license": {"name": "Apache-2.0"},
        },
        "servers": [{"url": root(request)}],
        "tags": [{"name": name} for name in _TAGS],
        "paths": {
            "/": _get("landing", "Landing page", "service"),
            "/conformance": _get("conformance", "What of the standards holds", "service"),
            "/api": _get("api", "This description", "service", OPENAPI),
            "/collections": _get("collections", "Collections", "features"),
            "/collections/{collectionId}": _of_collection("collection", "A collection", JSON),
            "/collections/{collectionId}/queryables": _of_collection(
                "queryables", "Properties a filter may speak of", SCHEMA
            ),
            "/collections/{collectionId}/schema": _of_collection(
                "schema", "Properties of its features", SCHEMA
            ),
            **own,
            "/collections/{collectionId}/items/{featureId}": _item(),
            "/tileMatrixSets": _get("tileMatrixSets", "Tile matrix sets", "tiles"),
            "/tileMatrixSets/{tileMatrixSetId}": _get(
                "tileMatrixSet", "A tile matrix set", "tiles", JSON, [_named("tileMatrixSetId")]
            ),
            **_tile_paths(every),
        },
        "components": {
            "parameters": _parameters(names, list(crss)),
            "responses": _RESPONSES,
            "schemas": _SCHEMAS,
        },
    }


def _get(
    operation: str, summary: str, tag: str, kind: str = JSON, parameters: list[Any] | None = None
) -> Document:
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "tags": [tag],
            "parameters": [*(parameters or []), _named("f")],
            "responses": {
                "200": {
                    "description": "OK",
                    "content": {
                        kind: {"schema": {"type": "object"}},
                        HTML: {"schema": {"type": "string"}},
                    },
                },
                "304": {"description": "The asker has it already"},
                "400": {"$ref": "#/components/responses/malformed"},
                "404": {"$ref": "#/components/responses/absent"},
            },
        }
    }


def _of_collection(operation: str, summary: str, kind: str) -> Document:
    return _get(operation, summary, "features", kind, [_named("collectionId")])


def _items(one: Collection) -> Document:
    names = ("limit", "offset", "bbox", "bbox-crs", "datetime", "crs")
    filters = ("filter", "filter-lang", "filter-crs", "known_at")
    parameters = [
        *map(_named, (*names, *filters)),
        # A day is asked for by datetime: GDAL then does so where it filters by date.
        *(_equal(prop) for prop in one.properties if prop.kind != "day"),
    ]
    return _get(
        f"items-{one.id}", f"Features of {said(one.title)}", "features", GEOJSON, parameters
    )


def _item() -> Document:
    parameters = [
        _named("collectionId"),
        {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}},
        _named("crs"),
    ]
    return _get("item", "One feature", "features", GEOJSON, parameters)


def _tile_paths(every: list[Collection]) -> Document:
    own = [tileset for one in every for tileset in tilesets_of(one)]
    paths: Document = {}
    for tileset in [Tileset("vector"), Tileset("map"), *own]:
        name, about = _operation(tileset), said(tileset.title)
        path, scheme = f"{tileset.path}/{{tileMatrixSetId}}", [_named("tileMatrixSetId")]
        paths[tileset.path] = _get(f"{name}.getTileSetsList", about, "tiles")
        paths[path] = _get(f"{name}.getTileSet", about, "tiles", JSON, scheme)
        paths[f"{path}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"] = _tile(tileset, name)
    return paths


def _operation(tileset: Tileset) -> str:
    """What OGC 20-057 wants an operation's id to end with tells a tileset by (its table 11)."""
    of = "zones.dataset" if tileset.collection is None else f"{tileset.collection.id}.collection"
    return f"{of}.{tileset.kind}"


def _tile(tileset: Tileset, name: str) -> Document:
    kinds: list[Kind] = (
        [tileset.kind] if tileset.layer or tileset.kind == "map" else ["vector", "map"]
    )
    binary = {"schema": {"type": "string", "format": "binary"}}
    places = ("tileMatrixSetId", "tileMatrix", "tileRow", "tileCol", "datetime", "subset")
    forms = _enum(*(FORMS[kind] for kind in kinds))
    found = _get(f"{name}.getTile", said(tileset.title), "tiles", JSON, [*map(_named, places)])
    found["get"]["parameters"][-1] = {"name": "f", **_QUERY, "schema": forms}
    responses = found["get"]["responses"]
    responses["200"]["content"] = {MEDIA[kind]: binary for kind in kinds}
    responses["204"] = {"description": "Nothing is there"}
    return found


def _equal(prop: Property) -> Document:
    schema = {name: value for name, value in prop.schema.items() if name != "title"}
    return {
        "name": prop.name,
        **_QUERY,
        "description": f"{said(prop.title)}: = {prop.name}",
        "schema": schema,
    }


def _named(name: str) -> Document:
    return {"$ref": f"#/components/parameters/{name}"}


def _parameters(names: list[str], crss: list[str]) -> Document:
    system = {"type": "string", "enum": crss, "default": CRS84.uri}
    corners = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    asked = {
        "limit": (
            "Features on a page.",
            {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT},
        ),
        "offset": (
            "Features to leave out first.",
            {"type": "integer", "minimum": 0, "maximum": LARGEST_OFFSET, "default": 0},
        ),
        "bbox": ("Only features that meet this box: lower corner, upper corner.", corners),
        "bbox-crs": ("Coordinate system of bbox.", system),
        "datetime": (
            "A day, a moment, or an interval of them. Zones: else the newest published day.",
            {"type": "string"},
        ),
        "subset": ('As datetime: datetime("2021-07-15").', {"type": "string"}),
        "crs": ("Coordinate system of the answer.", system),
        "filter": ("A condition, in CQL2.", {"type": "string", "maxLength": LONGEST}),
        "filter-lang": (
            "How the condition is written.",
            {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]},
        ),
        "filter-crs": ("Coordinate system of geometries in the condition.", system),
        "known_at": (
            "As it stood published then, as links between pages say it. Places are as known now.",
            {"type": "string"},
        ),
        "f": ("Form of the answer, before what is accepted.", _enum("json", "html")),
    }
    found: Document = {
        name: {"name": name, **_QUERY, "description": about, "schema": schema}
        for name, (about, schema) in asked.items()
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
        found[name] = {"name": name, "in": "path", "required": True, "schema": schema}
    return found


def _enum(*values: str) -> Document:
    return {"type": "string", "enum": list(values)}


def _fault(description: str) -> Document:
    return {
        "description": description,
        "content": {JSON: {"schema": {"$ref": "#/components/schemas/fault"}}},
    }


_RESPONSES: Final = {
    "malformed": _fault("A parameter is malformed, or not known here"),
    "absent": _fault("There is no such thing"),
}
_SCHEMAS: Final = {
    "fault": {
        "type": "object",
        "required": ["code", "message"],
        "properties": {
            "code": {"type": "string", "description": "Stable; for machines."},
            "message": {"type": "string", "description": "For people: what to do."},
        },
    },
}
