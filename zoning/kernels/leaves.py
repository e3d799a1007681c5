"""A leaf: what the index knows of one square that edges cross, in two cache lines.

The first line, 16 numbers of 32 bits:

- 0 to 7: a thumbnail, 8 x 8 cells of 4 bits: the place in the palette of the polygon that holds
  the whole cell, `NOBODY`, or `CUT` where an edge comes near;
- 8 to 13: the palette: row numbers of up to six polygons, ascending;
- 14 and 15, as eight bytes: for each of the palette the pieces of edge that bound it, a bit for
  each of eight; then the base (see below), and the length of the palette.

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
from zoning.kernels.simd import sides

Uint32s = NDArray[np.uint32]
Uint16s = NDArray[np.uint16]
Uint64s = NDArray[np.uint64]
Bytes = NDArray[np.uint8]

FINE: Final = 8
"""Thumbnail cells a side."""
NOBODY: Final = 6
CUT: Final = 15
PALETTE: Final = 8
TOGGLES: Final = 56
"""Where the bytes that say which pieces bound a polygon begin."""
BASE: Final = 62
LENGTH: Final = 63
MOST_PARTS: Final = 6
MOST_PIECES: Final = 8
MARGIN: Final = 128
SPAN: Final = 65280.0
"""Quanta across the square, its margins left out."""
_TOP: Final = 65535
_LOW: Final = -MARGIN / SPAN
_HIGH: Final = (_TOP - MARGIN) / SPAN
_IDLE: Final = 120
"""A piece that lies whole within so many quanta of the frame is met by no point."""
_FRAY: Final = 16.0
"""Quanta around a piece in which a thumbnail cell counts as cut."""
LOWEST: Final = np.array(
    [NOBODY] + [(m & -m).bit_length() - 1 for m in range(1, 64)], dtype=np.uint8
)
"""Place of the lowest bit set; `NOBODY` where none is."""


class Leaves(NamedTuple):
    """All leaves, one after another."""

    lines: Uint32s
    bytes: Bytes
    """The bytes of `lines`."""
    words: Uint64s
    """The same, eight bytes each."""
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
def _add(
    pieces: Uint16s, toggles: Bytes, n: int, piece: tuple[int, int, int, int], place: int
) -> int:
    """Add a piece, unless it is there, and toggle a polygon by it; pieces now, or one too many."""
    ax, ay, bx, by = piece
    at = n
    for j in range(n):
        same = (pieces[j] == ax) & (pieces[8 + j] == ay)
        if same & (pieces[16 + j] == bx) & (pieces[24 + j] == by):
            at = j
            break
    if at == MOST_PIECES:
        return n + 1
    pieces[at] = ax
    pieces[8 + at] = ay
    pieces[16 + at] = bx
    pieces[24 + at] = by
    toggles[place] ^= np.uint8(1 << at)
    return max(n, at + 1)


@kernel
def toggled(
    pieces: Uint16s, first: np.uint64, toggles: np.uint64, px: np.float32, py: np.float32
) -> tuple[np.uint64, int]:
    """What the pieces west of a point toggle, a bit per place of the palette; which are near."""
    west, near = sides(pieces, first, px, py)
    # A byte per place: the parity of the pieces that toggle it.
    odd = toggles & (np.uint64(west) * np.uint64(0x010101010101))
    odd ^= odd >> np.uint64(4)
    odd ^= odd >> np.uint64(2)
    odd ^= odd >> np.uint64(1)
    odd &= np.uint64(0x010101010101)
    odd |= odd >> np.uint64(7)
    odd |= odd >> np.uint64(14)
    return (odd | odd >> np.uint64(28)) & np.uint64(63), near


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
def _sample(pieces: Uint16s, toggles: np.uint64, cut: Bytes) -> tuple[int, np.uint64]:
    """A thumbnail cell whose centre is clear of every piece, or -1; what is toggled there."""
    for want in range(2):
        for cell in range(FINE * FINE):
            if cut[cell] <= want:
                x, y = np.float32(_centre(cell % FINE)), np.float32(_centre(cell // FINE))
                mask, near = toggled(pieces, np.uint64(0), toggles, x, y)
                if near == 0:
                    return cell, mask
    return -1, np.uint64(0)


@kernel
def _paint(line: Uint32s, pieces: Uint16s, toggles: np.uint64, cut: Bytes, base: np.uint64) -> None:
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
                    mask, _ = toggled(pieces, np.uint64(0), toggles, x, y)
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
    leaves: Leaves,
    leaf: int,
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
    leaves, leaf
        Where the leaf goes.
    cut
        Room for 64 bytes.
    """
    x0, y0, size = square
    edges, part_of, cover = lists
    x, y = parts.x, parts.y
    line = leaves.lines[16 * leaf : 16 * leaf + 16]
    toggles = leaves.bytes[64 * leaf + TOGGLES : 64 * leaf + 64]
    pieces = leaves.pieces[32 * leaf : 32 * leaf + 32]
    n_part = 0
    n = 0
    last = -1
    pieces[:] = 0
    # Never at a point's height, never near.
    pieces[8:16] = _TOP
    pieces[24:32] = _TOP
    toggles[:] = 0
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
        if by >= _IDLE and ay <= _TOP - _IDLE:
            n = _add(pieces, toggles, n, (ax, ay, bx, by), n_part - 1)
        if west > _IDLE and west <= _TOP - _IDLE and n <= MOST_PIECES:
            n = _add(pieces, toggles, n, (0, west, 0, _TOP), n_part - 1)
        if n > MOST_PIECES:
            return False
    if cover >= 0:
        if n_part == MOST_PARTS:
            return False
        line[PALETTE + n_part] = cover
        n_part += 1
    _fray(pieces, n, cut)
    word = leaves.words[8 * leaf + 7]
    cell, mask = _sample(pieces, word, cut)
    if cell < 0:
        return False
    sx = x0 + (cell % FINE + 0.5) / FINE * size
    sy = y0 + (cell // FINE + 0.5) / FINE * size
    held = 0
    for k in range(n_part):
        if covers(parts, bands, line[PALETTE + k], sx, sy):
            held |= 1 << k
    base = np.uint64(held) ^ mask
    for k in range(n_part):
        line[PALETTE + k] = parts.owner[line[PALETTE + k]]
    _paint(line, pieces, word, cut, base)
    toggles[BASE - TOGGLES] = base
    toggles[LENGTH - TOGGLES] = n_part
    return True
