"""Places of the portal: hospitals, puskesmas, isolation sites, vaccination centres, command posts.

Filters places and finds the nearest. Knows no people and no database; `known_places` reads them.
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
from zoning.placing.indexed_boundaries import BBox, IndexedBoundaries
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
_RADII: Final = tuple(500.0 * 4.0**step for step in range(9))
"""Search radii in metres, tried in turn; the last is more than half the Earth's circumference."""
# Metres per degree, a lower bound anywhere on the ellipsoid.
_DEGREE_NORTH: Final = 110_000.0
_DEGREE_EAST: Final = 111_000.0


class Places:
    """Places as known now, indexed at first use. Safe for many threads.

    Attributes
    ----------
    table
        By ``place_id``: ``kind, name, address``, ``area`` (code of the smallest known area, or
        None), ``position`` (``coordinates``; ``area`` for a point in the middle of the area; or
        None), ``capacity, in_use, room`` (nullable), ``stock`` (a dict or None), ``hours,
        contact, updated_at`` (UTC), ``geometry`` (a point in EPSG:4326 or None).
    """

    def __init__(self, table: gpd.GeoDataFrame, indexed: IndexedBoundaries) -> None:
        self._indexed = indexed
        self._search_lock = Lock()
        self._geod = pyproj.Geod(ellps="WGS84")
        self.table = table

    def matching_rows(
        self,
        *,
        kind: str | None = None,
        room: bool = False,
        area: str | None = None,
        bbox: BBox | None = None,
    ) -> NDArray[np.intp]:
        """Rows of the table that match all conditions.

        Parameters
        ----------
        room
            Only places that report room.
        area
            Only places within this area, of any level.
        bbox
            Only places in this box: west, south, east, north in degrees, EPSG:4326.

        Raises
        ------
        NotFoundError
            ``no-area``.
        """
        matches = np.ones(len(self.table), dtype=np.bool_)
        if kind is not None:
            matches &= (self.table["kind"] == kind).to_numpy()
        if room:
            matches &= (self.table["room"].fillna(0) > 0).to_numpy(dtype=np.bool_)
        if area is not None:
            matches &= lies_within(self._indexed.boundaries, self.table["area"].tolist(), area)
        if bbox is not None:
            inside = np.zeros(len(self.table), dtype=np.bool_)
            inside[self._in_box(bbox)] = True
            matches &= inside
        return np.flatnonzero(matches)

    def nearest(
        self, lon: float, lat: float, among: NDArray[np.intp], limit: int | None = None
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """The nearest rows, nearest first, and their distances in metres on the WGS 84 ellipsoid.

        Parameters
        ----------
        lon, lat
            Longitude and latitude in degrees, EPSG:4326.
        among
            Rows to search; rows without a point are left out.
        limit
            Most rows of the result; all for None.

        Raises
        ------
        InputError
            ``no-place-on-earth``.
        """
        check_point(lon, lat)
        candidates = np.intersect1d(among, np.flatnonzero(self.table.geometry.notna().to_numpy()))
        n_rows = len(candidates) if limit is None else min(limit, len(candidates))
        for radius in _RADII if n_rows < len(candidates) else ():
            # The box contains every point within the radius, so no nearer point is missing.
            rows = np.intersect1d(candidates, self._in_box(_box_around(lon, lat, radius)))
            metres = self._metres(lon, lat, rows)
            if np.count_nonzero(metres <= radius) >= n_rows:
                break
        else:
            rows, metres = candidates, self._metres(lon, lat, candidates)
        order = np.lexsort((rows, metres))[:n_rows]
        return rows[order], metres[order]

    def _metres(self, lon: float, lat: float, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        points = shapely.get_coordinates(self.table.geometry.to_numpy()[rows])
        origin = np.full(len(rows), lon), np.full(len(rows), lat)
        return np.asarray(self._geod.inv(*origin, points[:, 0], points[:, 1])[2], dtype=np.float64)

    def _in_box(self, box: BBox) -> NDArray[np.intp]:
        # libspatialindex is not thread-safe: one search at a time.
        with self._search_lock:
            return np.sort(np.fromiter(self._index.intersection(box), dtype=np.intp))

    @once
    def stamp(self) -> str:
        """Hash of the table; changes whenever the places change."""
        shapes = shapely.to_wkb(self.table.geometry.to_numpy())
        texts = [self.table.drop(columns="geometry").to_csv(), *map(str, shapes)]
        return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:16]

    @once
    def _index(self) -> rtree.index.Index:
        index = rtree.index.Index()
        for row, point in enumerate(self.table.geometry):
            if point is not None:
                index.insert(row, point.bounds)
        return index


def _box_around(lon: float, lat: float, radius: float) -> BBox:
    """A box in degrees that contains every point within ``radius`` metres, and maybe others."""
    north = radius / _DEGREE_NORTH
    farthest_latitude = abs(lat) + north
    if farthest_latitude < 89:
        east = radius / (_DEGREE_EAST * math.cos(math.radians(farthest_latitude)))
        if abs(lon) + east <= 180:
            return lon - east, lat - north, lon + east, lat + north
    return WHOLE_EARTH
