"""What of the records bears on a day, as one digest: the same digest, the same zones.

Independent of the order of rows, of how houses are numbered, of record keys and hence of the
secret behind pseudonyms: what counts is who lies where, since when, still active or not, and who
shares a house with whom. Records confirmed after a day, or past its window and no longer active,
do not bear on it.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zoning.counting.houses import CaseTable

Int32s = NDArray[np.int32]


def digests(cases: CaseTable, area: Int32s, days: Sequence[int], *, window: int) -> Iterator[str]:
    """Digest of the cases that bear on each day.

    Parameters
    ----------
    cases
        ``n`` confirmed cases in any order.
    area
        Row number of the smallest area known of each, shape ``(n,)``: an RT or an area above.
    days
        Days since 1970-01-01.
    window
        Days in the window, the judged day included.

    Yields
    ------
    str
        32 hex characters a day.
    """
    plain = _digests(cases, area, days, window)
    if cases.house_at_least is None:
        yield from plain
        return
    lower = cases._replace(house=cases.house_at_least)
    for digest, other in zip(plain, _digests(lower, area, days, window), strict=True):
        # A doubt about houses that has no case in the window does not affect the day.
        same = digest == other
        yield digest if same else hashlib.sha256(f"{digest} {other}".encode()).hexdigest()[:32]


def _digests(cases: CaseTable, area: Int32s, days: Sequence[int], window: int) -> Iterator[str]:
    place, day, until, house, nth = _in_order(cases, area)
    latest = np.zeros(int(house.max(initial=-1)) + 1, dtype=np.int32)
    longest = int(np.max(until.astype(np.int64) - day, initial=0))
    for judged in days:
        # No case from before `oldest` can bear on the day.
        oldest = judged - max(window - 1, longest)
        near = slice(*np.searchsorted(day, [oldest, judged + 1]))
        age = judged - day[near]
        active = until[near] > judged
        latest[house[near]] = -1
        np.maximum.at(latest, house[near], nth[near])
        rank = latest[house[near]] - nth[near]
        # Of a case past the window nothing bears but that it is active.
        rank[(nth[near] < 0) | (age >= window)] = -1
        bears = np.flatnonzero((age < window) | active)
        where, capped = place[near][bears], np.minimum(age[bears], window)
        yield _digest(where, capped, active[bears], rank[bears])


class _Ordered(NamedTuple):
    """Cases in order of day; arrays with shape ``(n,)``."""

    place: Int32s
    day: Int32s
    until: Int32s
    house: Int32s
    """The same number for the same house in the same place."""
    nth: Int32s
    """Which of its house's cases it is, from 0 on; -1 without a house.

    Counted back from the latest, a house has a case in a window exactly where its first is in it.
    """


def _in_order(cases: CaseTable, area: Int32s) -> _Ordered:
    # Of a house's cases of one day those active longest come first.
    order = np.lexsort((-cases.until.astype(np.int64), cases.day, cases.house, area))
    place, house = area[order], cases.house[order]
    at = np.arange(len(order), dtype=np.int32)
    begins = np.ones(len(order), dtype=bool)
    begins[1:] = (place[1:] != place[:-1]) | (house[1:] != house[:-1])
    nth = at - np.maximum.accumulate(np.where(begins, at, 0))
    nth[house < 0] = -1
    columns = (place, cases.day[order], cases.until[order], np.cumsum(begins) - 1, nth)
    by_day = np.argsort(columns[1], kind="stable")
    return _Ordered(*(column[by_day].astype(np.int32) for column in columns))


def _digest(place: Int32s, age: Int32s, active: NDArray[np.bool_], rank: Int32s) -> str:
    rows = np.column_stack((place, age, active, rank)).astype("<i4")
    # One number a row sorts four times as fast as four. It holds 2^63, a nation's cases by far.
    by = (rank.astype(np.int64) + 1) * 2 + active
    for column in (age, place):
        by = by * (int(column.max(initial=0)) + 1) + column
    return hashlib.sha256(rows[np.argsort(by)].tobytes()).hexdigest()[:32]
