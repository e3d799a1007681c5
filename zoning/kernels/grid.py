"""Build the uniform grid over polygons: which cells one polygon holds whole, which are cut.

Works in cell units (a cell is one wide and one high). A coordinate's cell units carry a relative
error of a few 2^-53, so with at most 2^15 cells a side `WIDEN` is ten thousand times larger than
any error made here. What is cut is widened by it, hence never missed; what is uncut is decided at
cell centres, half a cell away from every edge. No exact arithmetic is needed.
"""

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]
Bytes = NDArray[np.uint8]

WIDEN: Final = 1e-6
CUT: Final = 1
COVERED: Final = 2


class Parts(NamedTuple):
    """Polygon parts in cell units.

    Ring vertices lie in one array; an edge is named by the position of its first vertex.
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


class Bands(NamedTuple):
    """The edges of every part by the rows of cells they reach into."""

    low: Int64s
    """Lowest row a part reaches, shape ``(n_part,)``."""
    offset: Int64s
    """Where a part's rows begin in `edge_from`, shape ``(n_part + 1,)``."""
    edge_from: Int64s
    """Where a row's edges begin in `edge`; one more than there are rows."""
    edge: Int32s
    """First vertex of an edge."""


class Window(NamedTuple):
    """The cells a part may touch."""

    column: int
    row: int
    wide: int
    high: int


@njit(cache=True, nogil=True)
def band_rows(parts: Parts) -> tuple[Int64s, Int64s]:
    """Lowest row of every part, and where its rows begin: `Bands.low` and `Bands.offset`."""
    n = len(parts.owner)
    y = parts.y
    low = np.zeros(n, dtype=np.int64)
    offset = np.zeros(n + 1, dtype=np.int64)
    for p in range(n):
        bottom = np.inf
        top = -np.inf
        for v in range(parts.ring[parts.part[p]], parts.ring[parts.part[p + 1]]):
            bottom = min(bottom, y[v])
            top = max(top, y[v])
        low[p] = min(int(bottom), parts.rows - 1)
        offset[p + 1] = offset[p] + min(int(top), parts.rows - 1) - low[p] + 1
    return low, offset


@njit(cache=True, nogil=True)
def band_edges(parts: Parts, low: Int64s, offset: Int64s) -> tuple[Int64s, Int32s]:
    """Sort the edges of every part into its rows: `Bands.edge_from` and `Bands.edge`."""
    y, ring, part = parts.y, parts.ring, parts.part
    last_row = parts.rows - 1
    edge_from = np.zeros(offset[-1] + 1, dtype=np.int64)
    edge = np.empty(0, dtype=np.int32)
    # Once to count, once to fill; between them counts become positions.
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
            total = 0
            for k in range(len(edge_from)):
                count = edge_from[k]
                edge_from[k] = total
                total += count
            edge = np.empty(total, dtype=np.int32)
    # Filling moved every position on to the next row's; move them back.
    for k in range(len(edge_from) - 1, 0, -1):
        edge_from[k] = edge_from[k - 1]
    edge_from[0] = 0
    return edge_from, edge


@njit(cache=True, nogil=True)
def _clamp(at: float, n: int) -> int:
    return max(0, min(int(np.floor(at)), n - 1))


@njit(cache=True, nogil=True)
def _window(parts: Parts, p: int) -> Window:
    # Arrays are taken out of the tuple once: each taking costs a count of its references.
    x, y = parts.x, parts.y
    left = np.inf
    right = -np.inf
    bottom = np.inf
    top = -np.inf
    for v in range(parts.ring[parts.part[p]], parts.ring[parts.part[p + 1]]):
        left = min(left, x[v])
        right = max(right, x[v])
        bottom = min(bottom, y[v])
        top = max(top, y[v])
    c0 = _clamp(left - WIDEN, parts.columns)
    r0 = _clamp(bottom - WIDEN, parts.rows)
    wide = _clamp(right + WIDEN, parts.columns) - c0 + 1
    high = _clamp(top + WIDEN, parts.rows) - r0 + 1
    return Window(c0, r0, wide, high)


@njit(cache=True, nogil=True)
def _stamp_edge(
    edge: tuple[float, float, float, float], shape: tuple[int, int], window: Window, stamp: Bytes
) -> None:
    """Mark every cell an edge comes near."""
    xa, ya, xb, yb = edge
    columns, rows = shape
    if ya > yb:
        xa, ya, xb, yb = xb, yb, xa, ya
    for row in range(_clamp(ya - WIDEN, rows), _clamp(yb + WIDEN, rows) + 1):
        x_low, x_high = xa, xb
        if yb > ya:
            if row - WIDEN > ya:
                x_low = xa + (row - WIDEN - ya) / (yb - ya) * (xb - xa)
            if row + 1 + WIDEN < yb:
                x_high = xa + (row + 1 + WIDEN - ya) / (yb - ya) * (xb - xa)
        first = _clamp(min(x_low, x_high) - WIDEN, columns)
        last = _clamp(max(x_low, x_high) + WIDEN, columns)
        base = (row - window.row) * window.wide - window.column
        for column in range(first, last + 1):
            stamp[base + column] = CUT


