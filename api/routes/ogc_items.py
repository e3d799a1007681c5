"""OGC API: the features of a collection in pages, and one feature."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any, Final

import numpy as np
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from api.http.caching import A_MINUTE, set_cache_headers
from api.ogc.crs import CRS84, Crs, find_crs
from api.ogc.drawing import shape_svg
from api.ogc.features.collection import Collection, FeatureRow
from api.ogc.features.selecting import PARAMETERS, Page, Query, read_query
from api.ogc.links import GEOJSON, JSON, Link, format_links, link, ogc_url
from api.ogc.messages import LABELS
from api.ogc.pages import page, tints_by_name
from api.ogc.parameters import HTML_LIMIT, Form, read_form, read_known_parameters
from api.services.public import (
    CurrentOgc,
    PathCollection,
    PublicServices,
    Services,
    risk_classes,
)
from geodata.language import Bilingual
from zoning.drawing.palette import OTHER

router = APIRouter(prefix="/ogc", include_in_schema=False)
_FEATURES_PER_PIECE: Final = 256
Parameters = dict[str, str]


@router.get("/collections/{collection}/items")
async def items(request: Request, services: Services, collection: PathCollection) -> Response:
    """Features of a collection as GeoJSON, or as a table on a page."""
    return await run_sync(_items, request, services, collection, limiter=services.ogc.threads)


def _items(request: Request, services: PublicServices, collection: Collection) -> Response:
    ogc = services.ogc
    names = (*PARAMETERS, *(prop.name for prop in collection.properties))
    parameters = read_known_parameters(request, names)
    form = read_form(request, parameters)
    crss = ogc.crs
    limit = None if form == "json" else HTML_LIMIT
    query = read_query(collection, parameters, crss, ogc.timezone, limit=limit)
    version = _version(collection, crss)
    # The JSON contains the time of the request, so its ETag is weak.
    set_cache_headers(request, version, A_MINUTE, form=form, is_strong=form == "html")
    features = ogc.selector.page(query)
    if form == "html":
        return _items_page(request, query, parameters, features)
    body = services.stream_writer.pieces(_write_json(request, query, parameters, features))
    return StreamingResponse(body, media_type=GEOJSON, headers=_content_crs(query.crs))


@router.get("/collections/{collection}/items/{feature}")
def item(request: Request, ogc: CurrentOgc, collection: PathCollection, feature: str) -> Response:
    """One feature."""
    parameters = read_known_parameters(request, ("crs",))
    form = read_form(request, parameters)
    crss = ogc.crs
    crs = find_crs(parameters.get("crs", CRS84.uri), crss, "crs")
    set_cache_headers(request, _version(collection, crss), A_MINUTE, form=form)
    feature_row = collection.find(feature)
    path = f"/collections/{collection.id}/items/{feature}"
    if form == "html":
        return _item_page(request, collection, path, feature_row)
    links = [
        *format_links(request, path, parameters, form, GEOJSON),
        link("collection", ogc_url(request, f"/collections/{collection.id}"), JSON, "Collection"),
    ]
    text = b"".join(feature_row.feature_set.write(np.array([feature_row.row]), crs))
    body = text[:-1] + b',"links":' + _encode_json(links) + b"}"
    return Response(body, media_type=GEOJSON, headers=_content_crs(crs))


def _write_json(
    request: Request, query: Query, parameters: Parameters, features: Page
) -> Iterator[bytes]:
    head = {
        "type": "FeatureCollection",
        "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "numberMatched": features.matched,
        "numberReturned": features.returned,
        "links": _links(request, query, parameters, features, "json"),
    }
    texts = _join_features(features.write(query.crs))
    return chain([_encode_json(head)[:-1] + b',"features":['], texts, [b"]}"])


def _join_features(texts: Iterator[bytes]) -> Iterator[bytes]:
    """Features separated by commas, in pieces of many features."""
    comma = b""
    while batch := list(islice(texts, _FEATURES_PER_PIECE)):
        yield comma + b",".join(batch)
        comma = b","


def _links(
    request: Request, query: Query, parameters: Parameters, features: Page, form: Form
) -> list[Link]:
    path = f"/collections/{query.collection.id}/items"
    links = format_links(request, path, parameters, form, GEOJSON)
    collection_url = ogc_url(request, f"/collections/{query.collection.id}")
    links.append(link("collection", collection_url, JSON, "Koleksi · Collection"))
    media_type = GEOJSON if form == "json" else "text/html"
    for rel, (offset, limit) in _adjacent_pages(query, features.matched).items():
        known_at = None if query.known_at is None else f"{query.known_at.isoformat()}Z"
        href = ogc_url(request, path, parameters, limit=limit, offset=offset, known_at=known_at)
        links.append(link(rel, href, media_type, rel))
    return links


def _adjacent_pages(query: Query, matched: int) -> dict[str, tuple[int, int]]:
    """Offset and limit of the next and the previous page; the pages do not overlap."""
    pages = {}
    if query.offset + query.limit < matched:
        pages["next"] = query.offset + query.limit, query.limit
    if query.offset > 0:
        limit = min(query.limit, query.offset)
        pages["prev"] = query.offset - limit, limit
    return pages


def _items_page(request: Request, query: Query, parameters: Parameters, features: Page) -> Response:
    links = _links(request, query, parameters, features, "html")
    hrefs = {entry["rel"]: entry["href"] for entry in links}
    path = f"/collections/{query.collection.id}/items"
    rows: list[dict[str, Any]] = []
    for feature_set, set_rows in features.rows:
        ids, table = feature_set.ids(set_rows), feature_set.table(set_rows)
        rows += [
            {
                "href": ogc_url(request, f"{path}/{id_}", f="html"),
                "properties": _colour_first(properties),
            }
            for id_, properties in zip(ids, table, strict=True)
        ]
    context = {
        "title": LABELS["items"],
        "trail": _trail(query.collection),
        "json": hrefs["alternate"],
        "rows": rows,
        "matched": features.matched,
        "returned": features.returned,
        "next": hrefs.get("next"),
        "prev": hrefs.get("prev"),
    }
    return page(request, "items", risk_classes(request), context)


def _colour_first(properties: dict[str, object]) -> dict[str, object]:
    """The properties with the colour after the name: the first columns are visible on a phone."""
    first: dict[str, object] = {
        name: properties[name] for name in ("code", "name", "colour") if name in properties
    }
    return {**first, **properties}


def _item_page(
    request: Request, collection: Collection, path: str, feature_row: FeatureRow
) -> Response:
    feature_set, row = feature_row
    (properties,) = feature_set.table(np.array([row]))
    (id_,) = feature_set.ids(np.array([row]))
    classes = risk_classes(request)
    tint = tints_by_name(classes).get(str(properties.get("colour")), OTHER)
    shape = feature_set.shapes.projected(CRS84.plane)[row]
    context = {
        "title": Bilingual(str(properties["name"]), id_),
        "trail": (*_trail(collection), (LABELS["items"], f"/collections/{collection.id}/items")),
        "json": ogc_url(request, path, f="json"),
        "properties": properties,
        "drawing": shape_svg(shape, tint.fill),
    }
    return page(request, "item", classes, context)


def _trail(collection: Collection) -> tuple[tuple[Bilingual, str], ...]:
    return (
        (LABELS["service"], ""),
        (LABELS["collections"], "/collections"),
        (collection.title, f"/collections/{collection.id}"),
    )


def _version(collection: Collection, crss: dict[str, Crs]) -> str:
    return f"{collection.version()} {' '.join(crss)}"


def _content_crs(crs: Crs) -> dict[str, str]:
    return {"Content-Crs": f"<{crs.uri}>"}


def _encode_json(value: Any) -> bytes:  # noqa: ANN401  (JSON)
    return json.dumps(value, separators=(",", ":")).encode()
