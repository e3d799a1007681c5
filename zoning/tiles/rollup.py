"""Risks of all areas from those of the leaves, as vector tiles count them."""

import numpy as np
from numpy.typing import NDArray

from geodata.areas import LEVELS
from geodata.boundaries import Boundaries
from zoning.drawing.palette import NO_DATA
from zoning.risk import highest_risks
from zoning.tiles.geometry.coverage import leaf_rows


class Rollup:
    """Which leaf lies in which areas, one version of the boundaries.

    Parameters
    ----------
    n_classes
        How many classes of risk there are.
    """

    def __init__(self, boundaries: Boundaries, n_classes: int) -> None:
        self._n_classes = n_classes
        self._count = len(boundaries.areas)
        self._leaves = leaf_rows(boundaries)
        above = [boundaries.ancestors(level) for level in LEVELS]
        # Every leaf once for each level; a market belongs to no RW and is no RT.
        rows = [boundaries.row_of.get(code, -1) for codes in above for code in codes]
        self._above = np.array(rows, dtype=np.intp)

    def values(self, risks: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Number of the value of every area.

        Parameters
        ----------
        risks
            uint8, of every leaf: the number of a class, or `NO_DATA`, or `NO_RISK`.

        Returns
        -------
        ndarray of uint8, shape ``(areas,)``
        """
        known = np.where(risks < self._n_classes, risks, 0).astype(np.uint8)
        values = highest_risks(np.tile(known, len(LEVELS)), self._above, self._count)
        values[self._leaves[risks == NO_DATA]] = self._n_classes
        return values
