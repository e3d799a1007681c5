"""Which polygon holds each point: the search through grid, squares, thumbnails and pieces.

Points go through in blocks, each step over a whole block and without branches, so that many
loads are under way at once; a step keeps those points that the next one must look at.
"""

from typing import Final, NamedTuple

import numpy as np

from zoning.kernels.compiling import kernel
from zoning.kernels.judge import NONE, Edges, judge
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
    Bytes,
    Leaves,
    Uint16s,
    Uint32s,
    Uint64s,
    toggled,
)
from zoning.kernels.rings import Float64s, Int32s, Int64s
from zoning.kernels.vector import fetch
from zoning.kernels.squares import DIVIDED, LISTED, SIDE

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
def _look_up(codes: Int32s, square: Uint32s, answer: Int32s, kept: Uint32s) -> int:
    """Answer from the grid; the points whose squares edges come near are kept."""
    n = np.uint64(0)
    for k in range(len(answer)):
        code = codes[square[k]]
        answer[k] = code
        kept[n] = np.uint32(k)
        n += np.uint64(code < NONE)
    return n


@kernel
def _descend(
    codes: Int32s, first: int, lines: Uint32s, answer: Int32s, u: Float64s, v: Float64s, kept: Uint32s, n: int
) -> int:
    """Go down to the smallest square of a point; its coordinates become those within it.

    Those are kept whose square edges come near.
    """
    n_kept = np.uint64(0)
    for j in range(n):
        k = kept[j]
        code = answer[k]
        while code < NONE and (-2 - code) & 3 == DIVIDED:
            du, dv = u[k] * SIDE, v[k] * SIDE
            column, row = np.int32(du), np.int32(dv)
            u[k] = du - column
            v[k] = dv - row
            code = codes[np.uint64(first + ((-2 - code) >> 2) * (SIDE * SIDE) + row * SIDE + column)]
        answer[k] = code
        kept[n_kept] = k
        n_kept += np.uint64(code < NONE)
        fetch(lines, np.uint64((-2 - code) >> 2) * 16)
    return n_kept


@kernel
def _glance(
    lines: Uint32s, pieces: Uint16s, answer: Int32s, u: Float64s, v: Float64s, kept: Uint32s, n: int, leaf: Uint32s, far: Uint32s
) -> tuple[int, int]:
    """Answer from the thumbnails; kept are the points in cut cells."""
    n_kept = np.uint64(0)
    n_far = np.uint64(0)
    for j in range(n):
        k = kept[j]
        code = np.uint32(-2 - answer[k])
        if code & 3 == LISTED:
            far[n_far] = k
            n_far += np.uint64(1)
            continue
        at = np.uint64(code >> 2) * 16
        row, column = np.uint64(np.uint32(np.int32(v[k] * FINE))), np.uint32(np.int32(u[k] * FINE))
        colour = (lines[at + row] >> (column * 4)) & np.uint32(15)
        place = np.uint64(min(colour, np.uint32(NOBODY)))
        row_number = np.int32(lines[at + np.uint64(PALETTE) + place])
        kept[n_kept] = k
        leaf[n_kept] = code >> 2
        answer[k] = NONE if place == NOBODY else row_number
        cut = colour == CUT
        fetch(pieces, np.uint64(code >> 2) * 32 * cut)
        n_kept += np.uint64(cut)
    return n_kept, n_far


@kernel
def _weigh(
    leaves: tuple[Uint32s, Bytes, Uint64s, Uint16s], answer: Int32s, u: Float64s, v: Float64s, kept: Uint32s, n: int, leaf: Uint32s, far: Uint32s, n_far: int
) -> int:
    """Answer from the pieces; the points too near to one are far from answered."""
    lines, meta, words, pieces = leaves
    for j in range(n):
        k = kept[j]
        at = np.uint64(leaf[j])
        qx, qy = np.float32(MARGIN + u[k] * SPAN), np.float32(MARGIN + v[k] * SPAN)
        mask, near = toggled(pieces, at * 32, words[at * 8 + np.uint64(7)], qx, qy)
        far[n_far] = k
        n_far += np.uint64(near != 0)
        place = np.uint64(LOWEST[mask ^ np.uint64(meta[at * 64 + np.uint64(BASE)])])
        row_number = np.int32(lines[16 * at + np.uint64(PALETTE) + place])
        held = NONE if place == NOBODY else row_number
        answer[k] = np.int32(-2 - 4 * np.int32(leaf[j])) if near else held
    return n_far


@kernel
def locate_points(index: Index, x: Float64s, y: Float64s, found: Int32s) -> None:
    """Write the row number of the polygon that holds each point, `NONE` or `UNDECIDED`."""
    # Arrays are taken out of their tuples once: each taking costs a count of its references.
    codes = index.codes
    leaves = (index.leaves.lines, index.leaves.bytes, index.leaves.words, index.leaves.pieces)
    outside = index.columns * index.rows
    u = np.empty(BLOCK, dtype=np.float64)
    v = np.empty(BLOCK, dtype=np.float64)
    square = np.empty(BLOCK, dtype=np.uint32)
    kept = np.empty(BLOCK + 1, dtype=np.uint32)
    leaf = np.empty(BLOCK + 1, dtype=np.uint32)
    far = np.empty(BLOCK + 1, dtype=np.uint32)
    for start in range(0, len(x), BLOCK):
        px, py = x[start : start + BLOCK], y[start : start + BLOCK]
        answer = found[start : start + BLOCK]
        _cells(px, index.x0, index.columns_per_unit, index.columns, u)
        _cells(py, index.y0, index.rows_per_unit, index.rows, v)
        _split(u, v, len(px), index.columns, outside, square)
        n = _look_up(codes, square, answer, kept)
        n = _descend(codes, outside + 1, leaves[0], answer, u, v, kept, n)
        n, n_far = _glance(leaves[0], leaves[3], answer, u, v, kept, n, leaf, far)
        n_far = _weigh(leaves, answer, u, v, kept, n, leaf, far, n_far)
        for j in range(n_far):
            k = far[j]
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
