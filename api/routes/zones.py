"""Zones: many zones as GeoJSON, one zone with its reason, the history of one zone."""

import json
from itertools import chain
from typing import Annotated, Any, Final

import numpy as np
from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse

from api.http.caching import A_MINUTE, set_cache_headers
from api.http.compression import accepted_encodings, gzip_pieces
from api.http.links import absolute_url
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
    """Zones of one day as GeoJSON: all matches, or a page with `limit` and `offset`.

    Areas that are no RT (a market, a pond) are no zones. Above the RT the colour of a zone is the
    highest colour of its RT.
    """
    features = services.features.features(day, level)
    rows = np.arange(len(features)) if box is None else services.city.within(box, level, day)
    if parent is not None:
        rows = np.intersect1d(rows, features.rows_within(parent))
    page = paging.select_rows(rows)
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
    writer = services.stream_writer
    body = chain([head[:-1].encode() + b',"features":['], features.write(page, risks, day), [b"]}"])
    if "gzip" not in accepted_encodings(request):
        return StreamingResponse(writer.pieces(body), media_type=GEOJSON)
    headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    compressed = writer.pieces(gzip_pieces(body))
    return StreamingResponse(compressed, media_type=GEOJSON, headers=headers)


@router.get("/zones/{code}", summary="One zone: its colour, the reason, and the measures")
def zone(code: AreaCode, city: CurrentCity, day: PublishedDay) -> ZoneAnswer:
    """One zone on one day: its colour, the reason, and the measures."""
    view = city.zone(code, day)
    return ZoneAnswer.of(view, city.areas_of(day.boundaries).above(code))


@router.get("/zones/{code}/history", summary="The colours of one zone, day by day")
def history(
    request: Request,
    code: AreaCode,
    city: CurrentCity,
    start: FirstDay = None,
    end: LastDay = None,
) -> HistoryAnswer:
    """The colours of one zone, day by day; days that are not published are left out."""
    if start is not None and end is not None and end < start:
        raise InputError(
            "invalid-parameter",
            "end: The last day is before the first day. Exchange start and end.",
            indonesian="end: Hari terakhir mendahului hari pertama. Tukar start dan end.",
        )
    runs = city.runs_with_area(code, start, end)
    set_cache_headers(request, ",".join(runs["run"]), A_MINUTE)
    colours = city.history_of_runs(code, runs)
    days = [DayColour.model_validate(row) for row in colours.to_dict("records")]
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
            "href": absolute_url(request, "/zones", offset=start, limit=paging.limit),
        }
        for rel, start in starts.items()
    ]
