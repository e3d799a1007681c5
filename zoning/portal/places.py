"""Places of the portal: hospitals, puskesmas, isolation sites, vaccination centres, command posts.

Which are wanted, and which are nearest. Knows no people and no database; `known_places` reads them.
"""

import hashlib
import math
from threading import Lock
from typing import Final, Literal, get_args

import geopandas as gpd
import numpy as np
import pyproj
import rtree.index
import shapely
from numpy.typing import NDArray

from geodata.earth import WHOLE_EARTH, check_point
from geodata.language import Bilingual
from geodata.once import once
from zoning.placing.indexed_boundaries import BBox, Ground
from zoning.placing.within import lies_within

PlaceKind = Literal["hospital", "puskesmas", "isolation", "vaccination", "post"]
PLACE_KINDS: Final[tuple[PlaceKind, ...]] = get_args(PlaceKind)
PLACE_NAMES: Final[dict[str, Bilingual]] = {
    "hospital": Bilingual("rumah sakit", "hospital"),
    "puskesmas": Bilingual("puskesmas", "health centre"),
    "isolation": Bilingual("tempat isolasi", "isolation site"),
    "vaccination": Bilingual("sentra vaksinasi", "vaccination centre"),
    "post": Bilingual("posko", "command post"),
}
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

    def __init__(self, table: gpd.GeoDataFrame, ground: Ground) -> None:
        self._ground = ground
        self._searching = Lock()
        self._geod = pyproj.Geod(ellps="WGS84")
        self.table = table

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

    @once
    def stamp(self) -> str:
        """Hash of the table: another one, other places."""
        shapes = shapely.to_wkb(self.table.geometry.to_numpy())
        said = [self.table.drop(columns="geometry").to_csv(), *map(str, shapes)]
        return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:16]

    @once
    def _index(self) -> rtree.index.Index:
        index = rtree.index.Index()
        for row, point in enumerate(self.table.geometry):
            if point is not None:
                index.insert(row, point.bounds)
        return index


def _box_around(lon: float, lat: float, reach: float) -> BBox:
    """A box that holds every point within reach, and may hold others."""
    north = reach / _DEGREE_NORTH
    farthest = abs(lat) + north
    if farthest < 89:
        east = reach / (_DEGREE_EAST * math.cos(math.radians(farthest)))
        if abs(lon) + east <= 180:
            return lon - east, lat - north, lon + east, lat + north
    return WHOLE_EARTH
