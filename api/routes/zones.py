"""Zones: all of them as GeoJSON, one with its reasons, one day by day."""

import json
from itertools import chain
from typing import Annotated, Any, Final

import numpy as np
from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse

from api.http.caching import A_MINUTE, set_cache_headers
from api.http.compression import accepted, gzipped
from api.http.links import address_with
from api.http.parameters import AreaCode, AtLevel, Box, FirstDay, LastDay, Paging, ParentCode
from api.schemas.public import DayColour, HistoryAnswer, ZoneAnswer, ZoneCollection
from api.services.days import PublishedDay
from api.services.public import CurrentCity, Services
from geodata.errors import InputError

GEOJSON: Final = "application/geo+json"
router = APIRouter(tags=["zones"])


@router.get(
    "/zones",
    summary="Zones as GeoJSON",
    response_class=StreamingResponse,
    responses={200: {"model": ZoneCollection, "content": {GEOJSON: {}}}},
)
def zones(
    request: Request,
    services: Services,
    day: PublishedDay,
    box: Box,
    paging: Annotated[Paging, Depends()],
    level: AtLevel = "rt",
    parent: ParentCode = None,
) -> StreamingResponse:
    """Zones of one day as GeoJSON: all that match, unless `limit` and `offset` say otherwise.

    Areas that are no RT (a market, a pond) are no zones. Above the RT the colour is the highest
    among its RT.
    """
    features = services.features.features(day, level)
    rows = np.arange(len(features)) if box is None else services.city.within(box, level, day)
    if parent is not None:
        rows = np.intersect1d(rows, features.inside(parent))
    page = paging.cut(rows)
    risks = services.city.risks_at(day, level)
    head = json.dumps(
        {
            "type": "FeatureCollection",
            "numberMatched": len(rows),
            "numberReturned": len(page),
            "links": _links(request, len(rows), paging),
        },
        separators=(",", ":"),
    )
    writing = services.stream_writer
    body = chain([head[:-1].encode() + b',"features":['], features.write(page, risks, day), [b"]}"])
    if "gzip" not in accepted(request):
        return StreamingResponse(writing.pieces(body), media_type=GEOJSON)
    headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    packed = writing.pieces(gzipped(body))
    return StreamingResponse(packed, media_type=GEOJSON, headers=headers)


@router.get("/zones/{code}", summary="One zone: why, and what to do")
def zone(code: AreaCode, city: CurrentCity, day: PublishedDay) -> ZoneAnswer:
    """One zone on one day: its colour, why, and what to do."""
    view = city.zone(code, day)
    return ZoneAnswer.of(view, city.areas_of(day.boundaries).above(code))


@router.get("/zones/{code}/history", summary="One zone, day by day")
def history(
    request: Request,
    code: AreaCode,
    city: CurrentCity,
    start: FirstDay = None,
    end: LastDay = None,
) -> HistoryAnswer:
    """One zone's colours, day by day; days that are not published are left out."""
    if start is not None and end is not None and end < start:
        raise InputError(
            "invalid-parameter",
            "end: The last day is before the first.",
            indonesian="end: Hari terakhir mendahului hari pertama.",
        )
    found = city.history(code, start, end)
    set_cache_headers(request, ",".join(found["run"]), A_MINUTE)
    days = [DayColour.model_validate(row) for row in found.to_dict("records")]
    return HistoryAnswer(code=code, days=days)


def _links(request: Request, matched: int, paging: Paging) -> list[dict[str, Any]]:
    if paging.limit is None:
        return []
    starts = {}
    if paging.offset + paging.limit < matched:
        starts["next"] = paging.offset + paging.limit
    if paging.offset > 0:
        starts["prev"] = max(0, paging.offset - paging.limit)
    return [
        {
            "rel": rel,
            "type": GEOJSON,
            "href": address_with(request, "/zones", offset=start, limit=paging.limit),
        }
        for rel, start in starts.items()
    ]
