"""Point in polygon in rational arithmetic: slow, and exact where float64 underflows.

`zoning.locating.locator` calls it only for points whose products underflow in float64.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Edge = tuple[tuple[float, float], tuple[float, float]]


def locate_exactly(polygons: NDArray[np.object_], x: float, y: float) -> int:
    """Row number of the polygon that holds a point, -1 for none; the rules of `zoning.Locator`."""
    left, low, right, high = shapely.bounds(polygons).T
    candidates = np.flatnonzero((left <= x) & (x <= right) & (low <= y) & (y <= high))
    for row in candidates:
        if any(_contains(part, x, y) for part in shapely.get_parts(polygons[row])):
            return int(row)
    for row in candidates:
        if any(_is_on_edge(edge, x, y) for edge in _edges(polygons[row])):
            return int(row)
    return -1


def _edges(polygon: Any) -> Iterator[Edge]:  # noqa: ANN401 - polygon or multipolygon
    for ring in shapely.get_rings(shapely.get_parts(polygon)):
        vertices = [(float(x), float(y)) for x, y in shapely.get_coordinates(ring)]
        yield from pairwise(vertices)


def _side(edge: Edge, x: float, y: float) -> Fraction:
    (ax, ay), (bx, by) = edge
    rising = (Fraction(bx) - Fraction(ax)) * (Fraction(y) - Fraction(ay))
    return rising - (Fraction(by) - Fraction(ay)) * (Fraction(x) - Fraction(ax))


def _contains(part: Any, x: float, y: float) -> bool:  # noqa: ANN401 - one polygon
    edges_west = 0
    for (ax, ay), (bx, by) in _edges(part):
        if (ay <= y) != (by <= y):
            upward: Edge = ((ax, ay), (bx, by)) if ay < by else ((bx, by), (ax, ay))
            edges_west += _side(upward, x, y) <= 0
    return edges_west % 2 == 1


def _is_on_edge(edge: Edge, x: float, y: float) -> bool:
    (ax, ay), (bx, by) = edge
    in_bounds = min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by)
    return in_bounds and _side(edge, x, y) == 0
