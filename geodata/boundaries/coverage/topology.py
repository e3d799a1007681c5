"""How polygons lie to each other, in metres: overlaps, gaps, pieces, and how wide something is.

Arrays of shapely polygons in, arrays out; nothing here knows a code or a file. Tidy input is
told from its edges alone, which is several times quicker than laying polygons over each other.
"""

from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Shapes = NDArray[np.object_]

NOISE: Final = 0.01
"""Square metres below which an overlap or a gap is rounding of coordinates, no fault."""
_PAIR: Final = 2


class Overlaps(NamedTuple):
    """Pairs of polygons that share ground: row numbers with ``first < second``, and the ground."""

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    shapes: Shapes

    @property
    def m2(self) -> NDArray[np.float64]:
        """Areas of the shared ground."""
        return np.asarray(shapely.area(self.shapes))


def with_valid_rings(shapes: Shapes) -> Shapes:
    """The same polygons; those whose rings cross themselves are mended.

    Every ring keeps its ground (``method="structure"``): ground drawn twice does not turn into a
    hole. May be empty where a polygon was no more than a line.
    """
    wrong = ~shapely.is_valid(shapes)
    if not bool(wrong.any()):
        return shapes
    mended = shapes.copy()
    mended[wrong] = shapely.make_valid(shapes[wrong], method="structure", keep_collapsed=False)
    return mended


def overlaps(shapes: Shapes) -> Overlaps:
    """Pairs that overlap by more than `NOISE`.

    Parameters
    ----------
    shapes
        Valid polygons in metres.
    """
    dirty = ~shapely.is_empty(shapely.coverage_invalid_edges(shapes))
    tree = shapely.STRtree(shapes)
    suspects = np.flatnonzero(dirty)
    near = tree.query(shapes[suspects], predicate="intersects")
    one, other = suspects[near[0]], near[1]
    pairs = np.unique(np.sort(np.stack([one, other], axis=1), axis=1), axis=0)
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    ground = np.asarray(shapely.intersection(shapes[pairs[:, 0]], shapes[pairs[:, 1]]))
    kept = shapely.area(ground) > NOISE
    return Overlaps(pairs[kept, 0], pairs[kept, 1], _polygons_of(ground[kept]))


def outline(shapes: Shapes) -> Shapes:
    """The whole city's ground, one polygon a piece; pieces meet in single points at most."""
    return np.asarray(shapely.get_parts(shapely.union_all(shapes)))


def outline_of_coverage(shapes: Shapes) -> Shapes:
    """Like `outline`, many times quicker, of polygons known to be a coverage."""
    return np.asarray(shapely.get_parts(united(shapes)))


def united(shapes: Shapes) -> BaseGeometry:
    """The ground of polygons that are a coverage, or were one before they were rounded.

    Rounding may leave a vertex of one neighbour on an edge of the other; then the slower union,
    which needs no shared vertices, is taken.
    """
    try:
        return shapely.coverage_union_all(shapes)
    except shapely.errors.GEOSException:
        return shapely.union_all(shapes)


def have_slits(pieces: Shapes, width: float) -> bool:
    """Whether two pieces of a city lie nearer to each other than a width and do not touch.

    Parameters
    ----------
    width
        Metres.
    """
    if len(pieces) < _PAIR:
        return False
    one, other = shapely.STRtree(pieces).query(pieces, predicate="dwithin", distance=width)
    apart = one < other
    return bool((shapely.distance(pieces[one[apart]], pieces[other[apart]]) > 0).any())


def gaps(pieces: Shapes) -> Shapes:
    """Ground enclosed by the city that belongs to no area, above `NOISE`.

    Parameters
    ----------
    pieces
        From `outline`. A piece lying inside a gap is no part of the gap.
    """
    rings = [ring for piece in pieces for ring in shapely.get_rings(piece)[1:]]
    if not rings:
        return np.empty(0, dtype=object)
    holes = np.asarray(shapely.polygons(np.array(rings, dtype=object)))
    if len(pieces) > 1:
        hole, inside = shapely.STRtree(pieces).query(holes, predicate="contains")
        for number in np.unique(hole):
            islands = shapely.union_all(pieces[inside[hole == number]])
            holes[number] = shapely.difference(holes[number], islands)
    found: Shapes = holes[shapely.area(holes) > NOISE]
    return found


def mean_width(shapes: Shapes) -> NDArray[np.float64]:
    """Twice the area over the perimeter: the width of something long and thin, in metres."""
    perimeter = np.asarray(shapely.length(shapes))
    return np.divide(
        2 * shapely.area(shapes), perimeter, out=np.zeros(len(shapes)), where=perimeter > 0
    )


def widest(shapes: Shapes, tolerance: float = 0.1) -> NDArray[np.float64]:
    """Diameter of the largest circle within each polygon, in metres."""
    found = [
        shapely.length(shapely.maximum_inscribed_circle(s, tolerance=tolerance)) for s in shapes
    ]
    return 2 * np.asarray(found, dtype=np.float64)


def as_coverage(shapes: Shapes, gap_width: float) -> Shapes:
    """Polygons that neither overlap nor leave gaps up to a width; ground goes by longest border."""
    # The stubs of shapely do not know it yet.
    clean: Shapes = shapely.coverage_clean(shapes, gap_width=gap_width)  # type: ignore[attr-defined]
    return clean


def _polygons_of(shapes: Shapes) -> Shapes:
    """Drop the points and lines where polygons also touch."""
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    for row in np.flatnonzero(mixed):
        parts = shapely.get_parts(shapes[row])
        shapes[row] = shapely.union_all(parts[shapely.area(parts) > 0])
    return shapes
