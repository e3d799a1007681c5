"""The service and its collections, described: landing page, collections, queryables, schemas."""

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
    address,
    both,
    link,
)
from api.ogc.messages import ABOUT, said
from api.ogc.tiles.tiling import Tileset, links_to, scheme_link, tilesets_of
from geodata.language import Bilingual


def landing(request: Request, form: str, title: Bilingual) -> dict[str, Any]:
    """The first document: where everything is."""
    links = [
        *both(request, "", {}, form),
        link("service-desc", address(request, "/api"), OPENAPI, "OpenAPI 3.0"),
        link("service-doc", address(request, "/api", f="html"), HTML, "Dokumentasi · Documents"),
        link("conformance", address(request, "/conformance"), JSON, "Conformance"),
        link(f"{REL}conformance", address(request, "/conformance"), JSON, "Conformance"),
        link("data", address(request, "/collections"), JSON, "Koleksi · Collections"),
        link(f"{REL}data", address(request, "/collections"), JSON, "Koleksi · Collections"),
    ]
    everything = [Tileset("vector"), Tileset("map")]
    links += [*links_to(request, everything), scheme_link(request)]
    return {"title": said(title), "description": said(ABOUT), "links": links}


def collections(
    request: Request, form: str, every: list[Collection], crss: dict[str, Crs], timezone: ZoneInfo
) -> dict[str, Any]:
    """All collections."""
    return {
        "links": both(request, "/collections", {}, form),
        "crs": list(crss),
        "collections": [collection(request, form, one, crss, timezone) for one in every],
    }


def collection(
    request: Request, form: str, one: Collection, crss: dict[str, Crs], timezone: ZoneInfo
) -> dict[str, Any]:
    """One collection."""
    path = f"/collections/{one.id}"
    return {
        "id": one.id,
        "title": said(one.title),
        "description": said(one.about),
        "itemType": "feature",
        "extent": _extent(one, timezone),
        "crs": list(crss),
        "storageCrs": CRS84.uri,
        "links": [
            *both(request, path, {}, form),
            *_links(request, path),
            *links_to(request, tilesets_of(one)),
        ],
    }


def queryables(request: Request, one: Collection) -> dict[str, Any]:
    """Properties a filter may speak of, as JSON Schema."""
    return _schema(address(request, f"/collections/{one.id}/queryables"), one)


def schema(request: Request, one: Collection) -> dict[str, Any]:
    """Properties its features have, as JSON Schema."""
    return _schema(address(request, f"/collections/{one.id}/schema"), one)


def _schema(here: str, one: Collection) -> dict[str, Any]:
    place = {"title": "Geometri · Geometry", "format": one.geometry}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": here,
        "type": "object",
        "title": said(one.title),
        "properties": {
            GEOMETRY: {**place, "x-ogc-role": "primary-geometry"},
            **{prop.name: prop.schema for prop in one.properties},
        },
        "additionalProperties": False,
    }


def _links(request: Request, path: str) -> list[Link]:
    items, asked = f"{path}/items", f"{path}/queryables"
    return [
        link("items", address(request, items), GEOJSON, "Fitur · Features"),
        link("items", address(request, items, f="html"), HTML, "Fitur · Features"),
        link(f"{REL}queryables", address(request, asked), SCHEMA, "Penyaring · Queryables"),
        link("queryables", address(request, asked), SCHEMA, "Penyaring · Queryables"),
        link(f"{REL}schema", address(request, f"{path}/schema"), SCHEMA, "Skema · Schema"),
    ]


def _extent(one: Collection, timezone: ZoneInfo) -> dict[str, Any]:
    extent: dict[str, Any] = {"spatial": {"bbox": [list(one.bounds())], "crs": CRS84.uri}}
    span = one.span()
    if span is not None:
        first = datetime.combine(span.first, time.min, timezone)
        last = datetime.combine(span.last, time(23, 59, 59), timezone)
        extent["temporal"] = {
            "interval": [[first.isoformat(), last.isoformat()]],
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        }
    return extent
