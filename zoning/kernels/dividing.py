"""Divide the squares that have too many edges for a leaf, list the polygons of those left over."""

from typing import Final

import numpy as np

from zoning.kernels.compiling import kernel
from zoning.kernels.rings import Bands, Int32s, Int64s, Parts, covers
from zoning.kernels.squares import NONE, WIDEN, Squares, among

SIDE: Final = 4
"""Squares a side of a divided one."""


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
        if not among(p, crossing, 0, len(crossing)) and covers(
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
