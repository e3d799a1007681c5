"""Which pairs of longitude and latitude are a place on Earth."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geodata.errors import InputError

WHOLE_EARTH: Final = (-180.0, -90.0, 180.0, 90.0)
"""West, south, east, north in degrees."""


def on_earth(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Whether each longitude and latitude is a place on Earth; NaN and infinity are not."""
    west, south, east, north = WHOLE_EARTH
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    is_on_earth: NDArray[np.bool_] = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return is_on_earth


def check_point(lon: float, lat: float) -> None:
    """Reject a point that is no place on Earth.

    Raises
    ------
    InputError
        ``no-place-on-earth``.
    """
    if not on_earth(lon, lat):
        raise InputError(
            "no-place-on-earth",
            "This point is no place on Earth. Write the longitude first, between -180 and 180 "
            "degrees, then the latitude, between -90 and 90 degrees, like 110.4203, -6.9932.",
            indonesian="Titik ini tidak ada di Bumi. Tulis bujur lebih dahulu, antara -180 dan "
            "180 derajat, lalu lintang, antara -90 dan 90 derajat, seperti 110.4203, -6.9932.",
        )
