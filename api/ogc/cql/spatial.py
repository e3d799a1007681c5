"""How shapes lie to each other: the spatial functions of CQL2, by GEOS."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from api.ogc.columns import Column
from api.ogc.cql.values import Truth, refused
from api.ogc.crs import Crs
from api.ogc.shapes import boxed
from geodata.boundaries import WGS84

RELATIONS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "s_contains": shapely.contains,
    "s_crosses": shapely.crosses,
    "s_disjoint": shapely.disjoint,
    "s_equals": shapely.equals,
    "s_intersects": shapely.intersects,
    "s_overlaps": shapely.overlaps,
    "s_touches": shapely.touches,
    "s_within": shapely.within,
}
BY_EDGES: Final = frozenset({"s_crosses", "s_overlaps", "s_touches"})
"""What a geometry can only do to one that meets it and does not lie inside."""
_TRUE_OF_ITSELF: Final = frozenset({"s_contains", "s_equals", "s_intersects", "s_within"})
_TURNED: Final = {"s_contains": "s_within", "s_within": "s_contains"}


def relate(name: str, left: Column, right: Column) -> Truth:
    """Whether one shape lies so to the other."""
    _check_shapes(left, right)
    if right.values.ndim == 0 and left.values.ndim:
        # Only the first of the two can be prepared, which is worth it for the one that recurs.
        left, right, name = right, left, _TURNED.get(name, name)
    if left.values.ndim == 0:
        shapely.prepare(left.values[()])
    one_of_many = left.values.ndim == 0 < right.values.ndim
    relation = _by_edges if one_of_many and name in BY_EDGES else _of_all
    true = relation(name, left.values, right.values)
    return Truth.of(true, left.known & right.known)


def _of_all(name: str, one: NDArray[Any], shapes: NDArray[Any]) -> NDArray[np.bool_]:
    return np.asarray(RELATIONS[name](one, shapes), dtype=np.bool_)


def _by_edges(name: str, one: NDArray[Any], shapes: NDArray[Any]) -> NDArray[np.bool_]:
    """For these GEOS uses no preparation, so that few should be left to it."""
    left = shapely.intersects(one, shapes) & ~shapely.contains_properly(one, shapes)
    left[left] = RELATIONS[name](one, shapes[left])
    return np.asarray(left, dtype=np.bool_)


def of_itself(name: str, column: Column) -> Truth:
    """Whether a shape lies so to itself: the same for every shape that has points."""
    _check_shapes(column)
    return Truth.of(np.array(name in _TRUE_OF_ITSELF), column.known)


def _check_shapes(*columns: Column) -> None:
    if any(column.kind != "shape" for column in columns):
        raise refused(
            "Spatial functions take the property geometry and a geometry.",
            indonesian="Fungsi ruang memerlukan kolom geometry dan sebuah geometri.",
        )


def is_shape(value: Any) -> bool:  # noqa: ANN401  (JSON)
    """Whether a geometry stands there."""
    return isinstance(value, dict) and ("bbox" in value or "type" in value)


def shape(value: dict[str, Any], crs: Crs) -> Column:
    """A geometry that stands in a filter, in the coordinates of that system."""
    try:
        found = _box(value["bbox"], crs) if "bbox" in value else _geometry(value, crs)
    except (ValueError, TypeError, KeyError, shapely.errors.ShapelyError):
        found = None
    if found is None or found.is_empty or not found.is_valid or not _finite(found):
        raise refused(
            "A geometry is well-known text, like POINT(110.42 -6.98) or POLYGON((...)) whose rings "
            "are closed and do not cross themselves, or BBOX(110.4, -7.0, 110.5, -6.9).",
            indonesian="Geometri adalah well-known text, seperti POINT(110.42 -6.98) atau "
            "POLYGON((...)) yang garis tepinya tertutup dan tidak memotong dirinya sendiri, "
            "atau BBOX(110.4, -7.0, 110.5, -6.9).",
        )
    held = np.empty((), dtype=object)
    held[()] = found
    return Column("shape", held, np.array(True))


def _geometry(value: dict[str, Any], crs: Crs) -> BaseGeometry:
    found = shapely.force_2d(shapely.geometry.shape(value))
    return shapely.transform(found, _turn) if crs.latitude_first else found


def _turn(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return points[:, ::-1]


def _box(numbers: list[float], crs: Crs) -> BaseGeometry | None:
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    x0, y0, x1, y1 = numbers
    if crs.latitude_first:
        x0, y0, x1, y1 = y0, x0, y1, x1
    if y0 > y1 or (x0 > x1 and crs.plane != WGS84):
        return None
    return boxed((x0, y0, x1, y1))


def _finite(found: BaseGeometry) -> bool:
    return bool(np.isfinite(shapely.get_coordinates(found)).all())
