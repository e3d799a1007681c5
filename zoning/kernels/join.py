"""Which polygon holds each point: the search through grid, squares, thumbnails and pieces.

Points go through in blocks, each step over a whole block and without branches, so that many
loads are under way at once; a step keeps those points that the next one must look at.
"""

from typing import Final, NamedTuple

import numpy as np

from zoning.kernels.compiling import kernel
from zoning.kernels.dividing import SIDE
from zoning.kernels.exact_point_in_polygon import NONE, Edges, judge
from zoning.kernels.leaves import (
    BASE,
    CUT,
    FINE,
    LENGTH,
    LOWEST,
    MARGIN,
    NOBODY,
    PALETTE,
    SPAN,
    Leaves,
    Uint32s,
    toggled,
)
from zoning.kernels.rings import Float64s, Int32s, Int64s
from zoning.kernels.simd import fetch
from zoning.kernels.squares import DIVIDED, LISTED

BLOCK: Final = 1024
Counts = tuple[np.uint64, np.uint64]
"""How many points are kept, and how many are left to exact arithmetic."""


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


class Block(NamedTuple):
    """What is known of a block of points on its way."""

    u: Float64s
    """Coordinates in cell units, then within the square, 0 to 1."""
    v: Float64s
    square: Uint32s
    kept: Uint32s
    """Points that a step must look at, by their place in the block."""
    leaf: Uint32s
    """Leaves of the points kept."""
    judged: Uint32s
    """Points that only exact arithmetic can tell."""


@kernel
def _block() -> Block:
    # One more than points: a step writes each point it sees, and then may take it back.
    return Block(
        np.empty(BLOCK, dtype=np.float64),
        np.empty(BLOCK, dtype=np.float64),
        np.empty(BLOCK, dtype=np.uint32),
        np.empty(BLOCK + 1, dtype=np.uint32),
        np.empty(BLOCK + 1, dtype=np.uint32),
        np.empty(BLOCK + 1, dtype=np.uint32),
    )


@kernel
def _cells(at: Float64s, origin: float, per_unit: float, n: int, cells: Float64s) -> None:
    """Coordinates in cell units; -1 where outside the grid or not a number."""
    for k in range(len(at)):
        cell = (at[k] - origin) * per_unit
        # Compared as floats: casting NaN or 1e300 to an int is undefined.
        cells[k] = cell if (cell >= 0.0) & (cell < n) else -1.0


@kernel
def _split(block: Block, n: int, columns: int, outside: int) -> None:
    """Number the squares, and leave of the coordinates what is within the square."""
    u, v, square = block.u, block.v, block.square
    for k in range(n):
        inside = (u[k] >= 0.0) & (v[k] >= 0.0)
        column = np.int32(u[k] if inside else 0.0)
        row = np.int32(v[k] if inside else 0.0)
        square[k] = np.uint32(row * columns + column if inside else outside)
        u[k] -= column
        v[k] -= row


@kernel
def _look_up(
    codes: Int32s, block: Block, answer: Int32s, coordinates: tuple[Float64s, Float64s], after: int
) -> np.uint64:
    """Answer from the grid; kept are the points whose squares edges come near, so many.

    Meanwhile the coordinates of the next block, which come `after` this one, are on their way.
    """
    square, kept = block.square, block.kept
    x, y = coordinates
    n_kept = np.uint64(0)
    for k in range(len(answer)):
        # A cache line has eight.
        if k % 8 == 0:
            fetch(x, after + k)
            fetch(y, after + k)
        code = codes[square[k]]
        answer[k] = code
        kept[n_kept] = np.uint32(k)
        n_kept += np.uint64(code < NONE)
    return n_kept


@kernel
def _descend(
    codes: Int32s, first: int, lines: Uint32s, block: Block, n: np.uint64, answer: Int32s
) -> np.uint64:
    """Go down to a point's smallest square; kept are the points whose square edges come near."""
    u, v, kept = block.u, block.v, block.kept
    n_kept = np.uint64(0)
    for j in range(n):
        k = kept[j]
        code = answer[k]
        while code < NONE and (-2 - code) & 3 == DIVIDED:
            du, dv = u[k] * SIDE, v[k] * SIDE
            column, row = np.int32(du), np.int32(dv)
            u[k] = du - column
            v[k] = dv - row
            square = first + ((-2 - code) >> 2) * (SIDE * SIDE) + row * SIDE + column
            code = codes[np.uint64(square)]
        answer[k] = code
        kept[n_kept] = k
        n_kept += np.uint64(code < NONE)
        fetch(lines, np.uint64((-2 - code) >> 2) * 16)
    return n_kept


