"""The point-in-polygon join: grid squares, then thumbnails, then pieces of edges, then exact tests.

Points are processed in blocks. A step runs over a whole block without branches, so that many
memory loads overlap, and selects the points for the next step (selection vectors, Boncz, Zukowski
and Nes 2005, "MonetDB/X100"). Coordinates are float64 in the plane of the polygons, for instance
longitude and latitude (EPSG:4326).
"""

from typing import Final, NamedTuple

import numpy as np

from zoning.kernels.compiling import kernel
from zoning.kernels.dividing import CHILDREN_PER_SIDE
from zoning.kernels.exact_point_in_polygon import NONE, Edges, exact_point_in_polygon
from zoning.kernels.leaf_nodes import (
    BASE,
    CUT,
    LENGTH,
    LOWEST_BIT,
    MARGIN,
    NO_POLYGON,
    PALETTE,
    SPAN,
    THUMBNAIL_SIDE,
    LeafNodes,
    Uint32s,
    toggled_polygons,
)
from zoning.kernels.rings import Float64s, Int32s, Int64s
from zoning.kernels.simd import prefetch
from zoning.kernels.squares import DIVIDED, LISTED

BLOCK: Final = 1024
Counts = tuple[np.uint64, np.uint64]
"""Number of remaining points, and of points that need exact arithmetic."""


class Index(NamedTuple):
    """A grid over polygon parts, ready for `locate_points`."""

    x0: float
    """South-west corner, a little outside the polygons."""
    y0: float
    columns_per_unit: float
    rows_per_unit: float
    columns: int
    rows: int
    codes: Int32s
    """Row number, `NONE` or a code of `square_code` for each square of the grid, row by row; then
    one code for points outside; then 16 codes for each divided square."""
    leaves: LeafNodes
    listed_from: Int64s
    """First polygon of each listed square in `listed`."""
    listed: Int32s
    edges: Edges


class Block(NamedTuple):
    """The state of a block of points."""

    u: Float64s
    """Coordinates in cell units, later within the square: 0 to 1."""
    v: Float64s
    square: Uint32s
    remaining: Uint32s
    """Selection vector: positions in the block of the points for the next step."""
    leaf: Uint32s
    """Leaf nodes of the remaining points."""
    uncertain: Uint32s
    """Positions in the block of the points that need exact arithmetic."""


@kernel
def _allocate_block() -> Block:
    # One entry more than points: a step stores every point and advances only for some.
    return Block(
        np.empty(BLOCK, dtype=np.float64),
        np.empty(BLOCK, dtype=np.float64),
        np.empty(BLOCK, dtype=np.uint32),
        np.empty(BLOCK + 1, dtype=np.uint32),
        np.empty(BLOCK + 1, dtype=np.uint32),
        np.empty(BLOCK + 1, dtype=np.uint32),
    )


@kernel
def _cell_coordinates(
    coordinates: Float64s, origin: float, per_unit: float, n: int, cells: Float64s
) -> None:
    """Write coordinates in cell units; -1 outside the grid and for NaN."""
    for k in range(len(coordinates)):
        cell = (coordinates[k] - origin) * per_unit
        # Compare as floats first: casting NaN or 1e300 to an int is undefined.
        cells[k] = cell if (cell >= 0.0) & (cell < n) else -1.0


@kernel
def _number_squares(block: Block, n: int, columns: int, outside: int) -> None:
    """Write the square of each point, and replace coordinates by coordinates within the square."""
    u, v, square = block.u, block.v, block.square
    for k in range(n):
        inside = (u[k] >= 0.0) & (v[k] >= 0.0)
        column = np.int32(u[k] if inside else 0.0)
        row = np.int32(v[k] if inside else 0.0)
        square[k] = np.uint32(row * columns + column if inside else outside)
        u[k] -= column
        v[k] -= row


@kernel
def _read_codes(
    codes: Int32s,
    block: Block,
    output: Int32s,
    coordinates: tuple[Float64s, Float64s],
    next_block: int,
) -> np.uint64:
    """Answer from the codes of the grid; the number of points whose squares have edges nearby.

    Prefetches the coordinates of the next block, from position ``next_block`` on.
    """
    square, remaining = block.square, block.remaining
    x, y = coordinates
    n_remaining = np.uint64(0)
    for k in range(len(output)):
        # A cache line has eight coordinates.
        if k % 8 == 0:
            prefetch(x, next_block + k)
            prefetch(y, next_block + k)
        code = codes[square[k]]
        output[k] = code
        remaining[n_remaining] = np.uint32(k)
        n_remaining += np.uint64(code < NONE)
    return n_remaining


@kernel
def _descend_divided(
    codes: Int32s, first_divided: int, lines: Uint32s, block: Block, n: np.uint64, output: Int32s
) -> np.uint64:
    """Descend to the smallest square of each point; the number of points with edges nearby."""
    u, v, remaining = block.u, block.v, block.remaining
    n_remaining = np.uint64(0)
    for j in range(n):
        k = remaining[j]
        code = output[k]
        while code < NONE and (-2 - code) & 3 == DIVIDED:
            du, dv = u[k] * CHILDREN_PER_SIDE, v[k] * CHILDREN_PER_SIDE
            column, row = np.int32(du), np.int32(dv)
            u[k] = du - column
            v[k] = dv - row
            square = (
                first_divided
                + ((-2 - code) >> 2) * (CHILDREN_PER_SIDE * CHILDREN_PER_SIDE)
                + row * CHILDREN_PER_SIDE
                + column
            )
            code = codes[np.uint64(square)]
        output[k] = code
        remaining[n_remaining] = k
        n_remaining += np.uint64(code < NONE)
        prefetch(lines, np.uint64((-2 - code) >> 2) * 16)
    return n_remaining


