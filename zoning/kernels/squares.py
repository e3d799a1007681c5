"""The squares of the grid: the edges near each square, and the polygon that covers the others.

The index is a uniform grid whose crowded squares are divided again, like a quadtree of edges with
4 x 4 children (Samet 1990, "The design and analysis of spatial data structures", chapter 4). A
square without edges nearby is one number. A square with edges nearby becomes a leaf node. If a leaf
node has too little space for the edges, the square is divided, up to a fixed depth. A square that
is still too crowded keeps the list of its polygons.
"""

from typing import Final, NamedTuple

import numpy as np

from zoning.kernels.compiling import kernel
from zoning.kernels.leaf_nodes import LeafNodes, build_leaf_node
from zoning.kernels.rings import (
    EdgeBands,
    Float64s,
    Int32s,
    Int64s,
    Parts,
    edges_in_row,
    running_total,
    shift_starts,
)

NONE: Final = -1
LEAF: Final = 0
DIVIDED: Final = 1
LISTED: Final = 2
WIDEN: Final = 1 / 500
"""Edges up to so far outside a square are listed, in sides of the square: more than a leaf
node's margin."""


class Squares(NamedTuple):
    """The ``n`` squares of one size that have edges nearby."""

    x: Float64s
    """South-west corners, in cell units."""
    y: Float64s
    size: float
    """Side of a square, in cell units."""
    slot: Int64s
    """Position of each square's code among the codes."""
    start: Int64s
    """First position of each square in `edge`, shape ``(n + 1,)``."""
    edge: Int32s
    part: Int32s
    """Part of each edge in `edge`, ascending within a square."""
    cover: Int32s
    """The lowest part that covers the whole square and has no edge nearby, or -1."""


@kernel
def square_code(kind: int, k: int) -> int:
    """Code of the ``k``-th leaf node, divided or listed square: a number below `NONE`."""
    return -2 - (4 * k + kind)


@kernel
def _extent_near_row(xa: float, ya: float, xb: float, yb: float, row: int) -> tuple[float, float]:
    """West and east end of the part of an edge near a row; the edge goes from low to high."""
    x_low, x_high = xa, xb
    if row - WIDEN > ya:
        x_low = xa + (row - WIDEN - ya) / (yb - ya) * (xb - xa)
    if row + 1 + WIDEN < yb:
        x_high = xa + (row + 1 + WIDEN - ya) / (yb - ya) * (xb - xa)
    return min(x_low, x_high) - WIDEN, max(x_low, x_high) + WIDEN


@kernel
def list_edges(parts: Parts) -> tuple[Int64s, Int32s, Int32s]:
    """Edges near every square of the grid: start positions, edges, and the part of each edge."""
    x, y, ring, part = parts.x, parts.y, parts.ring, parts.part
    columns, rows = parts.columns, parts.rows
    start = np.zeros(columns * rows + 1, dtype=np.int64)
    edge = np.empty(0, dtype=np.int32)
    part_of = np.empty(0, dtype=np.int32)
    # Pass 0 counts, pass 1 fills; in between the counts become positions.
    for filling in range(2):
        for p in range(len(parts.owner)):
            for r in range(part[p], part[p + 1]):
                for v in range(ring[r], ring[r + 1] - 1):
                    xa, ya, xb, yb = x[v], y[v], x[v + 1], y[v + 1]
                    if ya > yb:
                        xa, ya, xb, yb = xb, yb, xa, ya
                    low, high = max(int(ya - WIDEN), 0), min(int(yb + WIDEN), rows - 1)
                    for row in range(low, high + 1):
                        west, east = _extent_near_row(xa, ya, xb, yb, row)
                        first, last = max(int(west), 0), min(int(east), columns - 1)
                        for square in range(row * columns + first, row * columns + last + 1):
                            if filling == 1:
                                position = start[square]
                                edge[position] = v
                                part_of[position] = p
                            start[square] += 1
        if filling == 0:
            total = running_total(start)
            edge = np.empty(total, dtype=np.int32)
            part_of = np.empty(total, dtype=np.int32)
    shift_starts(start)
    return start, edge, part_of


