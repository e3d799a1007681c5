"""What of the records bears on a day, as one digest: the same digest, the same zones.

Independent of the order of rows, of how houses are numbered, of record keys and hence of the
secret behind pseudonyms: what counts is who lies where, since when, still active or not, and who
shares a house with whom. Records confirmed after a day, or past its window and no longer active,
do not bear on it.
"""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from zoning.houses import CaseTable

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
    order = np.argsort(cases.day, kind="stable")
    house, day, until, place = (np.asarray(c)[order] for c in (*cases[1:], area))
    longest = int(np.max(until.astype(np.int64) - day, initial=0))
    for judged in days:
        # No case from before `oldest` can bear on the day.
        oldest = judged - max(window - 1, longest)
        near = slice(*np.searchsorted(day, [oldest, judged + 1]))
        age = judged - day[near]
        recent = age < window
        active = until[near] > judged
        # Of a case past the window nothing bears but that it is active.
        columns = (
            place[near],
            np.where(recent, house[near], -1),
            np.where(recent, age, window),
            active,
        )
        yield _digest(*(column[recent | active].astype(np.int32) for column in columns))


def _digest(place: Int32s, house: Int32s, age: Int32s, active: Int32s) -> str:
    """Digest of cases, each with its rank in its house instead of the house's number.

    Ranked from the latest case on, a house has a case in a window exactly where its first does.
    """
    order = np.lexsort((active, age, house, place))
    place, house, age, active = place[order], house[order], age[order], active[order]
    at = np.arange(len(place))
    begins = np.ones(len(place), dtype=bool)
    begins[1:] = (place[1:] != place[:-1]) | (house[1:] != house[:-1])
    rank = at - np.maximum.accumulate(np.where(begins, at, 0))
    rank[house < 0] = -1
    rows = np.column_stack((place, age, active, rank)).astype("<i4")
    ordered = rows[np.lexsort(rows.T)]
    return hashlib.sha256(ordered.tobytes()).hexdigest()[:32]
