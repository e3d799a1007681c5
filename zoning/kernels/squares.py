"""The squares of the grid: which edges come near each, who holds those that no edge comes near.

A square of the grid that no edge crosses is answered by one number. One that edges cross becomes
a leaf; where a leaf has no room for all of them, the square is divided into 4 x 4, and those into
4 x 4 again, a few times over; what even then doesn't fit keeps the list of its polygons.
"""

from typing import Final, NamedTuple

import numpy as np

from zoning.kernels.compiling import kernel
from zoning.kernels.leaves import Leaves, make_leaf
from zoning.kernels.rings import (
    Bands,
    Float64s,
    Int32s,
    Int64s,
    Parts,
    back_by_one,
    band_of,
    running_total,
)

NONE: Final = -1
LEAF: Final = 0
DIVIDED: Final = 1
LISTED: Final = 2
WIDEN: Final = 1 / 500
"""How far around a square edges are listed: just beyond a leaf's margin."""


class Squares(NamedTuple):
    """Squares of one size that edges come near, ``n`` of them."""

    x: Float64s
    """South-west corners, in cell units."""
    y: Float64s
    size: float
    slot: Int64s
    """Where a square's code stands among the codes."""
    start: Int64s
    """Where a square's edges begin in `edge`, shape ``(n + 1,)``."""
    edge: Int32s
    part: Int32s
    """Part of each of `edge`, ascending within a square."""
    cover: Int32s
    """The lowest part that covers a square without an edge near it, or -1."""


@kernel
def code_of(kind: int, k: int) -> int:
    """The code of the ``k``-th leaf, divided or listed square; negative, below `NONE`."""
    return -2 - (4 * k + kind)


@kernel
def _reach_in_row(xa: float, ya: float, xb: float, yb: float, row: int) -> tuple[float, float]:
    """West and east end of what of an edge comes near a row; the edge is given upward."""
    x_low, x_high = xa, xb
    if row - WIDEN > ya:
        x_low = xa + (row - WIDEN - ya) / (yb - ya) * (xb - xa)
    if row + 1 + WIDEN < yb:
        x_high = xa + (row + 1 + WIDEN - ya) / (yb - ya) * (xb - xa)
    return min(x_low, x_high) - WIDEN, max(x_low, x_high) + WIDEN


@kernel
def list_edges(parts: Parts) -> tuple[Int64s, Int32s, Int32s]:
    """The edges near every square of the grid: where each square's begin, edges, their parts."""
    x, y, ring, part = parts.x, parts.y, parts.ring, parts.part
    columns, rows = parts.columns, parts.rows
    start = np.zeros(columns * rows + 1, dtype=np.int64)
    edge = np.empty(0, dtype=np.int32)
    part_of = np.empty(0, dtype=np.int32)
    # Once to count, once to fill; between them counts become positions.
    for filling in range(2):
        for p in range(len(parts.owner)):
            for r in range(part[p], part[p + 1]):
                for v in range(ring[r], ring[r + 1] - 1):
                    xa, ya, xb, yb = x[v], y[v], x[v + 1], y[v + 1]
                    if ya > yb:
                        xa, ya, xb, yb = xb, yb, xa, ya
                    low, high = max(int(ya - WIDEN), 0), min(int(yb + WIDEN), rows - 1)
                    for row in range(low, high + 1):
                        west, east = _reach_in_row(xa, ya, xb, yb, row)
                        first, last = max(int(west), 0), min(int(east), columns - 1)
                        for square in range(row * columns + first, row * columns + last + 1):
                            if filling == 1:
                                at = start[square]
                                edge[at] = v
                                part_of[at] = p
                            start[square] += 1
        if filling == 0:
            total = running_total(start)
            edge = np.empty(total, dtype=np.int32)
            part_of = np.empty(total, dtype=np.int32)
    back_by_one(start)
    return start, edge, part_of


@kernel
def cover_squares(
    parts: Parts, bands: Bands, start: Int64s, part_of: Int32s, cover: Int32s
) -> None:
    """Write the lowest part that covers a square's centre and has no edge near it."""
    x, y, columns = parts.x, parts.y, parts.columns
    crossings = np.empty(16, dtype=np.float64)
    for p in range(len(parts.owner)):
        for row in range(bands.low[p], bands.low[p] + bands.offset[p + 1] - bands.offset[p]):
            edges = band_of(bands, p, row)
            if len(edges) > len(crossings):
                crossings = np.empty(2 * len(edges), dtype=np.float64)
            n = _crossings(edges, x, y, row + 0.5, crossings)
            for k in range(0, n - 1, 2):
                # Centres east of one crossing, up to the next.
                first = max(int(np.floor(crossings[k] + 0.5)), 0)
                last = min(int(np.ceil(crossings[k + 1] - 0.5)), columns)
                for square in range(row * columns + first, row * columns + last):
                    if cover[square] == NONE and not among(
                        p, part_of, start[square], start[square + 1]
                    ):
                        cover[square] = p


@kernel
def _crossings(edges: Int32s, x: Float64s, y: Float64s, height: float, found: Float64s) -> int:
    """Where edges cross a height, ascending; how many do."""
    n = 0
    for v in edges:
        ya, yb = y[v], y[v + 1]
        if (ya <= height) != (yb <= height):
            found[n] = x[v] + (height - ya) / (yb - ya) * (x[v + 1] - x[v])
            n += 1
    if n > 16:
        found[:n].sort()
        return n
    for k in range(1, n):
        at = found[k]
        j = k
        while j > 0 and found[j - 1] > at:
            found[j] = found[j - 1]
            j -= 1
        found[j] = at
    return n


@kernel
def among(p: int, parts: Int32s, first: int, last: int) -> bool:
    """Whether a part is among some of a list."""
    there = False
    for k in range(first, last):
        there |= parts[k] == p
    return there


@kernel
def crossed_squares(start: Int64s, cover: Int32s, owner: Int32s, codes: Int32s) -> Int64s:
    """Write the codes of the squares that no edge comes near; the other squares."""
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
def make_leaves(
    parts: Parts,
    bands: Bands,
    squares: Squares,
    span: tuple[int, int],
    leaves: Leaves,
    first_leaf: int,
    codes: Int32s,
) -> Int64s:
    """Make leaves of the squares of a span, and write their codes.

    The ``k``-th square's leaf is the ``first_leaf + k``-th; the squares that are too much for a
    leaf leave theirs unused, and are given back.
    """
    n_left = 0
    left = np.empty(span[1] - span[0], dtype=np.int64)
    cut = np.empty(64, dtype=np.uint8)
    x, y, start, slot = squares.x, squares.y, squares.start, squares.slot
    edge, part, cover = squares.edge, squares.part, squares.cover
    for k in range(span[0], span[1]):
        at, end = start[k], start[k + 1]
        leaf = first_leaf + k
        made = make_leaf(
            parts,
            bands,
            (x[k], y[k], squares.size),
            (edge[at:end], part[at:end], cover[k]),
            leaves,
            leaf,
            cut,
        )
        if made:
            codes[slot[k]] = code_of(LEAF, leaf)
        else:
            left[n_left] = k
            n_left += 1
    return left[:n_left]
