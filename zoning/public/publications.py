"""Every published day as known now, read once for each publication."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Final

import pandas as pd

from geodata.calendar import DayRange
from zoning.caching import bytes_of_frame
from zoning.public.source import RunKey, Stamp

_BYTES_A_DAY: Final = 300
"""Approximate memory of a key with its texts."""


class Publications:
    """The published days at one moment. Safe for many threads.

    Attributes
    ----------
    stamp
        Changes whenever a published colour changes.
    runs
        See `zoning.public.source.PublicSource.runs`; read-only by convention.
    """

    def __init__(self, stamp: Stamp, runs: pd.DataFrame) -> None:
        self.stamp = stamp
        self.runs = runs

    @property
    def nbytes(self) -> int:
        """Approximate memory in bytes."""
        return bytes_of_frame(self.runs) + len(self.runs) * _BYTES_A_DAY

    @cached_property
    def _keys(self) -> dict[date, RunKey]:
        columns = (self.runs[name].tolist() for name in ("run", "date", "boundaries"))
        return {key.date: key for key in map(RunKey, *columns)}

    def key(self, day: date | None) -> RunKey | None:
        """Key of the run of a day, of the newest day for None; None if it is not published."""
        if day is None:
            return next(reversed(self._keys.values()), None)
        return self._keys.get(day)

    def keys(self, days: DayRange) -> Iterator[RunKey]:
        """Keys of the runs of a range of days, in order."""
        return (key for key in self._keys.values() if days.holds(key.date))
