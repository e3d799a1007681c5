"""Leaf nodes of the index: the edges of one square of the grid, in two cache lines of 64 bytes.

The first line has 16 numbers of 32 bits:

- 0 to 7: a thumbnail of 8 x 8 cells, 4 bits each: the palette index of the polygon that covers the
  whole cell, `NO_POLYGON`, or `CUT` if an edge comes near the cell;
- 8 to 13: the palette: row numbers of up to six polygons, ascending;
- 14 and 15, as eight bytes: one byte of *toggles* for each polygon of the palette, with a bit for
  each of eight pieces that bound the polygon; then the base, and the length of the palette.

The second line has up to eight *pieces* of edges, each from the lower to the upper end. Their
coordinates are in quanta: 16-bit numbers that span the square and a margin of `MARGIN` quanta.

The even-odd rule decides: a point is in a polygon if the polygon's bit in the base is set, toggled
once by every piece of the polygon that is at the point's height and west of the point. The parity
of each polygon is separate, so polygons may overlap or leave gaps. Edges outside the square do not
count: where an edge enters through the west side, an extra piece goes along the west side from
there to the top.

Rounding to quanta moves an edge by at most 0.71 quanta and a height by at most 0.5 quanta. A point
farther than 1.21 quanta from every piece therefore has the exact answer. A point within `NEAR`
quanta of a piece goes to `zoning.kernels.exact_point_in_polygon`.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zoning.kernels.compiling import kernel
from zoning.kernels.rings import EdgeBands, Int32s, Parts, contains_clear_point
from zoning.kernels.simd import piece_sides

Uint32s = NDArray[np.uint32]
Uint16s = NDArray[np.uint16]
Uint64s = NDArray[np.uint64]
Bytes = NDArray[np.uint8]

THUMBNAIL_SIDE: Final = 8
"""Cells per side of a thumbnail."""
NO_POLYGON: Final = 6
CUT: Final = 15
PALETTE: Final = 8
"""First number of the palette in a line."""
TOGGLES: Final = 56
"""First byte of the toggles in a line."""
BASE: Final = 62
"""Byte of the base in a line."""
LENGTH: Final = 63
"""Byte of the palette's length in a line."""
MOST_PARTS: Final = 6
MOST_PIECES: Final = 8
MARGIN: Final = 128
"""Quanta of the margin around a square."""
SPAN: Final = 65280.0
"""Quanta per side of the square, without margins."""
_HIGHEST_QUANTUM: Final = 65535
_LOW: Final = -MARGIN / SPAN
_HIGH: Final = (_HIGHEST_QUANTUM - MARGIN) / SPAN
_FRAME_MARGIN: Final = 120
"""Quanta: no point comes near a piece that lies within so many quanta of the outer frame."""
_CUT_MARGIN: Final = 16.0
"""Quanta: a thumbnail cell within so many quanta of a piece is cut."""
LOWEST_BIT: Final = np.array(
    [NO_POLYGON] + [(m & -m).bit_length() - 1 for m in range(1, 64)], dtype=np.uint8
)
"""Number of the lowest set bit of 0 to 63; `NO_POLYGON` for 0."""


class LeafNodes(NamedTuple):
    """All leaf nodes, one after another."""

    lines: Uint32s
    """The first cache lines, 16 numbers each."""
    bytes: Bytes
    """A view of `lines`: 64 bytes each."""
    words: Uint64s
    """A view of `lines`: 8 words each."""
    pieces: Uint16s
    """The second cache lines, 32 numbers each: x and y of the lower ends, then of the upper."""


Piece = tuple[bool, int, int, int, int, int]


@kernel
def _quantise(coordinate: float) -> int:
    return int(min(max(np.rint(MARGIN + coordinate * SPAN), 0.0), 65535.0))


@kernel
def clip_edge(xa: float, ya: float, xb: float, yb: float) -> Piece:
    """Clip an edge to the unit square with its margins, and round it to quanta.

    Returns
    -------
    bool, int, int, int, int, int
        Whether a piece is left; x and y of its lower and its upper end, and the height at which
        the edge crosses the west side, or -1; all in quanta.
    """
    # One order for an edge and its reverse, so that two neighbours share one piece.
    if ya > yb or (ya == yb and xa > xb):
        xa, ya, xb, yb = xb, yb, xa, ya
    no_piece = (False, 0, 0, 0, 0, -1)
    if yb < _LOW or ya > _HIGH or (xa > _HIGH and xb > _HIGH) or (xa <= _LOW and xb <= _LOW):
        return no_piece
    dx, dy = xb - xa, yb - ya
    left, low, right, high = xa, ya, xb, yb
    if ya < _LOW:
        left, low = xa + (_LOW - ya) / dy * dx, _LOW
    if yb > _HIGH:
        right, high = xa + (_HIGH - ya) / dy * dx, _HIGH
    if (left > _HIGH and right > _HIGH) or (left <= _LOW and right <= _LOW):
        return no_piece
    west = -1
    bottom, top = low, high
    if (left <= _LOW) != (right <= _LOW):
        crossing = min(max(ya + (_LOW - xa) / dx * dy, low), high)
        west = _quantise(crossing)
        if left <= _LOW:
            left, bottom = _LOW, crossing
        else:
            right, top = _LOW, crossing
    if (left > _HIGH) != (right > _HIGH):
        crossing = min(max(ya + (_HIGH - xa) / dx * dy, low), high)
        if left > _HIGH:
            left, bottom = _HIGH, crossing
        else:
            right, top = _HIGH, crossing
    return True, _quantise(left), _quantise(bottom), _quantise(right), _quantise(top), west