@kernel
def cover_squares(
    parts: Parts, bands: EdgeBands, start: Int64s, part_of: Int32s, cover: Int32s
) -> None:
    """Write the lowest part that covers a square and has no edge near the square.

    Scanline fill through the centres of the squares.
    """
    x, y, columns = parts.x, parts.y, parts.columns
    crossings = np.empty(16, dtype=np.float64)
    for p in range(len(parts.owner)):
        for row in range(bands.low[p], bands.low[p] + bands.offset[p + 1] - bands.offset[p]):
            edges = edges_in_row(bands, p, row)
            if len(edges) > len(crossings):
                crossings = np.empty(2 * len(edges), dtype=np.float64)
            n = _find_crossings(edges, x, y, row + 0.5, crossings)
            for k in range(0, n - 1, 2):
                # The centres between two crossings.
                first = max(int(np.floor(crossings[k] + 0.5)), 0)
                last = min(int(np.ceil(crossings[k + 1] - 0.5)), columns)
                for square in range(row * columns + first, row * columns + last):
                    if cover[square] == NONE and not among(
                        p, part_of, start[square], start[square + 1]
                    ):
                        cover[square] = p


@kernel
def _find_crossings(
    edges: Int32s, x: Float64s, y: Float64s, height: float, crossings: Float64s
) -> int:
    """Write the crossings of edges with a height, ascending; their number."""
    n = 0
    for v in edges:
        ya, yb = y[v], y[v + 1]
        if (ya <= height) != (yb <= height):
            crossings[n] = x[v] + (height - ya) / (yb - ya) * (x[v + 1] - x[v])
            n += 1
    if n > 16:
        crossings[:n].sort()
        return n
    for k in range(1, n):
        crossing = crossings[k]
        j = k
        while j > 0 and crossings[j - 1] > crossing:
            crossings[j] = crossings[j - 1]
            j -= 1
        crossings[j] = crossing
    return n


@kernel
def among(p: int, parts: Int32s, first: int, last: int) -> bool:
    """Whether a part is in ``parts[first:last]``."""
    is_listed = False
    for k in range(first, last):
        is_listed |= parts[k] == p
    return is_listed


@kernel
def crossed_squares(start: Int64s, cover: Int32s, owner: Int32s, codes: Int32s) -> Int64s:
    """Write the codes of the squares without edges nearby; the numbers of the other squares."""
    n = 0
    for square in range(len(cover)):
        n += start[square + 1] > start[square]
    crossed = np.empty(n, dtype=np.int64)
    n = 0
    for square in range(len(cover)):
        if start[square + 1] > start[square]:
            crossed[n] = square
            n += 1
        else:
            codes[square] = owner[cover[square]] if cover[square] >= 0 else NONE
    return crossed


@kernel
def build_leaf_nodes(
    parts: Parts,
    bands: EdgeBands,
    squares: Squares,
    span: tuple[int, int],
    leaves: LeafNodes,
    first_leaf: int,
    codes: Int32s,
) -> Int64s:
    """Build the leaf nodes of the squares of a span, and write their codes.

    The leaf node of square ``k`` is number ``first_leaf + k``. The leaf node of a square with too
    many edges or polygons stays unused.

    Returns
    -------
    ndarray
        The squares with too many edges or polygons.
    """
    n_too_large = 0
    too_large = np.empty(span[1] - span[0], dtype=np.int64)
    cut = np.empty(64, dtype=np.uint8)
    x, y, start, slot = squares.x, squares.y, squares.start, squares.slot
    edge, part, cover = squares.edge, squares.part, squares.cover
    for k in range(span[0], span[1]):
        first_edge, last_edge = start[k], start[k + 1]
        leaf = first_leaf + k
        fits = build_leaf_node(
            parts,
            bands,
            (x[k], y[k], squares.size),
            (edge[first_edge:last_edge], part[first_edge:last_edge], cover[k]),
            leaves,
            leaf,
            cut,
        )
        if fits:
            codes[slot[k]] = square_code(LEAF, leaf)
        else:
            too_large[n_too_large] = k
            n_too_large += 1
    return too_large[:n_too_large]
