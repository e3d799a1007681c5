"""Houses of the sample city: number per RT, people, family cards and coordinates."""

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from geodata.tessellate.borders import Geometries
from geodata.tessellate.frame import Floats
from geodata.tessellate.ridges import Ints

_PEOPLE_PER_HOUSE: Final = 3.35
_SIZES: Final = np.array([0.08, 0.19, 0.29, 0.27, 0.11, 0.04, 0.01, 0.01])
_TWO_CARDS: Final = 0.06
"""Share of houses with two family cards (KK)."""
_METRES_PER_DEGREE: Final = 111_195.0


class Houses(NamedTuple):
    """Houses by row number, in order of RT.

    ``start (n_rt + 1,)``: houses of RT ``i`` are rows ``start[i]`` to ``start[i + 1]``. ``rt,
    people, cards (n,)``; ``lonlat (n, 2)`` in degrees.
    """

    start: Ints
    rt: Ints
    people: Ints
    cards: Ints
    lonlat: Floats


def build_houses(rt_frame: gpd.GeoDataFrame, rng: np.random.Generator) -> Houses:
    """Draw about 47 houses per RT, by population, at random positions inside."""
    count = np.maximum(np.rint(rt_frame["population"].to_numpy() / _PEOPLE_PER_HOUSE), 1).astype(
        np.int64
    )
    start = np.concatenate([[0], np.cumsum(count)])
    rt_of_house = np.repeat(np.arange(len(rt_frame)), count)
    people = rng.choice(np.arange(1, len(_SIZES) + 1), len(rt_of_house), p=_SIZES)
    cards = 1 + (rng.random(len(rt_of_house)) < _TWO_CARDS).astype(np.int64)
    polygons = np.asarray(rt_frame.geometry.array, dtype=np.object_)
    lonlat = points_inside(polygons, rt_of_house, rng)
    # The recorded position of a house has one fixed error of a few metres.
    lonlat += rng.normal(0.0, 2.5 / _METRES_PER_DEGREE, lonlat.shape)
    return Houses(start, rt_of_house, people, np.minimum(cards, people), lonlat)


def points_inside(polygons: Geometries, rt: Ints, rng: np.random.Generator) -> Floats:
    """Uniform random points inside ``polygons[rt]``, ``(n, 2)`` in degrees."""
    shapely.prepare(polygons)
    bounds = shapely.bounds(polygons)
    points = np.empty((len(rt), 2))
    open_rows = np.arange(len(rt))
    for _ in range(100):
        box = bounds[rt[open_rows]]
        points[open_rows] = box[:, :2] + rng.random((len(open_rows), 2)) * (box[:, 2:] - box[:, :2])
        inside = shapely.contains_xy(
            polygons[rt[open_rows]], points[open_rows, 0], points[open_rows, 1]
        )
        open_rows = open_rows[~inside]
        if not len(open_rows):
            return points
    # A polygon so thin that a hundred draws miss gets a point inside.
    middle = shapely.get_coordinates(shapely.point_on_surface(polygons[rt[open_rows]]))
    points[open_rows] = middle
    return points
