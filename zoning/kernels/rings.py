"""The rings of polygons as plain arrays, and their edges bucketed by the rows of a grid.

The buckets are the edge table of a scanline algorithm (Foley, van Dam, Feiner and Hughes 1990,
section 3.6). Coordinates are in cell units: a cell of the grid is one wide and one high. A
coordinate in cell units has a relative error of a few 2^-53. With at most 2^15 cells per side,
the error is below 2^-36 of a cell, however large or small the original coordinates are.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zoning.kernels.compiling import kernel

Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]


class Parts(NamedTuple):
    """Polygon parts in cell units.

    All ring vertices lie in one array. The number of an edge is the position of its first vertex.
    """

    x: Float64s
    """Vertices, shape ``(n_vertex,)``."""
    y: Float64s
    ring: Int64s
    """First vertex of every ring, shape ``(n_ring + 1,)``."""
    part: Int64s
    """First ring of every part, shape ``(n_part + 1,)``."""
    owner: Int32s
    """Row number of the polygon a part belongs to, ascending, shape ``(n_part,)``."""
    columns: int
    rows: int


class EdgeBands(NamedTuple):
    """The edges of every part, bucketed by the rows of cells that they reach."""

    low: Int32s
    """Lowest row a part reaches, shape ``(n_part,)``."""
    offset: Int64s
    """First row of each part in `edge_from`, shape ``(n_part + 1,)``."""
    edge_from: Int64s
    """First edge of each row in `edge`, shape ``(n_row + 1,)``."""
    edge: Int32s
    """First vertex of an edge."""


@kernel
def band_rows(parts: Parts) -> tuple[Int32s, Int64s]:
    """`EdgeBands.low` and `EdgeBands.offset` of all parts."""
    n = len(parts.owner)
    y, ring, part = parts.y, parts.ring, parts.part
    last_row = parts.rows - 1
    low = np.zeros(n, dtype=np.int32)
    offset = np.zeros(n + 1, dtype=np.int64)
    for p in range(n):
        bottom = np.inf
        top = -np.inf
        for v in range(ring[part[p]], ring[part[p + 1]]):
            bottom = min(bottom, y[v])
            top = max(top, y[v])
        low[p] = min(int(bottom), last_row)
        offset[p + 1] = offset[p] + min(int(top), last_row) - low[p] + 1
    return low, offset


@kernel
def band_edges(parts: Parts, low: Int32s, offset: Int64s) -> tuple[Int64s, Int32s]:
    """Bucket the edges of every part by row: `EdgeBands.edge_from` and `EdgeBands.edge`."""
    y, ring, part = parts.y, parts.ring, parts.part
    last_row = parts.rows - 1
    edge_from = np.zeros(offset[-1] + 1, dtype=np.int64)
    edge = np.empty(0, dtype=np.int32)
    # Pass 0 counts, pass 1 fills; in between the counts become positions.
    for filling in range(2):
        for p in range(len(parts.owner)):
            base = offset[p] - low[p]
            for r in range(part[p], part[p + 1]):
                for v in range(ring[r], ring[r + 1] - 1):
                    first = min(int(min(y[v], y[v + 1])), last_row)
                    last = min(int(max(y[v], y[v + 1])), last_row)
                    for row in range(first, last + 1):
                        if filling == 1:
                            edge[edge_from[base + row]] = v
                        edge_from[base + row] += 1
        if filling == 0:
            edge = np.empty(running_total(edge_from), dtype=np.int32)
    shift_starts(edge_from)
    return edge_from, edge


@kernel
def running_total(counts: Int64s) -> int:
    """Replace counts by their exclusive prefix sum; the total."""
    total = 0
    for k in range(len(counts)):
        count = counts[k]
        counts[k] = total
        total += count
    return total


@kernel
def shift_starts(positions: Int64s) -> None:
    """Restore the start positions: filling advances each position to the start of the next."""
    for k in range(len(positions) - 1, 0, -1):
        positions[k] = positions[k - 1]
    positions[0] = 0


@kernel
def edges_in_row(bands: EdgeBands, part: int, row: int) -> Int32s:
    """Edges of a part in a row of cells."""
    band = bands.offset[part] + row - bands.low[part]
    if band < bands.offset[part] or band >= bands.offset[part + 1]:
        return bands.edge[:0]
    return bands.edge[bands.edge_from[band] : bands.edge_from[band + 1]]


@kernel
def contains_clear_point(parts: Parts, bands: EdgeBands, part: int, px: float, py: float) -> bool:
    """Whether a part contains a point that is not near any of its edges.

    Even-odd rule in floating point; ``px`` and ``py`` are in cell units.
    """
    x, y = parts.x, parts.y
    inside = False
    for v in edges_in_row(bands, part, min(max(int(py), 0), parts.rows - 1)):
        ya, yb = y[v], y[v + 1]
        if (ya <= py) != (yb <= py) and x[v] + (py - ya) / (yb - ya) * (x[v + 1] - x[v]) < px:
            inside = not inside
    return inside