@njit(cache=True, nogil=True)
def _stamp_inside(parts: Parts, bands: Bands, p: int, window: Window, stamp: Bytes) -> None:
    """Mark the uncut cells whose centre the part holds, hence which it holds whole."""
    x, y, edge, edge_from = parts.x, parts.y, bands.edge, bands.edge_from
    for band in range(bands.offset[p], bands.offset[p + 1]):
        row = bands.low[p] + band - bands.offset[p]
        centre = row + 0.5
        edges = edge[edge_from[band] : edge_from[band + 1]]
        crossings = np.empty(len(edges), dtype=np.float64)
        n = 0
        for v in edges:
            xa, ya, xb, yb = x[v], y[v], x[v + 1], y[v + 1]
            if (ya <= centre) != (yb <= centre):
                crossings[n] = xa + (centre - ya) / (yb - ya) * (xb - xa)
                n += 1
        ordered = np.sort(crossings[:n])
        base = (row - window.row) * window.wide
        passed = 0
        for column in range(window.wide):
            while passed < n and ordered[passed] < window.column + column + 0.5:
                passed += 1
            if passed % 2 == 1 and stamp[base + column] != CUT:
                stamp[base + column] = COVERED


@njit(cache=True, nogil=True)
def _stamp_part(parts: Parts, bands: Bands, p: int, stamp: Bytes) -> Window:
    x, y, ring = parts.x, parts.y, parts.ring
    shape = (parts.columns, parts.rows)
    window = _window(parts, p)
    stamp[: window.wide * window.high] = 0
    for r in range(parts.part[p], parts.part[p + 1]):
        for v in range(ring[r], ring[r + 1] - 1):
            _stamp_edge((x[v], y[v], x[v + 1], y[v + 1]), shape, window, stamp)
    _stamp_inside(parts, bands, p, window, stamp)
    return window


@njit(cache=True, nogil=True)
def fill_cells(parts: Parts, bands: Bands) -> tuple[Int32s, Int64s, Int32s]:
    """What every cell knows.

    Returns
    -------
    cells
        Shape ``(rows * columns,)``: the row number of the polygon that holds the whole cell, -1
        for none, or ``-2 - k`` where the cell is the ``k``-th that edges cut.
    candidate_from, candidate
        For each cut cell, in ascending order, the parts that may hold its points; ``-1 - part``
        for a part that holds the whole cell, always the last of its list.
    """
    n = len(parts.owner)
    columns, owner = parts.columns, parts.owner
    largest = 0
    for p in range(n):
        window = _window(parts, p)
        largest = max(largest, window.wide * window.high)
    stamp = np.zeros(largest, dtype=np.uint8)
    cut = np.zeros(parts.rows * columns, dtype=np.uint8)
    for p in range(n):
        window = _stamp_part(parts, bands, p, stamp)
        for row in range(window.high):
            for column in range(window.wide):
                if stamp[row * window.wide + column] == CUT:
                    cut[(row + window.row) * columns + column + window.column] = 1
    cells = np.full(len(cut), -1, dtype=np.int32)
    n_cut = 0
    for cell in range(len(cut)):
        if cut[cell] == 1:
            cells[cell] = -2 - n_cut
            n_cut += 1
    candidate_from = np.zeros(n_cut + 1, dtype=np.int64)
    candidate = np.empty(0, dtype=np.int32)
    # Once to count, once to fill, as in `band_edges`.
    for filling in range(2):
        closed = np.zeros(n_cut, dtype=np.uint8)
        for p in range(n):
            window = _stamp_part(parts, bands, p, stamp)
            for row in range(window.high):
                for column in range(window.wide):
                    mark = stamp[row * window.wide + column]
                    if mark == 0:
                        continue
                    cell = (row + window.row) * columns + column + window.column
                    k = -2 - cells[cell]
                    if cut[cell] == 0:
                        if cells[cell] == -1:
                            cells[cell] = owner[p]
                    elif closed[k] == 0:
                        if filling == 1:
                            candidate[candidate_from[k]] = p if mark == CUT else -1 - p
                        candidate_from[k] += 1
                        if mark == COVERED:
                            closed[k] = 1
        if filling == 0:
            total = 0
            for k in range(n_cut + 1):
                count = candidate_from[k]
                candidate_from[k] = total
                total += count
            candidate = np.empty(total, dtype=np.int32)
    for k in range(n_cut, 0, -1):
        candidate_from[k] = candidate_from[k - 1]
    candidate_from[0] = 0
    return cells, candidate_from, candidate
