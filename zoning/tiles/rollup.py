"""Risks of all areas from those of the leaves: an area above the RT has the highest among them."""

import numpy as np
from numpy.typing import NDArray

from geodata.areas import LEVELS
from geodata.boundaries import Boundaries
from zoning.drawing.palette import NO_DATA
from zoning.risk import RISKS
from zoning.tiles.coverage import leaf_rows
from zoning.tiles.mvt import UNKNOWN


class Rollup:
    """Which area is part of which, one version of the boundaries."""

    def __init__(self, boundaries: Boundaries) -> None:
        areas = boundaries.areas
        parents = [boundaries.row_of.get(parent, -1) for parent in areas["parent"].tolist()]
        self._parent = np.array(parents, dtype=np.int32)
        self._leaves = leaf_rows(boundaries)
        levels = areas["level"].to_numpy()
        self._by_level = [np.flatnonzero(levels == level) for level in LEVELS[:0:-1]]

    def values(self, risks: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Number of the value of every area, as vector tiles count them.

        Parameters
        ----------
        risks
            uint8, of every leaf: 0 to 3, or `NO_DATA`, or `NO_RISK`.

        Returns
        -------
        ndarray of uint8, shape ``(areas,)``
        """
        values = np.zeros(len(self._parent), dtype=np.uint8)
        values[self._leaves] = np.where(risks < len(RISKS), risks, 0)
        for rows in self._by_level:
            np.maximum.at(values, self._parent[rows], values[rows])
        values[self._leaves[risks == NO_DATA]] = UNKNOWN
        return values
