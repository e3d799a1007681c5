"""Which polygon holds a point: the exact orientation of three points, and the search in the grid.

The point asked for is thought of as moved by an infinitesimal step east and a much smaller one
north. So moved it is on no edge, and whether a polygon holds it is the parity of the edges west
of it: an edge is crossed at the point's height if one end is at or below it and the other above,
and is west of it if the point itself is on the edge's right or exactly on it.
"""

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from zoning.kernels.grid import Bands

Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]

NONE: Final = -1
UNDECIDED: Final = -2
"""Products too small for float64: rational arithmetic must decide."""
UNKNOWN_SIDE: Final = 2

_SPLITTER: Final = 134217729.0  # 2^27 + 1
_BOUND: Final = 3.4e-16
"""Above Shewchuk's (3 + 16 u) u with u = 2^-53: what underflow adds to sums over 1e-280 is less."""
_SAFE_SUM: Final = 1e-280
_SAFE_PRODUCT: Final = 2.0**-900


class Edges(NamedTuple):
    """The polygon parts themselves."""

    x: Float64s
    """Ring vertices, shape ``(n_vertex,)``."""
    y: Float64s
    bands: Bands
    owner: Int32s
    """Row number of the polygon a part belongs to."""


class Index(NamedTuple):
    """A grid over polygon parts, ready for `locate_points`; see ``zoning.kernels.grid``."""

    x0: float
    y0: float
    x1: float
    y1: float
    columns_per_unit: float
    rows_per_unit: float
    columns: int
    rows: int
    cells: Int32s
    candidate_from: Int64s
    candidate: Int32s
    edges: Edges


@njit(cache=True, nogil=True)
def two_product(a: float, b: float) -> tuple[float, float]:
    """Product and its exact rounding error (Dekker 1971).

    Needs no fused multiply-add, and none is made of it: that takes fastmath.
    """
    product = a * b
    c = _SPLITTER * a
    a_high = c - (c - a)
    a_low = a - a_high
    c = _SPLITTER * b
    b_high = c - (c - b)
    b_low = b - b_high
    error = product - a_high * b_high
    error -= a_low * b_high
    error -= a_high * b_low
    return product, a_low * b_low - error


@njit(cache=True, nogil=True)
def _grow(expansion: Float64s, n: int, term: float) -> None:
    """Add a term to a nonoverlapping expansion of `n` components, exactly (Shewchuk 1997)."""
    carried = term
    for i in range(n):
        total = carried + expansion[i]
        virtual = total - carried
        expansion[i] = (carried - (total - virtual)) + (expansion[i] - virtual)
        carried = total
    expansion[n] = carried


@njit(cache=True, nogil=True)
def _exact_side(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> int:
    # The determinant multiplied out: a sum of six products, each the exact sum of two floats.
    left = (bx, by, ay, -bx, -ax, -by)
    right = (py, ax, px, ay, py, px)
    expansion = np.empty(12, dtype=np.float64)
    for k in range(6):
        product, error = two_product(left[k], right[k])
        if abs(product) < _SAFE_PRODUCT and left[k] != 0.0 and right[k] != 0.0:
            return UNKNOWN_SIDE
        _grow(expansion, 2 * k, error)
        _grow(expansion, 2 * k + 1, product)
    for k in range(11, -1, -1):
        if expansion[k] != 0.0:
            return 1 if expansion[k] > 0.0 else -1
    return 0


@njit(cache=True, nogil=True)
def side(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> int:
    """Side of the line from a to b that p is on: 1 left, -1 right, 0 on it, as exact as its floats.

    For coordinates within 1e150; `UNKNOWN_SIDE` where products underflow.
    """
    rising = (bx - ax) * (py - ay)
    falling = (by - ay) * (px - ax)
    difference = rising - falling
    size = abs(rising) + abs(falling)
    if size > _SAFE_SUM and abs(difference) > _BOUND * size:
        return 1 if difference > 0.0 else -1
    return _exact_side(ax, ay, bx, by, px, py)


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def _search(edges: Edges, candidates: Int32s, row: int, px: float, py: float) -> int:
    """Lowest row number among a cut cell's polygons that hold the point, else that touch it."""
    # Taken out once: an array taken from a tuple costs a count of its references each time.
    x, y, bands, owner = edges.x, edges.y, edges.bands, edges.owner
    for part in candidates:
        if part < 0:
            return int(owner[-1 - part])
        held = _holds(_edges_in_row(bands, part, row), x, y, px, py)
        if held == UNDECIDED:
            return UNDECIDED
        if held == 1:
            return int(owner[part])
    for part in candidates:
        touched = _touches(_edges_in_row(bands, part, row), x, y, px, py)
        if touched == UNDECIDED:
            return UNDECIDED
        if touched == 1:
            return int(owner[part])
    return NONE


@njit(cache=True, nogil=True)
def _edges_in_row(bands: Bands, part: int, row: int) -> Int32s:
    band = bands.offset[part] + row - bands.low[part]
    if band < bands.offset[part] or band >= bands.offset[part + 1]:
        return bands.edge[:0]
    return bands.edge[bands.edge_from[band] : bands.edge_from[band + 1]]


@njit(cache=True, nogil=True)
def locate_points(index: Index, x: Float64s, y: Float64s, found: Int32s) -> None:
    """Write the row number of the polygon that holds each point, `NONE` or `UNDECIDED`."""
    cells, candidate_from, candidate = index.cells, index.candidate_from, index.candidate
    edges = index.edges
    for k in range(len(x)):
        px, py = x[k], y[k]
        # Compare as floats first: casting NaN or 1e300 to an int is undefined.
        if not (index.x0 <= px <= index.x1 and index.y0 <= py <= index.y1):
            found[k] = NONE
            continue
        column = min(int((px - index.x0) * index.columns_per_unit), index.columns - 1)
        row = min(int((py - index.y0) * index.rows_per_unit), index.rows - 1)
        cell = cells[row * index.columns + column]
        if cell >= NONE:
            found[k] = cell
            continue
        cut = -2 - cell
        candidates = candidate[candidate_from[cut] : candidate_from[cut + 1]]
        found[k] = _search(edges, candidates, row, px, py)
