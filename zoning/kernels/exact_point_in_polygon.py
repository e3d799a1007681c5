"""Exact point in polygon by the even-odd rule: slow, for points on or next to an edge.

The point is moved by an infinitesimal step east and a much smaller step north (simulation of
simplicity, Edelsbrunner and Mücke 1990). The moved point is on no edge. A polygon contains the
moved point if the number of edges west of the point is odd (crossing number, Shimrat 1962):

- an edge crosses the height of the point if one end is at or below the point and the other above;
- a crossing edge is west of the point if the point is right of the edge or exactly on the edge.

Coordinates are float64 in any plane, longitude and latitude (EPSG:4326) included; the answer does
not depend on the unit.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zoning.kernels.compiling import kernel
from zoning.kernels.orientation import UNKNOWN_SIDE, side
from zoning.kernels.rings import EdgeBands, Float64s, Int32s, Int64s, edges_in_row

NONE: Final = -1
UNDECIDED: Final = -2
"""A product underflows float64: rational arithmetic must decide."""


class Edges(NamedTuple):
    """The polygon parts with their original coordinates."""

    x: Float64s
    """Ring vertices, shape ``(n_vertex,)``."""
    y: Float64s
    bands: EdgeBands
    first_part: Int64s
    """First part of each polygon, shape ``(n_polygon + 1,)``."""


@kernel
def _contains(edges: Int32s, x: Float64s, y: Float64s, px: float, py: float) -> int:
    """Whether a part contains the moved point: 1, 0 or `UNDECIDED`.

    ``edges`` are the edges of the part in the point's row of cells.
    """
    inside = 0
    for v in edges:
        ay, by = y[v], y[v + 1]
        if (ay <= py) == (by <= py):
            continue
        ax, bx = x[v], x[v + 1]
        if px >= ax and px >= bx:
            inside ^= 1
        elif px >= ax or px >= bx:
            point_side = side(ax, ay, bx, by, px, py) if ay < by else side(bx, by, ax, ay, px, py)
            if point_side == UNKNOWN_SIDE:
                return UNDECIDED
            if point_side <= 0:
                inside ^= 1
    return inside


@kernel
def _is_on_boundary(edges: Int32s, x: Float64s, y: Float64s, px: float, py: float) -> int:
    """Whether the point is exactly on one of the edges: 1, 0 or `UNDECIDED`."""
    for v in edges:
        ax, ay, bx, by = x[v], y[v], x[v + 1], y[v + 1]
        if min(ax, bx) <= px <= max(ax, bx) and min(ay, by) <= py <= max(ay, by):
            point_side = side(ax, ay, bx, by, px, py)
            if point_side == UNKNOWN_SIDE:
                return UNDECIDED
            if point_side == 0:
                return 1
    return 0


@kernel
def exact_point_in_polygon(
    edges: Edges, candidates: NDArray[np.generic], row: int, px: float, py: float
) -> int:
    """Lowest row number of the polygons that contain the point, else of those that touch it.

    Parameters
    ----------
    candidates
        Row numbers of polygons, ascending.
    row
        The point's row of cells.
    """
    x, y, bands, first_part = edges.x, edges.y, edges.bands, edges.first_part
    for attempt in range(2):
        for candidate in candidates:
            for part in range(first_part[candidate], first_part[candidate + 1]):
                row_edges = edges_in_row(bands, part, row)
                if attempt == 0:
                    answer = _contains(row_edges, x, y, px, py)
                else:
                    answer = _is_on_boundary(row_edges, x, y, px, py)
                if answer == UNDECIDED:
                    return UNDECIDED
                if answer == 1:
                    return int(candidate)
    return NONE
