"""Local metres by an affine map of longitude and latitude (EPSG:4326).

Shapes are computed in metres and stored in degrees. The map is affine: lines that do not cross in
metres do not cross in degrees. Over a kelurahan the error of lengths is less than 0.1 %.
"""

from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_METRES_PER_DEGREE: Final = 6_371_008.8 * np.pi / 180.0


class Frame(NamedTuple):
    """Origin in degrees and metres per degree along both axes."""

    lon: float
    lat: float
    east: float
    north: float

    def metres(self, degrees: Floats) -> Floats:
        """Convert longitude and latitude ``(n, 2)`` to metres from the origin."""
        return (degrees - (self.lon, self.lat)) * (self.east, self.north)

    def degrees(self, metres: Floats) -> Floats:
        """Convert metres from the origin ``(n, 2)`` to longitude and latitude."""
        return metres / (self.east, self.north) + (self.lon, self.lat)

    def areas(self, polygons: NDArray[np.object_]) -> Floats:
        """Areas in square metres of polygons in degrees."""
        areas: Floats = shapely.area(polygons)
        return areas * (self.east * self.north)


def frame_around(bounds: Floats) -> Frame:
    """Frame with its origin in the middle of ``(min_lon, min_lat, max_lon, max_lat)``."""
    lon = float(bounds[0] + bounds[2]) / 2
    lat = float(bounds[1] + bounds[3]) / 2
    east = _METRES_PER_DEGREE * float(np.cos(np.radians(lat)))
    return Frame(lon, lat, east, float(_METRES_PER_DEGREE))
