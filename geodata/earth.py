"""Which pairs of degrees are a place on Earth; knows no city and no file."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geodata.errors import InputError

WHOLE_EARTH: Final = (-180.0, -90.0, 180.0, 90.0)
"""West, south, east, north in degrees."""


def on_earth(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Whether each longitude and latitude is a place on Earth; NaN and infinity never are."""
    west, south, east, north = WHOLE_EARTH
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    found: NDArray[np.bool_] = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return found


def check_point(lon: float, lat: float) -> None:
    """Refuse a point that is no place on Earth.

    Raises
    ------
    InputError
        ``no-place-on-earth``.
    """
    if not on_earth(lon, lat):
        raise InputError(
            "no-place-on-earth",
            "This point is no place on Earth: the longitude comes first and lies between -180 and "
            "180, the latitude between -90 and 90. Write degrees, like 110.4203, -6.9932.",
            indonesian="Titik ini tidak ada di Bumi: bujur ditulis lebih dahulu dan terletak "
            "antara -180 dan 180, lintang antara -90 dan 90. Tulis derajat, seperti 110.4203, "
            "-6.9932.",
        )
