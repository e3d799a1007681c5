"""Waves of the epidemic: newly confirmed houses per day, similar to the waves of Java.

The turning points imitate Semarang (first rise in mid-2020, a peak in January and February 2021,
the largest peak in June and July 2021, low by October 2021) and the size of its published figures
of September and October 2021. The numbers between are interpolated, not counted.
"""

from datetime import date
from typing import Final

import numpy as np

from geodata.calendar import day_number
from geodata.tessellate.frame import Floats
from geodata.tessellate.ridges import Ints

FIRST_DAY: Final = date(2020, 3, 16)
LAST_DAY: Final = date(2021, 12, 31)

_TURNING_POINTS: Final = (
    (date(2020, 3, 16), 0.25),
    (date(2020, 4, 15), 3.0),
    (date(2020, 5, 20), 2.5),
    (date(2020, 6, 20), 14.0),
    (date(2020, 7, 25), 28.0),
    (date(2020, 9, 25), 20.0),
    (date(2020, 10, 25), 15.0),
    (date(2020, 12, 5), 42.0),
    (date(2021, 1, 12), 105.0),
    (date(2021, 2, 5), 115.0),
    (date(2021, 3, 15), 32.0),
    (date(2021, 5, 5), 14.0),
    (date(2021, 5, 25), 24.0),
    (date(2021, 6, 12), 150.0),
    (date(2021, 6, 24), 540.0),
    (date(2021, 7, 8), 760.0),
    (date(2021, 7, 22), 470.0),
    (date(2021, 8, 8), 120.0),
    (date(2021, 8, 22), 32.0),
    (date(2021, 9, 3), 9.8),
    (date(2021, 9, 9), 6.4),
    (date(2021, 9, 18), 2.4),
    (date(2021, 10, 1), 0.9),
    (date(2021, 10, 17), 0.45),
    (date(2021, 11, 20), 0.3),
    (date(2021, 12, 31), 0.3),
)
_WEEKDAY_FACTORS: Final = np.array([1.08, 1.12, 1.08, 1.06, 1.04, 0.9, 0.72])
"""Factors from Monday to Sunday: laboratories report less on Saturdays and Sundays."""


def houses_per_day(share: float) -> tuple[Ints, Floats]:
    """Days since 1970-01-01, and the expected number of confirmed houses on each day.

    Parameters
    ----------
    share
        Share of the population of the city in the simulated part.
    """
    days = np.arange(day_number(FIRST_DAY), day_number(LAST_DAY) + 1)
    turns = [day_number(day) for day, _ in _TURNING_POINTS]
    level = np.exp(np.interp(days, turns, np.log([houses for _, houses in _TURNING_POINTS])))
    weekday = (days + 3) % 7  # 1970-01-01 was a Thursday.
    return days, level * _WEEKDAY_FACTORS[weekday] * share
