"""Days and ranges of days: as dates, and as day numbers for arrays.

A day number is the number of days since 1970-01-01. The engine computes with day numbers; users,
databases and files write dates. Time zones are in `geodata.clock`.
"""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from geodata.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

FOR_EVER: Final = datetime.max  # noqa: DTZ901  (the tables keep UTC without a zone)
"""No record is newer: the state at this moment is the current state."""
NO_DAY: Final = int(np.iinfo(np.int32).min)
"""The value for an unknown day in an array of day numbers."""
_EPOCH: Final = date(1970, 1, 1)


class DayNumbers(NamedTuple):
    """A range of day numbers, both ends included."""

    first: int
    last: int


class DayRange(NamedTuple):
    """A range of dates, both ends included."""

    first: date = date.min
    last: date = date.max

    @classmethod
    def between(cls, first: date | None, last: date | None) -> Self:
        """A range with open ends: None means the first or the last day of the calendar."""
        return cls(first or date.min, last or date.max)

    @property
    def numbers(self) -> DayNumbers:
        """The same range as day numbers."""
        return DayNumbers(day_number(self.first), day_number(self.last))

    def holds(self, day: date) -> bool:
        """Whether the range contains a day."""
        return self.first <= day <= self.last

    def check_order(self) -> None:
        """Reject a range that ends before it begins.

        Raises
        ------
        InputError
            ``days-order``.
        """
        if self.last < self.first:
            raise InputError(
                "days-order",
                f"The last day {self.last} is before the first day {self.first}. Swap the two.",
                indonesian=f"Hari terakhir {self.last} mendahului hari pertama {self.first}. "
                "Tukar keduanya.",
            )

    def dates(self) -> list[date]:
        """Every day of the range, in order."""
        return [
            self.first + timedelta(days=offset)
            for offset in range((self.last - self.first).days + 1)
        ]


ALL_DAYS: Final = DayRange()
"""Every day of the calendar."""


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def day_numbers(dates: "pa.Array | pa.ChunkedArray") -> NDArray[np.int32]:
    """Days since 1970-01-01 of a column of dates; `NO_DAY` for a null.

    Parameters
    ----------
    dates
        date32, shape ``(n,)``.
    """
    days = dates.cast("int32").fill_null(NO_DAY)
    return np.asarray(days.to_numpy(zero_copy_only=False), dtype=np.int32)
