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
    covers,
    running_total,
)

NONE: Final = -1
LEAF: Final = 0
DIVIDED: Final = 1
LISTED: Final = 2
WIDEN: Final = 1 / 500
"""How far around a square edges are listed: just beyond a leaf's margin."""
SIDE: Final = 4
"""Squares a side of a divided one."""


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
                    if cover[square] == NONE and not _among(
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
def _among(p: int, parts: Int32s, first: int, last: int) -> bool:
    among = False
    for k in range(first, last):
        among |= parts[k] == p
    return among


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


@kernel
def _meets(parts: Parts, v: int, x0: float, y0: float, size: float) -> bool:
    """Whether an edge comes near a square; true for some that only nearly do."""
    xa, ya, xb, yb = parts.x[v], parts.y[v], parts.x[v + 1], parts.y[v + 1]
    half = (0.5 + WIDEN) * size
    x, y = x0 + 0.5 * size, y0 + 0.5 * size
    if min(xa, xb) > x + half or max(xa, xb) < x - half:
        return False
    if min(ya, yb) > y + half or max(ya, yb) < y - half:
        return False
    dx, dy = xb - xa, yb - ya
    beside: bool = abs(dx * (y - ya) - dy * (x - xa)) <= half * (1.0 + WIDEN) * (abs(dx) + abs(dy))
    return beside


@kernel
def count_divided(parts: Parts, squares: Squares, chosen: Int64s) -> tuple[int, int]:
    """How many squares that edges come near dividing some gives, and the edges near them."""
    n = 0
    n_edge = 0
    size = squares.size / SIDE
    for k in chosen:
        for child in range(SIDE * SIDE):
            x0 = squares.x[k] + (child % SIDE) * size
            y0 = squares.y[k] + (child // SIDE) * size
            before = n_edge
            for at in range(squares.start[k], squares.start[k + 1]):
                n_edge += _meets(parts, squares.edge[at], x0, y0, size)
            n += n_edge > before
    return n, n_edge


@kernel
def divide(
    parts: Parts, bands: Bands, squares: Squares, chosen: Int64s, divided: Squares, codes: Int32s
) -> None:
    """Divide squares into 4 x 4: write the codes of those no edge comes near, give the others.

    The codes of the ``k``-th square chosen begin at ``16 k`` from the end of those there were.
    """
    n = 0
    n_edge = 0
    size = divided.size
    first = len(codes) - SIDE * SIDE * len(chosen)
    edge, part = divided.edge, divided.part
    for j in range(len(chosen)):
        k = chosen[j]
        for child in range(SIDE * SIDE):
            x0 = squares.x[k] + (child % SIDE) * size
            y0 = squares.y[k] + (child // SIDE) * size
            before = n_edge
            for at in range(squares.start[k], squares.start[k + 1]):
                if _meets(parts, squares.edge[at], x0, y0, size):
                    edge[n_edge] = squares.edge[at]
                    part[n_edge] = squares.part[at]
                    n_edge += 1
            centre = (x0 + size / 2, y0 + size / 2)
            held = _covering(parts, bands, squares, k, part[before:n_edge], centre)
            slot = first + SIDE * SIDE * j + child
            if n_edge > before:
                divided.x[n] = x0
                divided.y[n] = y0
                divided.slot[n] = slot
                divided.start[n] = before
                divided.cover[n] = held
                n += 1
            else:
                codes[slot] = parts.owner[held] if held >= 0 else NONE
    divided.start[n] = n_edge


@kernel
def _covering(
    parts: Parts,
    bands: Bands,
    squares: Squares,
    k: int,
    crossing: Int32s,
    centre: tuple[float, float],
) -> int:
    """The lowest part that holds the whole of a smaller square in a square, or -1."""
    cover = squares.cover[k]
    last = -1
    for at in range(squares.start[k], squares.start[k + 1]):
        p = squares.part[at]
        if cover >= 0 and p > cover:
            break
        if p == last:
            continue
        last = p
        if not _among(p, crossing, 0, len(crossing)) and covers(
            parts, bands, p, centre[0], centre[1]
        ):
            return int(p)
    return int(cover)


@kernel
def list_rows(parts: Parts, squares: Squares, chosen: Int64s) -> tuple[Int64s, Int32s]:
    """The row numbers that may hold points of squares, ascending: where each's begin, rows."""
    start = np.zeros(len(chosen) + 1, dtype=np.int64)
    rows = np.empty(0, dtype=np.int32)
    for filling in range(2):
        n = 0
        for j in range(len(chosen)):
            k = chosen[j]
            cover = squares.cover[k]
            last = -1
            start[j] = n
            for at in range(squares.start[k], squares.start[k + 1] + 1):
                p = squares.part[at] if at < squares.start[k + 1] else cover
                if cover >= 0 and (p > cover or at == squares.start[k + 1]):
                    p = cover
                if p >= 0 and parts.owner[p] != last:
                    last = parts.owner[p]
                    if filling == 1:
                        rows[n] = last
                    n += 1
                if p == cover:
                    break
        start[len(chosen)] = n
        if filling == 0:
            rows = np.empty(n, dtype=np.int32)
    return start, rows
