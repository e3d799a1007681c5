"""Which polygon holds each point: the search through grid, squares, thumbnails and pieces.

Points go through in blocks, each step over a whole block and without branches, so that many
loads are under way at once; a step keeps those points that the next one must look at.
"""

from typing import Final, NamedTuple

import numpy as np

from zoning.kernels.compiling import kernel
from zoning.kernels.judge import NONE, Edges, judge
from zoning.kernels.leaves import (
    CUT,
    FINE,
    LOWEST,
    MARGIN,
    MASKS,
    META,
    NOBODY,
    PALETTE,
    SPAN,
    Leaves,
    Uint16s,
    Uint32s,
    toggled,
)
from zoning.kernels.rings import Float64s, Int32s, Int64s
from zoning.kernels.squares import DIVIDED, LEAF, SIDE

BLOCK: Final = 1024


class Index(NamedTuple):
    """A grid over polygon parts, ready for `locate_points`."""

    x0: float
    """South-west corner; a little beyond the polygons' own."""
    y0: float
    columns_per_unit: float
    rows_per_unit: float
    columns: int
    rows: int
    codes: Int32s
    """Row numbers, `NONE`, or what `code_of` says: of the squares of the grid, row by row; of
    what is outside; then 16 for each divided square."""
    leaves: Leaves
    listed_from: Int64s
    """Where a listed square's polygons begin in `listed`."""
    listed: Int32s
    edges: Edges


@kernel
def _cells(at: Float64s, origin: float, per_unit: float, n: int, cells: Float64s) -> None:
    """Coordinates in cell units; -1 where outside the grid or not a number."""
    for k in range(len(at)):
        cell = (at[k] - origin) * per_unit
        # Compared as floats: casting NaN or 1e300 to an int is undefined.
        cells[k] = cell if (cell >= 0.0) & (cell < n) else -1.0


@kernel
def _split(u: Float64s, v: Float64s, n: int, columns: int, outside: int, square: Uint32s) -> None:
    """Number the squares, and leave of the coordinates what is within the square."""
    for k in range(n):
        inside = (u[k] >= 0.0) & (v[k] >= 0.0)
        column = np.int32(u[k] if inside else 0.0)
        row = np.int32(v[k] if inside else 0.0)
        square[k] = np.uint32(row * columns + column if inside else outside)
        u[k] -= column
        v[k] -= row


@kernel
def _look_up(codes: Int32s, square: Uint32s, answer: Int32s, kept: Uint16s) -> int:
    """Answer from the grid; the points whose squares edges come near are kept."""
    n = 0
    for k in range(len(answer)):
        code = codes[square[k]]
        answer[k] = code
        kept[n] = k
        n += code < NONE
    return n


@kernel
def _descend(
    codes: Int32s, first: int, code: int, k: int, u: Float64s, v: Float64s
) -> int:
    """Code of the smallest square a point is in; its coordinates become those within it."""
    while code < NONE and (-2 - code) & 3 == DIVIDED:
        du, dv = u[k] * SIDE, v[k] * SIDE
        column, row = int(du), int(dv)
        u[k] = du - column
        v[k] = dv - row
        code = codes[first + ((-2 - code) >> 2) * (SIDE * SIDE) + row * SIDE + column]
    return code


@kernel
def _glance(
    lines: Uint32s, u: Float64s, v: Float64s, k: int, leaf: int, answer: Int32s
) -> bool:
    """Answer from a thumbnail; whether the point's cell is cut."""
    shift = np.uint32(int(u[k] * FINE) * 4)
    colour = (lines[leaf * 16 + int(v[k] * FINE)] >> shift) & np.uint32(15)
    place = min(colour, np.uint32(NOBODY))
    answer[k] = NONE if place == NOBODY else np.int32(lines[leaf * 16 + PALETTE + place])
    return colour == CUT


@kernel
def locate_points(index: Index, x: Float64s, y: Float64s, found: Int32s) -> None:
    """Write the row number of the polygon that holds each point, `NONE` or `UNDECIDED`."""
    # Arrays are taken out of their tuples once: each taking costs a count of its references.
    codes, lines = index.codes, index.leaves.lines
    masks, pieces = index.leaves.masks, index.leaves.pieces
    outside = index.columns * index.rows
    first_divided = outside + 1
    u = np.empty(BLOCK, dtype=np.float64)
    v = np.empty(BLOCK, dtype=np.float64)
    square = np.empty(BLOCK, dtype=np.uint32)
    crossed = np.empty(BLOCK + 1, dtype=np.uint16)
    cut = np.empty(BLOCK + 1, dtype=np.uint16)
    leaf_of = np.empty(BLOCK + 1, dtype=np.int64)
    for start in range(0, len(x), BLOCK):
        px, py = x[start : start + BLOCK], y[start : start + BLOCK]
        answer = found[start : start + BLOCK]
        _cells(px, index.x0, index.columns_per_unit, index.columns, u)
        _cells(py, index.y0, index.rows_per_unit, index.rows, v)
        _split(u, v, len(px), index.columns, outside, square)
        n_crossed = _look_up(codes, square, answer, crossed)
        n_cut = 0
        for j in range(n_crossed):
            k = crossed[j]
            code = _descend(codes, first_divided, answer[k], k, u, v)
            answer[k] = code
            if code >= NONE:
                continue
            leaf = (-2 - code) >> 2
            cut[n_cut] = k
            leaf_of[n_cut] = leaf
            if (-2 - code) & 3 == LEAF:
                n_cut += _glance(lines, u, v, k, leaf, answer)
            else:
                answer[k] = _judge_listed(index, leaf, px[k], py[k])
        for j in range(n_cut):
            k, leaf = cut[j], leaf_of[j]
            qx, qy = np.float32(MARGIN + u[k] * SPAN), np.float32(MARGIN + v[k] * SPAN)
            mask, near = toggled(pieces, 32 * leaf, masks, 64 * leaf + MASKS, qx, qy)
            if near:
                answer[k] = _judge_leaf(index, leaf, px[k], py[k])
            else:
                place = LOWEST[mask ^ (lines[16 * leaf + META] & 31)]
                answer[k] = (
                    NONE if place == NOBODY else np.int32(lines[16 * leaf + PALETTE + place])
                )


@kernel
def _row(index: Index, py: float) -> int:
    return int((py - index.y0) * index.rows_per_unit)


@kernel
def _judge_listed(index: Index, k: int, px: float, py: float) -> int:
    listed = index.listed[index.listed_from[k] : index.listed_from[k + 1]]
    return judge(index.edges, listed, _row(index, py), px, py)


@kernel
def _judge_leaf(index: Index, leaf: int, px: float, py: float) -> int:
    lines = index.leaves.lines
    first = 16 * leaf + PALETTE
    n = lines[16 * leaf + META] >> np.uint32(8)
    return judge(index.edges, lines[first : first + n], _row(index, py), px, py)
