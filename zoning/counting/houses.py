"""Houses with a confirmed case in a trailing window, for every RT and day of a range at once.

Knows row numbers and days since 1970-01-01; `zoning.rules` turns a count into a risk.
"""

from collections.abc import Collection, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.calendar import DayNumbers
from geodata.errors import InputError
from zoning.counting.sweeping import SparseCounts, sweep_days
from zoning.kernels.packing import DEATH, MOST_DAYS, NEWCOMER, UNKNOWN_HOUSE, Range, Rows
from zoning.kernels.tallying import ACTIVE, CASES, DEATHS, HOUSES, HOUSES_AT_LEAST, NEWCOMERS

Int32s = NDArray[np.int32]

CountName = Literal["houses", "houses_at_least", "cases", "active"]
COUNT_NAMES: Final[tuple[CountName, ...]] = ("houses", "houses_at_least", "cases", "active")
_COUNTERS: Final = {
    "houses": HOUSES,
    "houses_at_least": HOUSES_AT_LEAST,
    "cases": CASES,
    "active": ACTIVE,
    "deaths": DEATHS,
    "newcomers": NEWCOMERS,
}
_LONGEST_WINDOW: Final = 2**32
"""No window of int32 days holds more days."""


class CaseTable(NamedTuple):
    """The columns of confirmed cases that are counted; arrays with shape ``(n,)``."""

    rt: Int32s
    """Row number of the RT, -1 unplaced."""
    house: Int32s
    """Row number of the house, -1 unknown."""
    day: Int32s
    """Day of confirmation, days since 1970-01-01."""
    until: Int32s
    """The first day on which the case is no longer active."""
    house_at_least: Int32s | None = None
    """As `house`, with one number for houses that may be the same; None if no house is in doubt."""

    def take(self, rows: NDArray[np.integer | np.bool_]) -> "CaseTable":
        """The cases at `rows`."""
        lower = self.house_at_least
        return CaseTable(
            self.rt[rows],
            self.house[rows],
            self.day[rows],
            self.until[rows],
            None if lower is None else lower[rows],
        )


class Events(NamedTuple):
    """Deaths or arrivals in an RT on a day; arrays with shape ``(n,)``."""

    rt: Int32s
    """Row number of the RT, -1 unplaced."""
    day: Int32s
    """Days since 1970-01-01."""


class Counts(NamedTuple):
    """Counts of each RT and day with a count above zero; int32 arrays, sorted by day, then RT."""

    day: Int32s
    rt: Int32s
    houses: Int32s
    """Houses with a case in the window; each case without a known house counts as a house."""
    houses_at_least: Int32s
    """The same, but all cases of an RT without a known house count as one house."""
    cases: Int32s
    """Cases confirmed in the window."""
    active: Int32s
    """Active cases on the day, confirmed in the window or before."""
    deaths: Int32s
    """Deaths in the window."""
    newcomers: Int32s
    """Arrivals in the window."""


def houses_in_window(
    cases: CaseTable,
    days: DayNumbers,
    *,
    window: int = 7,
    wanted: Collection[CountName] = COUNT_NAMES,
    deaths: Events | None = None,
    newcomers: Events | None = None,
) -> Counts:
    """Houses with at least one confirmed case in the trailing window, per RT and day.

    Parameters
    ----------
    cases
        ``n`` rows in any order; cases without an RT are not counted.
    days
        The days to count.
    window
        Days in the window, which ends with the day.
    wanted
        The counts to compute; all others are zero. Fewer counts take less time.
    deaths, newcomers
        Counted in addition to the cases, unless None.

    Returns
    -------
    Counts
        Sparse: a row for each day and RT with a case, death or arrival in the window or, if
        `wanted` has ``active``, with an active case.

    Raises
    ------
    InputError
        ``window`` if `window` is not positive, ``days-order`` if the last day is before the
        first, ``house`` if a row number of a house is below -1, ``wanted`` if no count is wanted,
        or if `wanted` has an unknown name.

    Notes
    -----
    The unit and window of Inmendagri 3/2021, second dictum. A house counts once, for any number
    of cases in the house.
    """
    if window < 1:
        raise InputError(
            "window",
            f"window must be at least 1 day; {window} came.",
            indonesian=f"window harus paling sedikit 1 hari; yang diberikan {window}.",
        )
    if days.last < days.first:
        raise InputError(
            "days-order",
            "The last day is before the first day. Swap the two days.",
            indonesian="Hari terakhir mendahului hari pertama. Tukar kedua hari itu.",
        )
    events = _rows(cases, deaths, newcomers)
    optional = {"deaths": deaths, "newcomers": newcomers}
    names = [*dict.fromkeys(wanted), *(name for name in optional if optional[name] is not None)]
    if not names or not set(wanted) <= set(COUNT_NAMES):
        raise InputError(
            "wanted",
            f"wanted must name at least one of {', '.join(COUNT_NAMES)}, and no other counts; "
            f"{names} came.",
            indonesian=f"wanted harus menyebut paling sedikit satu dari {', '.join(COUNT_NAMES)}, "
            f"tanpa hitungan lain; yang diberikan {names}.",
        )
    counters = [_COUNTERS[name] for name in names]
    ranges = _sweep_ranges(days, min(window, _LONGEST_WINDOW))
    parts = [_to_counts(sweep_days(events, part, counters=counters), names) for part in ranges]
    counts = parts[0] if len(parts) == 1 else _concatenate(parts)
    if cases.house_at_least is None or "houses_at_least" not in names:
        return counts
    return counts._replace(houses_at_least=_lower_house_counts(cases, counts, ranges))


