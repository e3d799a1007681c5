"""What another rule would have said of days gone by, from the records as they are now.

Counts and judges anew each time, whatever the rule's window: that takes milliseconds once the
cases are placed. Nothing is published.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from geodata.calendar import DayNumbers, day_number
from zoning.counting.houses import CaseTable, houses_in_window
from zoning.days.classification import count_colours
from zoning.risk import keys_of
from zoning.rules import Rule
from zoning.rules.classification import classify


def rejudge(cases: CaseTable, days: Sequence[date], by: Rule, n_rt: int) -> pd.DataFrame:
    """How many RT have each colour on each day under a rule.

    Parameters
    ----------
    days
        In order.
    n_rt
        How many RT there are: those without a row in the counts have the lowest class.

    Returns
    -------
    DataFrame
        ``date`` and how many RT have each class of the rule, one row a day.
    """
    keys = keys_of(by.classes)
    numbers = np.array([day_number(day) for day in days], dtype=np.int32)
    table = pd.DataFrame({"date": pd.to_datetime(pd.Series(days, dtype=object))})
    if len(days) == 0:
        return table.assign(**dict.fromkeys(keys, 0))
    first, last = int(numbers[0]), int(numbers[-1])
    counts = houses_in_window(cases, DayNumbers(first, last), window=by.window, wanted=(by.unit,))
    shape = last - first + 1, len(keys)
    every = count_colours(counts.day - first, judge(counts, by), shape, n_rt)
    table[keys] = every[numbers - first]
    return table
