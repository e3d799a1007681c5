"""Web Mercator (EPSG:3857), scaled so that the world is 1 wide: degrees to the plane and back."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Box(NamedTuple):
    """Bounds in degrees of longitude and latitude (EPSG:4326)."""

    west: float
    south: float
    east: float
    north: float


def to_plane(longitude: ArrayLike, latitude: ArrayLike) -> NDArray[np.float64]:
    """Longitude and latitude in degrees to the plane: shape ``(2, n)``, y to the north."""
    x = np.asarray(longitude, dtype=np.float64) / 360.0
    y = np.arcsinh(np.tan(np.radians(np.asarray(latitude, dtype=np.float64)))) / math.tau
    return np.stack([x, y])


def to_latitude(y: ArrayLike) -> NDArray[np.float64]:
    """Latitude in degrees of a y in the plane."""
    return np.degrees(np.arctan(np.sinh(np.asarray(y, dtype=np.float64) * math.tau)))
