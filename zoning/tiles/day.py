"""The tiles of one day: prepared tiles, joined with the colours of the day's run."""

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
        uint8, for each smallest zone of the pyramid's boundaries: the number of a class,
        `NO_DATA` or `NO_RISK`.
    values
        Result of `Rollup.values` for these risks, if known; else computed.
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
        """A Mapbox Vector Tile, not compressed; None for an empty tile.

        Raises
        ------
        NotPreparedError
            If the zoom is not prepared.
        """
        return self.pyramid.vectors.tile(tile, self._values)

    def picture(self, tile: Tile, size: int = 256, *, pattern: bool = False) -> bytes | None:
        """A PNG, transparent outside the city; None for an empty tile.

        Parameters
        ----------
        size
            Pixels per side, one of `SIZES`.
        pattern
            Show the risk by dots, stripes and lattice too.
        """
        picture = self.pyramid.pictures.get(tile, size)
        if picture is None:
            return None
        colours = tile_colours(self.pyramid.classes)
        return paint(picture, self.risks, colours, pattern=pattern)
