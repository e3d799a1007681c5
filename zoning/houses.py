"""Houses with a confirmed case in a trailing window, for every RT and day of a range at once.

Knows row numbers and days since 1970-01-01; what a count means in law is in `zoning.rules`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.errors import InputError
from zoning.kernels.sweep import ACTIVE, CASES, HOUSES, HOUSES_AT_LEAST, sweep

Int32s = NDArray[np.int32]


class CaseTable(NamedTuple):
    """Confirmed cases as the engine takes them; four arrays with shape ``(n,)``."""

    rt: Int32s
    """Row number of the RT, -1 unplaced."""
    house: Int32s
    """Row number of the house, -1 unknown."""
    day: Int32s
    """Day of confirmation, days since 1970-01-01."""
    until: Int32s
    """The first day on which the case is no longer active."""


class Days(NamedTuple):
    """The days of a range, both ends included, as days since 1970-01-01."""

    first: int
    last: int


class Counts(NamedTuple):
    """Counts of every RT and day that has any; six int32 arrays, sorted by day, then RT."""

    day: Int32s
    rt: Int32s
    houses: Int32s
    """Houses with a case in the window; each unknown house is one of its own."""
    houses_at_least: Int32s
    """The same, all unknown houses of an RT taken for one."""
    cases: Int32s
    """Cases confirmed in the window."""
    active: Int32s
    """Active cases on the day, whenever confirmed."""

    def on(self, day: int) -> "Counts":
        """The rows of one day."""
        start, stop = np.searchsorted(self.day, [day, day + 1])
        return Counts(*(column[start:stop] for column in self))


def houses_in_window(cases: CaseTable, days: Days, *, window: int = 7) -> Counts:
    """Houses with at least one confirmed case in the trailing window, per RT and day.

    Parameters
    ----------
    cases
        ``n`` rows in any order; those without an RT are left out.
    days
        The days to judge.
    window
        Days in the window, the judged day included.

    Returns
    -------
    Counts
        Sparse: an RT without a case in the window and without an active case has no row.

    Raises
    ------
    InputError
        ``window`` if it is not positive, ``days-order`` if the last day is before the first.

    Notes
    -----
    The unit and window of Inmendagri 3/2021, second dictum. A house counts once however many of
    its people fall ill, and however often.
    """
    if window < 1:
        raise InputError("window", f"A window has at least one day; {window} came.")
    if days.last < days.first:
        raise InputError("days-order", "The last day is before the first. Swap the two.")
    rt, house, day, until = (np.ascontiguousarray(column, dtype=np.int32) for column in cases)
    n_days = days.last - days.first + 1
    on, where, counts = sweep(rt, house, day, until, days.first, n_days, window)
    return Counts(on, where, counts[HOUSES], counts[HOUSES_AT_LEAST], counts[CASES], counts[ACTIVE])
