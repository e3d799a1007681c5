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
    """All tiles of a zoom that meet bounds in degrees (west, south, east, north), row by row."""
    west, south, east, north = (float(side) for side in np.asarray(bounds))
    (x0, x1), (y0, y1) = to_tiles([west, east], [north, south], zoom).astype(np.int64).tolist()
    return [Tile(zoom, x, y) for y in range(y0, y1 + 1) for x in range(x0, x1 + 1)]
