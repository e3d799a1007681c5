"""Tiles as pictures: drawn once per boundaries, coloured anew for each day.

A picture says for every pixel which of the tile's areas it shows. Where those are few they are
entries of the PNG's palette and its pixels are deflated once and for all: a day writes a palette.
Where they are more than a palette holds, a day maps them to the day's colours and deflates.
"""

from enum import IntFlag
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zoning.drawing.mercator import latitude_of
from zoning.kernels.painting import number_areas, number_pixels, paint_pattern_rows, paint_rows
from zoning.locating.locator import Locator
from zoning.tiles.formats import png
from zoning.tiles.formats.tints import TileColours, parts_of
from zoning.tiles.geometry.scheme import Tile

SIZES: Final = (256, 512)
"""Pixels a side of a tile."""
_ENTRIES: Final = 256
"""Of a palette."""
_SEAMS_FROM: Final = 12
_EDGES_FROM: Final = 15
"""Zooms from which lines are drawn at 256 pixels a side: below, an RT is no wider than a few."""
_SMALL: Final = 2
_QUICK: Final = 1
"""Levels of deflate: for what is kept, for what is made anew each day."""
_PARTS: Final = {size: parts_of(size) for size in SIZES}

Numbers = NDArray[np.unsignedinteger]


class Kind(IntFlag):
    """How a picture is kept, and what is drawn in it."""

    LINED = 1
    """It has edges between areas, not only seams between groups of them."""
    READY = 2
    """Its pixels are deflated; else they are numbers, two or four bytes each."""
    WIDE = 4
    """Four."""


class Picture(NamedTuple):
    """What a tile shows, whatever the day.

    Attributes
    ----------
    areas
        int32: row numbers of the leaves it shows, ascending. A pixel's number is 0 where there is
        none, 1 to ``n`` for an area, ``n + 1`` on a seam between kelurahan, more on an edge.
    """

    size: int
    kind: Kind
    areas: NDArray[np.int32]
    payload: bytes | memoryview


def draw_picture(
    locator: Locator, groups: NDArray[np.int32], tile: Tile, size: int
) -> Picture | None:
    """Find the leaf under the centre of every pixel, and where edges and seams run.

    Parameters
    ----------
    locator
        Over the leaves, in degrees.
    groups
        Number of each leaf's kelurahan.
    size
        One of `SIZES`.

    Returns
    -------
    Picture or None
        None where there is no leaf.
    """
    found = _find(locator, tile, size)
    place = np.zeros(len(locator), dtype=np.int32)
    n = int(number_areas(found, place))
    if n == 0:
        return None
    zoom = tile.z + size // 512
    lined = zoom >= _EDGES_FROM
    seam = 0 if zoom < _SEAMS_FROM else 1 + lined
    entries = 2 + (2 * n if lined else n)
    numbers = np.empty((size, size), dtype=_dtype(entries))
    number_pixels(found, place, groups, n, int(lined), seam, numbers)
    kind = Kind.LINED if lined else Kind(0)
    areas = np.flatnonzero(place).astype(np.int32)
    if entries <= _ENTRIES:
        rows = np.zeros((size, size + 1), dtype=np.uint8)
        rows[:, 1:] = numbers
        return Picture(size, kind | Kind.READY, areas, png.deflated(rows, _SMALL))
    kind |= Kind.WIDE if numbers.itemsize == 4 else Kind(0)
    return Picture(size, kind, areas, numbers.tobytes())


def _find(locator: Locator, tile: Tile, size: int) -> NDArray[np.int32]:
    """Rows of the leaves under a tile's pixels, with a margin of one pixel on each side."""
    # By the pixel's number in the whole world: the same place in whichever tile it is asked for.
    across = size << tile.z
    columns, rows = (np.arange(-1, size + 1) + at * size + 0.5 for at in (tile.x, tile.y))
    longitudes, latitudes = (columns / across - 0.5) * 360.0, latitude_of(0.5 - rows / across)
    x, y = np.broadcast_arrays(longitudes[None, :], latitudes[:, None])
    return locator.locate(x.ravel(), y.ravel()).reshape(x.shape)


def _dtype(entries: int) -> type[np.unsignedinteger]:
    return np.uint32 if entries > 1 << 16 else np.uint16


def paint(
    picture: Picture, risks: NDArray[np.uint8], colours: TileColours, *, pattern: bool = False
) -> bytes:
    """Colour a picture for one day: a PNG, transparent outside.

    Parameters
    ----------
    risks
        uint8, one for each leaf: the number of a class, `palette.NO_DATA` or `risk.NO_RISK`.
    colours
        Of the classes.
    pattern
        Say the risk by dots, stripes and lattice too.
    """
    if pattern or not picture.kind & Kind.READY:
        rows = coloured(picture, risks, colours, pattern=pattern)
        palette = colours.colours.tobytes()
        return png.assembled(picture.size, colours.depth, palette, png.deflated(rows, _QUICK))
    slots = colours.slots_of(risks[picture.areas], lined=bool(picture.kind & Kind.LINED))
    return png.assembled(picture.size, 8, colours.colours[slots].tobytes(), picture.payload)


def coloured(
    picture: Picture, risks: NDArray[np.uint8], colours: TileColours, *, pattern: bool = False
) -> NDArray[np.uint8]:
    """Rows of a picture's pixels in a day's colours, before compression.

    Each begins with the byte that names its filter: uint8, shape ``(size, 1 + size / 2)`` with two
    pixels a byte where four bits number the colours, else ``(size, 1 + size)``.
    """
    size = picture.size
    numbers, of_areas = numbers_of(picture), risks[picture.areas]
    lined = bool(picture.kind & Kind.LINED)
    if colours.depth == 8:
        return _wide_rows(numbers, of_areas, colours, lined=lined, pattern=pattern)
    rows = np.empty((size, 1 + size // 2), dtype=np.uint8)
    if pattern:
        slots = colours.patterned_slots_of(of_areas, lined=lined)
        paint_pattern_rows(numbers, slots, _PARTS[size], rows)
    else:
        paint_rows(numbers, colours.slots_of(of_areas, lined=lined), rows)
    return rows


def _wide_rows(
    numbers: Numbers,
    risks: NDArray[np.uint8],
    colours: TileColours,
    *,
    lined: bool,
    pattern: bool,
) -> NDArray[np.uint8]:
    """Rows with a byte for each pixel."""
    size = len(numbers)
    rows = np.zeros((size, 1 + size), dtype=np.uint8)
    if pattern:
        part = _PARTS[size]
        repeated = np.tile(part, (size // len(part), size // len(part)))
        rows[:, 1:] = colours.patterned_slots_of(risks, lined=lined)[repeated, numbers]
    else:
        rows[:, 1:] = colours.slots_of(risks, lined=lined)[numbers]
    return rows


def numbers_of(picture: Picture) -> Numbers:
    """The number of each pixel, shape ``(size, size)``; see `Picture`."""
    size = picture.size
    if picture.kind & Kind.READY:
        rows = np.frombuffer(png.inflated(picture.payload), dtype=np.uint8)
        return rows.reshape(size, size + 1)[:, 1:]
    kept: type[np.unsignedinteger] = np.uint32 if picture.kind & Kind.WIDE else np.uint16
    return np.frombuffer(picture.payload, dtype=kept).reshape(size, size)
