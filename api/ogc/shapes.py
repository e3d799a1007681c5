"""Geometries of a collection in several coordinate systems: for searches, and as GeoJSON."""

from collections.abc import Callable, Hashable
from typing import Final, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from api.ogc.crs import CRS84, Crs, project, swap_axes
from geodata.boundaries import WGS84
from zoning.caching import Cache, Key, bytes_of_texts

T = TypeVar("T")
_BYTES_PER_VERTEX: Final = 16
_BYTES_PER_SHAPE: Final = 400
"""Approximate memory of GEOS and its tree."""
Box = tuple[float, float, float, float]
"""West, south, east, north; a box whose west is above its east crosses the 180th meridian."""
_POLYGONS: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def box_shape(box: Box) -> BaseGeometry:
    """The polygon of a box; a line or a point if the box has no width or height."""
    west, south, east, north = box
    if west > east:
        # A half that begins outside -180 to 180 is left out.
        halves: list[Box] = [(west, south, 180, north)] if west <= 180 else []
        halves += [(-180, south, east, north)] if east >= -180 else []
        return shapely.union_all([box_shape(half) for half in halves])
    # GEOS gives wrong results for a polygon without an area.
    if west < east and south < north:
        return shapely.box(*box)
    corners = [(west, south), (east, north)]
    return shapely.Point(corners[0]) if corners[0] == corners[1] else shapely.LineString(corners)


class Shapes:
    """Geometries, some of them None, with cached projections and encodings.

    If one area has several parts, every polygon is written as a MultiPolygon: a GIS takes the
    geometry type of a layer from its first features, and rejects other types.

    Parameters
    ----------
    degrees
        Geometries, longitude and latitude in degrees.
    cache
        Stores projected and encoded geometries.
    key
        Key of the object in the cache that holds these geometries.
    encode_degrees
        Gives the geometries as GeoJSON in degrees, if another cache has them.
    """

    def __init__(
        self,
        degrees: NDArray[np.object_],
        cache: Cache,
        key: Key,
        encode_degrees: Callable[[], list[bytes]] | None = None,
    ) -> None:
        is_mixed = _has_both_types(degrees)
        self._degrees = _to_multipolygons(degrees) if is_mixed else degrees
        self._encode_degrees = None if is_mixed else encode_degrees
        self._cache = cache
        self._key = key

    def projected(self, plane: str) -> NDArray[np.object_]:
        """The geometries in a coordinate system, x first."""
        if plane == WGS84:
            return self._degrees
        return self._cached(
            "shapes in a plane", plane, lambda: project(self._degrees, plane), self._nbytes
        )

    def encoded(self, crs: Crs) -> list[bytes]:
        """Each geometry as GeoJSON."""
        if crs == CRS84 and self._encode_degrees is not None:
            return self._encode_degrees()
        return self._cached("encoded shapes", crs, lambda: self._encode(crs), bytes_of_texts)

    def intersecting_rows(self, box: Box, plane: str) -> NDArray[np.intp]:
        """Rows of the geometries that intersect a box, edges included, and of missing geometries.

        A missing geometry is in every box: /req/core/fc-bbox-response of OGC 17-069r4. The rows are
        cached, because a query needs them for each of its days.
        """
        return self._cached(
            "shapes in a box",
            (box, plane),
            lambda: self._find_intersecting(box, plane),
            lambda rows: rows.nbytes,
        )

    def _cached(
        self, kind: str, variant: Hashable, build: Callable[[], T], size: Callable[[T], int]
    ) -> T:
        key = (kind, *self._key, variant)
        return self._cache.get_or_build(key, build, size, part_of=self._key)

    def _nbytes(self, _shapes: NDArray[np.object_]) -> int:
        vertices = int(shapely.get_num_coordinates(self._degrees).sum())
        return vertices * _BYTES_PER_VERTEX + len(self._degrees) * _BYTES_PER_SHAPE

    def _tree(self, plane: str) -> shapely.STRtree:
        return self._cached(
            "tree of shapes",
            plane,
            lambda: shapely.STRtree(self.projected(plane)),
            lambda tree: len(tree) * _BYTES_PER_SHAPE,
        )

    def _encode(self, crs: Crs) -> list[bytes]:
        shapes = self.projected(crs.plane)
        ordered = swap_axes(shapes) if crs.latitude_first else shapes
        rounded = shapely.transform(ordered, lambda points: np.round(points, crs.decimals))
        texts = shapely.to_geojson(rounded)
        return [b"null" if text is None else text.encode() for text in texts]

    def _find_intersecting(self, box: Box, plane: str) -> NDArray[np.intp]:
        rows = self._tree(plane).query(box_shape(box), predicate="intersects")
        return np.union1d(rows, np.flatnonzero(shapely.is_missing(self._degrees)))


def _has_both_types(shapes: NDArray[np.object_]) -> bool:
    """Whether there are both polygons and multipolygons."""
    types = shapely.get_type_id(shapes)
    return bool(np.isin(_POLYGONS, types).all())


def _to_multipolygons(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Each polygon as a multipolygon."""
    shapes: NDArray[np.object_] = np.array(polygons, dtype=object)
    is_single = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    shapes[is_single] = [shapely.MultiPolygon([polygon]) for polygon in shapes[is_single]]
    return shapes
