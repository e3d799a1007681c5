"""On which side of a line a point lies, as exact rational arithmetic would say it.

A sum of floats with a bound on its error (Shewchuk 1997) answers nearly always, the determinant
multiplied out into an exact sum of floats the rest. Never compile this with fastmath.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from zoning.kernels.compiling import kernel

Float64s = NDArray[np.float64]

UNKNOWN_SIDE: Final = 2
"""Products too small for float64: rational arithmetic must decide."""

_SPLITTER: Final = 134217729.0  # 2^27 + 1
_BOUND: Final = 3.4e-16
"""Above Shewchuk's (3 + 16 u) u with u = 2^-53: what underflow adds to sums over 1e-280 is less."""
_SAFE_SUM: Final = 1e-280
_SAFE_PRODUCT: Final = 2.0**-900


@kernel
def two_product(a: float, b: float) -> tuple[float, float]:
    """Product and its exact rounding error (Dekker 1971).

    Needs no fused multiply-add, and none is made of it: that takes fastmath.
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
    """Side of the line from a to b that p is on: 1 left, -1 right, 0 on it, as exact as its floats.

    For coordinates within 1e150; `UNKNOWN_SIDE` where products underflow.
    """
    rising = (bx - ax) * (py - ay)
    falling = (by - ay) * (px - ax)
    difference = rising - falling
    size = abs(rising) + abs(falling)
    if size > _SAFE_SUM and abs(difference) > _BOUND * size:
        return 1 if difference > 0.0 else -1
    return _exact_side(ax, ay, bx, by, px, py)
