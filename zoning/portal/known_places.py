"""Places as the database knows them now.

Where one lies comes from its coordinates, else from the area its address names.
"""

import json
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.boundaries import WGS84
from geodata.ledger.current import current_records, versions_stamp
from geodata.records.parsing.points import CITY_MIDDLE, OUTSIDE, SET_ASIDE, VAGUE, readings_with
from geodata.store import Store
from zoning.placing.placements import UNPLACED
from zoning.placing.record_boundaries import RecordGround
from zoning.portal.places import Places
from zoning.portal.unusable_coordinates import usable_points

_DOUBTFUL: Final = frozenset([VAGUE, CITY_MIDDLE])
"""Words of points in the city that tell no neighbourhood."""
_COLUMNS: Final = ("place_id", "kind", "name", "address", "area", "position")
_FIGURES: Final = ("capacity", "in_use", "room", "stock", "hours", "contact", "updated_at")


def place_versions(store: Store) -> int:
    """How many versions of places were ever recorded: another number, other places."""
    return versions_stamp(store, "places").versions


def read_places(store: Store, ground: RecordGround) -> Places:
    """Places as known now."""
    return Places(_table(store, ground), ground)


def _table(store: Store, ground: RecordGround) -> gpd.GeoDataFrame:
    records = current_records(store, "places")
    placement = ground.placer.place(records)
    frame = records.to_pandas()
    for name in ("capacity", "in_use"):
        frame[name] = frame[name].astype("Int64")
    frame["room"] = (frame["capacity"] - frame["in_use"]).clip(lower=0)
    frame["stock"] = [
        json.loads(text) if isinstance(text, str) else None for text in frame["stock"]
    ]
    # A hospital of the neighbouring regency lies where it says.
    wrong = readings_with(records["point_reading"], SET_ASIDE - _DOUBTFUL - {OUTSIDE})
    doubtful = readings_with(records["point_reading"], _DOUBTFUL)
    own = (frame["lon"].notna() & frame["lat"].notna()).to_numpy(dtype=np.bool_) & ~wrong
    own &= usable_points(frame)
    area = placement.area.copy()
    nowhere = (placement.how == UNPLACED) & (area == _kota(ground))
    # A kilometre off is better than not on the map, where nothing else says more.
    own &= ~doubtful | nowhere
    area[nowhere & ~(own & doubtful)] = None
    frame["area"] = area
    position = np.full(len(frame), "area", dtype=object)
    position[pd.isna(area)] = None
    position[own] = "coordinates"
    frame["position"] = position
    points = np.full(len(frame), None, dtype=object)
    points[own] = shapely.points(frame["lon"].to_numpy()[own], frame["lat"].to_numpy()[own])
    for row in np.flatnonzero(position == "area"):
        points[row] = ground.boundaries.area(area[row]).geometry.representative_point()
    return gpd.GeoDataFrame(
        frame[[*_COLUMNS, *_FIGURES]], geometry=gpd.GeoSeries(points, crs=WGS84, index=frame.index)
    )


def _kota(ground: RecordGround) -> str:
    return str(ground.boundaries.level("kota")["code"].iloc[0])
