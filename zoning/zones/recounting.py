"""Past days by another rule, from the current records.

Each call counts and classifies again, with the window of the rule: a few milliseconds for placed
cases. Nothing is published.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from geodata.calendar import DayNumbers, day_number
from zoning.counting.houses import CaseTable, houses_in_window
from zoning.days.classification import count_colours
from zoning.risk import class_keys
from zoning.rules import Rule
from zoning.rules.classification import classify


def reclassify(cases: CaseTable, days: Sequence[date], rule: Rule, n_rt: int) -> pd.DataFrame:
    """Number of RT of each class on each day by a rule.

    Parameters
    ----------
    days
        Days in order.
    n_rt
        Number of RT; an RT without cases has the lowest class.

    Returns
    -------
    DataFrame
        ``date`` and the number of RT of each class of the rule; one row for each day.
    """
    keys = class_keys(rule.classes)
    numbers = np.array([day_number(day) for day in days], dtype=np.int32)
    table = pd.DataFrame({"date": pd.to_datetime(pd.Series(days, dtype=object))})
    if len(days) == 0:
        return table.assign(**dict.fromkeys(keys, 0))
    first, last = int(numbers[0]), int(numbers[-1])
    days_counted = DayNumbers(first, last)
    counts = houses_in_window(cases, days_counted, window=rule.window, wanted=(rule.unit,))
    shape = last - first + 1, len(keys)
    colours = count_colours(counts.day - first, classify(counts, rule), shape, n_rt)
    table[keys] = colours[numbers - first]
    return table
