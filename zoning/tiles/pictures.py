"""Tiles as pictures: drawn once per boundary version, coloured for each day.

A picture has the number of an area for every pixel. Few areas are entries of the PNG palette: the
pixels are compressed once, and a day writes only the palette. If the areas are more than the
entries of a palette, a day maps the numbers to colours and compresses the pixels.
"""

from enum import IntFlag
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zoning.drawing.mercator import to_latitude
from zoning.kernels.painting import number_areas, number_pixels, paint_pattern_rows, paint_rows
from zoning.locating.locator import Locator
from zoning.tiles.formats import png
from zoning.tiles.formats.tints import TileColours, pattern_parts
from zoning.tiles.geometry.scheme import Tile

SIZES: Final = (256, 512)
"""Pixels per side of a tile."""
_PALETTE_ENTRIES: Final = 256
"""Most entries of a PNG palette."""
_SEAMS_FROM: Final = 12
_EDGES_FROM: Final = 15
"""Lowest zooms with lines, at 256 pixels per side: at lower zooms an RT is a few pixels wide."""
_SMALLEST_LEVEL: Final = 2
_QUICKEST_LEVEL: Final = 1
"""Levels of compression: for prepared pictures, and for pictures of a day."""
_PARTS: Final = {size: pattern_parts(size) for size in SIZES}

Numbers = NDArray[np.unsignedinteger]


class Kind(IntFlag):
    """The form of a picture, and the lines in it."""

    LINED = 1
    """The picture has edges between areas, not only seams between groups of areas."""
    READY = 2
    """The payload is compressed pixels; else numbers of two or four bytes each."""
    WIDE = 4
    """Numbers have four bytes."""


class Picture(NamedTuple):
    """A tile without colours.

    Attributes
    ----------
    areas
        int32: row numbers of the smallest zones in the tile, ascending. The number of a pixel is 0
        outside all zones, 1 to ``n`` for a zone, ``n + 1`` on a seam between kelurahan, and
        higher on an edge.
    payload
        Compressed pixels or numbers; see `Kind`.
    """

    size: int
    kind: Kind
    areas: NDArray[np.int32]
    payload: bytes | memoryview


def draw_picture(
    locator: Locator, groups: NDArray[np.int32], tile: Tile, size: int
) -> Picture | None:
    """Find the smallest zone under the centre of every pixel, and draw edges and seams.

    Parameters
    ----------
    locator
        Locator of the smallest zones, in degrees (EPSG:4326).
    groups
        Number of the kelurahan of each smallest zone.
    size
        Pixels per side, one of `SIZES`.

    Returns
    -------
    Picture or None
        None for a tile without zones.
    """
    area_rows = _locate_pixels(locator, tile, size)
    numbers_by_area = np.zeros(len(locator), dtype=np.int32)
    n_areas = int(number_areas(area_rows, numbers_by_area))
    if n_areas == 0:
        return None
    zoom = tile.z + size // 512
    has_edges = zoom >= _EDGES_FROM
    seam = 0 if zoom < _SEAMS_FROM else 1 + has_edges
    entries = 2 + (2 * n_areas if has_edges else n_areas)
    numbers = np.empty((size, size), dtype=_number_type(entries))
    number_pixels(area_rows, numbers_by_area, groups, n_areas, int(has_edges), seam, numbers)
    kind = Kind.LINED if has_edges else Kind(0)
    areas = np.flatnonzero(numbers_by_area).astype(np.int32)
    if entries <= _PALETTE_ENTRIES:
        rows = np.zeros((size, size + 1), dtype=np.uint8)
        rows[:, 1:] = numbers
        return Picture(size, kind | Kind.READY, areas, png.deflate_pixels(rows, _SMALLEST_LEVEL))
    kind |= Kind.WIDE if numbers.itemsize == 4 else Kind(0)
    return Picture(size, kind, areas, numbers.tobytes())


