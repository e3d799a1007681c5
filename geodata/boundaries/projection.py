"""Which metres to measure a city in: the UTM zone it lies in."""

import numpy as np
import pyproj
from numpy.typing import ArrayLike, NDArray


def local_utm(bounds: ArrayLike) -> pyproj.CRS:
    """UTM zone (EPSG:326xx north, 327xx south) of a box's middle.

    Parameters
    ----------
    bounds
        ``minx, miny, maxx, maxy`` in degrees. A city is far smaller than a zone, so its lengths
        are true to 0.04 % and its areas to 0.08 %, also some way beyond the zone's edge.
    """
    box: NDArray[np.float64] = np.asarray(bounds, dtype=np.float64)
    lon, lat = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    zone = min(int((lon + 180) // 6) + 1, 60)
    return pyproj.CRS.from_epsg((32600 if lat >= 0 else 32700) + zone)
