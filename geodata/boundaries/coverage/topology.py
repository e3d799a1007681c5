"""Topology of polygons in metres: overlaps, gaps, pieces and widths.

Arrays of shapely polygons in, arrays out; knows no codes and no files. Valid coverages are
recognised by their edges, which is several times faster than an overlay.
"""

from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Shapes = NDArray[np.object_]

NOISE: Final = 0.01
"""Square metres; a smaller overlap or gap is rounding of coordinates."""


class Overlaps(NamedTuple):
    """Pairs of overlapping polygons: row numbers with ``first < second``, and intersections."""

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    shapes: Shapes

    @property
    def m2(self) -> NDArray[np.float64]:
        """Areas of the intersections in square metres."""
        return np.asarray(shapely.area(self.shapes))


def repair_rings(shapes: Shapes) -> Shapes:
    """Repair polygons with self-intersecting rings; other polygons do not change.

    Every ring keeps its area (``method="structure"`` of GEOS): an area drawn twice does not become
    a hole. A polygon that is only a line becomes empty.
    """
    is_invalid = ~shapely.is_valid(shapes)
    if not bool(is_invalid.any()):
        return shapes
    repaired = shapes.copy()
    repaired[is_invalid] = shapely.make_valid(
        shapes[is_invalid], method="structure", keep_collapsed=False
    )
    return repaired


def overlaps(shapes: Shapes) -> Overlaps:
    """Pairs that overlap by more than `NOISE`.

    Parameters
    ----------
    shapes
        Valid polygons in metres.
    """
    has_invalid_edges = ~shapely.is_empty(shapely.coverage_invalid_edges(shapes))
    tree = shapely.STRtree(shapes)
    suspect_rows = np.flatnonzero(has_invalid_edges)
    matches = tree.query(shapes[suspect_rows], predicate="intersects")
    first, second = suspect_rows[matches[0]], matches[1]
    pairs = np.unique(np.sort(np.stack([first, second], axis=1), axis=1), axis=0)
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    intersections = np.asarray(shapely.intersection(shapes[pairs[:, 0]], shapes[pairs[:, 1]]))
    is_overlap = shapely.area(intersections) > NOISE
    return Overlaps(
        pairs[is_overlap, 0], pairs[is_overlap, 1], _keep_polygons(intersections[is_overlap])
    )


def outline(shapes: Shapes) -> Shapes:
    """Outline of the city, one polygon per piece; pieces touch in single points at most."""
    return np.asarray(shapely.get_parts(shapely.union_all(shapes)))


def coverage_outline(shapes: Shapes) -> Shapes:
    """Like `outline`, many times faster, for polygons that are a coverage."""
    return np.asarray(shapely.get_parts(union_coverage(shapes)))


def union_coverage(shapes: Shapes) -> BaseGeometry:
    """Union of polygons that are a coverage, or were one before rounding.

    Rounding can leave a vertex of one neighbour on an edge of the other. Then the slower union is
    used, which needs no shared vertices.
    """
    try:
        return shapely.coverage_union_all(shapes)
    except shapely.errors.GEOSException:
        return shapely.union_all(shapes)


def have_slits(pieces: Shapes, width: float) -> bool:
    """Whether two pieces of a city are closer than a width but do not touch.

    Parameters
    ----------
    width
        Metres.
    """
    if len(pieces) < 2:
        return False
    first, second = shapely.STRtree(pieces).query(pieces, predicate="dwithin", distance=width)
    is_pair = first < second
    return bool((shapely.distance(pieces[first[is_pair]], pieces[second[is_pair]]) > 0).any())


def gaps(pieces: Shapes) -> Shapes:
    """Polygons enclosed by the city that belong to no area, larger than `NOISE`.

    Parameters
    ----------
    pieces
        From `outline`. A piece inside a gap is not part of the gap.
    """
    rings = [ring for piece in pieces for ring in shapely.get_rings(piece)[1:]]
    if not rings:
        return np.empty(0, dtype=object)
    holes = np.asarray(shapely.polygons(np.array(rings, dtype=object)))
    if len(pieces) > 1:
        hole_number, piece_number = shapely.STRtree(pieces).query(holes, predicate="contains")
        for number in np.unique(hole_number):
            islands = shapely.union_all(pieces[piece_number[hole_number == number]])
            holes[number] = shapely.difference(holes[number], islands)
    large_holes: Shapes = holes[shapely.area(holes) > NOISE]
    return large_holes


def mean_width(shapes: Shapes) -> NDArray[np.float64]:
    """Mean width in metres, for long thin polygons: twice the area over the perimeter."""
    perimeter = np.asarray(shapely.length(shapes))
    return np.divide(
        2 * shapely.area(shapes), perimeter, out=np.zeros(len(shapes)), where=perimeter > 0
    )


def widest(shapes: Shapes, tolerance: float = 0.1) -> NDArray[np.float64]:
    """Diameter of the largest inscribed circle of each polygon, in metres."""
    radii = [
        shapely.length(shapely.maximum_inscribed_circle(shape, tolerance=tolerance))
        for shape in shapes
    ]
    return 2 * np.asarray(radii, dtype=np.float64)


def clean_coverage(shapes: Shapes, gap_width: float) -> Shapes:
    """Remove overlaps and gaps up to a width (GEOS coverage cleaner); the longest border wins."""
    # The type stubs of shapely lack coverage_clean.
    clean: Shapes = shapely.coverage_clean(shapes, gap_width=gap_width)  # type: ignore[attr-defined]
    return clean


def _keep_polygons(shapes: Shapes) -> Shapes:
    """Remove points and lines from intersections."""
    is_mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    for row in np.flatnonzero(is_mixed):
        parts = shapely.get_parts(shapes[row])
        shapes[row] = shapely.union_all(parts[shapely.area(parts) > 0])
    return shapes
