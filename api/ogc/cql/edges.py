"""Cost estimate of a spatial relation between one geometry and many features, by edges.

GEOS compares every edge of the geometry with the vertices of a feature if their boxes intersect.
If the shapes intersect, GEOS visits all edges of the geometry again for this feature; for a line,
or for parts that may overlap, GEOS also compares the edges of the geometry with each other.
"""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryType
from shapely.geometry.base import BaseGeometry

_FEATURE: Final = 0.5
"""Microseconds of a core for every feature."""
_VERTEX: Final = 0.02
"""For a vertex of a feature and an edge whose box intersects the box of the feature."""
_VERTEX_IN_BOX: Final = 0.02
"""For a vertex of a feature in the box of the geometry."""
_INTERSECTING_VERTEX: Final = 0.2
"""For a vertex of a feature that may intersect the geometry."""
_EDGE: Final = 0.02
"""For a feature that may intersect the geometry, and an edge."""
_EDGE_PAIR: Final = 0.05
"""For a feature that may intersect the geometry, and two edges that may cross."""
_COLLECTION_EDGE_PAIR: Final = 0.03
"""For a feature in the box of a collection, and two edges that may cross; for every relation."""
_SIMPLE_TYPES: Final = (
    GeometryType.POINT,
    GeometryType.MULTIPOINT,
    GeometryType.POLYGON,
    GeometryType.MULTIPOLYGON,
)


class GeometryCost:
    """Estimates the cost of spatial relations with some features.

    Parameters
    ----------
    shapes
        Geometries of the features; may be None.
    """

    def __init__(self, shapes: NDArray[np.object_]) -> None:
        self._tree = shapely.STRtree(shapes)
        self._vertices = shapely.get_num_coordinates(shapes)

    def estimate(self, geometry: BaseGeometry, *, by_edges: bool) -> float:
        """Microseconds of a core for the relation of a geometry to all features.

        Parameters
        ----------
        by_edges
            Whether the relation needs a comparison of edges: see `api.ogc.cql.spatial.BY_EDGES`.
        """
        edges = _edge_boxes(geometry)
        geometry_type = shapely.get_type_id(geometry)
        is_simple = geometry_type in _SIMPLE_TYPES
        edge_pairs = 0 if is_simple else len(shapely.STRtree(edges).query(edges)[0])
        vertices_in_box = self._vertices[self._tree.query(geometry)]
        features_by_edge = self._tree.query(edges)[1]
        cost = _FEATURE * len(self._vertices)
        cost += _VERTEX * float(self._vertices[features_by_edge].sum())
        if geometry_type == GeometryType.GEOMETRYCOLLECTION:
            cost += _COLLECTION_EDGE_PAIR * edge_pairs * len(vertices_in_box)
        if by_edges:
            intersecting = self._vertices[np.unique(features_by_edge)]
            cost += _VERTEX_IN_BOX * float(vertices_in_box.sum())
            cost += _INTERSECTING_VERTEX * float(intersecting.sum())
            cost += (_EDGE * len(edges) + _EDGE_PAIR * edge_pairs) * len(intersecting)
        return cost


def _edge_boxes(geometry: BaseGeometry) -> NDArray[np.object_]:
    """Boxes of all edges; a point is a box without extent."""
    parts = shapely.get_parts(np.array([geometry]))
    while np.any(shapely.get_type_id(parts) >= GeometryType.MULTIPOINT):
        parts = shapely.get_parts(parts)
    is_polygon = shapely.get_type_id(parts) == GeometryType.POLYGON
    lines = np.concatenate([parts[~is_polygon], shapely.get_rings(parts[is_polygon])])
    points, line_numbers = shapely.get_coordinates(lines, return_index=True)
    last_points = np.append(np.flatnonzero(np.diff(line_numbers)), len(line_numbers) - 1)
    next_points = np.arange(1, len(points) + 1)
    next_points[last_points] = last_points
    low = np.minimum(points, points[next_points])
    high = np.maximum(points, points[next_points])
    boxes: NDArray[np.object_] = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    return boxes
