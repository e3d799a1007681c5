"""JSON documents that describe the service: landing page, collections, queryables, schemas."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request

from api.ogc.crs import CRS84, Crs
from api.ogc.features.collection import GEOMETRY, Collection
from api.ogc.links import (
    GEOJSON,
    HTML,
    JSON,
    OPENAPI,
    REL,
    SCHEMA,
    Link,
    format_links,
    link,
    ogc_url,
)
from api.ogc.messages import ABOUT, join_languages
from api.ogc.tiles.tiling import Tileset, find_tilesets, scheme_link, tileset_links
from geodata.language import Bilingual


def landing_document(request: Request, form: str, title: Bilingual) -> dict[str, Any]:
    """The landing page: links to all other documents."""
    links = [
        *format_links(request, "", {}, form),
        link("service-desc", ogc_url(request, "/api"), OPENAPI, "OpenAPI 3.0"),
        link("service-doc", ogc_url(request, "/api", f="html"), HTML, "Dokumentasi · Documents"),
        link("conformance", ogc_url(request, "/conformance"), JSON, "Conformance"),
        link(f"{REL}conformance", ogc_url(request, "/conformance"), JSON, "Conformance"),
        link("data", ogc_url(request, "/collections"), JSON, "Koleksi · Collections"),
        link(f"{REL}data", ogc_url(request, "/collections"), JSON, "Koleksi · Collections"),
    ]
    tilesets = [Tileset("vector"), Tileset("map")]
    links += [*tileset_links(request, tilesets), scheme_link(request)]
    return {
        "title": join_languages(title),
        "description": join_languages(ABOUT),
        "links": links,
    }


def collections_document(
    request: Request,
    form: str,
    collections: list[Collection],
    crss: dict[str, Crs],
    timezone: ZoneInfo,
) -> dict[str, Any]:
    """The list of all collections."""
    return {
        "links": format_links(request, "/collections", {}, form),
        "crs": list(crss),
        "collections": [
            collection_document(request, form, collection, crss, timezone)
            for collection in collections
        ],
    }


def collection_document(
    request: Request, form: str, collection: Collection, crss: dict[str, Crs], timezone: ZoneInfo
) -> dict[str, Any]:
    """The description of one collection."""
    path = f"/collections/{collection.id}"
    return {
        "id": collection.id,
        "title": join_languages(collection.title),
        "description": join_languages(collection.about),
        "itemType": "feature",
        "extent": _extent(collection, timezone),
        "crs": list(crss),
        "storageCrs": CRS84.uri,
        "links": [
            *format_links(request, path, {}, form),
            *_links(request, path),
            *tileset_links(request, find_tilesets(collection)),
        ],
    }


def queryables_document(request: Request, collection: Collection) -> dict[str, Any]:
    """The properties that a filter may use, as JSON Schema."""
    return _schema(ogc_url(request, f"/collections/{collection.id}/queryables"), collection)


def schema_document(request: Request, collection: Collection) -> dict[str, Any]:
    """The properties of the features, as JSON Schema."""
    return _schema(ogc_url(request, f"/collections/{collection.id}/schema"), collection)


def _schema(url: str, collection: Collection) -> dict[str, Any]:
    geometry = {"title": "Geometri · Geometry", "format": collection.geometry}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": url,
        "type": "object",
        "title": join_languages(collection.title),
        "properties": {
            GEOMETRY: {**geometry, "x-ogc-role": "primary-geometry"},
            **{prop.name: prop.schema for prop in collection.properties},
        },
        "additionalProperties": False,
    }


def _links(request: Request, path: str) -> list[Link]:
    items, queryables = f"{path}/items", f"{path}/queryables"
    return [
        link("items", ogc_url(request, items), GEOJSON, "Fitur · Features"),
        link("items", ogc_url(request, items, f="html"), HTML, "Fitur · Features"),
        link(f"{REL}queryables", ogc_url(request, queryables), SCHEMA, "Penyaring · Queryables"),
        link("queryables", ogc_url(request, queryables), SCHEMA, "Penyaring · Queryables"),
        link(f"{REL}schema", ogc_url(request, f"{path}/schema"), SCHEMA, "Skema · Schema"),
    ]


def _extent(collection: Collection, timezone: ZoneInfo) -> dict[str, Any]:
    extent: dict[str, Any] = {"spatial": {"bbox": [list(collection.bounds())], "crs": CRS84.uri}}
    days = collection.day_range()
    if days is not None:
        first = datetime.combine(days.first, time.min, timezone)
        last = datetime.combine(days.last, time(23, 59, 59), timezone)
        extent["temporal"] = {
            "interval": [[first.isoformat(), last.isoformat()]],
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        }
    return extent
