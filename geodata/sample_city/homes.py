"""Houses of the sample city: how many in each RT, who lives there, where they stand."""

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
"""Share of houses with two family cards (KK) under one roof."""
_METRES_PER_DEGREE: Final = 111_195.0


class Homes(NamedTuple):
    """Houses by row number, those of an RT in a row.

    ``start (n_rt + 1,)``: houses of RT ``i`` are ``start[i]`` to ``start[i + 1]``. ``rt, people,
    cards (n,)``; ``lonlat (n, 2)``.
    """

    start: Ints
    rt: Ints
    people: Ints
    cards: Ints
    lonlat: Floats


def build_homes(rt: gpd.GeoDataFrame, rng: np.random.Generator) -> Homes:
    """Some 47 houses in each RT, by its population, each at a place of its own inside."""
    count = np.maximum(np.rint(rt["population"].to_numpy() / _PEOPLE_PER_HOUSE), 1).astype(np.int64)
    start = np.concatenate([[0], np.cumsum(count)])
    of = np.repeat(np.arange(len(rt)), count)
    people = rng.choice(np.arange(1, len(_SIZES) + 1), len(of), p=_SIZES)
    cards = 1 + (rng.random(len(of)) < _TWO_CARDS).astype(np.int64)
    polygons = np.asarray(rt.geometry.array, dtype=np.object_)
    lonlat = places_inside(polygons, of, rng)
    # Whoever noted the place stood a few metres off; the same few each time.
    lonlat += rng.normal(0.0, 2.5 / _METRES_PER_DEGREE, lonlat.shape)
    return Homes(start, of, people, np.minimum(cards, people), lonlat)


def places_inside(polygons: Geometries, of: Ints, rng: np.random.Generator) -> Floats:
    """An even draw inside ``polygons[of]``, ``(n, 2)``."""
    shapely.prepare(polygons)
    bounds = shapely.bounds(polygons)
    places = np.empty((len(of), 2))
    todo = np.arange(len(of))
    for _ in range(100):
        box = bounds[of[todo]]
        places[todo] = box[:, :2] + rng.random((len(todo), 2)) * (box[:, 2:] - box[:, :2])
        inside = shapely.contains_xy(polygons[of[todo]], places[todo, 0], places[todo, 1])
        todo = todo[~inside]
        if not len(todo):
            return places
    # A shape so thin that a hundred draws miss it gets its middle.
    middle = shapely.get_coordinates(shapely.point_on_surface(polygons[of[todo]]))
    places[todo] = middle
    return places
