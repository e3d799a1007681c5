"""The palette of picture tiles, and the palette slots of each risk."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from zoning.drawing.palette import INK, OTHER, UNKNOWN, Tint, class_tints, rgb, towards_white
from zoning.risk import Classes, Pattern

_EDGE_WHITENESS: Final = 0.6
"""Share of white in the colour of an edge between RT."""
_SEAM_WHITENESS: Final = 0.3
"""Share of white in the colour of a seam between kelurahan."""
_PERIOD: Final = 8
"""Pixels from one stripe to the next in a tile of 256; a divisor, so stripes continue in the next
tile."""
_DOT, _RISING_STRIPE, _FALLING_STRIPE = 1, 2, 4
_MARKS: Final[dict[Pattern, int]] = {
    "plain": 0,
    "dots": _DOT,
    "stripes": _RISING_STRIPE,
    "lattice": _RISING_STRIPE | _FALLING_STRIPE,
}
"""Parts of the pattern with the mark colour, as bits, for each pattern."""
N_PARTS: Final = 8
OUTSIDE: Final = 0
SEAM: Final = 1
_TRANSPARENT: Final = (0, 0, 0)
_MOST_4_BIT_COLOURS: Final = 16
"""Number of colours that four bits per pixel can address."""


class TileColours:
    """The palette for some classes of risk; the four classes of the law need sixteen colours.

    Attributes
    ----------
    colours
        Red, green and blue, uint8, shape ``(n, 3)``. The first is transparent, the second the
        colour of seams.
    depth
        Bits per pixel, 4 or 8.
    """

    def __init__(self, classes: Classes) -> None:
        tints = (*class_tints(classes), UNKNOWN, OTHER)
        self._names = _colour_names(tints)
        self.colours = np.array(
            [_TRANSPARENT, *(rgb(colour) for colour in self._names)], dtype=np.uint8
        )
        self.depth = 4 if len(self.colours) <= _MOST_4_BIT_COLOURS else 8
        self._edges = self._by_risk(tints, [_edge_colour(tint) for tint in tints])
        parts = [
            [tint.mark if part & _MARKS[tint.pattern] else tint.fill for tint in tints]
            for part in range(N_PARTS)
        ]
        self._fills = np.stack([self._by_risk(tints, part) for part in parts])

    def slots(self, risks: NDArray[np.uint8], *, has_edges: bool) -> NDArray[np.uint8]:
        """Palette slot of each number of a picture, without a pattern.

        Parameters
        ----------
        risks
            Risks of the areas of the picture, shape ``(n,)``.
        has_edges
            Whether the picture has edges.

        Returns
        -------
        ndarray
            uint8, shape ``(n + 2,)``, or ``(2 n + 2,)`` with edges: outside, areas, seam, edges.
        """
        n_areas = len(risks)
        slots = np.empty(2 * n_areas + 2 if has_edges else n_areas + 2, dtype=np.uint8)
        slots[0], slots[n_areas + 1] = OUTSIDE, SEAM
        self._fills[0].take(risks, out=slots[1 : n_areas + 1])
        if has_edges:
            self._edges.take(risks, out=slots[n_areas + 2 :])
        return slots

    def patterned_slots(self, risks: NDArray[np.uint8], *, has_edges: bool) -> NDArray[np.uint8]:
        """Palette slots like `slots`, with one row for each part of the pattern."""
        slots = np.tile(self.slots(risks, has_edges=has_edges), (N_PARTS, 1))
        slots[:, 1 : len(risks) + 1] = self._fills[:, risks]
        return slots

    def _by_risk(self, tints: tuple[Tint, ...], colours: list[str]) -> NDArray[np.uint8]:
        """Palette slot of every uint8 risk, from the colour of each tint; else that of unknown."""
        slots = np.full(256, self._slot(colours[tints.index(UNKNOWN)]), dtype=np.uint8)
        for tint, colour in zip(tints, colours, strict=True):
            slots[tint.risk] = self._slot(colour)
        return slots

    def _slot(self, colour: str) -> int:
        return OUTSIDE + 1 + self._names.index(colour)


@lru_cache(maxsize=4)
def tile_colours(classes: Classes) -> TileColours:
    """The palette for some classes of risk, cached."""
    return TileColours(classes)


def _colour_names(tints: tuple[Tint, ...]) -> list[str]:
    colours = [tint.fill for tint in tints]
    colours += [tint.mark for tint in tints if tint.pattern != "plain"]
    colours += [_edge_colour(tint) for tint in tints]
    seam_colour = towards_white(INK, _SEAM_WHITENESS)
    return [seam_colour, *dict.fromkeys(colour for colour in colours if colour != seam_colour)]


def _edge_colour(tint: Tint) -> str:
    """A lighter colour than the tint; between white areas grey, between grey areas white."""
    return {UNKNOWN: OTHER.fill, OTHER: UNKNOWN.fill}.get(
        tint, towards_white(tint.fill, _EDGE_WHITENESS)
    )


def pattern_parts(size: int) -> NDArray[np.uint8]:
    """The part of the pattern of each pixel: one square period of the pattern."""
    period = _PERIOD * size // 256
    width = period // 4
    y, x = np.ogrid[:period, :period]
    rising, falling = (x + y) % period < width, (x - y) % period < width
    dot = _dot(x, y, width) | _dot(x - period // 2, y - period // 2, width)
    parts: NDArray[np.uint8] = (
        dot * _DOT + rising * _RISING_STRIPE + falling * _FALLING_STRIPE
    ).astype("u1")
    return parts


def _dot(x: NDArray[np.int64], y: NDArray[np.int64], width: int) -> NDArray[np.bool_]:
    centre, radius = (width - 1) / 2, width / 2
    is_dot: NDArray[np.bool_] = (x - centre) ** 2 + (y - centre) ** 2 <= radius**2
    return is_dot