@kernel
def _add_piece(
    pieces: Uint16s, toggles: Bytes, n: int, piece: tuple[int, int, int, int], palette_index: int
) -> int:
    """Add a piece if it is new, and toggle it for a polygon; the number of pieces.

    Returns ``MOST_PIECES + 1`` if there is no space for the piece.
    """
    ax, ay, bx, by = piece
    position = n
    for j in range(n):
        is_same = (pieces[j] == ax) & (pieces[8 + j] == ay)
        if is_same & (pieces[16 + j] == bx) & (pieces[24 + j] == by):
            position = j
            break
    if position == MOST_PIECES:
        return n + 1
    pieces[position] = ax
    pieces[8 + position] = ay
    pieces[16 + position] = bx
    pieces[24 + position] = by
    toggles[palette_index] ^= np.uint8(1 << position)
    return max(n, position + 1)


@kernel
def toggled_polygons(
    pieces: Uint16s, first: np.uint64, toggles: np.uint64, px: np.float32, py: np.float32
) -> tuple[np.uint64, int]:
    """Polygons that the pieces west of a point toggle, a bit each; and the near pieces, a bit each.

    ``px`` and ``py`` are in quanta.
    """
    west, near = piece_sides(pieces, first, px, py)
    # The parity of each byte: the number of pieces that toggle a polygon, modulo 2.
    odd = toggles & (np.uint64(west) * np.uint64(0x010101010101))
    odd ^= odd >> np.uint64(4)
    odd ^= odd >> np.uint64(2)
    odd ^= odd >> np.uint64(1)
    odd &= np.uint64(0x010101010101)
    odd |= odd >> np.uint64(7)
    odd |= odd >> np.uint64(14)
    return (odd | odd >> np.uint64(28)) & np.uint64(63), near


@kernel
def _mark_cut_cells(pieces: Uint16s, n: int, cut: Bytes) -> None:
    """Mark the thumbnail cells near a piece."""
    cut[:] = 0
    step = SPAN / THUMBNAIL_SIDE
    for j in range(n):
        ax, ay = float(pieces[j]) - MARGIN, float(pieces[8 + j]) - MARGIN
        bx, by = float(pieces[16 + j]) - MARGIN, float(pieces[24 + j]) - MARGIN
        if ax == bx == -MARGIN:
            continue
        first = int(max(ay - _CUT_MARGIN, 0.0) / step)
        last = int(min(max(by + _CUT_MARGIN, -1.0), SPAN - 1.0) / step)
        for row in range(first, last + 1):
            x_low, x_high = ax, bx
            bottom, top = row * step - _CUT_MARGIN, (row + 1) * step + _CUT_MARGIN
            if bottom > ay and by > ay:
                x_low = ax + (bottom - ay) / (by - ay) * (bx - ax)
            if top < by:
                x_high = ax + (top - ay) / (by - ay) * (bx - ax)
            left = max(min(x_low, x_high) - _CUT_MARGIN, 0.0)
            right = min(max(x_low, x_high) + _CUT_MARGIN, SPAN - 1.0)
            for column in range(int(left / step), int(np.floor(right / step)) + 1):
                cut[row * THUMBNAIL_SIDE + column] = 1


@kernel
def _cell_centre(cell: int) -> float:
    return MARGIN + (cell + 0.5) * (SPAN / THUMBNAIL_SIDE)


