"""The colours of a tile's picture, and which of them each risk takes."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from zoning.drawing.palette import INK, OTHER, UNKNOWN, Tint, rgb, tints_of, towards_white
from zoning.risk import Classes, Pattern

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
OUTSIDE: Final = 0
SEAM: Final = 1
_TRANSPARENT: Final = (0, 0, 0)
_FEW: Final = 16
"""Colours that four bits a pixel can number."""


class TileColours:
    """Colours of pictures of zones with some classes; the four of the law need sixteen.

    Attributes
    ----------
    colours
        Red, green and blue, shape ``(n, 3)``; the first is transparent, the second a seam's.
    depth
        Bits a pixel, 4 or 8, that number them.
    """

    def __init__(self, classes: Classes) -> None:
        tints = (*tints_of(classes), UNKNOWN, OTHER)
        self._names = _names_of(tints)
        self.colours = np.array(
            [_TRANSPARENT, *(rgb(colour) for colour in self._names)], dtype=np.uint8
        )
        self.depth = 4 if len(self.colours) <= _FEW else 8
        self._edges = self._by_risk(tints, [_edge_of(tint) for tint in tints])
        parts = [
            [tint.mark if part & _MARKS[tint.pattern] else tint.fill for tint in tints]
            for part in range(N_PARTS)
        ]
        self._fills = np.stack([self._by_risk(tints, part) for part in parts])

    def slots_of(self, risks: NDArray[np.uint8], *, lined: bool) -> NDArray[np.uint8]:
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
        self._fills[0].take(risks, out=slots[1 : n + 1])
        if lined:
            self._edges.take(risks, out=slots[n + 2 :])
        return slots

    def patterned_slots_of(self, risks: NDArray[np.uint8], *, lined: bool) -> NDArray[np.uint8]:
        """Slots as `slots_of` gives them, one row for each part of the pattern."""
        slots = np.tile(self.slots_of(risks, lined=lined), (N_PARTS, 1))
        slots[:, 1 : len(risks) + 1] = self._fills[:, risks]
        return slots

    def _by_risk(self, tints: tuple[Tint, ...], colours: list[str]) -> NDArray[np.uint8]:
        """Slot of every risk, given the colour of each tint: of what is no risk, the unknown's."""
        slots = np.full(256, self._slot_of(colours[tints.index(UNKNOWN)]), dtype=np.uint8)
        for tint, colour in zip(tints, colours, strict=True):
            slots[tint.risk] = self._slot_of(colour)
        return slots

    def _slot_of(self, colour: str) -> int:
        return OUTSIDE + 1 + self._names.index(colour)


@lru_cache(maxsize=4)
def tile_colours(classes: Classes) -> TileColours:
    """Colours of pictures of zones with some classes."""
    return TileColours(classes)


def _names_of(tints: tuple[Tint, ...]) -> list[str]:
    named = [tint.fill for tint in tints]
    named += [tint.mark for tint in tints if tint.pattern != "plain"]
    named += [_edge_of(tint) for tint in tints]
    seam = towards_white(INK, _SEAM)
    return [seam, *dict.fromkeys(colour for colour in named if colour != seam)]


def _edge_of(tint: Tint) -> str:
    """Lighter than the tint; between white areas grey, between grey ones white."""
    return {UNKNOWN: OTHER.fill, OTHER: UNKNOWN.fill}.get(tint, towards_white(tint.fill, _LINE))


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
