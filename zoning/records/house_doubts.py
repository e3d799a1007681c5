"""Houses that are in doubt: the cases whose house a person may have to look up.

A family card may have two clearly different addresses in one RT, and two writings of an address
may or may not be one house. Both leave the count between two numbers; see
`zoning.counting.house_groups`.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geodata.addresses import decisions
from geodata.boundaries import Boundaries, load_boundaries
from geodata.calendar import DayRange
from geodata.ledger.current import current_cases
from geodata.store import Store
from zoning.counting.cases import confirmed_rows, house_groups
from zoning.placing.placements import Placer

TWO_ADDRESSES: Final = "card-with-two-addresses"
MAYBE_ONE: Final = "maybe-one-house"
COLUMNS: Final = ("rt", "doubt", "houses", "houses_at_least", "records")


def house_doubts_frame(
    store: Store,
    *,
    first: date | None = None,
    last: date | None = None,
    boundaries: Boundaries | None = None,
) -> pd.DataFrame:
    """Houses in doubt among the confirmed cases as known now, by RT.

    Parameters
    ----------
    first, last
        Only cases confirmed from and to these days, both included; all where not given.
    boundaries
        Those in force where not given.

    Returns
    -------
    DataFrame
        ``rt`` (code), ``doubt`` (`TWO_ADDRESSES` or `MAYBE_ONE`), ``houses`` and
        ``houses_at_least`` (how many the cases are, at most and at least), ``records`` (ids of the
        cases, a list). No address and no card is in it.

    Raises
    ------
    InputError
        ``days-order`` if the last day is before the first.
    """
    DayRange.between(first, last).check_order()
    known = boundaries or load_boundaries(store)
    placer = Placer(known, prefer=store.settings.prefer, decisions=decisions(store))
    cases = _between(current_cases(store), first, last)
    rt = placer.place(cases).rt
    groups = house_groups(cases, rt, placer.houses, zones_hold_rt=known.smallest_zone != "rt")
    frame = pd.DataFrame(
        {
            "row": rt,
            "house": groups.house,
            "lower": groups.house_at_least,
            "card": groups.card_disagrees,
            "record": cases["case_id"].to_pylist(),
        }
    )
    frame = frame[(frame["row"] >= 0) & (frame["house"] >= 0)]
    codes = known.leaves["code"].to_numpy(dtype=object)
    rows = [(codes[row], *doubt) for row, doubt in _doubts(frame)]
    return pd.DataFrame(rows, columns=list(COLUMNS)).sort_values(["rt", "doubt"], ignore_index=True)


def _doubts(frame: pd.DataFrame) -> Iterator[tuple[int, tuple[str, int, int, list[str]]]]:
    """The row of the RT of each house in doubt, and what is said of it."""
    for _, own in frame.groupby("lower"):
        houses = own["house"].nunique()
        if houses > 1:
            doubt = TWO_ADDRESSES if own["card"].any() else MAYBE_ONE
            yield int(own["row"].iloc[0]), (doubt, houses, 1, sorted(own["record"]))


def _between(cases: pa.Table, first: date | None, last: date | None) -> pa.Table:
    confirmed = cases.take(pa.array(confirmed_rows(cases)))
    days = confirmed["confirmed_on"]
    inside = np.ones(confirmed.num_rows, dtype=np.bool_)
    for day, compare in ((first, pc.greater_equal), (last, pc.less_equal)):
        if day is not None:
            inside &= compare(days, pa.scalar(day)).to_numpy(zero_copy_only=False)
    return confirmed.filter(pa.array(inside))