def _lower_house_counts(cases: CaseTable, counts: Counts, ranges: Sequence[Range]) -> Int32s:
    """The lower counts of houses: a second sweep, over the RT with houses in doubt."""
    at_least = cases.house if cases.house_at_least is None else cases.house_at_least
    doubtful_rt = np.unique(cases.rt[cases.house != at_least])
    doubtful_cases = cases._replace(house=at_least).take(np.isin(cases.rt, doubtful_rt))
    events = _rows(doubtful_cases, None, None)
    lower_counts = counts.houses_at_least.copy()
    # Rows are sorted by day, then RT, so one ascending number is the key of a row.
    n_rt = int(counts.rt.max(initial=-1)) + 1
    keys = counts.day.astype(np.int64) * n_rt + counts.rt
    for sweep_range in ranges:
        sparse = sweep_days(events, sweep_range, counters=[HOUSES_AT_LEAST])
        rows = np.searchsorted(keys, sparse.day.astype(np.int64) * n_rt + sparse.rt)
        lower_counts[rows] = sparse.counts[0]
    return lower_counts


def _rows(cases: CaseTable, deaths: Events | None, newcomers: Events | None) -> Rows:
    case_columns = (cases.rt, cases.house, cases.day, cases.until)
    table = Rows(*(np.ascontiguousarray(column, dtype=np.int32) for column in case_columns))
    if table.item.min(initial=UNKNOWN_HOUSE) < UNKNOWN_HOUSE:
        raise InputError(
            "house",
            "The row number of a house must be 0 or more, or -1 for an unknown house.",
            indonesian="Nomor baris rumah harus 0 atau lebih, atau -1 untuk rumah yang tidak "
            "diketahui.",
        )
    tables = [table]
    for item, events in ((DEATH, deaths), (NEWCOMER, newcomers)):
        if events is not None:
            items = np.full(len(events.rt), item, dtype=np.int32)
            tables.append(Rows(events.rt, items, events.day, events.day))
    if len(tables) == 1:
        return table
    columns = zip(*tables, strict=True)
    return Rows(*(np.concatenate(column).astype(np.int32, copy=False) for column in columns))


def _sweep_ranges(days: DayNumbers, window: int) -> list[Range]:
    """The days in ranges of at most `MOST_DAYS`, the limit of one sweep."""
    return [
        Range(first, min(MOST_DAYS, days.last - first + 1), window)
        for first in range(days.first, days.last + 1, MOST_DAYS)
    ]


def _to_counts(sparse: SparseCounts, names: Sequence[str]) -> Counts:
    # A broadcast zero takes no memory: the column of each count that was not computed.
    columns = dict.fromkeys(_COUNTERS, np.broadcast_to(np.int32(0), sparse.day.shape))
    return Counts(sparse.day, sparse.rt, **columns | dict(zip(names, sparse.counts, strict=True)))


def _concatenate(parts: list[Counts]) -> Counts:
    return Counts(*(np.concatenate(column) for column in zip(*parts, strict=True)))
