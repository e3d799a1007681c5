"""Apportionment: integers in proportion to weights."""

import numpy as np
from numpy.typing import NDArray

from geodata.tessellate.frame import Floats


def apportion(weights: Floats, total: int, least: int = 0) -> NDArray[np.int64]:
    """Integers in proportion to weights, by the largest remainder (Hamilton) method.

    Parameters
    ----------
    weights
        ``(n,)``, not negative; if all are zero, all are equal.
    total
        Sum of the numbers; at least ``n * least``.
    least
        Minimum of each number.

    Returns
    -------
    NDArray[np.int64]
        ``(n,)``. The first of equal remainders comes first.
    """
    if weights.sum() <= 0:
        weights = np.ones_like(weights)
    numbers = np.full(len(weights), least, np.int64)
    is_open = np.ones(len(weights), np.bool_)
    # A row with a share below the minimum gets the minimum; the other rows share the remainder.
    while is_open.any():
        remaining = total - least * int((~is_open).sum())
        shares = (
            weights * is_open * (remaining / weights[is_open].sum()) if remaining else weights * 0.0
        )
        is_short = is_open & (shares < least)
        if not is_short.any():
            numbers[is_open] = np.floor(shares[is_open]).astype(np.int64)
            remainder = np.where(is_open, shares - numbers, -1.0)
            largest = np.argsort(-remainder, kind="stable")[: total - int(numbers.sum())]
            numbers[largest] += 1
            break
        is_open &= ~is_short
        if is_open.any() and weights[is_open].sum() <= 0:
            weights = np.where(is_open, 1.0, weights)
    return numbers


def apportion_within(
    weights: Floats, group: NDArray[np.int64], totals: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Divide the total of each group in proportion to the weights within the group.

    Parameters
    ----------
    weights, group
        ``(n,)``; a group is a row number of ``totals``.
    """
    numbers = np.zeros(len(weights), np.int64)
    for number, total in enumerate(totals.tolist()):
        rows = group == number
        numbers[rows] = apportion(weights[rows], total)
    return numbers
