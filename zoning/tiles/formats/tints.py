"""The sixteen colours of a tile's picture, and which of them each risk takes."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from zoning.drawing.palette import (
    INK,
    OTHER,
    TINTS,
    UNKNOWN,
    Pattern,
    Tint,
    rgb,
    towards_white,
)

_TINTS: Final = (*TINTS, UNKNOWN, OTHER)
_LINE: Final = 0.6
"""How far an edge between RT is from its colour to white."""
_SEAM: Final = 0.3
"""How far one between kelurahan is from ink to white."""
_PERIOD: Final = 8
"""Pixels from one stripe to the next, in a tile of 256; divides it, so that stripes go on."""
_DOT, _RISING, _FALLING = 1, 2, 4
_MARKS: Final[dict[Pattern, int]] = {
    "plain": 0,
    "dots": _DOT,
    "stripes": _RISING,
    "lattice": _RISING | _FALLING,
}
"""Which parts of the ground bear a pattern's mark."""
N_PARTS: Final = 8


def _edge_of(tint: Tint) -> str:
    """Lighter than the tint; between white areas grey, between grey ones white."""
    return {UNKNOWN: OTHER.fill, OTHER: UNKNOWN.fill}.get(tint, towards_white(tint.fill, _LINE))


def _colours() -> list[str]:
    named = [tint.fill for tint in _TINTS]
    named += [tint.mark for tint in _TINTS if tint.pattern != "plain"]
    named += [_edge_of(tint) for tint in _TINTS]
    return ["#000000", towards_white(INK, _SEAM), *dict.fromkeys(named)]


_NAMES: Final = _colours()
COLOURS: Final = np.array([rgb(colour) for colour in _NAMES], dtype=np.uint8)
"""Red, green and blue, shape ``(16, 3)``; the first is transparent, the second a seam's."""
OUTSIDE: Final = 0
SEAM: Final = 1


def _by_risk(colours: list[str]) -> NDArray[np.uint8]:
    """Slot of every risk, given the colour of each tint: of what is no risk, the unknown's."""
    slots = np.full(256, _NAMES.index(colours[_TINTS.index(UNKNOWN)]), dtype=np.uint8)
    for tint, colour in zip(_TINTS, colours, strict=True):
        slots[tint.risk] = _NAMES.index(colour)
    return slots


_EDGES: Final = _by_risk([_edge_of(tint) for tint in _TINTS])
_FILLS: Final = np.stack(
    [
        _by_risk([tint.mark if part & _MARKS[tint.pattern] else tint.fill for tint in _TINTS])
        for part in range(N_PARTS)
    ]
)


def slots_of(risks: NDArray[np.uint8], *, lined: bool) -> NDArray[np.uint8]:
    """Slot of each number of a picture, plain.

    Parameters
    ----------
    risks
        Of the areas of the picture, shape ``(n,)``.
    lined
        Whether it has edges.

    Returns
    -------
    ndarray
        uint8, shape ``(n + 2,)``, or ``(2 n + 2,)`` with edges: outside, areas, seam, edges.
    """
    n = len(risks)
    slots = np.empty(2 * n + 2 if lined else n + 2, dtype=np.uint8)
    slots[0], slots[n + 1] = OUTSIDE, SEAM
    _FILLS[0].take(risks, out=slots[1 : n + 1])
    if lined:
        _EDGES.take(risks, out=slots[n + 2 :])
    return slots


def patterned_slots_of(risks: NDArray[np.uint8], *, lined: bool) -> NDArray[np.uint8]:
    """Slots as `slots_of` gives them, one row for each part of the pattern."""
    slots = np.tile(slots_of(risks, lined=lined), (N_PARTS, 1))
    slots[:, 1 : len(risks) + 1] = _FILLS[:, risks]
    return slots


def parts_of(size: int) -> NDArray[np.uint8]:
    """The part of the pattern each pixel of a tile shows: one period of it, square."""
    period = _PERIOD * size // 256
    width = period // 4
    y, x = np.ogrid[:period, :period]
    rising, falling = (x + y) % period < width, (x - y) % period < width
    dot = _dot(x, y, width) | _dot(x - period // 2, y - period // 2, width)
    parts: NDArray[np.uint8] = (dot * _DOT + rising * _RISING + falling * _FALLING).astype("u1")
    return parts


def _dot(x: NDArray[np.int64], y: NDArray[np.int64], width: int) -> NDArray[np.bool_]:
    centre, radius = (width - 1) / 2, width / 2
    within: NDArray[np.bool_] = (x - centre) ** 2 + (y - centre) ** 2 <= radius**2
    return within
