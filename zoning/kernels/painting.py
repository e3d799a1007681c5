"""From the area under each pixel to the numbers a picture is made of, and to a day's pixels."""

import numpy as np
from numpy.typing import NDArray

from zoning.kernels.compiling import kernel
from zoning.kernels.packing import Int32s

Uint8s = NDArray[np.uint8]
Uint16s = NDArray[np.uint16]


@kernel
def list_areas(found: Int32s, place: Int32s) -> int:
    """Number the areas that a tile shows, from 1 on and in the order of their rows.

    Parameters
    ----------
    found
        Shape ``(size + 2, size + 2)``: row number of the area under each pixel, -1 for none; with
        a margin of a pixel, which counts for nothing here.
    place
        Zero for every area; becomes its number in this tile.

    Returns
    -------
    int
        How many there are.
    """
    rows, columns = found.shape
    for r in range(1, rows - 1):
        for c in range(1, columns - 1):
            if found[r, c] >= 0:
                place[found[r, c]] = 1
    n = 0
    for row in range(len(place)):
        n += place[row]
        place[row] *= n
    return n


@kernel
def number_pixels(
    found: Int32s,
    place: Int32s,
    groups: Int32s,
    n: int,
    edge: int,
    seam: int,
    numbers: NDArray[np.unsignedinteger],
) -> None:
    """Write what each pixel shows: 0 nothing, 1 to ``n`` an area, ``n + 1`` a seam, then edges.

    A pixel is on an edge where the next one to the east or south belongs to another area, on a
    seam where it belongs to another group: the same pixels whatever the tile.

    Parameters
    ----------
    found, place, n
        As `list_areas` has them.
    groups
        Number of each area's group.
    edge
        Width of the edges, 0 or 1 pixel; an edge's number is its area's and ``n + 1``.
    seam
        Width of the seams: 0, 1 or 2 pixels.
    numbers
        Where the answer goes, shape ``(size, size)``.
    """
    for r in range(len(numbers)):
        for c in range(len(numbers)):
            here = found[r + 1, c + 1]
            if here < 0:
                numbers[r, c] = 0
                continue
            east, south = found[r + 1, c + 2], found[r + 2, c + 1]
            number = place[here]
            if edge > 0 and (_other(here, east) or _other(here, south)):
                number += n + 1
            if seam > 0 and (_apart(groups, here, east) or _apart(groups, here, south)):
                number = n + 1
            if seam > 1:
                west, north = found[r + 1, c], found[r, c + 1]
                if _apart(groups, here, west) or _apart(groups, here, north):
                    number = n + 1
            numbers[r, c] = number


@kernel
def _other(here: int, beside: int) -> bool:
    return beside >= 0 and beside != here


@kernel
def _apart(groups: Int32s, here: int, beside: int) -> bool:
    apart: bool = beside >= 0 and groups[beside] != groups[here]
    return apart


@kernel
def paint_rows(numbers: NDArray[np.unsignedinteger], slots: Uint8s, rows: Uint8s) -> None:
    """Write a picture's rows, two pixels a byte, each after the byte that names its filter.

    Parameters
    ----------
    numbers
        As `number_pixels` has them.
    slots
        Slot of the palette for each number, below 16.
    rows
        Where the answer goes: shape ``(size, 1 + size / 2)``.
    """
    for r in range(len(rows)):
        rows[r, 0] = 0
        line, row = numbers[r], rows[r, 1:]
        for k in range(len(row)):
            row[k] = (slots[line[2 * k]] << 4) | slots[line[2 * k + 1]]


@kernel
def paint_patterned(
    numbers: NDArray[np.unsignedinteger], slots: Uint8s, parts: Uint8s, rows: Uint8s
) -> None:
    """Write a picture's rows as `paint_rows` does, with a pattern.

    Parameters
    ----------
    slots
        One row for each part of the pattern.
    parts
        Shape ``(period, period)``: the part of the pattern a pixel shows.
    """
    period = len(parts)
    for r in range(len(rows)):
        rows[r, 0] = 0
        line, row, part = numbers[r], rows[r, 1:], parts[r % period]
        for k in range(len(row)):
            left = slots[part[2 * k % period], line[2 * k]]
            right = slots[part[(2 * k + 1) % period], line[2 * k + 1]]
            row[k] = (left << 4) | right
