"""Which tile lies where: the XYZ scheme of web maps (Web Mercator, row 0 in the north)."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zoning.drawing.mercator import Box, latitude_of, to_plane

MIN_ZOOM: Final = 8
"""A city is a speck below this."""
MAX_ZOOM: Final = 18
"""A tile is a block of houses; clients enlarge it from here on."""


class Tile(NamedTuple):
    """One tile."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        """Whether it lies in the zooms and on the world we serve."""
        across = 1 << self.z if MIN_ZOOM <= self.z <= MAX_ZOOM else 0
        return 0 <= self.x < across and 0 <= self.y < across

    @property
    def box(self) -> Box:
        """Its corners in degrees."""
        across = 1 << self.z
        south, north = latitude_of([0.5 - (self.y + 1) / across, 0.5 - self.y / across])
        west, east = (self.x / across - 0.5) * 360, ((self.x + 1) / across - 0.5) * 360
        return Box(west, float(south), east, float(north))


def to_tiles(longitude: ArrayLike, latitude: ArrayLike, zoom: int) -> NDArray[np.float64]:
    """Degrees to tiles and parts of them: shape ``(2, n)``, x to the east, y to the south."""
    x, y = to_plane(longitude, latitude)
    tiles: NDArray[np.float64] = np.stack([0.5 + x, 0.5 - y]) * float(1 << zoom)
    return tiles


def tiles_over(bounds: ArrayLike, zoom: int) -> list[Tile]:
    """All tiles of a zoom that meet bounds, row by row; of bounds off the world the nearest.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees: shape ``(4,)``, or ``(n, 4)`` for any of several.
    """
    west, south, east, north = np.atleast_2d(np.asarray(bounds, dtype=np.float64)).T
    firsts, lasts = (
        np.clip(to_tiles(x, y, zoom), 0, (1 << zoom) - 1).astype(np.int64).T.tolist()
        for x, y in ((west, north), (east, south))
    )
    found = {
        (y, x)
        for (x0, y0), (x1, y1) in zip(firsts, lasts, strict=True)
        for y in range(y0, y1 + 1)
        for x in range(x0, x1 + 1)
    }
    return [Tile(zoom, x, y) for y, x in sorted(found)]
