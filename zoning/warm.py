"""Compile the kernels before their first use: ``python -m zoning.warm``, once after installing.

Machine code is stored on disk for later processes.
"""

import time

import numpy as np
import shapely

from geodata.calendar import DayNumbers
from zoning.counting.houses import CaseTable, houses_in_window
from zoning.locating.locator import Locator
from zoning.locating.nearest import NearestPolygons
from zoning.risk import FOUR_COLOURS
from zoning.tiles.formats.mvt import geometries
from zoning.tiles.formats.tints import tile_colours
from zoning.tiles.geometry.scheme import Tile
from zoning.tiles.pictures import Kind, draw_picture, paint, pixel_numbers


def compile_kernels() -> None:
    """Call every kernel once, with the argument types of all later calls."""
    squares = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], dtype=object)
    locator = Locator(squares)
    locator.locate([0.5, 1.0], [0.5, 0.5])
    _paint(locator)
    geometries(squares)
    NearestPolygons(squares).find(3.0, 0.5, within=2.0)
    zero = np.zeros(1, dtype=np.int32)
    houses_in_window(CaseTable(zero, zero, zero, zero + 1), DayNumbers(0, 1))


def _paint(locator: Locator) -> None:
    risks, colours = np.zeros(len(locator), dtype=np.uint8), tile_colours(FOUR_COLOURS)
    picture = draw_picture(locator, risks.astype(np.int32), Tile(8, 128, 127), 256)
    if picture is not None:
        pixels = pixel_numbers(picture).astype(np.uint16).tobytes()
        for variant in (picture, picture._replace(kind=Kind(0), payload=pixels)):
            paint(variant, risks, colours, pattern=True)
            paint(variant, risks, colours)


if __name__ == "__main__":
    start = time.perf_counter()
    compile_kernels()
    print(f"Kernels compiled in {time.perf_counter() - start:.1f} s")  # noqa: T201 - a command
