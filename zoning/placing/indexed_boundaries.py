"""One version of the boundaries with its spatial indexes."""

import math
from threading import Lock
from typing import Final

import numpy as np
import rtree.index
import shapely
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.boundaries import Area, Boundaries
from geodata.earth import check_point
from geodata.once import once
from zoning.caching import Key
from zoning.locating.locator import Locator

_BYTES_A_CORNER: Final = 120
_BYTES_AN_AREA: Final = 2000
"""Measured on the sample city: geometry, indexes for points and boxes, geometry in metres."""
_BYTES_OF_ADDRESSES: Final = 2000
"""Most memory for an area in the caches of the address readers (16,384 texts each)."""
BBox = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


def boundaries_key(version: str) -> Key:
    """Key of a version of the boundaries in the cache of a city."""
    return "ground", version


class IndexedBoundaries:
    """One version of the boundaries, with indexes that are built at first use. Thread-safe."""

    def __init__(self, boundaries: Boundaries) -> None:
        self.boundaries = boundaries
        self._boxes: dict[Level, rtree.index.Index] = {}
        # libspatialindex keeps state during a search: only one thread may search at a time.
        self._search_lock = Lock()

    @property
    def nbytes(self) -> int:
        """Estimated memory in bytes, with every index built."""
        shapes = self.boundaries.areas.geometry.to_numpy()
        corners = int(shapely.get_num_coordinates(shapes).sum())
        return corners * _BYTES_A_CORNER + len(shapes) * (_BYTES_AN_AREA + _BYTES_OF_ADDRESSES)

    @once
    def locator(self) -> Locator:
        """Finds the smallest zone that holds a point."""
        return Locator(self.boundaries.smallest_zones.geometry)

    def locate(self, lon: float, lat: float) -> Area | None:
        """The smallest zone at a point; None outside all zones, and for a missing coordinate (NaN).

        Parameters
        ----------
        lon, lat
            Degrees, EPSG:4326.

        Raises
        ------
        InputError
            ``no-place-on-earth``.
        """
        if math.isnan(lon) or math.isnan(lat):
            return None
        check_point(lon, lat)
        row = int(self.locator.locate([lon], [lat])[0])
        return (
            self.boundaries.area(self.boundaries.smallest_zones["code"][row]) if row >= 0 else None
        )

    def within(self, bbox: BBox, level: Level) -> NDArray[np.intp]:
        """Sorted row numbers in `Boundaries.level` of the areas whose box intersects `bbox`."""
        with self._search_lock:
            if level not in self._boxes:
                self._boxes[level] = self._index(level)
            rows = list(self._boxes[level].intersection(bbox))
        return np.sort(np.array(rows, dtype=np.intp))

    def _index(self, level: Level) -> rtree.index.Index:
        boxes = self.boundaries.level(level).bounds.to_numpy()
        return rtree.index.Index((row, tuple(box), None) for row, box in enumerate(boxes))
