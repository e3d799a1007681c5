"""Ground: one version of the boundaries with its indexes; what lies where."""

import math
from functools import cached_property
from threading import Lock

import numpy as np
import rtree.index
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.boundaries import Area, Boundaries
from geodata.earth import check_point
from zoning.locating.locator import Locator
from zoning.placing.placements import Placer

BBox = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


class Ground:
    """One version of the boundaries, indexed at first use. Safe for many threads."""

    def __init__(self, boundaries: Boundaries) -> None:
        self.boundaries = boundaries
        self._boxes: dict[Level, rtree.index.Index] = {}
        # libspatialindex keeps state while it searches: one thread in a tree at a time.
        self._searching = Lock()

    @cached_property
    def locator(self) -> Locator:
        """Which leaf holds a point."""
        return Locator(self.boundaries.leaves.geometry)

    @cached_property
    def placer(self) -> Placer:
        """Places records in these boundaries."""
        return Placer(self.boundaries, locator=self.locator)

    def locate(self, lon: float, lat: float) -> Area | None:
        """The leaf at a point; None outside all of them, and where a coordinate is missing (NaN).

        Raises
        ------
        InputError
            ``no-place-on-earth``.
        """
        if math.isnan(lon) or math.isnan(lat):
            return None
        check_point(lon, lat)
        row = int(self.locator.locate([lon], [lat])[0])
        return self.boundaries.area(self.boundaries.leaves["code"][row]) if row >= 0 else None

    def within(self, bbox: BBox, level: Level) -> NDArray[np.intp]:
        """Positions, in order, in `Boundaries.level` of the areas whose box meets `bbox`."""
        with self._searching:
            if level not in self._boxes:
                self._boxes[level] = self._index(level)
            found = list(self._boxes[level].intersection(bbox))
        return np.sort(np.array(found, dtype=np.intp))

    def _index(self, level: Level) -> rtree.index.Index:
        boxes = self.boundaries.level(level).bounds.to_numpy()
        return rtree.index.Index((row, tuple(box), None) for row, box in enumerate(boxes))
