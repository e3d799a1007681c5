"""Classifies counts by a rule; separate from the rules, because public code reads the rules."""

import numpy as np
from numpy.typing import NDArray

from zoning.counting.houses import Counts
from zoning.rules.model import Rule


def classify(counts: Counts, rule: Rule) -> NDArray[np.uint8]:
    """Risk of each row of counts by a rule.

    Returns
    -------
    ndarray
        uint8, shape ``(n,)``: number of the class, 0 for the lowest.
    """
    values: NDArray[np.int32] = getattr(counts, rule.unit)
    return rule.risks_of(values)
