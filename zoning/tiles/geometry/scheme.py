"""The XYZ tile scheme of web maps: Web Mercator (EPSG:3857), row 0 in the north."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zoning.drawing.mercator import Box, to_latitude, to_plane

MIN_ZOOM: Final = 8
"""The lowest zoom: at lower zooms a city is a few pixels."""
MAX_ZOOM: Final = 18
"""The highest zoom: a tile is a block of houses. Clients enlarge tiles of this zoom."""


class Tile(NamedTuple):
    """One tile: zoom, column from the west, row from the north."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        """Whether the zoom is served and the tile is on the world."""
        n_tiles = 1 << self.z if MIN_ZOOM <= self.z <= MAX_ZOOM else 0
        return 0 <= self.x < n_tiles and 0 <= self.y < n_tiles

    @property
    def box(self) -> Box:
        """Bounds in degrees of longitude and latitude (EPSG:4326)."""
        n_tiles = 1 << self.z
        south, north = to_latitude([0.5 - (self.y + 1) / n_tiles, 0.5 - self.y / n_tiles])
        west, east = (
            (self.x / n_tiles - 0.5) * 360,
            ((self.x + 1) / n_tiles - 0.5) * 360,
        )
        return Box(west, float(south), east, float(north))


def to_tiles(longitude: ArrayLike, latitude: ArrayLike, zoom: int) -> NDArray[np.float64]:
    """Longitude and latitude in degrees to fractional tile numbers: shape ``(2, n)``, x and y."""
    x, y = to_plane(longitude, latitude)
    tiles: NDArray[np.float64] = np.stack([0.5 + x, 0.5 - y]) * float(1 << zoom)
    return tiles


def tiles_over(bounds: ArrayLike, zoom: int) -> list[Tile]:
    """All tiles of a zoom that meet the bounds, row by row; bounds off the world are clamped.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees: shape ``(4,)``, or ``(n, 4)`` for several bounds.
    """
    west, south, east, north = np.atleast_2d(np.asarray(bounds, dtype=np.float64)).T
    firsts, lasts = (
        np.clip(to_tiles(x, y, zoom), 0, (1 << zoom) - 1).astype(np.int64).T.tolist()
        for x, y in ((west, north), (east, south))
    )
    cells = {
        (y, x)
        for (x0, y0), (x1, y1) in zip(firsts, lasts, strict=True)
        for y in range(y0, y1 + 1)
        for x in range(x0, x1 + 1)
    }
    return [Tile(zoom, x, y) for y, x in sorted(cells)]
