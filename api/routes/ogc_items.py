"""OGC API: the features of a collection, page by page, and one alone."""

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
from api.ogc.crs import CRS84, Crs, find
from api.ogc.drawing import drawing
from api.ogc.features.collection import Collection, Found
from api.ogc.features.selecting import PARAMETERS, Page, Query, read_query
from api.ogc.links import GEOJSON, JSON, Link, address, both, link
from api.ogc.messages import WORDS
from api.ogc.pages import page, tints_by_name
from api.ogc.parameters import PAGE_OF_PEOPLE, Form, form, read_known_parameters
from api.services.public import (
    ChosenCollection,
    CurrentOgc,
    PublicServices,
    Services,
    classes_of,
)
from geodata.language import Bilingual
from zoning.drawing.palette import OTHER

router = APIRouter(prefix="/ogc", include_in_schema=False)
_FEATURES_AT_ONCE: Final = 256
Given = dict[str, str]


@router.get("/collections/{collection}/items")
async def items(request: Request, services: Services, chosen: ChosenCollection) -> Response:
    """Features of a collection as GeoJSON, or as a table."""
    return await run_sync(_items, request, services, chosen, limiter=services.ogc.threads)


def _items(request: Request, services: PublicServices, chosen: Collection) -> Response:
    ogc = services.ogc
    given = read_known_parameters(request, (*PARAMETERS, *(one.name for one in chosen.properties)))
    shape = form(request, given)
    crss = ogc.crs
    limit = None if shape == "json" else PAGE_OF_PEOPLE
    query = read_query(chosen, given, crss, ogc.timezone, limit=limit)
    version = _version(chosen, crss)
    set_cache_headers(request, version, A_MINUTE, form=shape, same_bytes=shape == "html")
    found = ogc.selecting.page(query)
    if shape == "html":
        return _items_page(request, query, given, found)
    body = services.stream_writer.pieces(_collection(request, query, given, found))
    return StreamingResponse(body, media_type=GEOJSON, headers=_content_crs(query.crs))


@router.get("/collections/{collection}/items/{feature}")
def item(request: Request, ogc: CurrentOgc, chosen: ChosenCollection, feature: str) -> Response:
    """One feature."""
    given = read_known_parameters(request, ("crs",))
    shape = form(request, given)
    crss = ogc.crs
    crs = find(given.get("crs", CRS84.uri), crss, "crs")
    set_cache_headers(request, _version(chosen, crss), A_MINUTE, form=shape)
    found = chosen.find(feature)
    path = f"/collections/{chosen.id}/items/{feature}"
    if shape == "html":
        return _item_page(request, chosen, path, found)
    links = [
        *both(request, path, given, shape, GEOJSON),
        link("collection", address(request, f"/collections/{chosen.id}"), JSON, "Collection"),
    ]
    text = b"".join(found.part.write(np.array([found.row]), crs))
    body = text[:-1] + b',"links":' + _compact(links) + b"}"
    return Response(body, media_type=GEOJSON, headers=_content_crs(crs))


def _collection(request: Request, query: Query, given: Given, found: Page) -> Iterator[bytes]:
    head = {
        "type": "FeatureCollection",
        "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "numberMatched": found.matched,
        "numberReturned": found.returned,
        "links": _links(request, query, given, found, "json"),
    }
    texts = _joined(found.write(query.crs))
    return chain([_compact(head)[:-1] + b',"features":['], texts, [b"]}"])


def _joined(texts: Iterator[bytes]) -> Iterator[bytes]:
    """Features with commas between them, in pieces fit for sending."""
    comma = b""
    while some := list(islice(texts, _FEATURES_AT_ONCE)):
        yield comma + b",".join(some)
        comma = b","


def _links(request: Request, query: Query, given: Given, found: Page, shape: Form) -> list[Link]:
    path = f"/collections/{query.collection.id}/items"
    links = both(request, path, given, shape, GEOJSON)
    up = address(request, f"/collections/{query.collection.id}")
    links.append(link("collection", up, JSON, "Koleksi · Collection"))
    kind = GEOJSON if shape == "json" else "text/html"
    for rel, (offset, limit) in _steps(query, found).items():
        known_at = None if query.known_at is None else f"{query.known_at.isoformat()}Z"
        href = address(request, path, given, limit=limit, offset=offset, known_at=known_at)
        links.append(link(rel, href, kind, rel))
    return links


def _steps(query: Query, found: Page) -> dict[str, tuple[int, int]]:
    """Offset and limit of the pages beside this one; none shows what this one does."""
    steps = {}
    if query.offset + query.limit < found.matched:
        steps["next"] = query.offset + query.limit, query.limit
    if query.offset > 0:
        limit = min(query.limit, query.offset)
        steps["prev"] = query.offset - limit, limit
    return steps


def _items_page(request: Request, query: Query, given: Given, found: Page) -> Response:
    links = {one["rel"]: one["href"] for one in _links(request, query, given, found, "html")}
    path = f"/collections/{query.collection.id}"
    rows: list[dict[str, Any]] = []
    for part, chosen in found.rows:
        said, ids = part.table(chosen), part.ids(chosen)
        rows += [
            {"href": address(request, f"{path}/items/{one}", f="html"), "said": _colour_first(row)}
            for one, row in zip(ids, said, strict=True)
        ]
    context = {
        "title": WORDS["items"],
        "trail": _trail(query.collection),
        "json": links["alternate"],
        "rows": rows,
        "matched": found.matched,
        "returned": found.returned,
        "next": links.get("next"),
        "prev": links.get("prev"),
    }
    return page(request, "items", classes_of(request), context)


def _colour_first(said: dict[str, object]) -> dict[str, object]:
    """The colour beside the name: on a phone the rest is out of sight."""
    first: dict[str, object] = {
        name: said[name] for name in ("code", "name", "colour") if name in said
    }
    return {**first, **said}


def _item_page(request: Request, chosen: Collection, path: str, found: Found) -> Response:
    rows = np.array([found.row])
    (said,) = found.part.table(rows)
    (name,) = found.part.ids(rows)
    classes = classes_of(request)
    tint = tints_by_name(classes).get(str(said.get("colour")), OTHER)
    shape = found.part.shapes.at(CRS84.plane)[found.row]
    context = {
        "title": Bilingual(str(said["name"]), name),
        "trail": (*_trail(chosen), (WORDS["items"], f"/collections/{chosen.id}/items")),
        "json": address(request, path, f="json"),
        "said": said,
        "drawing": drawing(shape, tint.fill),
    }
    return page(request, "item", classes, context)


def _trail(chosen: Collection) -> tuple[tuple[Bilingual, str], ...]:
    return (
        (WORDS["service"], ""),
        (WORDS["collections"], "/collections"),
        (chosen.title, f"/collections/{chosen.id}"),
    )


def _version(chosen: Collection, crss: dict[str, Crs]) -> str:
    return f"{chosen.version()} {' '.join(crss)}"


def _content_crs(crs: Crs) -> dict[str, str]:
    return {"Content-Crs": f"<{crs.uri}>"}


def _compact(said: Any) -> bytes:  # noqa: ANN401  (JSON)
    return json.dumps(said, separators=(",", ":")).encode()
