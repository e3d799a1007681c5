"""A leaf: what the index knows of one square that edges cross, in two cache lines.

The first line, 16 numbers of 32 bits:

- 0 to 7: a thumbnail, 8 x 8 cells of 4 bits: the place in the palette of the polygon that holds
  the whole cell, `NOBODY`, or `CUT` where an edge comes near;
- 8 to 12: the palette: row numbers of up to five polygons, ascending;
- 13: the base (see below) in the low byte, the length of the palette in the next;
- 14 and 15: for each of eight pieces of edge a byte, the polygons of the palette it bounds.

The second line: those pieces, each from its lower to its upper end, in quanta: 16-bit numbers
that span the square and a margin of `MARGIN` quanta around it. A point is held by those polygons
whose bit is set in the base, toggled by every piece at the point's height that is west of it:
the parity of a polygon's edges, so nothing is asked of the polygons; they may overlap or leave
gaps. Where an edge enters through the square's west side, a piece that climbs the west side from
there to the top keeps the count right for the points east of what lies outside.

Rounding to quanta moves no edge by more than 0.71 quanta and no height by more than 0.5; so a
point farther than 1.21 quanta from every piece has the polygons that it has in truth. A point
within `NEAR` of one is not answered here.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zoning.kernels.compiling import kernel
from zoning.kernels.rings import Bands, Int32s, Parts, covers

Uint32s = NDArray[np.uint32]
Uint16s = NDArray[np.uint16]
Bytes = NDArray[np.uint8]

FINE: Final = 8
"""Thumbnail cells a side."""
NOBODY: Final = 5
CUT: Final = 15
PALETTE: Final = 8
META: Final = 13
MASKS: Final = 56
"""Where the bytes of the pieces begin."""
MOST_PARTS: Final = 5
MOST_PIECES: Final = 8
MARGIN: Final = 128
SPAN: Final = 65280.0
"""Quanta across the square, its margins left out."""
_TOP: Final = 65535
_LOW: Final = -MARGIN / SPAN
_HIGH: Final = (_TOP - MARGIN) / SPAN
_IDLE: Final = 120
"""A piece that lies whole within so many quanta of the frame is met by no point."""
NEAR: Final = np.float32(1.5)
_REACH: Final = np.float32(2.0)
_FRAY: Final = 16.0
"""Quanta around a piece in which a thumbnail cell counts as cut."""
_ZERO: Final = np.float32(0.0)
LOWEST: Final = np.array([5] + [(m & -m).bit_length() - 1 for m in range(1, 32)], dtype=np.uint8)
"""Place of the lowest bit set; `NOBODY` where none is."""



class Leaves(NamedTuple):
    """All leaves, one after another."""

    lines: Uint32s
    masks: Bytes
    """The bytes of `lines`."""
    pieces: Uint16s


Piece = tuple[bool, int, int, int, int, int]


@kernel
def _quantum(at: float) -> int:
    return int(min(max(np.rint(MARGIN + at * SPAN), 0.0), 65535.0))


@kernel
def clip(xa: float, ya: float, xb: float, yb: float) -> Piece:
    """What of an edge matters to the unit square.

    Returns
    -------
    bool, int, int, int, int, int
        Whether anything does; the piece's ends, lower first; the height at which the edge
        crosses the west side, or -1.
    """
    # One order for an edge and its reverse, so that neighbours' pieces come out the same.
    if ya > yb or (ya == yb and xa > xb):
        xa, ya, xb, yb = xb, yb, xa, ya
    nothing = (False, 0, 0, 0, 0, -1)
    if yb < _LOW or ya > _HIGH or (xa > _HIGH and xb > _HIGH) or (xa <= _LOW and xb <= _LOW):
        return nothing
    dx, dy = xb - xa, yb - ya
    left, low, right, high = xa, ya, xb, yb
    if ya < _LOW:
        left, low = xa + (_LOW - ya) / dy * dx, _LOW
    if yb > _HIGH:
        right, high = xa + (_HIGH - ya) / dy * dx, _HIGH
    if (left > _HIGH and right > _HIGH) or (left <= _LOW and right <= _LOW):
        return nothing
    west = -1
    bottom, top = low, high
    if (left <= _LOW) != (right <= _LOW):
        at = min(max(ya + (_LOW - xa) / dx * dy, low), high)
        west = _quantum(at)
        if left <= _LOW:
            left, bottom = _LOW, at
        else:
            right, top = _LOW, at
    if (left > _HIGH) != (right > _HIGH):
        at = min(max(ya + (_HIGH - xa) / dx * dy, low), high)
        if left > _HIGH:
            left, bottom = _HIGH, at
        else:
            right, top = _HIGH, at
    return True, _quantum(left), _quantum(bottom), _quantum(right), _quantum(top), west


@kernel
def _add(pieces: Uint16s, masks: Bytes, n: int, piece: tuple[int, int, int, int], bit: int) -> int:
    """Add a piece, or the bit to the same piece added before; pieces now, or one too many."""
    ax, ay, bx, by = piece
    for j in range(n):
        if (
            pieces[j] == ax
            and pieces[8 + j] == ay
            and pieces[16 + j] == bx
            and pieces[24 + j] == by
        ):
            masks[j] ^= bit
            return n
    if n == MOST_PIECES:
        return n + 1
    pieces[n] = ax
    pieces[8 + n] = ay
    pieces[16 + n] = bx
    pieces[24 + n] = by
    masks[n] = bit
    return n + 1


@kernel
def toggled(
    pieces: Uint16s, first: int, masks: Bytes, first_mask: int, px: float, py: float
) -> tuple[int, int]:
    """What the pieces west of a point toggle, and whether one is too near to tell.

    The point is in quanta, float32; so are the products: their error is a hundredth of a quantum.
    """
    mask = 0
    near = 0
    for j in range(8):
        ax = np.float32(pieces[first + j])
        ay = np.float32(pieces[first + 8 + j])
        dx = np.float32(pieces[first + 16 + j]) - ax
        by = np.float32(pieces[first + 24 + j])
        dy = by - ay
        cross = dx * (py - ay) - dy * (px - ax)
        level = (ay <= py) & (py < by)
        mask ^= np.int32(masks[first_mask + j]) if level & (cross < _ZERO) else np.int32(0)
        close = abs(cross) <= NEAR * (abs(dx) + dy)
        near |= close & (ay - _REACH <= py) & (py <= by + _REACH)
    return mask, near


@kernel
def _fray(pieces: Uint16s, n: int, cut: Bytes) -> None:
    """Mark the thumbnail cells that a piece comes near."""
    cut[:] = 0
    step = SPAN / FINE
    for j in range(n):
        ax, ay = float(pieces[j]) - MARGIN, float(pieces[8 + j]) - MARGIN
        bx, by = float(pieces[16 + j]) - MARGIN, float(pieces[24 + j]) - MARGIN
        if ax == bx == -MARGIN:
            continue
        first = int(max(ay - _FRAY, 0.0) / step)
        last = int(min(max(by + _FRAY, -1.0), SPAN - 1.0) / step)
        for row in range(first, last + 1):
            x_low, x_high = ax, bx
            bottom, top = row * step - _FRAY, (row + 1) * step + _FRAY
            if bottom > ay and by > ay:
                x_low = ax + (bottom - ay) / (by - ay) * (bx - ax)
            if top < by:
                x_high = ax + (top - ay) / (by - ay) * (bx - ax)
            left = max(min(x_low, x_high) - _FRAY, 0.0)
            right = min(max(x_low, x_high) + _FRAY, SPAN - 1.0)
            for column in range(int(left / step), int(np.floor(right / step)) + 1):
                cut[row * FINE + column] = 1


@kernel
def _centre(cell: int) -> float:
    return MARGIN + (cell + 0.5) * (SPAN / FINE)


@kernel
def _sample(pieces: Uint16s, masks: Bytes, cut: Bytes) -> tuple[int, int]:
    """A thumbnail cell whose centre is clear of every piece, or -1; what is toggled there."""
    for want in range(2):
        for cell in range(FINE * FINE):
            if cut[cell] <= want:
                x, y = np.float32(_centre(cell % FINE)), np.float32(_centre(cell // FINE))
                mask, near = toggled(pieces, 0, masks, 0, x, y)
                if near == 0:
                    return cell, mask
    return -1, 0


@kernel
def _paint(line: Uint32s, pieces: Uint16s, masks: Bytes, cut: Bytes, base: int) -> None:
    """Fill the thumbnail."""
    below = np.uint32(0)
    for row in range(FINE):
        word = np.uint32(0)
        colour = np.uint32(CUT)
        for column in range(FINE):
            cell = row * FINE + column
            if cut[cell] == 1:
                colour = np.uint32(CUT)
            elif colour == CUT:
                # No edge between it and the uncut cell below, so the same polygon holds both.
                colour = (below >> np.uint32(4 * column)) & np.uint32(15)
                if row == 0 or colour == CUT:
                    x, y = np.float32(_centre(column)), np.float32(_centre(row))
                    mask, _ = toggled(pieces, 0, masks, 0, x, y)
                    colour = np.uint32(LOWEST[mask ^ base])
            word |= colour << np.uint32(4 * column)
        line[row] = word
        below = word


@kernel
def make_leaf(
    parts: Parts,
    bands: Bands,
    square: tuple[float, float, float],
    lists: tuple[Int32s, Int32s, int],
    line: Uint32s,
    masks: Bytes,
    pieces: Uint16s,
    cut: Bytes,
) -> bool:
    """Make the leaf of a square; False where it takes more parts or pieces than a leaf has.

    Parameters
    ----------
    square
        Its south-west corner and size, in cell units.
    lists
        The edges near it, the part of each, ascending, and the lowest part that covers it
        without an edge, or -1.
    line, masks, pieces
        The leaf: 16, 8 and 32 numbers. `masks` are the last bytes of `line`.
    cut
        Room for 64 bytes.
    """
    x0, y0, size = square
    edges, part_of, cover = lists
    x, y = parts.x, parts.y
    n_part = 0
    n = 0
    last = -1
    pieces[:] = 0
    # Never at a point's height, never near.
    pieces[8:16] = _TOP
    pieces[24:32] = _TOP
    masks[:] = 0
    for k in range(len(edges)):
        p = part_of[k]
        if cover >= 0 and p > cover:
            break
        # A part is kept although the square may lack its edges: it may hold all of the square.
        if p != last:
            if n_part == MOST_PARTS:
                return False
            line[PALETTE + n_part] = p
            n_part += 1
            last = p
        v = edges[k]
        there, ax, ay, bx, by, west = clip(
            (x[v] - x0) / size, (y[v] - y0) / size, (x[v + 1] - x0) / size, (y[v + 1] - y0) / size
        )
        if not there:
            continue
        bit = 1 << (n_part - 1)
        if by >= _IDLE and ay <= _TOP - _IDLE:
            n = _add(pieces, masks, n, (ax, ay, bx, by), bit)
        if west > _IDLE and west <= _TOP - _IDLE and n <= MOST_PIECES:
            n = _add(pieces, masks, n, (0, west, 0, _TOP), bit)
        if n > MOST_PIECES:
            return False
    if cover >= 0:
        if n_part == MOST_PARTS:
            return False
        line[PALETTE + n_part] = cover
        n_part += 1
    _fray(pieces, n, cut)
    cell, mask = _sample(pieces, masks, cut)
    if cell < 0:
        return False
    sx = x0 + (cell % FINE + 0.5) / FINE * size
    sy = y0 + (cell // FINE + 0.5) / FINE * size
    held = 0
    for k in range(n_part):
        if covers(parts, bands, line[PALETTE + k], sx, sy):
            held |= 1 << k
    base = held ^ mask
    for k in range(n_part):
        line[PALETTE + k] = parts.owner[line[PALETTE + k]]
    line[META] = base | n_part << 8
    _paint(line, pieces, masks, cut, base)
    return True
