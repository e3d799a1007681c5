"""Geometries of a collection as they lie in one plane after another: to search, and encoded."""

from collections.abc import Callable, Hashable
from typing import Final, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from api.ogc.crs import CRS84, Crs, projected, swapped
from geodata.boundaries import WGS84
from zoning.caching import Cache, Key, bytes_of_texts

T = TypeVar("T")
_BYTES_A_CORNER: Final = 16
_BYTES_A_SHAPE: Final = 400
"""About, of GEOS and of its tree."""
Box = tuple[float, float, float, float]
"""Least x and y, greatest x and y; an x of the west above that of the east spans 180 degrees."""

_POLYGONS: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def boxed(box: Box) -> BaseGeometry:
    """The shape of a box, a line or a point where it has no width or height."""
    west, south, east, north = box
    if west > east:
        # Beyond the world there is nothing: a side that begins there is none.
        sides: list[Box] = [(west, south, 180, north)] if west <= 180 else []
        sides += [(-180, south, east, north)] if east >= -180 else []
        return shapely.union_all([boxed(side) for side in sides])
    # Of a ring without an inside GEOS says what it likes.
    if west < east and south < north:
        return shapely.box(*box)
    corners = [(west, south), (east, north)]
    return shapely.Point(corners[0]) if corners[0] == corners[1] else shapely.LineString(corners)


class Shapes:
    """Geometries, some of them None, kept in the planes that were asked for last.

    Where one area has several parts, all are written as areas of parts: a GIS takes the kind of
    a whole layer from its first features, and writes the odd one into no file of another kind.

    Parameters
    ----------
    degrees
        Longitude first.
    cache
        Keeps what is derived from them.
    key
        Names them in the cache, and is the key of what they are part of.
    ready
        Gives them encoded in degrees, where that is at hand.
    """

    def __init__(
        self,
        degrees: NDArray[np.object_],
        cache: Cache,
        key: Key,
        ready: Callable[[], list[bytes]] | None = None,
    ) -> None:
        mixed = _mixed(degrees)
        self._degrees = _in_parts(degrees) if mixed else degrees
        self._ready = None if mixed else ready
        self._cache = cache
        self._key = key

    def at(self, plane: str) -> NDArray[np.object_]:
        """Them in a plane."""
        if plane == WGS84:
            return self._degrees
        return self._kept(
            "shapes in a plane", plane, lambda: projected(self._degrees, plane), self._bytes
        )

    def encoded(self, crs: Crs) -> list[bytes]:
        """Each as GeoJSON."""
        if crs == CRS84 and self._ready is not None:
            return self._ready()
        return self._kept("encoded shapes", crs, lambda: self._encode(crs), bytes_of_texts)

    def meeting(self, box: Box, plane: str) -> NDArray[np.intp]:
        """Rows of the geometries that meet a box, edges included, and of what has none.

        What has no geometry is in every box: /req/core/fc-bbox-response of OGC 17-069r4. Every day
        of a question asks again.
        """
        return self._kept(
            "shapes in a box",
            (box, plane),
            lambda: self._meeting(box, plane),
            lambda rows: rows.nbytes,
        )

    def _kept(
        self, kind: str, which: Hashable, build: Callable[[], T], size: Callable[[T], int]
    ) -> T:
        key = (kind, *self._key, which)
        return self._cache.get_or_build(key, build, size, part_of=self._key)

    def _bytes(self, _shapes: NDArray[np.object_]) -> int:
        corners = int(shapely.get_num_coordinates(self._degrees).sum())
        return corners * _BYTES_A_CORNER + len(self._degrees) * _BYTES_A_SHAPE

    def _tree(self, plane: str) -> shapely.STRtree:
        return self._kept(
            "tree of shapes",
            plane,
            lambda: shapely.STRtree(self.at(plane)),
            lambda tree: len(tree) * _BYTES_A_SHAPE,
        )

    def _encode(self, crs: Crs) -> list[bytes]:
        shapes = self.at(crs.plane)
        ordered = swapped(shapes) if crs.latitude_first else shapes
        rounded = shapely.transform(ordered, lambda points: np.round(points, crs.decimals))
        texts = shapely.to_geojson(rounded)
        return [b"null" if text is None else text.encode() for text in texts]

    def _meeting(self, box: Box, plane: str) -> NDArray[np.intp]:
        found = self._tree(plane).query(boxed(box), predicate="intersects")
        return np.union1d(found, np.flatnonzero(shapely.is_missing(self._degrees)))


def _mixed(shapes: NDArray[np.object_]) -> bool:
    """Whether some polygons have one part and some have several."""
    kinds = shapely.get_type_id(shapes)
    return bool(np.isin(_POLYGONS, kinds).all())


def _in_parts(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Each polygon as parts, be there one."""
    found: NDArray[np.object_] = np.array(polygons, dtype=object)
    single = shapely.get_type_id(found) == shapely.GeometryType.POLYGON
    found[single] = [shapely.MultiPolygon([one]) for one in found[single]]
    return found