@kernel
def _find_clear_cell(pieces: Uint16s, toggles: np.uint64, cut: Bytes) -> tuple[int, np.uint64]:
    """A thumbnail cell with no piece near its centre, or -1; and the polygons toggled there."""
    for most_cut in range(2):
        for cell in range(THUMBNAIL_SIDE * THUMBNAIL_SIDE):
            if cut[cell] <= most_cut:
                x, y = (
                    np.float32(_cell_centre(cell % THUMBNAIL_SIDE)),
                    np.float32(_cell_centre(cell // THUMBNAIL_SIDE)),
                )
                mask, near = toggled_polygons(pieces, np.uint64(0), toggles, x, y)
                if near == 0:
                    return cell, mask
    return -1, np.uint64(0)


@kernel
def _fill_thumbnail(
    line: Uint32s, pieces: Uint16s, toggles: np.uint64, cut: Bytes, base: np.uint64
) -> None:
    """Fill the thumbnail."""
    below = np.uint32(0)
    for row in range(THUMBNAIL_SIDE):
        word = np.uint32(0)
        colour = np.uint32(CUT)
        for column in range(THUMBNAIL_SIDE):
            cell = row * THUMBNAIL_SIDE + column
            if cut[cell] == 1:
                colour = np.uint32(CUT)
            elif colour == CUT:
                # No edge is between the cell and the uncut cell below: the polygon is the same.
                colour = (below >> np.uint32(4 * column)) & np.uint32(15)
                if row == 0 or colour == CUT:
                    x, y = np.float32(_cell_centre(column)), np.float32(_cell_centre(row))
                    mask, _ = toggled_polygons(pieces, np.uint64(0), toggles, x, y)
                    colour = np.uint32(LOWEST_BIT[mask ^ base])
            word |= colour << np.uint32(4 * column)
        line[row] = word
        below = word


@kernel
def build_leaf_node(
    parts: Parts,
    bands: EdgeBands,
    square_geometry: tuple[float, float, float],
    square_lists: tuple[Int32s, Int32s, int],
    leaves: LeafNodes,
    leaf: int,
    cut: Bytes,
) -> bool:
    """Build the leaf node of a square; False if the square has too many parts or pieces.

    Parameters
    ----------
    square_geometry
        South-west corner and side of the square, in cell units.
    square_lists
        The edges near the square, the part of each edge, ascending, and the lowest part that
        covers the square without an edge nearby, or -1.
    leaves, leaf
        Output: leaf node number ``leaf`` of ``leaves``.
    cut
        Workspace of 64 bytes.
    """
    x0, y0, size = square_geometry
    edges, part_of, cover = square_lists
    x, y = parts.x, parts.y
    line = leaves.lines[16 * leaf : 16 * leaf + 16]
    toggles = leaves.bytes[64 * leaf + TOGGLES : 64 * leaf + 64]
    pieces = leaves.pieces[32 * leaf : 32 * leaf + 32]
    n_part = 0
    n_pieces = 0
    last_part = -1
    pieces[:] = 0
    # An unused piece is above every point: never at the height of a point, never near.
    pieces[8:16] = _HIGHEST_QUANTUM
    pieces[24:32] = _HIGHEST_QUANTUM
    toggles[:] = 0
    for k in range(len(edges)):
        p = part_of[k]
        if cover >= 0 and p > cover:
            break
        # Keep the part even if the edge misses the square: the part may cover the whole square.
        if p != last_part:
            if n_part == MOST_PARTS:
                return False
            line[PALETTE + n_part] = p
            n_part += 1
            last_part = p
        v = edges[k]
        is_near, ax, ay, bx, by, west = clip_edge(
            (x[v] - x0) / size, (y[v] - y0) / size, (x[v + 1] - x0) / size, (y[v + 1] - y0) / size
        )
        if not is_near:
            continue
        if by >= _FRAME_MARGIN and ay <= _HIGHEST_QUANTUM - _FRAME_MARGIN:
            n_pieces = _add_piece(pieces, toggles, n_pieces, (ax, ay, bx, by), n_part - 1)
        if (
            west > _FRAME_MARGIN
            and west <= _HIGHEST_QUANTUM - _FRAME_MARGIN
            and n_pieces <= MOST_PIECES
        ):
            n_pieces = _add_piece(
                pieces, toggles, n_pieces, (0, west, 0, _HIGHEST_QUANTUM), n_part - 1
            )
        if n_pieces > MOST_PIECES:
            return False
    if cover >= 0:
        if n_part == MOST_PARTS:
            return False
        line[PALETTE + n_part] = cover
        n_part += 1
    _mark_cut_cells(pieces, n_pieces, cut)
    toggle_word = leaves.words[8 * leaf + 7]
    cell, mask = _find_clear_cell(pieces, toggle_word, cut)
    if cell < 0:
        return False
    sx = x0 + (cell % THUMBNAIL_SIDE + 0.5) / THUMBNAIL_SIDE * size
    sy = y0 + (cell // THUMBNAIL_SIDE + 0.5) / THUMBNAIL_SIDE * size
    holding_parts = 0
    for k in range(n_part):
        if contains_clear_point(parts, bands, line[PALETTE + k], sx, sy):
            holding_parts |= 1 << k
    base = np.uint64(holding_parts) ^ mask
    for k in range(n_part):
        line[PALETTE + k] = parts.owner[line[PALETTE + k]]
    _fill_thumbnail(line, pieces, toggle_word, cut, base)
    toggles[BASE - TOGGLES] = base
    toggles[LENGTH - TOGGLES] = n_part
    return True
