"""The tiles of one day: what was prepared, joined with the colours of the day's run."""

import numpy as np
from numpy.typing import NDArray

from zoning.tiles.formats.tints import tile_colours
from zoning.tiles.geometry.scheme import Tile
from zoning.tiles.pictures import paint
from zoning.tiles.pyramid import Pyramid


class DayTiles:
    """Tiles of one run. Safe for many threads.

    Parameters
    ----------
    risks
        uint8, of every leaf of the pyramid's boundaries: the number of a class, `NO_DATA` or
        `NO_RISK`.
    values
        What `Rollup.values` makes of them, where that is at hand.
    """

    def __init__(
        self,
        pyramid: Pyramid,
        risks: NDArray[np.uint8],
        values: NDArray[np.uint8] | None = None,
    ) -> None:
        self.pyramid = pyramid
        self.risks = risks
        self._values = pyramid.rollup.values(risks) if values is None else values

    def vector(self, tile: Tile) -> bytes | None:
        """A Mapbox Vector Tile, not compressed; None where nothing is.

        Raises
        ------
        NotPreparedError
            If its zoom is not prepared.
        """
        return self.pyramid.vectors.tile(tile, self._values)

    def picture(self, tile: Tile, size: int = 256, *, pattern: bool = False) -> bytes | None:
        """A PNG, transparent outside the city; None where nothing is.

        Parameters
        ----------
        size
            Pixels across, one of `SIZES`.
        pattern
            Say the risk by dots, stripes and lattice too.
        """
        found = self.pyramid.pictures.get(tile, size)
        if found is None:
            return None
        colours = tile_colours(self.pyramid.classes)
        return paint(found, self.risks, colours, pattern=pattern)
