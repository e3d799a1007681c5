"""Places: hospitals, puskesmas, isolation sites, vaccination centres, command posts."""

from dataclasses import dataclass
from typing import Annotated

import geopandas as gpd
import numpy as np
import shapely
from fastapi import APIRouter, Depends, Query, Request, Response

from api.http.caching import A_MINUTE, set_cache_headers
from api.http.parameters import Box, Near, Paging, WithinArea
from api.schemas.portal import PlaceCollection, PlaceFeature, PlaceProperties
from api.schemas.public import BilingualText
from api.schemas.tables import json_rows
from api.services.public import CurrentCity
from zoning.portal.places import PLACE_NAMES, PlaceKind

GEOJSON = "application/geo+json"
router = APIRouter(tags=["portal"])


@dataclass(frozen=True)
class PlaceFilter:
    """Filter of the places; all places by default."""

    kind: Annotated[PlaceKind | None, Query(description="Only places of this kind.")] = None
    room: Annotated[bool, Query(description="Only places with free capacity.")] = False
    area: WithinArea = None


@router.get(
    "/places",
    summary="Places, and the nearest places with free capacity",
    response_model=PlaceCollection,
    responses={200: {"content": {GEOJSON: {}}}},
)
def places(
    request: Request,
    city: CurrentCity,
    filters: Annotated[PlaceFilter, Depends()],
    near: Near,
    box: Box,
    paging: Annotated[Paging, Depends()],
) -> Response:
    """Places as GeoJSON: ordered by their number, or by their distance in metres."""
    index = city.place_index()
    set_cache_headers(request, f"{city.ground().boundaries.id} {index.stamp}", A_MINUTE)
    rows = index.matching_rows(kind=filters.kind, room=filters.room, area=filters.area, bbox=box)
    metres = np.full(len(rows), np.nan)
    if near is not None:
        rows, metres = index.nearest(*near, rows)
    page = index.table.iloc[paging.select_rows(rows)]
    page = page.assign(metres=np.round(metres, 1)[paging.page])
    answer = PlaceCollection(
        type="FeatureCollection",
        numberMatched=len(rows),
        numberReturned=len(page),
        features=_features(page),
    )
    return Response(answer.model_dump_json(), media_type=GEOJSON)


def _features(page: gpd.GeoDataFrame) -> list[PlaceFeature]:
    shapes = page.geometry.tolist()
    return [
        PlaceFeature(
            type="Feature",
            id=row["place_id"],
            geometry=None if shape is None else shapely.geometry.mapping(shape),
            properties=PlaceProperties(**row, kind_name=BilingualText.of(PLACE_NAMES[row["kind"]])),
        )
        for row, shape in zip(json_rows(page.drop(columns="geometry")), shapes, strict=True)
    ]
