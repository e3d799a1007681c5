"""Risk values of areas of all levels in vector tiles, from the risks of the smallest zones."""

import numpy as np
from numpy.typing import NDArray

from geodata.areas import LEVELS
from geodata.boundaries import Boundaries
from zoning.drawing.palette import NO_DATA
from zoning.risk import highest_risks
from zoning.tiles.geometry.coverage import smallest_zone_rows


class Rollup:
    """The ancestors of each smallest zone, for one version of the boundaries.

    Parameters
    ----------
    n_classes
        Number of classes of risk.
    """

    def __init__(self, boundaries: Boundaries, n_classes: int) -> None:
        self._n_classes = n_classes
        self._n_areas = len(boundaries.areas)
        self._smallest_rows = smallest_zone_rows(boundaries)
        codes_by_level = [boundaries.ancestors(level) for level in LEVELS]
        # Every smallest zone once per level; -1 where a zone (a market) belongs to no RW.
        rows = [
            boundaries.row_of.get(code, -1)
            for level_codes in codes_by_level
            for code in level_codes
        ]
        self._ancestor_rows = np.array(rows, dtype=np.intp)

    def values(self, risks: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Value number of every area: the highest risk of its smallest zones.

        Parameters
        ----------
        risks
            uint8, for each smallest zone: the number of a class, `NO_DATA` or `NO_RISK`.

        Returns
        -------
        ndarray
            uint8, shape ``(n_area,)``: the number of a class, or the number of classes for no
            data; see `zoning.tiles.formats.mvt`.
        """
        classes = np.where(risks < self._n_classes, risks, 0).astype(np.uint8)
        values = highest_risks(np.tile(classes, len(LEVELS)), self._ancestor_rows, self._n_areas)
        values[self._smallest_rows[risks == NO_DATA]] = self._n_classes
        return values
