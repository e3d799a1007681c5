"""Other readings of a point that lies outside the city, and the one that is certain, if one is.

Axes exchanged, the minus sign missing, a power of ten lost, metres of the city's UTM zone or of
Web Mercator; and two of these together. Certain is a reading when it lies in the city and no
other reading lies elsewhere in the city.
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

_REACH: Final = 0.001
"""Degrees beyond the city's outermost points in which a reading still counts."""
_TENS: Final = tuple(range(-3, 16))
_FEWEST_DIGITS: Final = 5
"""A number with fewer, moved by a power of ten, may be anything."""
_FINE: Final = 9
_SAME: Final = 1e-7


class Reading(NamedTuple):
    """``n`` points read in some way: what was done (text, ``a+b``), and the points."""

    words: NDArray[np.object_]
    lon: Doubles
    lat: Doubles
    decimals: Integers


class _Axis(NamedTuple):
    values: Doubles
    decimals: Integers
    scaled: Mask


def certain_reading(
    x: Doubles, y: Doubles, decimals: tuple[Integers, Integers], extent: Extent, metres: str
) -> Reading:
    """The only reading in the city of each point.

    Parameters
    ----------
    x, y
        ``n`` points as they were given, none of them in the city.
    decimals
        Places behind the point of each coordinate.
    metres
        The city's UTM zone, as ``EPSG:32749``.

    Returns
    -------
    Reading
        ``words`` None, and NaN, where there is none or more than one.
    """
    best = Reading(
        np.full(len(x), None, dtype=object),
        np.full(len(x), np.nan),
        np.full(len(x), np.nan),
        np.zeros(len(x), dtype=np.int64),
    )
    points = np.zeros(len(x), dtype=np.int64)
    for found in _readings(x, y, decimals, extent, metres):
        new = inside(found.lon, found.lat, extent, _REACH)
        new &= ~(np.abs(found.lon - best.lon) + np.abs(found.lat - best.lat) < _SAME)
        first = new & (points == 0)
        for into, column in zip(best, found, strict=True):
            into[first] = column[first]
        points += new
    unsure = points != 1
    best.words[unsure] = None
    best.lon[unsure] = best.lat[unsure] = np.nan
    return best


def inside(x: Doubles, y: Doubles, extent: Extent, margin: float) -> Mask:
    """Points in the extent widened by a margin; NaN never."""
    west, south, east, north = extent
    across = (x >= west - margin) & (x <= east + margin)
    found: Mask = across & (y >= south - margin) & (y <= north + margin)
    return found


def _readings(
    x: Doubles, y: Doubles, decimals: tuple[Integers, Integers], extent: Extent, metres: str
) -> Iterator[Reading]:
    """Readings, the plainest first."""
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
                    yield _of_axes((*words, SIGN) if sign < 0 else words, lon, lat)
        for word, crs in ((METRES, metres), (METRES, _northern(metres)), (MERCATOR, "EPSG:3857")):
            yield _projected((word, *words), first[0], second[0], crs)


def _scalings(values: Doubles, decimals: Integers, low: float, high: float) -> Iterator[_Axis]:
    """A coordinate as it is, and by the powers of ten that bring it into the city's range."""
    yield _Axis(values, decimals, np.zeros(len(values), dtype=bool))
    given = np.abs(values) >= 10.0 ** (_FEWEST_DIGITS - 1 - decimals)
    for power in _TENS:
        moved = values / 10.0**power if power >= 0 else values * 10.0**-power
        fits = given & (moved >= low - _REACH) & (moved <= high + _REACH)
        if power and fits.any():
            yield _Axis(np.where(fits, moved, np.nan), decimals + power, fits)


def _of_axes(words: tuple[str, ...], lon: _Axis, lat: _Axis) -> Reading:
    both = lon.scaled | lat.scaled
    said = np.where(both, "+".join((*words, SCALED)), "+".join(words)).astype(object)
    return Reading(said, lon.values, lat.values, np.maximum(lon.decimals, lat.decimals))


def _projected(words: tuple[str, ...], x: Doubles, y: Doubles, crs: str) -> Reading:
    far = np.abs(x) + np.abs(y) > 1000.0
    lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
    if far.any():
        to_degrees = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        lon[far], lat[far] = np.round(to_degrees.transform(x[far], y[far]), 7)
    said = np.full(len(x), "+".join(words), dtype=object)
    return Reading(said, lon, lat, np.full(len(x), _FINE, dtype=np.int64))


def _northern(metres: str) -> str:
    """The same zone counted from the equator, where some devices give negative northings."""
    return metres.replace("EPSG:327", "EPSG:326")