@kernel
def _glance(leaves: Leaves, block: Block, n: np.uint64, answer: Int32s) -> Counts:
    """Answer from the thumbnails; kept are the points in cut cells."""
    u, v, kept, leaf, judged = block.u, block.v, block.kept, block.leaf, block.judged
    lines, pieces = leaves.lines, leaves.pieces
    n_kept = np.uint64(0)
    n_judged = np.uint64(0)
    for j in range(n):
        k = kept[j]
        code = np.uint32(-2 - answer[k])
        if code & 3 == LISTED:
            judged[n_judged] = k
            n_judged += np.uint64(1)
            continue
        row, column = np.uint32(np.int32(v[k] * FINE)), np.uint32(np.int32(u[k] * FINE))
        at = np.uint64(code >> 2) * 16
        colour = (lines[at + row] >> (column * 4)) & np.uint32(15)
        place = np.uint64(min(colour, np.uint32(NOBODY)))
        held = np.int32(lines[at + np.uint64(PALETTE) + place])
        answer[k] = NONE if place == NOBODY else held
        kept[n_kept] = k
        leaf[n_kept] = code >> 2
        cut = colour == CUT
        fetch(pieces, np.uint64(code >> 2) * 32 * cut)
        n_kept += np.uint64(cut)
    return n_kept, n_judged


@kernel
def _weigh(leaves: Leaves, block: Block, counts: Counts, answer: Int32s) -> np.uint64:
    """Answer from the pieces, where no piece is too near."""
    u, v, kept, leaf, judged = block.u, block.v, block.kept, block.leaf, block.judged
    lines, meta, words, pieces = leaves.lines, leaves.bytes, leaves.words, leaves.pieces
    n, n_judged = counts
    for j in range(n):
        k = kept[j]
        at = np.uint64(leaf[j])
        qx, qy = np.float32(MARGIN + u[k] * SPAN), np.float32(MARGIN + v[k] * SPAN)
        mask, near = toggled(pieces, at * 32, words[at * 8 + np.uint64(7)], qx, qy)
        judged[n_judged] = k
        n_judged += np.uint64(near != 0)
        place = np.uint64(LOWEST[mask ^ np.uint64(meta[at * 64 + np.uint64(BASE)])])
        held = np.int32(lines[16 * at + np.uint64(PALETTE) + place])
        code = np.int32(-2 - 4 * np.int32(leaf[j]))
        answer[k] = code if near else (NONE if place == NOBODY else held)
    return n_judged


@kernel
def locate_points(index: Index, x: Float64s, y: Float64s, found: Int32s) -> None:
    """Write the row number of the polygon that holds each point, `NONE` or `UNDECIDED`."""
    outside = index.columns * index.rows
    block = _block()
    for start in range(0, len(x), BLOCK):
        px, py = x[start : start + BLOCK], y[start : start + BLOCK]
        answer = found[start : start + BLOCK]
        _cells(px, index.x0, index.columns_per_unit, index.columns, block.u)
        _cells(py, index.y0, index.rows_per_unit, index.rows, block.v)
        _split(block, len(px), index.columns, outside)
        n = _look_up(index.codes, block, answer, (x, y), start + BLOCK)
        n = _descend(index.codes, outside + 1, index.leaves.lines, block, n, answer)
        n_judged = _weigh(index.leaves, block, _glance(index.leaves, block, n, answer), answer)
        for k in block.judged[:n_judged]:
            answer[k] = _judge(index, answer[k], px[k], py[k])


@kernel
def _judge(index: Index, code: int, px: float, py: float) -> int:
    k = (-2 - code) >> 2
    row = int((py - index.y0) * index.rows_per_unit)
    if (-2 - code) & 3 == LISTED:
        listed = index.listed[index.listed_from[k] : index.listed_from[k + 1]]
        return judge(index.edges, listed, row, px, py)
    lines = index.leaves.lines
    first = 16 * k + PALETTE
    n = index.leaves.bytes[64 * k + LENGTH]
    return judge(index.edges, lines[first : first + n], row, px, py)
