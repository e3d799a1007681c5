"""Polygons as Mapbox Vector Tiles write them: moves from corner to corner, in varints."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from zoning.kernels.compiling import kernel

Bytes = NDArray[np.uint8]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

MOST_PER_CORNER: Final = 10
"""Bytes a corner takes at most: two varints of 32 bits."""
MOST_PER_RING: Final = 16
"""Bytes a ring takes at most beside its corners, its count of lines among them."""
_MOVE_TO: Final = (1 << 3) | 1
_LINE_TO: Final = 2
_CLOSE: Final = (1 << 3) | 7
_FEWEST_CORNERS: Final = 3


@kernel
def write_varint(value: int, out: Bytes, at: int) -> int:
    """Write a number that is not negative, and give the place after it."""
    while value > 127:
        out[at] = (value & 127) | 128
        value >>= 7
        at += 1
    out[at] = value
    return at + 1


@kernel
def zigzag(value: int) -> int:
    """A signed number as one that is not negative, small ones staying small."""
    return value << 1 if value >= 0 else (-value << 1) - 1


@kernel
def corners_of(xy: Int32s, start: int, stop: int, kept: Int64s) -> int:
    """Corners of a ring that differ from the one before; how many, their rows in ``kept``."""
    n = 0
    for k in range(start, stop - 1):  # the last repeats the first
        if n and xy[k, 0] == xy[kept[n - 1], 0] and xy[k, 1] == xy[kept[n - 1], 1]:
            continue
        kept[n] = k
        n += 1
    while n > 1 and xy[kept[n - 1], 0] == xy[kept[0], 0] and xy[kept[n - 1], 1] == xy[kept[0], 1]:
        n -= 1
    return n


@kernel
def write_polygons(
    xy: Int32s, rings: Int64s, polygons: Int64s, features: Int64s, out: Bytes, ends: Int64s
) -> None:
    """Write every feature's geometry, one after the other.

    Parameters
    ----------
    xy
        Corners of all rings, shape ``(n, 2)``, each ring closed.
    rings, polygons, features
        Where each ring begins among the corners, each polygon among the rings, each feature
        among the polygons; one more entry than there are of them.
    out
        Room for all.
    ends
        Where each feature ends in ``out``.
    """
    kept = np.empty(len(xy), dtype=np.int64)
    at = 0
    for feature in range(len(features) - 1):
        # Each ring starts from where the one before ended, the first from the tile's corner.
        x, y = 0, 0
        for ring in range(polygons[features[feature]], polygons[features[feature + 1]]):
            n = corners_of(xy, rings[ring], rings[ring + 1], kept)
            if n < _FEWEST_CORNERS:
                continue
            at = write_varint(_MOVE_TO, out, at)
            for k in range(n):
                if k == 1:
                    at = write_varint((n - 1) << 3 | _LINE_TO, out, at)
                to_x, to_y = xy[kept[k], 0], xy[kept[k], 1]
                at = write_varint(zigzag(to_x - x), out, at)
                at = write_varint(zigzag(to_y - y), out, at)
                x, y = to_x, to_y
            at = write_varint(_CLOSE, out, at)
        ends[feature] = at
