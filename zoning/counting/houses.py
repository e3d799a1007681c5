"""Houses with a confirmed case in a trailing window, for every RT and day of a range at once.

Knows row numbers and days since 1970-01-01; what a count means in law is in `zoning.rules`.
"""

from collections.abc import Collection, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.calendar import DayNumbers
from geodata.errors import InputError
from zoning.counting.sweeping import Swept, sweep_days
from zoning.kernels.packing import DEATH, MOST_DAYS, NEWCOMER, UNKNOWN_HOUSE, Range, Rows
from zoning.kernels.tallying import ACTIVE, CASES, DEATHS, HOUSES, HOUSES_AT_LEAST, NEWCOMERS

Int32s = NDArray[np.int32]

Wanted = Literal["houses", "houses_at_least", "cases", "active"]
WANTED: Final[tuple[Wanted, ...]] = ("houses", "houses_at_least", "cases", "active")
_COUNTERS: Final = {
    "houses": HOUSES,
    "houses_at_least": HOUSES_AT_LEAST,
    "cases": CASES,
    "active": ACTIVE,
    "deaths": DEATHS,
    "newcomers": NEWCOMERS,
}
_LONGEST: Final = 2**32
"""A longer window holds no more of int32 days."""


class CaseTable(NamedTuple):
    """Confirmed cases as the engine takes them; arrays with shape ``(n,)``."""

    rt: Int32s
    """Row number of the RT, -1 unplaced."""
    house: Int32s
    """Row number of the house, -1 unknown."""
    day: Int32s
    """Day of confirmation, days since 1970-01-01."""
    until: Int32s
    """The first day on which the case is no longer active."""
    house_at_least: Int32s | None = None
    """The same as `house`, one number for houses that may be one; None where none may be."""

    def take(self, rows: NDArray[np.integer | np.bool_]) -> "CaseTable":
        """Some of the rows."""
        lower = self.house_at_least
        return CaseTable(
            self.rt[rows],
            self.house[rows],
            self.day[rows],
            self.until[rows],
            None if lower is None else lower[rows],
        )


class Events(NamedTuple):
    """What else happens in an RT on a day, a death or an arrival; arrays with shape ``(n,)``."""

    rt: Int32s
    """Row number of the RT, -1 unplaced."""
    day: Int32s
    """Days since 1970-01-01."""


class Counts(NamedTuple):
    """Counts of every RT and day that has any; int32 arrays, sorted by day, then RT."""

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
    deaths: Int32s
    """Deaths in the window."""
    newcomers: Int32s
    """Arrivals in the window."""

    def on(self, day: int) -> "Counts":
        """The rows of one day."""
        start, stop = np.searchsorted(self.day, [day, day + 1])
        return Counts(*(column[start:stop] for column in self))


