"""Houses in doubt: cases whose house an official may have to look up.

A family card may have two clearly different addresses in one RT, and two spellings of an address
may or may not be one house. In both cases the count of houses has a lower and an upper bound; see
`zoning.counting.house_groups`.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geodata.addresses import read_decisions
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
    """Houses in doubt among the current confirmed cases, by RT.

    Parameters
    ----------
    first, last
        Only cases confirmed on these days or between them. Default: all cases.
    boundaries
        Default: the boundaries in force.

    Returns
    -------
    DataFrame
        ``rt`` (code), ``doubt`` (`TWO_ADDRESSES` or `MAYBE_ONE`), ``houses`` and
        ``houses_at_least`` (upper and lower bound of the number of houses), ``records`` (list of
        ids of the cases). The frame has no addresses and no cards.

    Raises
    ------
    InputError
        ``days-order`` if the last day is before the first.
    """
    DayRange.between(first, last).check_order()
    in_force = boundaries or load_boundaries(store)
    placer = Placer(in_force, prefer=store.settings.prefer, decisions=read_decisions(store))
    cases = _confirmed_between(current_cases(store), first, last)
    rt = placer.place(cases).rt
    groups = house_groups(cases, rt, placer.houses, zones_hold_rt=in_force.smallest_zone != "rt")
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
    codes = in_force.smallest_zones["code"].to_numpy(dtype=object)
    rows = [(codes[row], *doubt) for row, doubt in _houses_in_doubt(frame)]
    return pd.DataFrame(rows, columns=list(COLUMNS)).sort_values(["rt", "doubt"], ignore_index=True)


def _houses_in_doubt(frame: pd.DataFrame) -> Iterator[tuple[int, tuple[str, int, int, list[str]]]]:
    """For each house in doubt: row of its RT; doubt, upper and lower bound, ids of its cases."""
    for _, cases in frame.groupby("lower"):
        houses = cases["house"].nunique()
        if houses > 1:
            doubt = TWO_ADDRESSES if cases["card"].any() else MAYBE_ONE
            yield int(cases["row"].iloc[0]), (doubt, houses, 1, sorted(cases["record"]))


def _confirmed_between(cases: pa.Table, first: date | None, last: date | None) -> pa.Table:
    confirmed = cases.take(pa.array(confirmed_rows(cases)))
    days = confirmed["confirmed_on"]
    in_range = np.ones(confirmed.num_rows, dtype=np.bool_)
    for day, compare in ((first, pc.greater_equal), (last, pc.less_equal)):
        if day is not None:
            in_range &= compare(days, pa.scalar(day)).to_numpy(zero_copy_only=False)
    return confirmed.filter(pa.array(in_range))
