"""The whole city on one day as one picture: for pages, for sharing and for print.

As in a tile, the point-in-polygon join finds the smallest zone under the centre of each pixel. The
picture is opaque: a preview of a link may show transparent pixels as black.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geodata.areas import Level
from zoning.drawing.mercator import to_latitude, to_plane
from zoning.kernels.painting import number_areas, number_pixels
from zoning.locating.locator import Locator
from zoning.placing.indexed_boundaries import IndexedBoundaries
from zoning.tiles.formats import png
from zoning.tiles.formats.tints import OUTSIDE, TileColours, pattern_parts
from zoning.tiles.picture_tiles import area_numbers

NARROWEST: Final = 120
WIDEST: Final = 1600
"""Limits of the width, in pixels."""
USUAL_WIDTH: Final = 720
"""Twice the width of a phone, for screens with two pixels in place of one."""
_TALLEST: Final = 2
_FLATTEST: Final = 0.25
"""Limits of the height for a width of 1: a city beyond them is smaller than its picture."""
_PAPER: Final = (255, 255, 255)
"""Colour outside the city."""
_KELURAHAN_FROM: Final = 900
"""Width from which borders of kelurahan are drawn; narrower pictures have borders of kecamatan.

In a narrow picture an RT is a few pixels wide, and more lines would hide the small RT.
"""


class Frame(NamedTuple):
    """The size of a picture, and its place in the plane (`zoning.drawing.mercator`).

    Attributes
    ----------
    west, north
        The upper left corner.
    pixel
        Side of a pixel.
    """

    width: int
    height: int
    west: float
    north: float
    pixel: float


def frame(bounds: ArrayLike, width: int) -> Frame:
    """The frame of a picture.

    Parameters
    ----------
    bounds
        West, south, east and north of the city in degrees.
    width
        Pixels, from `NARROWEST` to `WIDEST`.
    """
    west, south, east, north = np.asarray(bounds, dtype=np.float64)
    (left, right), (bottom, top) = to_plane([west, east], [south, north])
    breadth, rise = float(right - left), float(top - bottom)
    height = round(width * min(max(rise / breadth, _FLATTEST), _TALLEST))
    pixel = max(breadth / width, rise / height)
    x, y = float(left + right) / 2, float(bottom + top) / 2
    return Frame(width, height, x - pixel * width / 2, y + pixel * height / 2, pixel)


def draw_city(
    indexed: IndexedBoundaries, risks: NDArray[np.uint8], colours: TileColours, width: int
) -> bytes:
    """Draw the city on one day, with patterns: a PNG.

    Parameters
    ----------
    risks
        uint8, for each smallest zone: the number of a class, `palette.NO_DATA` or `risk.NO_RISK`.
    width
        Pixels, from `NARROWEST` to `WIDEST`.
    """
    picture_frame = frame(indexed.boundaries.smallest_zones.total_bounds, width)
    rows = _locate_pixels(indexed.locator, picture_frame)
    level: Level = "kelurahan" if width >= _KELURAHAN_FROM else "kecamatan"
    numbers, areas = _number(rows, area_numbers(indexed.boundaries, level))
    slots = colours.patterned_slots(risks[areas], has_edges=False)
    pixels = slots[_pattern(picture_frame), numbers]
    palette = colours.colours.copy()
    palette[OUTSIDE] = _PAPER
    form = png.PngForm(picture_frame.width, picture_frame.height, colours.depth)
    packed = png.deflate_smallest(_pack(pixels, colours.depth))
    return png.write_png(form, palette.tobytes(), packed, transparent=False)


def _locate_pixels(locator: Locator, picture_frame: Frame) -> NDArray[np.int32]:
    """Rows of the smallest zones under the pixels, with a margin of one pixel on each side."""
    width, height, west, north, pixel = picture_frame
    longitudes = (west + (np.arange(-1, width + 1) + 0.5) * pixel) * 360.0
    latitudes = to_latitude(north - (np.arange(-1, height + 1) + 0.5) * pixel)
    x, y = np.broadcast_arrays(longitudes[None, :], latitudes[:, None])
    return locator.locate(x.ravel(), y.ravel()).reshape(x.shape)


def _number(
    rows: NDArray[np.int32], groups: NDArray[np.int32]
) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
    """The number of each pixel as in a tile, with seams between groups, and the visible zones."""
    numbers_by_area = np.zeros(len(groups), dtype=np.int32)
    n_areas = int(number_areas(rows, numbers_by_area))
    numbers = np.empty((rows.shape[0] - 2, rows.shape[1] - 2), dtype=np.uint32)
    number_pixels(rows, numbers_by_area, groups, n_areas, 0, 1, numbers)
    return numbers, np.flatnonzero(numbers_by_area)


def _pattern(picture_frame: Frame) -> NDArray[np.uint8]:
    """The part of the pattern of each pixel."""
    parts = pattern_parts(256)
    rows, columns = np.arange(picture_frame.height), np.arange(picture_frame.width)
    pattern: NDArray[np.uint8] = parts[np.ix_(rows % len(parts), columns % len(parts))]
    return pattern


def _pack(pixels: NDArray[np.uint8], depth: int) -> NDArray[np.uint8]:
    """Rows of a PNG before compression: a byte 0 for no filter, then one or two pixels a byte."""
    if depth == 8:
        return np.pad(pixels, ((0, 0), (1, 0)))
    even = np.pad(pixels, ((0, 0), (0, pixels.shape[1] % 2)))
    return np.pad(even[:, ::2] << 4 | even[:, 1::2], ((0, 0), (1, 0)))
