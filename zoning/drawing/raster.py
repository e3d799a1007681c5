"""The whole city as one picture: drawn once per boundaries, coloured anew for each day.

The expensive half (which area is under each pixel, where its edges and patterns run) depends on
boundaries only; a day is a table look-up over it and a PNG with a palette. In Web Mercator, so
that a web map can lay it down by its corners.
"""

import io
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from geodata.boundaries import Boundaries
from zoning.drawing.mercator import Box, Frame
from zoning.drawing.palette import NO_DATA, OTHER, TINTS, UNKNOWN, rgb, towards_white
from zoning.locate import Locator
from zoning.zones import NO_RISK

WIDTH: Final = 3072
"""Pixels across a city: about 9 m each in Semarang, a house and its garden."""
_PERIOD: Final = 10
"""Pixels from one stripe to the next."""
_DOT, _RISING, _FALLING, _EDGE, _SEAM = 1, 2, 4, 8, 9
_PATTERNS: Final = {
    "plain": frozenset[int](),
    "dots": frozenset({_DOT}),
    "stripes": frozenset({_RISING}),
    "lattice": frozenset({_RISING, _FALLING}),
}
_ALL_TINTS: Final = (*TINTS, UNKNOWN, OTHER)
_OUTSIDE: Final = len(_ALL_TINTS)
_SHADES: Final = 10


class Raster(NamedTuple):
    """A city's areas by pixel, row 0 in the north.

    Attributes
    ----------
    leaf
        int32, shape ``(height, width)``: row number of the leaf, -1 outside the city.
    shade
        uint8, same shape: which part of its tint a pixel shows.
    box
        Corners in degrees.
    """

    leaf: NDArray[np.int32]
    shade: NDArray[np.uint8]
    box: Box


def draw_raster(boundaries: Boundaries, locator: Locator, width: int = WIDTH) -> Raster:
    """Find the leaf under every pixel's centre, and where edges and patterns run.

    Parameters
    ----------
    locator
        Over ``boundaries.leaves``.
    width
        Pixels from west to east; the height follows.
    """
    frame = Frame.around(boundaries.areas.total_bounds, width)
    longitudes, latitudes = frame.centres()
    leaf = np.empty((frame.height, frame.width), dtype=np.int32)
    rows_at_once = max(1, (1 << 20) // frame.width)
    for top in range(0, frame.height, rows_at_once):
        band = latitudes[top : top + rows_at_once]
        x, y = np.broadcast_arrays(longitudes[None, :], band[:, None])
        leaf[top : top + rows_at_once] = locator.locate(x.ravel(), y.ravel()).reshape(x.shape)
    return Raster(leaf, _shade(leaf, _groups(boundaries)), frame.box)


def overlay_png(raster: Raster, risks: NDArray[np.uint8]) -> bytes:
    """Colour the areas for one day.

    Parameters
    ----------
    risks
        uint8, one for each leaf: 0 to 3, `NO_DATA` or `NO_RISK`.

    Returns
    -------
    bytes
        A PNG with a palette, transparent outside the city.
    """
    of_risk = np.full(256, _ALL_TINTS.index(UNKNOWN), dtype=np.uint8)
    of_risk[: len(TINTS)] = range(len(TINTS))
    of_risk[NO_DATA], of_risk[NO_RISK] = _ALL_TINTS.index(UNKNOWN), _ALL_TINTS.index(OTHER)
    # The last entry is what a leaf number of -1 finds.
    tints = np.append(of_risk[risks], np.uint8(_OUTSIDE))
    colours = (tints * np.uint8(_SHADES))[raster.leaf] + raster.shade
    image = Image.frombytes("P", colours.shape[::-1], _SLOTS[colours].tobytes())
    image.putpalette(_PALETTE)
    png = io.BytesIO()
    image.save(png, "PNG", transparency=0, compress_level=5)
    return png.getvalue()


def _groups(boundaries: Boundaries) -> NDArray[np.int32]:
    """A number for each leaf's kelurahan, and -1 for a leaf number of -1."""
    codes = boundaries.ancestors("kelurahan")
    _, numbers = np.unique(codes.astype(str), return_inverse=True)
    return np.append(numbers, -1).astype(np.int32)


def _shade(leaf: NDArray[np.int32], groups: NDArray[np.int32]) -> NDArray[np.uint8]:
    height, width = leaf.shape
    y, x = np.arange(height)[:, None], np.arange(width)[None, :]
    shade = np.zeros(leaf.shape, dtype=np.uint8)
    shade |= np.uint8(_RISING) * ((x + y) % _PERIOD < 2)
    shade |= np.uint8(_FALLING) * ((x - y) % _PERIOD < 2)
    odd = (y // (_PERIOD // 2)) % 2 * (_PERIOD // 2)
    shade |= np.uint8(_DOT) * (((x + odd) % _PERIOD < 2) & (y % (_PERIOD // 2) < 2))
    shade[_differs(leaf)] = _EDGE
    shade[_differs(groups[leaf])] = _SEAM
    return shade


def _differs(number: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Pixels whose neighbour to the east or south is another, both inside the city."""
    edge = np.zeros(number.shape, dtype=np.bool_)
    east, south = number[:, 1:], number[1:, :]
    edge[:, :-1] |= (number[:, :-1] != east) & (east >= 0)
    edge[:-1, :] |= (number[:-1, :] != south) & (south >= 0)
    return edge & (number >= 0)


def _tables() -> tuple[NDArray[np.uint8], bytes]:
    """Slot of the palette for each tint and shade, and the palette; slot 0 is transparent."""
    palette = [rgb("#FFFFFF")]
    slots = np.zeros((_OUTSIDE + 1) * _SHADES + 256, dtype=np.uint8)
    for number, tint in enumerate(_ALL_TINTS):
        fill = len(palette)
        palette += [rgb(tint.fill), rgb(tint.mark), rgb(towards_white(tint.fill, 0.45))]
        palette.append(rgb(towards_white(tint.fill, 0.85)))
        for shade in range(_SHADES):
            marked = any(shade & bit for bit in _PATTERNS[tint.pattern])
            slot = fill + marked if shade < _EDGE else fill + 2 + (shade == _SEAM)
            slots[number * _SHADES + shade] = slot
    return slots, bytes(part for colour in palette for part in colour)


_SLOTS, _PALETTE = _tables()
