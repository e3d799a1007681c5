"""The tiles of one day: what was prepared, joined with the colours of the day's run."""

import numpy as np
from numpy.typing import NDArray

from zoning.tiles.pyramid import Pyramid
from zoning.tiles.scheme import Tile


class DayTiles:
    """Tiles of one run. Safe for many threads.

    Parameters
    ----------
    risks
        uint8, of every leaf of the pyramid's boundaries: 0 to 3, `NO_DATA` or `NO_RISK`.
    """

    def __init__(self, pyramid: Pyramid, risks: NDArray[np.uint8]) -> None:
        self.pyramid = pyramid
        self._values = pyramid.rollup.values(risks)

    def vector(self, tile: Tile) -> bytes | None:
        """A Mapbox Vector Tile, not compressed; None where nothing is."""
        return self.pyramid.vectors.tile(tile, self._values)
