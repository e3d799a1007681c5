"""The orientation predicate: on which side of a line a point lies, exactly.

An adaptive filter answers nearly always: the determinant in floating point with an error bound.
The determinant as an exact sum of floats answers the other cases (Shewchuk 1997, "Adaptive
precision floating-point arithmetic and fast robust geometric predicates"). Never compile this
module with fastmath.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from zoning.kernels.compiling import kernel

Float64s = NDArray[np.float64]

UNKNOWN_SIDE: Final = 2
"""A product underflows float64: rational arithmetic must decide."""

_SPLITTER: Final = 134217729.0  # 2^27 + 1
_BOUND: Final = 3.4e-16
"""More than Shewchuk's (3 + 16 u) u, u = 2^-53; the difference covers underflow above 1e-280."""
_SAFE_SUM: Final = 1e-280
_SAFE_PRODUCT: Final = 2.0**-900


@kernel
def two_product(a: float, b: float) -> tuple[float, float]:
    """Product and its exact rounding error (Dekker 1971).

    Works without fused multiply-add, and the compiler generates none without fastmath.
    """
    product = a * b
    c = _SPLITTER * a
    a_high = c - (c - a)
    a_low = a - a_high
    c = _SPLITTER * b
    b_high = c - (c - b)
    b_low = b - b_high
    error = product - a_high * b_high
    error -= a_low * b_high
    error -= a_high * b_low
    return product, a_low * b_low - error


@kernel
def _grow(expansion: Float64s, n: int, term: float) -> None:
    """Add a term to a nonoverlapping expansion of `n` components, exactly (Shewchuk 1997)."""
    carried = term
    for i in range(n):
        total = carried + expansion[i]
        virtual = total - carried
        expansion[i] = (carried - (total - virtual)) + (expansion[i] - virtual)
        carried = total
    expansion[n] = carried


@kernel
def _exact_side(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> int:
    # The determinant multiplied out: a sum of six products, each the exact sum of two floats.
    left = (bx, by, ay, -bx, -ax, -by)
    right = (py, ax, px, ay, py, px)
    expansion = np.empty(12, dtype=np.float64)
    for k in range(6):
        product, error = two_product(left[k], right[k])
        if abs(product) < _SAFE_PRODUCT and left[k] != 0.0 and right[k] != 0.0:
            return UNKNOWN_SIDE
        _grow(expansion, 2 * k, error)
        _grow(expansion, 2 * k + 1, product)
    for k in range(11, -1, -1):
        if expansion[k] != 0.0:
            return 1 if expansion[k] > 0.0 else -1
    return 0


@kernel
def side(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> int:
    """Side of p seen along the line from a to b: 1 left, -1 right, 0 on the line.

    Exact for coordinates up to 1e150 in size; `UNKNOWN_SIDE` if a product underflows.
    """
    rising = (bx - ax) * (py - ay)
    falling = (by - ay) * (px - ax)
    difference = rising - falling
    size = abs(rising) + abs(falling)
    if size > _SAFE_SUM and abs(difference) > _BOUND * size:
        return 1 if difference > 0.0 else -1
    return _exact_side(ax, ay, bx, by, px, py)
