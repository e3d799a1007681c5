"""The zones that share a border with a zone, and the zones near an inexact position."""

import math
from typing import Final, NamedTuple

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geodata.boundaries import WGS84
from zoning.placing.indexed_boundaries import IndexedBoundaries
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay

_METRES_A_DEGREE: Final = 110_574
"""Of latitude, at the equator, where a degree is shortest."""


class NearZone(NamedTuple):
    """A zone, and its distance in metres from a position; 0 around the position."""

    code: str
    metres: float


def neighbours(city: PublicCity, day: PublicDay, code: str) -> list[str]:
    """Codes of the zones that share a border with a zone; cached for the boundaries."""
    return city.cache.get_or_build(
        ("neighbours", day.boundaries, code),
        lambda: neighbour_codes(city.ground(day), code),
        lambda codes: sum(map(len, codes)),
    )


def neighbour_codes(indexed: IndexedBoundaries, code: str) -> list[str]:
    """Codes of the smallest zones that share a border with a smallest zone, in order.

    Zones that meet only in a corner are no neighbours. An area that is no zone (a market, a pond)
    is no neighbour.
    """
    zones = indexed.boundaries.level("rt")
    shape = indexed.boundaries.area(code).geometry
    near = zones.iloc[indexed.within(shape.bounds, "rt")]
    near = near[near["code"] != code]
    shared = shapely.intersection(near.geometry.to_numpy(), shape)
    codes: list[str] = near["code"][shapely.length(shared) > 0].tolist()
    return codes


def zones_near(
    indexed: IndexedBoundaries, lon: float, lat: float, *, within: float
) -> list[NearZone]:
    """The zones that a position may mean, the nearest first.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4326.
    within
        How inexact the position is, in metres.
    """
    boundaries = indexed.boundaries
    # A little wider than the circle, for the difference between the sphere and the projection.
    high = 1.1 * within / _METRES_A_DEGREE
    wide = high / max(math.cos(math.radians(lat)), 0.01)
    zones = boundaries.level("rt")
    near = zones.iloc[indexed.within((lon - wide, lat - high, lon + wide, lat + high), "rt")]
    if near.empty:
        return []
    projection = pyproj.Transformer.from_crs(WGS84, boundaries.metres, always_xy=True)

    def project(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(projection.transform(xy[:, 0], xy[:, 1]))

    shapes = shapely.transform(near.geometry.to_numpy(), project)
    distances = shapely.distance(shapes, shapely.transform(shapely.Point(lon, lat), project))
    codes = near["code"].tolist()
    return [
        NearZone(codes[row], float(distances[row]))
        for row in np.argsort(distances, kind="stable")
        if distances[row] <= within
    ]
