"""Divide the squares with too many edges for a leaf node, and list polygons at the last depth."""

from typing import Final

import numpy as np

from zoning.kernels.compiling import kernel
from zoning.kernels.rings import EdgeBands, Int32s, Int64s, Parts, contains_clear_point
from zoning.kernels.squares import NONE, WIDEN, Squares, among

CHILDREN_PER_SIDE: Final = 4
"""A divided square has ``CHILDREN_PER_SIDE`` x ``CHILDREN_PER_SIDE`` children."""


@kernel
def _comes_near(parts: Parts, v: int, x0: float, y0: float, size: float) -> bool:
    """Whether an edge comes near a square, by separating axes; conservative.

    True for some edges that are just outside the widened square.
    """
    xa, ya, xb, yb = parts.x[v], parts.y[v], parts.x[v + 1], parts.y[v + 1]
    half = (0.5 + WIDEN) * size
    x, y = x0 + 0.5 * size, y0 + 0.5 * size
    if min(xa, xb) > x + half or max(xa, xb) < x - half:
        return False
    if min(ya, yb) > y + half or max(ya, yb) < y - half:
        return False
    dx, dy = xb - xa, yb - ya
    is_near: bool = abs(dx * (y - ya) - dy * (x - xa)) <= half * (1.0 + WIDEN) * (abs(dx) + abs(dy))
    return is_near


@kernel
def count_children(parts: Parts, squares: Squares, selected: Int64s) -> tuple[int, int]:
    """Number of children with edges nearby, and the number of edges in their lists."""
    n = 0
    n_edge = 0
    size = squares.size / CHILDREN_PER_SIDE
    for k in selected:
        for child in range(CHILDREN_PER_SIDE * CHILDREN_PER_SIDE):
            x0 = squares.x[k] + (child % CHILDREN_PER_SIDE) * size
            y0 = squares.y[k] + (child // CHILDREN_PER_SIDE) * size
            n_edge_before = n_edge
            for position in range(squares.start[k], squares.start[k + 1]):
                n_edge += _comes_near(parts, squares.edge[position], x0, y0, size)
            n += n_edge > n_edge_before
    return n, n_edge


@kernel
def divide(
    parts: Parts,
    bands: EdgeBands,
    squares: Squares,
    selected: Int64s,
    divided: Squares,
    codes: Int32s,
) -> None:
    """Divide squares into 4 x 4 children.

    Children without edges nearby get their code. The other children are written to ``divided``.

    Parameters
    ----------
    selected
        Numbers of the squares to divide.
    divided
        Output: the children with edges nearby.
    codes
        Input and output: its last ``16 * len(selected)`` codes are those of the children.
    """
    n = 0
    n_edge = 0
    size = divided.size
    first = len(codes) - CHILDREN_PER_SIDE * CHILDREN_PER_SIDE * len(selected)
    edge, part = divided.edge, divided.part
    for j in range(len(selected)):
        k = selected[j]
        for child in range(CHILDREN_PER_SIDE * CHILDREN_PER_SIDE):
            x0 = squares.x[k] + (child % CHILDREN_PER_SIDE) * size
            y0 = squares.y[k] + (child // CHILDREN_PER_SIDE) * size
            n_edge_before = n_edge
            for position in range(squares.start[k], squares.start[k + 1]):
                if _comes_near(parts, squares.edge[position], x0, y0, size):
                    edge[n_edge] = squares.edge[position]
                    part[n_edge] = squares.part[position]
                    n_edge += 1
            centre = (x0 + size / 2, y0 + size / 2)
            covering_part = _covering_part(
                parts, bands, squares, k, part[n_edge_before:n_edge], centre
            )
            slot = first + CHILDREN_PER_SIDE * CHILDREN_PER_SIDE * j + child
            if n_edge > n_edge_before:
                divided.x[n] = x0
                divided.y[n] = y0
                divided.slot[n] = slot
                divided.start[n] = n_edge_before
                divided.cover[n] = covering_part
                n += 1
            else:
                codes[slot] = parts.owner[covering_part] if covering_part >= 0 else NONE
    divided.start[n] = n_edge


@kernel
def _covering_part(
    parts: Parts,
    bands: EdgeBands,
    squares: Squares,
    k: int,
    near_parts: Int32s,
    centre: tuple[float, float],
) -> int:
    """The lowest part that covers a whole child of square ``k``, or -1."""
    cover = squares.cover[k]
    last_part = -1
    for position in range(squares.start[k], squares.start[k + 1]):
        p = squares.part[position]
        if cover >= 0 and p > cover:
            break
        if p == last_part:
            continue
        last_part = p
        if not among(p, near_parts, 0, len(near_parts)) and contains_clear_point(
            parts, bands, p, centre[0], centre[1]
        ):
            return int(p)
    return int(cover)


@kernel
def list_candidate_rows(parts: Parts, squares: Squares, selected: Int64s) -> tuple[Int64s, Int32s]:
    """Row numbers of the polygons that may contain points of each square, ascending.

    Returns
    -------
    ndarray, ndarray
        First position of each square, shape ``(len(selected) + 1,)``, and the row numbers.
    """
    start = np.zeros(len(selected) + 1, dtype=np.int64)
    rows = np.empty(0, dtype=np.int32)
    for filling in range(2):
        n = 0
        for j in range(len(selected)):
            k = selected[j]
            cover = squares.cover[k]
            last_row = -1
            start[j] = n
            for position in range(squares.start[k], squares.start[k + 1] + 1):
                p = squares.part[position] if position < squares.start[k + 1] else cover
                if cover >= 0 and (p > cover or position == squares.start[k + 1]):
                    p = cover
                if p >= 0 and parts.owner[p] != last_row:
                    last_row = parts.owner[p]
                    if filling == 1:
                        rows[n] = last_row
                    n += 1
                if p == cover:
                    break
        start[len(selected)] = n
        if filling == 0:
            rows = np.empty(n, dtype=np.int32)
    return start, rows
