"""Whole numbers in proportion to weights."""

import numpy as np
from numpy.typing import NDArray

from geodata.tessellate.frame import Floats


def apportion(weights: Floats, total: int, least: int = 0) -> NDArray[np.int64]:
    """Whole numbers in proportion to weights, by largest remainder.

    Parameters
    ----------
    weights
        ``(n,)``, not negative; all zero counts as all equal.
    total
        What the numbers add up to; at least ``n * least``.
    least
        What each gets whatever its weight.

    Returns
    -------
    NDArray[np.int64]
        ``(n,)``. Equal remainders are served in order.
    """
    if weights.sum() <= 0:
        weights = np.ones_like(weights)
    numbers = np.full(len(weights), least, np.int64)
    open_ = np.ones(len(weights), np.bool_)
    # Whoever's share is below the least keeps the least; the others share what is left.
    while open_.any():
        rest = total - least * int((~open_).sum())
        shares = weights * open_ * (rest / weights[open_].sum()) if rest else weights * 0.0
        short = open_ & (shares < least)
        if not short.any():
            numbers[open_] = np.floor(shares[open_]).astype(np.int64)
            remainder = np.where(open_, shares - numbers, -1.0)
            first = np.argsort(-remainder, kind="stable")[: total - int(numbers.sum())]
            numbers[first] += 1
            break
        open_ &= ~short
        if open_.any() and weights[open_].sum() <= 0:
            weights = np.where(open_, 1.0, weights)
    return numbers


def apportion_within(
    weights: Floats, group: NDArray[np.int64], totals: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Each group's total in proportion to the weights within the group.

    Parameters
    ----------
    weights, group
        ``(n,)``; groups are row numbers of ``totals``.
    """
    numbers = np.zeros(len(weights), np.int64)
    for number, total in enumerate(totals.tolist()):
        rows = group == number
        numbers[rows] = apportion(weights[rows], total)
    return numbers
