"""The spatial functions of CQL2, computed by GEOS."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from api.ogc.columns import Column
from api.ogc.cql.values import TruthValues, refused
from api.ogc.crs import Crs
from api.ogc.shapes import box_shape
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
"""Relations that are only possible where the shapes intersect and neither is strictly inside."""
_TRUE_OF_ITSELF: Final = frozenset({"s_contains", "s_equals", "s_intersects", "s_within"})
_INVERSE: Final = {"s_contains": "s_within", "s_within": "s_contains"}


def relate(name: str, left: Column, right: Column) -> TruthValues:
    """Whether a relation holds between the shapes of two columns."""
    _check_shapes(left, right)
    if right.values.ndim == 0 and left.values.ndim:
        # GEOS can only prepare the first shape; preparing pays off for the shape that is repeated.
        left, right, name = right, left, _INVERSE.get(name, name)
    if left.values.ndim == 0:
        shapely.prepare(left.values[()])
    is_one_to_many = left.values.ndim == 0 < right.values.ndim
    relation = _relate_by_edges if is_one_to_many and name in BY_EDGES else _relate_directly
    true = relation(name, left.values, right.values)
    return TruthValues.of(true, left.known & right.known)


def _relate_directly(name: str, shape: NDArray[Any], shapes: NDArray[Any]) -> NDArray[np.bool_]:
    return np.asarray(RELATIONS[name](shape, shapes), dtype=np.bool_)


def _relate_by_edges(name: str, shape: NDArray[Any], shapes: NDArray[Any]) -> NDArray[np.bool_]:
    """GEOS does not use the prepared shape for these relations: prepared tests run first."""
    is_candidate = shapely.intersects(shape, shapes) & ~shapely.contains_properly(shape, shapes)
    is_candidate[is_candidate] = RELATIONS[name](shape, shapes[is_candidate])
    return np.asarray(is_candidate, dtype=np.bool_)


def relate_to_itself(name: str, column: Column) -> TruthValues:
    """Whether a relation holds between a shape and itself: the same for every shape with points."""
    _check_shapes(column)
    return TruthValues.of(np.array(name in _TRUE_OF_ITSELF), column.known)


def _check_shapes(*columns: Column) -> None:
    if any(column.kind != "shape" for column in columns):
        raise refused(
            "Spatial functions need the property geometry and a geometry.",
            indonesian="Fungsi spasial memerlukan kolom geometry dan sebuah geometri.",
        )


def is_shape(value: Any) -> bool:  # noqa: ANN401  (JSON)
    """Whether a node of a filter is a geometry."""
    return isinstance(value, dict) and ("bbox" in value or "type" in value)


def shape_column(value: dict[str, Any], crs: Crs) -> Column:
    """A geometry of a filter as a column, in the coordinate system of the filter, x first."""
    try:
        geometry = _read_box(value["bbox"], crs) if "bbox" in value else _read_shape(value, crs)
    except (ValueError, TypeError, KeyError, shapely.errors.ShapelyError):
        geometry = None
    is_usable = geometry is not None and not geometry.is_empty and geometry.is_valid
    if geometry is None or not is_usable or not _is_finite(geometry):
        raise refused(
            "A geometry is invalid. Write well-known text, like POINT(110.42 -6.98) or "
            "POLYGON((...)) whose rings are closed and do not cross themselves, or "
            "BBOX(110.4, -7.0, 110.5, -6.9).",
            indonesian="Sebuah geometri tidak sah. Tulis well-known text, seperti "
            "POINT(110.42 -6.98) atau POLYGON((...)) yang garis tepinya tertutup dan tidak "
            "memotong dirinya sendiri, atau BBOX(110.4, -7.0, 110.5, -6.9).",
        )
    values = np.empty((), dtype=object)
    values[()] = geometry
    return Column("shape", values, np.array(True))


def _read_shape(value: dict[str, Any], crs: Crs) -> BaseGeometry:
    geometry = shapely.force_2d(shapely.geometry.shape(value))
    if crs.latitude_first:
        return shapely.transform(geometry, lambda points: points[:, ::-1])
    return geometry


def _read_box(numbers: list[float], crs: Crs) -> BaseGeometry | None:
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    x0, y0, x1, y1 = numbers
    if crs.latitude_first:
        x0, y0, x1, y1 = y0, x0, y1, x1
    if y0 > y1 or (x0 > x1 and crs.plane != WGS84):
        return None
    return box_shape((x0, y0, x1, y1))


def _is_finite(geometry: BaseGeometry) -> bool:
    return bool(np.isfinite(shapely.get_coordinates(geometry)).all())
