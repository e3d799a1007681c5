"""Compact encoding of shapes and numbers inside a page; the page's script decodes them.

Whole numbers are zigzag varints (7 bits per byte, the sign in the lowest bit) in base64. A shape is
the differences between its corners, as in encoded polylines.
"""

import base64
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

STEPS_PER_DEGREE: Final = 200_000
"""Grid of points and of the corners of RT: a step is about half a metre."""
OUTLINE_STEPS_PER_DEGREE: Final = 20_000
"""Grid of the corners of outlines, which are simplified more: a step is less than six metres."""
_MOST_2_BIT_CLASSES: Final = 4
"""Number of classes that two bits can hold."""


def pack_numbers(numbers: NDArray[np.int64]) -> str:
    """Encode whole numbers between -2^34 and 2^34 as text."""
    values = np.where(numbers < 0, -2 * numbers - 1, 2 * numbers).astype(np.uint64)
    length = np.ones(len(values), dtype=np.int64)
    for bits in (7, 14, 21, 28):
        length += values >= np.uint64(1 << bits)
    starts = np.cumsum(length) - length
    output = np.zeros(int(length.sum()), dtype=np.uint8)
    for position in range(5):
        has_byte = length > position
        continuation = np.where(length[has_byte] > position + 1, 0x80, 0).astype(np.uint64)
        output[starts[has_byte] + position] = (
            values[has_byte] >> np.uint64(7 * position)
        ) & np.uint64(0x7F) | continuation
    return base64.b64encode(output.tobytes()).decode()


def pack_shapes(
    shapes: NDArray[np.object_], steps_per_degree: int = STEPS_PER_DEGREE
) -> dict[str, str | int]:
    """Encode polygons in degrees (EPSG:4326), on a grid.

    The result has the number of rings per polygon, the number of corners per ring, and the steps
    between corners. Holes are rings too: the reader fills by the even-odd rule. The last corner of
    a ring, equal to the first, is left out. ``grid`` is the number of steps per degree.
    """
    parts, shape_of = shapely.get_parts(shapes, return_index=True)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    corners, ring_of = shapely.get_coordinates(rings, return_index=True)
    is_last = np.append(ring_of[1:] != ring_of[:-1], np.ones(min(1, len(ring_of)), dtype=np.bool_))
    grid = np.rint(corners[~is_last] * steps_per_degree).astype(np.int64)
    return {
        "grid": steps_per_degree,
        "rings": pack_numbers(np.bincount(shape_of[part_of], minlength=len(shapes))),
        "corners": pack_numbers(np.bincount(ring_of[~is_last], minlength=len(rings))),
        "steps": pack_numbers(np.diff(grid, axis=0, prepend=np.zeros((1, 2), np.int64)).ravel()),
    }


def pack_risks(risks: NDArray[np.uint8], n_classes: int) -> str:
    """Encode risks, four per byte from the lowest bits on; two per byte for more than four classes.

    A value that is no risk becomes 0.
    """
    clean = np.where(risks < n_classes, risks, 0).astype(np.uint8)
    bits = 2 if n_classes <= _MOST_2_BIT_CLASSES else 4
    risks_per_byte = 8 // bits
    padded = np.append(clean, np.zeros(risks_per_byte - 1, np.uint8))
    padded = np.resize(padded, (len(clean) + risks_per_byte - 1) // risks_per_byte * risks_per_byte)
    shifted = padded.reshape(-1, risks_per_byte) << np.arange(0, 8, bits, dtype=np.uint8)
    return base64.b64encode(np.bitwise_or.reduce(shifted, axis=1).tobytes()).decode()
