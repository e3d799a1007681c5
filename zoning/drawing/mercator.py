"""Web Mercator (EPSG:3857) for pictures: degrees to its plane and back, and a frame of pixels.

The plane is scaled so that the world is 1 wide; nothing here needs metres.
"""

import math
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Box(NamedTuple):
    """Corners in degrees."""

    west: float
    south: float
    east: float
    north: float


def to_plane(longitude: ArrayLike, latitude: ArrayLike) -> NDArray[np.float64]:
    """Degrees to the plane: shape ``(2, n)``, y growing to the north."""
    x = np.asarray(longitude, dtype=np.float64) / 360.0
    y = np.arcsinh(np.tan(np.radians(np.asarray(latitude, dtype=np.float64)))) / math.tau
    return np.stack([x, y])


def latitude_of(y: ArrayLike) -> NDArray[np.float64]:
    """Latitude in degrees of a height in the plane."""
    return np.degrees(np.arctan(np.sinh(np.asarray(y, dtype=np.float64) * math.tau)))


class Frame(NamedTuple):
    """A picture laid over a city: whole pixels, square in the plane."""

    box: Box
    width: int
    height: int

    @classmethod
    def around(cls, bounds: ArrayLike, width: int) -> Self:
        """Lay a frame over bounds in degrees, with a pixel of margin on each side."""
        west, south, east, north = (float(side) for side in np.asarray(bounds))
        (x0, x1), (y0, y1) = to_plane([west, east], [south, north])
        pixel = max(x1 - x0, (y1 - y0) / 4) / (width - 2)
        x0, y1 = x0 - pixel, y1 + pixel
        height = math.ceil((y1 - y0) / pixel) + 1
        south, north = latitude_of([y1 - height * pixel, y1])
        return cls(
            Box(x0 * 360, float(south), (x0 + width * pixel) * 360, float(north)), width, height
        )

    def centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Longitudes of the columns' and latitudes of the rows' centres, from the north-west."""
        _, (y0, y1) = to_plane([0.0, 0.0], [self.box.south, self.box.north])
        columns = (np.arange(self.width) + 0.5) / self.width
        rows = (np.arange(self.height) + 0.5) / self.height
        longitudes = self.box.west + columns * (self.box.east - self.box.west)
        return longitudes, latitude_of(y1 - rows * (y1 - y0))
