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
from api.schemas.public import Said
from api.schemas.tables import json_rows
from api.services.public import CurrentCity
from zoning.portal.places import PLACE_NAMES, PlaceKind

GEOJSON = "application/geo+json"
router = APIRouter(tags=["portal"])


@dataclass(frozen=True)
class Wanted:
    """Which places are wanted: all, unless said otherwise."""

    kind: Annotated[PlaceKind | None, Query(description="Of this kind only.")] = None
    room: Annotated[bool, Query(description="Only where there is said to be room.")] = False
    area: WithinArea = None


@router.get(
    "/places",
    summary="Places, and the nearest with room",
    response_model=PlaceCollection,
    responses={200: {"content": {GEOJSON: {}}}},
)
def places(
    request: Request,
    city: CurrentCity,
    wanted: Annotated[Wanted, Depends()],
    near: Near,
    box: Box,
    paging: Annotated[Paging, Depends()],
) -> Response:
    """Places as GeoJSON: by their number, or nearest first with the metres to each."""
    found = city.place_index()
    set_cache_headers(request, f"{city.ground().boundaries.id} {found.stamp}", A_MINUTE)
    rows = found.chosen(kind=wanted.kind, room=wanted.room, area=wanted.area, bbox=box)
    metres = np.full(len(rows), np.nan)
    if near is not None:
        rows, metres = found.nearest(*near, rows)
    page = found.table.iloc[paging.cut(rows)].assign(metres=np.round(metres, 1)[paging.part])
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
            properties=PlaceProperties(**row, kind_name=Said.of(PLACE_NAMES[row["kind"]])),
        )
        for row, shape in zip(json_rows(page.drop(columns="geometry")), shapes, strict=True)
    ]
