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
_TURNED: Final = {"s_contains": "s_within", "s_within": "s_contains"}


def relate(name: str, left: Column, right: Column) -> Truth:
    """Whether one shape lies so to the other."""
    if left.kind != "shape" or right.kind != "shape":
        raise refused("Spatial functions take the property geometry and a geometry.")
    if right.values.ndim == 0 and left.values.ndim:
        # Only the first of the two can be prepared, which is worth it for the one that recurs.
        left, right, name = right, left, _TURNED.get(name, name)
    if left.values.ndim == 0:
        shapely.prepare(left.values[()])
    true = RELATIONS[name](left.values, right.values)
    return Truth.of(np.asarray(true, dtype=np.bool_), left.known & right.known)


def shape(value: dict[str, Any], crs: Crs) -> Column:
    """A geometry that stands in a filter, in the coordinates of that system."""
    try:
        found = _box(value["bbox"], crs) if "bbox" in value else _geometry(value, crs)
    except (ValueError, TypeError, KeyError, shapely.errors.ShapelyError):
        found = None
    if found is None or found.is_empty or not found.is_valid or not _finite(found):
        raise refused(
            "A geometry is well-known text, like POINT(110.42 -6.98) or POLYGON((...)) whose rings "
            "are closed and do not cross themselves, or BBOX(110.4, -7.0, 110.5, -6.9)."
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
