"""Read places from the database.

The position of a place comes from its coordinates, else from the area in its address.
"""

import json
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.boundaries import WGS84
from geodata.ledger.current import current_records, versions_stamp
from geodata.records.parsing.points import CITY_MIDDLE, OUTSIDE, UNUSABLE, VAGUE, rows_with_words
from geodata.store import Store
from zoning.placing.placements import UNPLACED
from zoning.placing.record_boundaries import RecordBoundaries
from zoning.portal.places import Places
from zoning.portal.unusable_coordinates import usable_points

_DOUBTFUL: Final = frozenset([VAGUE, CITY_MIDDLE])
"""Readings of points that are in the city but too vague for a neighbourhood."""
_COLUMNS: Final = ("place_id", "kind", "name", "address", "area", "position")
_FIGURES: Final = ("capacity", "in_use", "room", "stock", "hours", "contact", "updated_at")


def place_versions(store: Store) -> int:
    """Number of recorded versions of places; changes with every change of the places."""
    return versions_stamp(store, "places").versions


def read_places(store: Store, indexed: RecordBoundaries) -> Places:
    """Places as known now."""
    return Places(_places_table(store, indexed), indexed)


def _places_table(store: Store, indexed: RecordBoundaries) -> gpd.GeoDataFrame:
    records = current_records(store, "places")
    placement = indexed.placer.place(records)
    frame = records.to_pandas()
    for name in ("capacity", "in_use"):
        frame[name] = frame[name].astype("Int64")
    frame["room"] = (frame["capacity"] - frame["in_use"]).clip(lower=0)
    frame["stock"] = [
        json.loads(text) if isinstance(text, str) else None for text in frame["stock"]
    ]
    # Keep points outside the city: a hospital may be in the neighbouring regency.
    is_unusable = rows_with_words(records["point_reading"], UNUSABLE - _DOUBTFUL - {OUTSIDE})
    is_doubtful = rows_with_words(records["point_reading"], _DOUBTFUL)
    has_point = (frame["lon"].notna() & frame["lat"].notna()).to_numpy(
        dtype=np.bool_
    ) & ~is_unusable
    has_point &= usable_points(frame)
    area = placement.area.copy()
    is_unplaced = (placement.methods == UNPLACED) & (area == _city_code(indexed))
    # Use a vague point only if the address names no area: better a kilometre off than not shown.
    has_point &= ~is_doubtful | is_unplaced
    area[is_unplaced & ~(has_point & is_doubtful)] = None
    frame["area"] = area
    position = np.full(len(frame), "area", dtype=object)
    position[pd.isna(area)] = None
    position[has_point] = "coordinates"
    frame["position"] = position
    points = np.full(len(frame), None, dtype=object)
    points[has_point] = shapely.points(
        frame["lon"].to_numpy()[has_point], frame["lat"].to_numpy()[has_point]
    )
    for row in np.flatnonzero(position == "area"):
        points[row] = indexed.boundaries.area(area[row]).geometry.representative_point()
    return gpd.GeoDataFrame(
        frame[[*_COLUMNS, *_FIGURES]], geometry=gpd.GeoSeries(points, crs=WGS84, index=frame.index)
    )


def _city_code(indexed: RecordBoundaries) -> str:
    return str(indexed.boundaries.level("kota")["code"].iloc[0])
