"""Which polygon holds a point, in exact arithmetic: slow, for points on or next to an edge.

The point asked for is thought of as moved by an infinitesimal step east and a much smaller one
north. So moved it is on no edge, and whether a polygon holds it is the parity of the edges west
of it: an edge is crossed at the point's height if one end is at or below it and the other above,
and is west of it if the point itself is on the edge's right or exactly on it.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zoning.kernels.compiling import kernel
from zoning.kernels.orientation import UNKNOWN_SIDE, side
from zoning.kernels.rings import Bands, Float64s, Int32s, Int64s, band_of

NONE: Final = -1
UNDECIDED: Final = -2
"""Products too small for float64: rational arithmetic must decide."""


class Edges(NamedTuple):
    """The polygon parts themselves."""

    x: Float64s
    """Ring vertices, shape ``(n_vertex,)``."""
    y: Float64s
    bands: Bands
    first_part: Int64s
    """Where a polygon's parts begin, shape ``(n_polygon + 1,)``."""


@kernel
def _holds(edges: Int32s, x: Float64s, y: Float64s, px: float, py: float) -> int:
    """Whether a part holds the moved point, by its edges in the row: 1, 0 or `UNDECIDED`."""
    inside = 0
    for v in edges:
        ay, by = y[v], y[v + 1]
        if (ay <= py) == (by <= py):
            continue
        ax, bx = x[v], x[v + 1]
        if px >= ax and px >= bx:
            inside ^= 1
        elif px >= ax or px >= bx:
            of = side(ax, ay, bx, by, px, py) if ay < by else side(bx, by, ax, ay, px, py)
            if of == UNKNOWN_SIDE:
                return UNDECIDED
            if of <= 0:
                inside ^= 1
    return inside


@kernel
def _touches(edges: Int32s, x: Float64s, y: Float64s, px: float, py: float) -> int:
    """Whether the point itself is on one of a part's edges: 1, 0 or `UNDECIDED`."""
    for v in edges:
        ax, ay, bx, by = x[v], y[v], x[v + 1], y[v + 1]
        if min(ax, bx) <= px <= max(ax, bx) and min(ay, by) <= py <= max(ay, by):
            of = side(ax, ay, bx, by, px, py)
            if of == UNKNOWN_SIDE:
                return UNDECIDED
            if of == 0:
                return 1
    return 0


@kernel
def judge(edges: Edges, candidates: NDArray[np.generic], row: int, px: float, py: float) -> int:
    """Lowest row number among candidates, ascending, that hold the point, else that touch it.

    `row` is the point's row of cells.
    """
    x, y, bands, first_part = edges.x, edges.y, edges.bands, edges.first_part
    for asking in range(2):
        for candidate in candidates:
            for part in range(first_part[candidate], first_part[candidate + 1]):
                near = band_of(bands, part, row)
                does = _holds(near, x, y, px, py) if asking == 0 else _touches(near, x, y, px, py)
                if does == UNDECIDED:
                    return UNDECIDED
                if does == 1:
                    return int(candidate)
    return NONE
