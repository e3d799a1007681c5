"""How long it takes to hold a geometry against many: by the edges of it that come near them.

Every edge whose box meets that of a feature is held against its vertices. Where both do meet, all
edges of the geometry are gone through once more; those of a line, or of parts that may lie over
each other, are even held against one another, for every feature again.
"""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryType
from shapely.geometry.base import BaseGeometry

_FEATURE: Final = 0.5
"""Microseconds of a core for a feature, wherever it lies;"""
_VERTEX: Final = 0.02
"""for a vertex of a feature and an edge near that;"""
_INSIDE: Final = 0.02
"""for a vertex of a feature in the geometry's box;"""
_MET: Final = 0.2
"""for a vertex of a feature that may be met;"""
_EDGE: Final = 0.02
"""for such a feature and an edge;"""
_PAIR: Final = 0.05
"""for such a feature and two edges near each other, where they may cross;"""
_PAIR_OF_PARTS: Final = 0.03
"""for a feature in the box and two such edges of a collection, whatever is asked."""
_NEVER_CROSSING: Final = (
    GeometryType.POINT,
    GeometryType.MULTIPOINT,
    GeometryType.POLYGON,
    GeometryType.MULTIPOLYGON,
)


class Near:
    """Features that geometries are held against.

    Parameters
    ----------
    shapes
        Some may be None.
    """

    def __init__(self, shapes: NDArray[np.object_]) -> None:
        self._tree = shapely.STRtree(shapes)
        self._vertices = shapely.get_num_coordinates(shapes)

    def work(self, held: BaseGeometry, *, fully: bool) -> float:
        """Microseconds of a core that it takes to hold a geometry against them.

        Parameters
        ----------
        fully
            Whether more is asked than if it meets, holds, or lies in them.
        """
        edges = _edges(held)
        pairs = 0 if _never_crosses(held) else len(shapely.STRtree(edges).query(edges)[0])
        inside = self._vertices[self._tree.query(held)]
        near = self._tree.query(edges)[1]
        work = _FEATURE * len(self._vertices) + _VERTEX * float(self._vertices[near].sum())
        if shapely.get_type_id(held) == GeometryType.GEOMETRYCOLLECTION:
            work += _PAIR_OF_PARTS * pairs * len(inside)
        if fully:
            met = self._vertices[np.unique(near)]
            work += _INSIDE * float(inside.sum()) + _MET * float(met.sum())
            work += (_EDGE * len(edges) + _PAIR * pairs) * len(met)
        return work


def _never_crosses(held: BaseGeometry) -> bool:
    return shapely.get_type_id(held) in _NEVER_CROSSING


def _edges(held: BaseGeometry) -> NDArray[np.object_]:
    """Boxes of all edges, those of points without extent."""
    parts = shapely.get_parts(np.array([held]))
    while np.any(shapely.get_type_id(parts) >= GeometryType.MULTIPOINT):
        parts = shapely.get_parts(parts)
    area = shapely.get_type_id(parts) == GeometryType.POLYGON
    lines = np.concatenate([parts[~area], shapely.get_rings(parts[area])])
    points, line = shapely.get_coordinates(lines, return_index=True)
    ends = np.append(np.flatnonzero(np.diff(line)), len(line) - 1)
    following = np.arange(1, len(points) + 1)
    following[ends] = ends
    low = np.minimum(points, points[following])
    high = np.maximum(points, points[following])
    found: NDArray[np.object_] = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    return found
