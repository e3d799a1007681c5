"""Correct a point outside the city, if exactly one correction puts the point into the city.

Possible corrections: swapped axes, a missing minus sign, a lost power of ten, metres of the UTM
zone of the city or of Web Mercator, and combinations of two of these.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import pyproj
from numpy.typing import NDArray

from geodata.records.parsing.findings import Mask

Extent = tuple[float, float, float, float]
"""West, south, east, north of the city, in degrees."""
Doubles = NDArray[np.float64]
Integers = NDArray[np.int64]

EXCHANGED: Final = "exchanged"
SIGN: Final = "sign"
SCALED: Final = "scaled"
METRES: Final = "metres"
MERCATOR: Final = "mercator"

_MARGIN: Final = 0.001
"""Degrees around the extent of the city in which a corrected point counts as inside."""
_POWERS_OF_TEN: Final = tuple(range(-3, 16))
_MIN_DIGITS: Final = 5
"""With fewer digits, some power of ten puts almost any number into the city."""
_EXACT_DECIMALS: Final = 9
_SAME_POINT: Final = 1e-7


class PointReading(NamedTuple):
    """``n`` points after a correction: names of its steps (text, ``a+b``), and coordinates."""

    words: NDArray[np.object_]
    lon: Doubles
    lat: Doubles
    decimals: Integers


class _Axis(NamedTuple):
    values: Doubles
    decimals: Integers
    scaled: Mask


def unique_reading(
    x: Doubles, y: Doubles, decimals: tuple[Integers, Integers], extent: Extent, metres: str
) -> PointReading:
    """The unique corrected point in the city of each point.

    Parameters
    ----------
    x, y
        ``n`` points as in the file, none of them in the city.
    decimals
        Decimal places of `x` and of `y`.
    metres
        CRS of the UTM zone of the city, for instance ``EPSG:32749``.

    Returns
    -------
    PointReading
        ``words`` is None and coordinates are NaN for no correction, or more than one.
    """
    unique = PointReading(
        np.full(len(x), None, dtype=object),
        np.full(len(x), np.nan),
        np.full(len(x), np.nan),
        np.zeros(len(x), dtype=np.int64),
    )
    reading_counts = np.zeros(len(x), dtype=np.int64)
    for reading in _readings(x, y, decimals, extent, metres):
        is_new = inside(reading.lon, reading.lat, extent, _MARGIN)
        is_new &= ~(
            np.abs(reading.lon - unique.lon) + np.abs(reading.lat - unique.lat) < _SAME_POINT
        )
        is_first = is_new & (reading_counts == 0)
        for target, column in zip(unique, reading, strict=True):
            target[is_first] = column[is_first]
        reading_counts += is_new
    is_not_unique = reading_counts != 1
    unique.words[is_not_unique] = None
    unique.lon[is_not_unique] = unique.lat[is_not_unique] = np.nan
    return unique


def inside(x: Doubles, y: Doubles, extent: Extent, margin: float) -> Mask:
    """Points in the extent plus a margin in degrees; never NaN."""
    west, south, east, north = extent
    in_longitude = (x >= west - margin) & (x <= east + margin)
    is_inside: Mask = in_longitude & (y >= south - margin) & (y <= north + margin)
    return is_inside


def _readings(
    x: Doubles, y: Doubles, decimals: tuple[Integers, Integers], extent: Extent, metres: str
) -> Iterator[PointReading]:
    """All corrections, the simplest first."""
    west, south, east, north = extent
    for exchanged in (False, True):
        first, second = (
            ((y, decimals[1]), (x, decimals[0]))
            if exchanged
            else (
                (x, decimals[0]),
                (y, decimals[1]),
            )
        )
        words = (EXCHANGED,) if exchanged else ()
        for sign in (1.0, -1.0):
            for lon in _scalings(*first, west, east):
                for lat in _scalings(sign * second[0], second[1], south, north):
                    yield _combine_axes((*words, SIGN) if sign < 0 else words, lon, lat)
        for word, crs in (
            (METRES, metres),
            (METRES, _northern_zone(metres)),
            (MERCATOR, "EPSG:3857"),
        ):
            yield _from_projection((word, *words), first[0], second[0], crs)


def _scalings(values: Doubles, decimals: Integers, low: float, high: float) -> Iterator[_Axis]:
    """A coordinate unchanged, then scaled by each power of ten that gives a value in the range."""
    yield _Axis(values, decimals, np.zeros(len(values), dtype=bool))
    has_enough_digits = np.abs(values) >= 10.0 ** (_MIN_DIGITS - 1 - decimals)
    for power in _POWERS_OF_TEN:
        scaled = values / 10.0**power if power >= 0 else values * 10.0**-power
        in_range = has_enough_digits & (scaled >= low - _MARGIN) & (scaled <= high + _MARGIN)
        if power and in_range.any():
            yield _Axis(np.where(in_range, scaled, np.nan), decimals + power, in_range)


def _combine_axes(words: tuple[str, ...], lon: _Axis, lat: _Axis) -> PointReading:
    is_scaled = lon.scaled | lat.scaled
    steps = np.where(is_scaled, "+".join((*words, SCALED)), "+".join(words)).astype(object)
    return PointReading(steps, lon.values, lat.values, np.maximum(lon.decimals, lat.decimals))


def _from_projection(words: tuple[str, ...], x: Doubles, y: Doubles, crs: str) -> PointReading:
    in_metres = np.abs(x) + np.abs(y) > 1000.0
    lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
    if in_metres.any():
        to_degrees = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        lon[in_metres], lat[in_metres] = np.round(
            to_degrees.transform(x[in_metres], y[in_metres]), 7
        )
    steps = np.full(len(x), "+".join(words), dtype=object)
    return PointReading(steps, lon, lat, np.full(len(x), _EXACT_DECIMALS, dtype=np.int64))


def _northern_zone(metres: str) -> str:
    """The northern zone: some devices give negative northings south of the equator."""
    return metres.replace("EPSG:327", "EPSG:326")
