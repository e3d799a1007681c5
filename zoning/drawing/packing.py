"""Shapes and numbers written small, for a page that carries them: the page's script reads them.

A sequence of whole numbers is written as variable-length bytes (7 bits each, the sign in the
lowest bit) in base64; a shape is the steps from each corner to the next.
"""

import base64
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

STEPS_PER_DEGREE: Final = 200_000
"""A step is half a metre."""
_FOUR: Final = 4
"""Classes that two bits number."""


def packed_numbers(numbers: NDArray[np.int64]) -> str:
    """Whole numbers between -2^34 and 2^34 as text."""
    values = np.where(numbers < 0, -2 * numbers - 1, 2 * numbers).astype(np.uint64)
    length = np.ones(len(values), dtype=np.int64)
    for bits in (7, 14, 21, 28):
        length += values >= np.uint64(1 << bits)
    starts = np.cumsum(length) - length
    out = np.zeros(int(length.sum()), dtype=np.uint8)
    for place in range(5):
        here = length > place
        more = np.where(length[here] > place + 1, 0x80, 0).astype(np.uint64)
        out[starts[here] + place] = (values[here] >> np.uint64(7 * place)) & np.uint64(0x7F) | more
    return base64.b64encode(out.tobytes()).decode()


def packed_shapes(shapes: NDArray[np.object_]) -> dict[str, str]:
    """Polygons in degrees: rings of each, corners of each ring, and the steps between corners.

    Holes are rings like any other, to be filled by the even-odd rule. A ring's last corner, equal
    to its first, is left out.
    """
    parts, shape_of = shapely.get_parts(shapes, return_index=True)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    corners, ring_of = shapely.get_coordinates(rings, return_index=True)
    last = np.append(ring_of[1:] != ring_of[:-1], np.ones(min(1, len(ring_of)), dtype=np.bool_))
    grid = np.rint(corners[~last] * STEPS_PER_DEGREE).astype(np.int64)
    return {
        "rings": packed_numbers(np.bincount(shape_of[part_of], minlength=len(shapes))),
        "corners": packed_numbers(np.bincount(ring_of[~last], minlength=len(rings))),
        "steps": packed_numbers(np.diff(grid, axis=0, prepend=np.zeros((1, 2), np.int64)).ravel()),
    }


def packed_risks(risks: NDArray[np.uint8], n_classes: int) -> str:
    """Risks, four to a byte from its lowest bits up; whatever is no risk becomes 0.

    With more than four classes two to a byte.
    """
    clean = np.where(risks < n_classes, risks, 0).astype(np.uint8)
    bits = 2 if n_classes <= _FOUR else 4
    each = 8 // bits
    filled = np.append(clean, np.zeros(each - 1, np.uint8))
    filled = np.resize(filled, (len(clean) + each - 1) // each * each)
    folded = filled.reshape(-1, each) << np.arange(0, 8, bits, dtype=np.uint8)
    return base64.b64encode(np.bitwise_or.reduce(folded, axis=1).tobytes()).decode()