def houses_in_window(
    cases: CaseTable,
    days: DayNumbers,
    *,
    window: int = 7,
    wanted: Collection[Wanted] = WANTED,
    deaths: Events | None = None,
    newcomers: Events | None = None,
) -> Counts:
    """Houses with at least one confirmed case in the trailing window, per RT and day.

    Parameters
    ----------
    cases
        ``n`` rows in any order; those without an RT are left out.
    days
        The days to judge.
    window
        Days in the window, the judged day included.
    wanted
        Which counts; the others are zeros. Fewer take less time.
    deaths, newcomers
        Counted beside the cases, where given.

    Returns
    -------
    Counts
        Sparse: an RT without a case, death or arrival in the window and, where the active are
        wanted, without an active case has no row.

    Raises
    ------
    InputError
        ``window`` if it is not positive, ``days-order`` if the last day is before the first,
        ``house`` if a row number of a house is below -1, ``wanted`` if nothing is wanted, or
        what is not counted.

    Notes
    -----
    The unit and window of Inmendagri 3/2021, second dictum. A house counts once however many of
    its people fall ill, and however often.
    """
    if window < 1:
        raise InputError(
            "window",
            f"A window has at least one day; {window} came.",
            indonesian=f"Jendela hari paling sedikit satu hari; nilai yang diberikan {window}.",
        )
    if days.last < days.first:
        raise InputError(
            "days-order",
            "The last day is before the first. Swap the two.",
            indonesian="Hari terakhir mendahului hari pertama. Tukar keduanya.",
        )
    rows = _rows(cases, deaths, newcomers)
    given = {"deaths": deaths, "newcomers": newcomers}
    names = [*dict.fromkeys(wanted), *(name for name in given if given[name] is not None)]
    if not names or not set(wanted) <= set(WANTED):
        raise InputError(
            "wanted",
            f"wanted names some of {', '.join(WANTED)}; {names} came.",
            indonesian=f"Pilihan yang ada: {', '.join(WANTED)}; yang diberikan {names}.",
        )
    counters = [_COUNTERS[name] for name in names]
    stretches = _stretches(days, min(window, _LONGEST))
    swept = [_counts(sweep_days(rows, stretch, wanted=counters), names) for stretch in stretches]
    counts = swept[0] if len(swept) == 1 else _joined(swept)
    if cases.house_at_least is None or "houses_at_least" not in names:
        return counts
    return counts._replace(houses_at_least=_at_least(cases, counts, stretches))


def _at_least(cases: CaseTable, counts: Counts, stretches: Sequence[Range]) -> Int32s:
    """The lower counts, swept again for the RT with houses that may be one."""
    at_least = cases.house if cases.house_at_least is None else cases.house_at_least
    doubtful = np.unique(cases.rt[cases.house != at_least])
    chosen = cases._replace(house=at_least).take(np.isin(cases.rt, doubtful))
    rows = _rows(chosen, None, None)
    found = counts.houses_at_least.copy()
    # Rows are sorted by day, then RT: one number finds each.
    n_rt = int(counts.rt.max(initial=-1)) + 1
    place = counts.day.astype(np.int64) * n_rt + counts.rt
    for stretch in stretches:
        swept = sweep_days(rows, stretch, wanted=[HOUSES_AT_LEAST])
        found[np.searchsorted(place, swept.day.astype(np.int64) * n_rt + swept.rt)] = swept.counts[
            0
        ]
    return found


def _rows(cases: CaseTable, deaths: Events | None, newcomers: Events | None) -> Rows:
    whole = (cases.rt, cases.house, cases.day, cases.until)
    table = Rows(*(np.ascontiguousarray(column, dtype=np.int32) for column in whole))
    if table.what.min(initial=UNKNOWN_HOUSE) < UNKNOWN_HOUSE:
        raise InputError(
            "house",
            "A house's row number is 0 or more, or -1 where it is unknown.",
            indonesian="Nomor baris rumah harus 0 atau lebih, atau -1 jika tidak diketahui.",
        )
    tables = [table]
    for what, events in ((DEATH, deaths), (NEWCOMER, newcomers)):
        if events is not None:
            kind = np.full(len(events.rt), what, dtype=np.int32)
            tables.append(Rows(events.rt, kind, events.day, events.day))
    if len(tables) == 1:
        return table
    columns = zip(*tables, strict=True)
    return Rows(*(np.concatenate(column).astype(np.int32, copy=False) for column in columns))


def _stretches(days: DayNumbers, window: int) -> list[Range]:
    """The days in stretches that one sweep can count."""
    return [
        Range(first, min(MOST_DAYS, days.last - first + 1), window)
        for first in range(days.first, days.last + 1, MOST_DAYS)
    ]


def _counts(swept: Swept, names: Sequence[str]) -> Counts:
    # Zeros that take no memory stand for what was not asked for.
    columns = dict.fromkeys(_COUNTERS, np.broadcast_to(np.int32(0), swept.day.shape))
    return Counts(swept.day, swept.rt, **columns | dict(zip(names, swept.counts, strict=True)))


def _joined(parts: list[Counts]) -> Counts:
    return Counts(*(np.concatenate(column) for column in zip(*parts, strict=True)))