def _locate_pixels(locator: Locator, tile: Tile, size: int) -> NDArray[np.int32]:
    """Rows of the smallest zones under the pixels, with a margin of one pixel on each side."""
    # Use the number of the pixel in the world: the same coordinates in each tile that has it.
    n_pixels = size << tile.z
    columns, rows = (
        np.arange(-1, size + 1) + tile_number * size + 0.5 for tile_number in (tile.x, tile.y)
    )
    longitudes, latitudes = (
        (columns / n_pixels - 0.5) * 360.0,
        to_latitude(0.5 - rows / n_pixels),
    )
    x, y = np.broadcast_arrays(longitudes[None, :], latitudes[:, None])
    return locator.locate(x.ravel(), y.ravel()).reshape(x.shape)


def _number_type(entries: int) -> type[np.unsignedinteger]:
    return np.uint32 if entries > 1 << 16 else np.uint16


def paint(
    picture: Picture, risks: NDArray[np.uint8], colours: TileColours, *, pattern: bool = False
) -> bytes:
    """Colour a picture for one day: a PNG, transparent outside the zones.

    Parameters
    ----------
    risks
        uint8, for each smallest zone: the number of a class, `palette.NO_DATA` or `risk.NO_RISK`.
    colours
        Palette of the classes.
    pattern
        Show the risk by dots, stripes and lattice too.
    """
    if pattern or not picture.kind & Kind.READY:
        rows = colour_rows(picture, risks, colours, pattern=pattern)
        palette = colours.colours.tobytes()
        form = png.PngForm(picture.size, picture.size, colours.depth)
        return png.write_png(form, palette, png.deflate_pixels(rows, _QUICKEST_LEVEL))
    slots = colours.slots(risks[picture.areas], has_edges=bool(picture.kind & Kind.LINED))
    form = png.PngForm(picture.size, picture.size, 8)
    return png.write_png(form, colours.colours[slots].tobytes(), picture.payload)


def colour_rows(
    picture: Picture, risks: NDArray[np.uint8], colours: TileColours, *, pattern: bool = False
) -> NDArray[np.uint8]:
    """Rows of pixels in a day's colours, before compression.

    Returns
    -------
    ndarray
        uint8, a filter byte first in each row. Shape ``(size, 1 + size / 2)`` with two pixels per
        byte for a palette of 16 colours, else ``(size, 1 + size)``.
    """
    size = picture.size
    numbers, area_risks = pixel_numbers(picture), risks[picture.areas]
    has_edges = bool(picture.kind & Kind.LINED)
    if colours.depth == 8:
        return _wide_rows(numbers, area_risks, colours, has_edges=has_edges, pattern=pattern)
    rows = np.empty((size, 1 + size // 2), dtype=np.uint8)
    if pattern:
        slots = colours.patterned_slots(area_risks, has_edges=has_edges)
        paint_pattern_rows(numbers, slots, _PARTS[size], rows)
    else:
        paint_rows(numbers, colours.slots(area_risks, has_edges=has_edges), rows)
    return rows


def _wide_rows(
    numbers: Numbers,
    risks: NDArray[np.uint8],
    colours: TileColours,
    *,
    has_edges: bool,
    pattern: bool,
) -> NDArray[np.uint8]:
    """Rows with one byte per pixel."""
    size = len(numbers)
    rows = np.zeros((size, 1 + size), dtype=np.uint8)
    if pattern:
        pattern_tile = _PARTS[size]
        repeated = np.tile(pattern_tile, (size // len(pattern_tile), size // len(pattern_tile)))
        rows[:, 1:] = colours.patterned_slots(risks, has_edges=has_edges)[repeated, numbers]
    else:
        rows[:, 1:] = colours.slots(risks, has_edges=has_edges)[numbers]
    return rows


def pixel_numbers(picture: Picture) -> Numbers:
    """The number of each pixel, shape ``(size, size)``; see the class Picture."""
    size = picture.size
    if picture.kind & Kind.READY:
        rows = np.frombuffer(png.inflate_pixels(picture.payload), dtype=np.uint8)
        return rows.reshape(size, size + 1)[:, 1:]
    number_type: type[np.unsignedinteger] = np.uint32 if picture.kind & Kind.WIDE else np.uint16
    return np.frombuffer(picture.payload, dtype=number_type).reshape(size, size)
