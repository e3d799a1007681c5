"""Places of the portal: hospitals, puskesmas, isolation sites, vaccination centres, command posts.

Where one lies comes from its coordinates, else from the area its address names. Knows no people.
"""

import json
import math
from functools import cached_property
from threading import Lock
from typing import Final, Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import rtree.index
import shapely
from numpy.typing import NDArray

from geodata.boundaries import WGS84
from geodata.earth import WHOLE_EARTH, check_point
from geodata.records.points import CITY_MIDDLE, OUTSIDE, SET_ASIDE, VAGUE, readings_with
from geodata.store import Store
from zoning.placing.ground import BBox, Ground
from zoning.placing.placements import UNPLACED
from zoning.placing.within import lies_within
from zoning.portal.unusable import usable_points
from zoning.risk import Bilingual

PlaceKind = Literal["hospital", "puskesmas", "isolation", "vaccination", "post"]
PLACE_KINDS: Final[tuple[PlaceKind, ...]] = get_args(PlaceKind)
PLACE_NAMES: Final[dict[str, Bilingual]] = {
    "hospital": Bilingual("rumah sakit", "hospital"),
    "puskesmas": Bilingual("puskesmas", "health centre"),
    "isolation": Bilingual("tempat isolasi", "isolation site"),
    "vaccination": Bilingual("sentra vaksinasi", "vaccination centre"),
    "post": Bilingual("posko", "command post"),
}
_CURRENT: Final = """
select place_id, place_kind as kind, name, address, rt, rw, kelurahan, kecamatan, lon, lat,
       point_reading, capacity, in_use, stock, hours, contact,
       coalesce(updated_at, recorded_at) as updated_at
from place_version as newest
where version = (select max(version) from place_version where place_id = newest.place_id)
  and not coalesce(withdrawn, false)
order by place_id
"""
_DOUBTFUL: Final = frozenset([VAGUE, CITY_MIDDLE])
"""Words of points in the city that tell no neighbourhood."""
_VERSIONS: Final = "select count(*) as n from place_version"
_COLUMNS: Final = ("place_id", "kind", "name", "address", "area", "position")
_FIGURES: Final = ("capacity", "in_use", "room", "stock", "hours", "contact", "updated_at")
_REACHES: Final = tuple(500.0 * 4.0**step for step in range(9))
"""Metres within which the nearest are looked for, in turn; the last is more than half the Earth's
circumference."""
# Metres of a degree, not more than it has anywhere on the ellipsoid.
_DEGREE_NORTH: Final = 110_000.0
_DEGREE_EAST: Final = 111_000.0


class Places:
    """Places as known now, indexed at first use. Safe for many threads.

    Attributes
    ----------
    table
        By ``place_id``: ``kind, name, address``, ``area`` (code of the smallest area known,
        None), ``position`` (``coordinates``, ``area``: the middle of that area, None),
        ``capacity, in_use, room`` (nullable), ``stock`` (a dict or None), ``hours, contact,
        updated_at`` (UTC), ``geometry`` (a point or None).
    """

    def __init__(self, store: Store, ground: Ground) -> None:
        self._ground = ground
        self._searching = Lock()
        self._geod = pyproj.Geod(ellps="WGS84")
        self.table = _table(store, ground)

    def chosen(
        self,
        *,
        kind: str | None = None,
        room: bool = False,
        area: str | None = None,
        bbox: BBox | None = None,
    ) -> NDArray[np.intp]:
        """Rows of the table that fit.

        Parameters
        ----------
        room
            Only places that say there is room.
        area
            Only places within this area, at any depth.
        bbox
            Only places in this box.

        Raises
        ------
        NotFoundError
            ``no-area``.
        """
        fit = np.ones(len(self.table), dtype=np.bool_)
        if kind is not None:
            fit &= (self.table["kind"] == kind).to_numpy()
        if room:
            fit &= (self.table["room"].fillna(0) > 0).to_numpy(dtype=np.bool_)
        if area is not None:
            fit &= lies_within(self._ground.boundaries, self.table["area"].tolist(), area)
        if bbox is not None:
            inside = np.zeros(len(self.table), dtype=np.bool_)
            inside[self._in_box(bbox)] = True
            fit &= inside
        return np.flatnonzero(fit)

    def nearest(
        self, lon: float, lat: float, among: NDArray[np.intp], limit: int | None = None
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Rows by their distance from a point, nearest first, and the metres on the ellipsoid.

        Parameters
        ----------
        among
            Rows that are wanted; those without a point are left out.
        limit
            How many; all where not given.

        Raises
        ------
        InputError
            ``no-place-on-earth``.
        """
        check_point(lon, lat)
        wanted = np.intersect1d(among, np.flatnonzero(self.table.geometry.notna().to_numpy()))
        number = len(wanted) if limit is None else min(limit, len(wanted))
        for reach in _REACHES if number < len(wanted) else ():
            # Every point within reach lies in the box, so those found within it are the nearest.
            rows = np.intersect1d(wanted, self._in_box(_box_around(lon, lat, reach)))
            metres = self._metres(lon, lat, rows)
            if np.count_nonzero(metres <= reach) >= number:
                break
        else:
            rows, metres = wanted, self._metres(lon, lat, wanted)
        order = np.lexsort((rows, metres))[:number]
        return rows[order], metres[order]

    def _metres(self, lon: float, lat: float, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        points = shapely.get_coordinates(self.table.geometry.to_numpy()[rows])
        here = np.full(len(rows), lon), np.full(len(rows), lat)
        return np.asarray(self._geod.inv(*here, points[:, 0], points[:, 1])[2], dtype=np.float64)

    def _in_box(self, box: BBox) -> NDArray[np.intp]:
        # libspatialindex keeps state while it searches: one thread in a tree at a time.
        with self._searching:
            return np.sort(np.fromiter(self._index.intersection(box), dtype=np.intp))

    @cached_property
    def _index(self) -> rtree.index.Index:
        index = rtree.index.Index()
        for row, point in enumerate(self.table.geometry):
            if point is not None:
                index.insert(row, point.bounds)
        return index


def place_versions(store: Store) -> int:
    """How many versions of places were ever recorded: another number, other places."""
    return int(store.read(_VERSIONS)["n"][0].as_py())


def _table(store: Store, ground: Ground) -> gpd.GeoDataFrame:
    records = store.read(_CURRENT)
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


def _kota(ground: Ground) -> str:
    return str(ground.boundaries.level("kota")["code"].iloc[0])


def _box_around(lon: float, lat: float, reach: float) -> BBox:
    """A box that holds every point within reach, and may hold others."""
    north = reach / _DEGREE_NORTH
    farthest = abs(lat) + north
    if farthest < 89:
        east = reach / (_DEGREE_EAST * math.cos(math.radians(farthest)))
        if abs(lon) + east <= 180:
            return lon - east, lat - north, lon + east, lat + north
    return WHOLE_EARTH
