"""Point in polygon in rational arithmetic: what the engine must answer; shares no code with it."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

Segment = tuple[float, float, float, float]


def polygon_parts(geometry: BaseGeometry | None) -> list[Polygon]:
    """The polygons of a polygon or multipolygon."""
    if geometry is None or geometry.is_empty:
        return []
    if isinstance(geometry, MultiPolygon):
        return list(geometry.geoms)
    assert isinstance(geometry, Polygon)
    return [geometry]


def segments(polygon: Polygon) -> list[Segment]:
    segments_found = []
    for ring in (polygon.exterior, *polygon.interiors):
        corners = [(float(c[0]), float(c[1])) for c in ring.coords]
        segments_found += [(*a, *b) for a, b in pairwise(corners)]
    return segments_found


def crossing(segment: Segment, y: float) -> Fraction:
    """Where a segment that is not level meets the height y."""
    ax, ay, bx, by = map(Fraction, segment)
    return ax + (Fraction(y) - ay) / (by - ay) * (bx - ax)


def holds(polygon: Polygon, x: float, y: float) -> bool:
    """Whether the polygon holds (x + e, y + d) for all small enough e > 0 and d << e.

    At height y + d a segment's crossing differs from that at y by less than e, so it lies west
    of x + e exactly when the crossing at y is at or west of x.
    """
    west = [
        s
        for s in segments(polygon)
        if min(s[1], s[3]) <= y < max(s[1], s[3])
        and (max(s[0], s[2]) <= x or (min(s[0], s[2]) <= x and crossing(s, y) <= Fraction(x)))
    ]
    return len(west) % 2 == 1


def touches(polygon: Polygon, x: float, y: float) -> bool:
    """Whether (x, y) itself lies on the polygon's boundary."""
    for s in segments(polygon):
        if not (
            min(s[0], s[2]) <= x <= max(s[0], s[2]) and min(s[1], s[3]) <= y <= max(s[1], s[3])
        ):
            continue
        if s[1] == s[3] or crossing(s, y) == Fraction(x):
            return True
    return False


def locate(geometries: Sequence[BaseGeometry | None], x: float, y: float) -> int:
    """Row number of the polygon the point belongs to, -1 for none."""
    candidates = [
        (row, polygon)
        for row, geometry in enumerate(geometries)
        for polygon in polygon_parts(geometry)
        if polygon.bounds[0] <= x <= polygon.bounds[2]
        and polygon.bounds[1] <= y <= polygon.bounds[3]
    ]
    for test in (holds, touches):
        for row, polygon in candidates:
            if test(polygon, x, y):
                return row
    return -1


def on_any_boundary(geometries: Sequence[BaseGeometry | None], x: float, y: float) -> bool:
    return any(touches(p, x, y) for g in geometries for p in polygon_parts(g))
