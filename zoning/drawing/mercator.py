"""Web Mercator (EPSG:3857) for pictures: degrees to its plane and back.

The plane is scaled so that the world is 1 wide; nothing here needs metres.
"""

import math
from typing import NamedTuple

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
