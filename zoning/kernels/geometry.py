"""Encode polygons as geometry of Mapbox Vector Tiles (specification 2.1, section 4.3).

Coordinates are whole tile units, x to the east and y to the south from the north-west corner.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from zoning.kernels.compiling import kernel

Bytes = NDArray[np.uint8]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

MOST_PER_CORNER: Final = 10
"""Most bytes of a corner: two varints of 32 bits."""
MOST_PER_RING: Final = 16
"""Most bytes of a ring without its corners: the three commands."""
_MOVE_TO: Final = (1 << 3) | 1
_LINE_TO: Final = 2
_CLOSE: Final = (1 << 3) | 7
_FEWEST_CORNERS: Final = 3


@kernel
def write_varint(value: int, out: Bytes, position: int) -> int:
    """Write a number that is not negative as a varint; the next free position."""
    while value > 127:
        out[position] = (value & 127) | 128
        value >>= 7
        position += 1
    out[position] = value
    return position + 1


@kernel
def zigzag(value: int) -> int:
    """Zigzag encoding: 0, -1, 1, -2 become 0, 1, 2, 3."""
    return value << 1 if value >= 0 else (-value << 1) - 1


@kernel
def find_distinct_corners(xy: Int32s, start: int, stop: int, corner_rows: Int64s) -> int:
    """Write the rows of the corners that differ from the corner before; their number."""
    n = 0
    for k in range(start, stop - 1):  # the last repeats the first
        if n and xy[k, 0] == xy[corner_rows[n - 1], 0] and xy[k, 1] == xy[corner_rows[n - 1], 1]:
            continue
        corner_rows[n] = k
        n += 1
    while (
        n > 1
        and xy[corner_rows[n - 1], 0] == xy[corner_rows[0], 0]
        and xy[corner_rows[n - 1], 1] == xy[corner_rows[0], 1]
    ):
        n -= 1
    return n


@kernel
def write_polygons(
    xy: Int32s, rings: Int64s, polygons: Int64s, features: Int64s, out: Bytes, ends: Int64s
) -> None:
    """Write the geometry of all features, one after the other.

    Parameters
    ----------
    xy
        Corners of all rings in tile units, shape ``(n, 2)``, each ring closed.
    rings, polygons, features
        First corner of each ring, first ring of each polygon, first polygon of each feature; each
        with one more entry for the end.
    out
        Output: the bytes; long enough for `MOST_PER_CORNER` and `MOST_PER_RING`.
    ends
        Output: the end of each feature in ``out``.
    """
    corner_rows = np.empty(len(xy), dtype=np.int64)
    position = 0
    for feature in range(len(features) - 1):
        # A ring starts at the end of the ring before, the first at the corner of the tile.
        x, y = 0, 0
        for ring in range(polygons[features[feature]], polygons[features[feature + 1]]):
            n = find_distinct_corners(xy, rings[ring], rings[ring + 1], corner_rows)
            if n < _FEWEST_CORNERS:
                continue
            position = write_varint(_MOVE_TO, out, position)
            for k in range(n):
                if k == 1:
                    position = write_varint((n - 1) << 3 | _LINE_TO, out, position)
                to_x, to_y = xy[corner_rows[k], 0], xy[corner_rows[k], 1]
                position = write_varint(zigzag(to_x - x), out, position)
                position = write_varint(zigzag(to_y - y), out, position)
                x, y = to_x, to_y
            position = write_varint(_CLOSE, out, position)
        ends[feature] = position