@kernel
def _read_thumbnails(leaves: LeafNodes, block: Block, n: np.uint64, output: Int32s) -> Counts:
    """Answer from the thumbnails; points in cut cells remain."""
    u, v, remaining = block.u, block.v, block.remaining
    leaf, uncertain = block.leaf, block.uncertain
    lines, pieces = leaves.lines, leaves.pieces
    n_remaining = np.uint64(0)
    n_uncertain = np.uint64(0)
    for j in range(n):
        k = remaining[j]
        code = np.uint32(-2 - output[k])
        if code & 3 == LISTED:
            uncertain[n_uncertain] = k
            n_uncertain += np.uint64(1)
            continue
        row = np.uint32(np.int32(v[k] * THUMBNAIL_SIDE))
        column = np.uint32(np.int32(u[k] * THUMBNAIL_SIDE))
        line = np.uint64(code >> 2) * 16
        colour = (lines[line + row] >> (column * 4)) & np.uint32(15)
        palette_index = np.uint64(min(colour, np.uint32(NO_POLYGON)))
        row_number = np.int32(lines[line + np.uint64(PALETTE) + palette_index])
        output[k] = NONE if palette_index == NO_POLYGON else row_number
        remaining[n_remaining] = k
        leaf[n_remaining] = code >> 2
        is_cut = colour == CUT
        prefetch(pieces, np.uint64(code >> 2) * 32 * is_cut)
        n_remaining += np.uint64(is_cut)
    return n_remaining, n_uncertain


@kernel
def _test_pieces(leaves: LeafNodes, block: Block, counts: Counts, output: Int32s) -> np.uint64:
    """Answer from the pieces; points near a piece are uncertain."""
    u, v, remaining = block.u, block.v, block.remaining
    leaf, uncertain = block.leaf, block.uncertain
    lines, meta, words, pieces = leaves.lines, leaves.bytes, leaves.words, leaves.pieces
    n, n_uncertain = counts
    for j in range(n):
        k = remaining[j]
        leaf_number = np.uint64(leaf[j])
        qx, qy = np.float32(MARGIN + u[k] * SPAN), np.float32(MARGIN + v[k] * SPAN)
        mask, near = toggled_polygons(
            pieces, leaf_number * 32, words[leaf_number * 8 + np.uint64(7)], qx, qy
        )
        uncertain[n_uncertain] = k
        n_uncertain += np.uint64(near != 0)
        palette_index = np.uint64(
            LOWEST_BIT[mask ^ np.uint64(meta[leaf_number * 64 + np.uint64(BASE)])]
        )
        row_number = np.int32(lines[16 * leaf_number + np.uint64(PALETTE) + palette_index])
        code = np.int32(-2 - 4 * np.int32(leaf[j]))
        output[k] = code if near else (NONE if palette_index == NO_POLYGON else row_number)
    return n_uncertain


@kernel
def locate_points(index: Index, x: Float64s, y: Float64s, output: Int32s) -> None:
    """Write the row number of the polygon that contains each point, `NONE` or `UNDECIDED`.

    Parameters
    ----------
    x, y
        Coordinates in the plane of the polygons, for instance longitude and latitude in degrees.
    output
        int32, as long as ``x``.
    """
    outside = index.columns * index.rows
    block = _allocate_block()
    for start in range(0, len(x), BLOCK):
        px, py = x[start : start + BLOCK], y[start : start + BLOCK]
        block_output = output[start : start + BLOCK]
        _cell_coordinates(px, index.x0, index.columns_per_unit, index.columns, block.u)
        _cell_coordinates(py, index.y0, index.rows_per_unit, index.rows, block.v)
        _number_squares(block, len(px), index.columns, outside)
        n_remaining = _read_codes(index.codes, block, block_output, (x, y), start + BLOCK)
        n_remaining = _descend_divided(
            index.codes, outside + 1, index.leaves.lines, block, n_remaining, block_output
        )
        counts = _read_thumbnails(index.leaves, block, n_remaining, block_output)
        n_uncertain = _test_pieces(index.leaves, block, counts, block_output)
        for k in block.uncertain[:n_uncertain]:
            block_output[k] = _exact_row(index, block_output[k], px[k], py[k])


@kernel
def _exact_row(index: Index, code: int, px: float, py: float) -> int:
    k = (-2 - code) >> 2
    row = int((py - index.y0) * index.rows_per_unit)
    if (-2 - code) & 3 == LISTED:
        listed = index.listed[index.listed_from[k] : index.listed_from[k + 1]]
        return exact_point_in_polygon(index.edges, listed, row, px, py)
    lines = index.leaves.lines
    first = 16 * k + PALETTE
    n = index.leaves.bytes[64 * k + LENGTH]
    return exact_point_in_polygon(index.edges, lines[first : first + n], row, px, py)
