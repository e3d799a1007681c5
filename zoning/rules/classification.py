"""Counts judged by a rule; apart from the rules themselves, which everyone may read."""

import numpy as np
from numpy.typing import NDArray

from zoning.counting.houses import Counts
from zoning.rules.model import Rule


def classify(counts: Counts, by: Rule) -> NDArray[np.uint8]:
    """Risk of every row of counts under a rule.

    Returns
    -------
    ndarray
        uint8, shape ``(n,)``: the number of the class, 0 for the lowest.
    """
    counted: NDArray[np.int32] = getattr(counts, by.unit)
    return by.risks_of(counted)
