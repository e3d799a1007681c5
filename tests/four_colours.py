"""The four colours of the law for tests."""

import numpy as np
from numpy.typing import NDArray

from zoning.drawing.palette import class_tints
from zoning.risk import FOUR_COLOURS, class_keys
from zoning.tiles import pictures
from zoning.tiles.formats.tints import tile_colours
from zoning.tiles.pictures import Picture

KEYS = class_keys(FOUR_COLOURS)
TINTS = class_tints(FOUR_COLOURS)
COLOURS = tile_colours(FOUR_COLOURS)


def paint(picture: Picture, risks: NDArray[np.uint8], *, pattern: bool = False) -> bytes:
    """A picture in the four colours."""
    return pictures.paint(picture, risks, COLOURS, pattern=pattern)


def colour_rows(picture: Picture, risks: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Rows of a picture in the four colours."""
    return pictures.colour_rows(picture, risks, COLOURS)
