"""Hash of the cases that affect a day's result: the same digest means the same zones.

The digest depends on the area of each case, its day, whether it is active, and which cases share a
house. It does not depend on the order of rows, the numbers of houses, record keys or the secret of
pseudonyms. A case does not affect a day if it was confirmed after the day, or if it is older than
the window and no longer active.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zoning.counting.houses import CaseTable

Int32s = NDArray[np.int32]


def digests(cases: CaseTable, area: Int32s, days: Sequence[int], *, window: int) -> Iterator[str]:
    """Digest of the cases that affect each day.

    Parameters
    ----------
    cases
        ``n`` confirmed cases in any order.
    area
        Row number of the smallest known area of each case, shape ``(n,)``: an RT or an area above.
    days
        Days since 1970-01-01.
    window
        Days in the window, which ends with the day.

    Yields
    ------
    str
        32 hex characters for each day.
    """
    upper = _digests(cases, area, days, window)
    if cases.house_at_least is None:
        yield from upper
        return
    lower_cases = cases._replace(house=cases.house_at_least)
    for digest, lower_digest in zip(upper, _digests(lower_cases, area, days, window), strict=True):
        # Houses in doubt without a case in the window do not affect the day.
        if digest == lower_digest:
            yield digest
        else:
            yield hashlib.sha256(f"{digest} {lower_digest}".encode()).hexdigest()[:32]


def _digests(cases: CaseTable, area: Int32s, days: Sequence[int], window: int) -> Iterator[str]:
    place, days_of_cases, until, house, nth = _sort_cases(cases, area)
    latest = np.zeros(int(house.max(initial=-1)) + 1, dtype=np.int32)
    longest = int(np.max(until.astype(np.int64) - days_of_cases, initial=0))
    for day_number in days:
        # A case confirmed before `first_day` cannot affect the day.
        first_day = day_number - max(window - 1, longest)
        in_range = slice(*np.searchsorted(days_of_cases, [first_day, day_number + 1]))
        age = day_number - days_of_cases[in_range]
        active = until[in_range] > day_number
        latest[house[in_range]] = -1
        np.maximum.at(latest, house[in_range], nth[in_range])
        rank = latest[house[in_range]] - nth[in_range]
        # For a case older than the window, only `active` matters.
        rank[(nth[in_range] < 0) | (age >= window)] = -1
        affecting = np.flatnonzero((age < window) | active)
        affecting_place, capped = place[in_range][affecting], np.minimum(age[affecting], window)
        yield _digest(affecting_place, capped, active[affecting], rank[affecting])


class _SortedCases(NamedTuple):
    """Cases sorted by day; arrays with shape ``(n,)``."""

    place: Int32s
    day: Int32s
    until: Int32s
    house: Int32s
    """One number for each house of a place."""
    nth: Int32s
    """Rises with the cases of a house, from the earliest case; -1 without a house.

    The digest uses the rank from the latest case: it does not change with cases before the window.
    """


def _sort_cases(cases: CaseTable, area: Int32s) -> _SortedCases:
    # Among the cases of a house on one day, the case that is active longest comes first.
    order = np.lexsort((-cases.until.astype(np.int64), cases.day, cases.house, area))
    place, house = area[order], cases.house[order]
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = (place[1:] != place[:-1]) | (house[1:] != house[:-1])
    nth = np.where(house < 0, -1, np.arange(len(order)))
    columns = (place, cases.day[order], cases.until[order], np.cumsum(is_first) - 1, nth)
    by_day = np.argsort(columns[1], kind="stable")
    return _SortedCases(*(column[by_day].astype(np.int32) for column in columns))


def _digest(place: Int32s, age: Int32s, active: NDArray[np.bool_], rank: Int32s) -> str:
    rows = np.column_stack((place, age, active, rank)).astype("<i4")
    # One int64 key for each row sorts four times as fast as four columns, and does not overflow
    # for the cases of a nation.
    key = (rank.astype(np.int64) + 1) * 2 + active
    for column in (age, place):
        key = key * (int(column.max(initial=0)) + 1) + column
    return hashlib.sha256(rows[np.argsort(key)].tobytes()).hexdigest()[:32]
