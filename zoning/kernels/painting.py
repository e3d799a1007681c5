"""Pixels of raster tiles: number the areas and lines of a tile, and paint the rows of a PNG.

Rows are as PNG (ISO/IEC 15948) wants them before compression: a byte 0 for no filter, then the
pixels, two per byte.
"""

import numpy as np
from numpy.typing import NDArray

from zoning.kernels.compiling import kernel
from zoning.kernels.packing import Int32s

Uint8s = NDArray[np.uint8]
Uint16s = NDArray[np.uint16]


@kernel
def number_areas(area_rows: Int32s, numbers_by_area: Int32s) -> int:
    """Number the areas of a tile from 1 on, in the order of their rows.

    Parameters
    ----------
    area_rows
        Row number of the area under each pixel, -1 for none: shape ``(rows + 2, columns + 2)``,
        with a margin of one pixel. The margin is ignored here.
    numbers_by_area
        Input: zero for every area. Output: the area's number in this tile, 0 if not in the tile.

    Returns
    -------
    int
        Number of areas in the tile.
    """
    rows, columns = area_rows.shape
    for r in range(1, rows - 1):
        for c in range(1, columns - 1):
            if area_rows[r, c] >= 0:
                numbers_by_area[area_rows[r, c]] = 1
    n = 0
    for row in range(len(numbers_by_area)):
        n += numbers_by_area[row]
        numbers_by_area[row] *= n
    return n


@kernel
def number_pixels(
    area_rows: Int32s,
    numbers_by_area: Int32s,
    groups: Int32s,
    n_areas: int,
    edge: int,
    seam: int,
    numbers: NDArray[np.unsignedinteger],
) -> None:
    """Write the number of each pixel: 0 nothing, 1 to n an area, n + 1 a seam, above that an edge.

    A pixel is on an edge if the next pixel to the east or south belongs to another area, and on a
    seam if that pixel belongs to another group. The rule is the same in every tile, so lines
    continue across tiles.

    Parameters
    ----------
    area_rows, numbers_by_area, n_areas
        Of `number_areas`.
    groups
        Group number of each area.
    edge
        Width of the edges: 0 or 1 pixel. The number of an edge is its area's number plus
        ``n_areas + 1``.
    seam
        Width of the seams: 0, 1 or 2 pixels.
    numbers
        Output, shape ``(rows, columns)``.
    """
    rows, columns = numbers.shape
    for r in range(rows):
        for c in range(columns):
            area = area_rows[r + 1, c + 1]
            if area < 0:
                numbers[r, c] = 0
                continue
            east, south = area_rows[r + 1, c + 2], area_rows[r + 2, c + 1]
            number = numbers_by_area[area]
            if edge > 0 and (_is_other_area(area, east) or _is_other_area(area, south)):
                number += n_areas + 1
            if seam > 0 and (
                _is_other_group(groups, area, east) or _is_other_group(groups, area, south)
            ):
                number = n_areas + 1
            if seam > 1:
                west, north = area_rows[r + 1, c], area_rows[r, c + 1]
                if _is_other_group(groups, area, west) or _is_other_group(groups, area, north):
                    number = n_areas + 1
            numbers[r, c] = number


@kernel
def _is_other_area(area: int, neighbour: int) -> bool:
    return neighbour >= 0 and neighbour != area


@kernel
def _is_other_group(groups: Int32s, area: int, neighbour: int) -> bool:
    differs: bool = neighbour >= 0 and groups[neighbour] != groups[area]
    return differs


@kernel
def paint_rows(numbers: NDArray[np.unsignedinteger], slots: Uint8s, rows: Uint8s) -> None:
    """Write the rows of a picture: a filter byte, then two pixels per byte.

    Parameters
    ----------
    numbers
        Of `number_pixels`.
    slots
        Palette slot of each number, below 16.
    rows
        Output, shape ``(size, 1 + size / 2)``.
    """
    for r in range(len(rows)):
        rows[r, 0] = 0
        line, row = numbers[r], rows[r, 1:]
        for k in range(len(row)):
            row[k] = (slots[line[2 * k]] << 4) | slots[line[2 * k + 1]]


@kernel
def paint_pattern_rows(
    numbers: NDArray[np.unsignedinteger], slots_by_part: Uint8s, parts: Uint8s, rows: Uint8s
) -> None:
    """Write the rows of a picture like `paint_rows`, with a pattern.

    Parameters
    ----------
    slots_by_part
        Palette slot of each number, one row for each part of the pattern.
    parts
        The part of the pattern that a pixel shows, shape ``(period, period)``.
    """
    period = len(parts)
    for r in range(len(rows)):
        rows[r, 0] = 0
        line, row, part = numbers[r], rows[r, 1:], parts[r % period]
        for k in range(len(row)):
            first_slot = slots_by_part[part[2 * k % period], line[2 * k]]
            second_slot = slots_by_part[part[(2 * k + 1) % period], line[2 * k + 1]]
            row[k] = (first_slot << 4) | second_slot
