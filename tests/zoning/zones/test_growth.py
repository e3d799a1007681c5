"""What came late: counted here case by case from a ledger on paper."""

from collections import Counter
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.boundaries import save_boundaries
from geodata.store import Store, open_store
from tests.cities import small_city
from tests.databases import NewDatabase
from tests.zoning import ward
from tests.zoning.ward import Case, day
from zoning import City

NOON = datetime(2021, 6, 1, 5)  # noqa: DTZ001  (12:00 in Jakarta; the tables keep UTC)
Said = tuple[int, int, int, bool]
"""Day it is said on, case, day of confirmation, and whether the case is withdrawn."""


def written(new_database: NewDatabase, ledger: list[Said]) -> Store:
    today = [0]
    store = open_store(new_database(), clock=lambda: NOON + timedelta(days=today[0]))
    save_boundaries(store, small_city.small_city(), "by hand", {})
    versions: Counter[int] = Counter()
    for on, number, confirmed, gone in ledger:
        today[0] = on
        versions[number] += 1
        case = Case((0, 1, 1), None, confirmed, confirmed + 9)
        ward.add_cases(store, [case], first=number, version=versions[number], withdrawn=gone)
    return store


LEDGER: list[Said] = [
    (0, 1, 0, False),
    (2, 2, 0, False),
    (2, 3, 2, False),
    (3, 1, 1, False),  # was confirmed a day later than said
    (4, 3, 2, True),
    (4, 4, 1, False),
    (9, 5, 9, False),
]


def test_what_arrived_on_a_day_is_shown_by_the_day_it_changed(new_database: NewDatabase) -> None:
    with written(new_database, LEDGER) as store:
        city = City(store)
        found = city.arrivals(day(2))
        assert found.astype({"date": str}).to_numpy().tolist() == [
            ["2021-06-01", 1, 0, 2],
            ["2021-06-03", 1, 0, 0],
        ]
        moved = city.arrivals(day(3))
        assert moved[["added", "taken_away", "days_late"]].to_numpy().tolist() == [
            [0, 1, 3],
            [1, 0, 2],
        ]
        assert city.arrivals(day(4))[["added", "taken_away"]].to_numpy().tolist() == [
            [1, 0],
            [0, 1],
        ]
        assert city.arrivals(day(7)).empty


def test_a_day_begins_at_the_citys_midnight(new_database: NewDatabase) -> None:
    late = NOON + timedelta(hours=13)  # 01:00 of the next day in Jakarta
    with open_store(new_database(), clock=lambda: late) as store:
        save_boundaries(store, small_city.small_city(), "by hand", {})
        ward.add_cases(store, [Case((0, 1, 1), None, 0, 9)])
        assert City(store).arrivals(day(0)).empty
        assert City(store).arrivals(day(1))["days_late"].tolist() == [1]


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(1, 4), st.integers(0, 3), st.booleans()),
        min_size=1,
        max_size=10,
    )
)
@settings(max_examples=12, deadline=None)
def test_the_triangle_is_what_was_known_each_evening(
    new_database: NewDatabase, steps: list[Said]
) -> None:
    on, ledger = 3, []
    for wait, number, back, gone in steps:
        on += wait
        ledger.append((on, number, on - back, gone))
    with written(new_database, ledger) as store:
        triangle, share = City(store).growth(longest=4)
    for number in range(len(triangle)):
        judged = triangle.index[0] + timedelta(days=number)
        known = triangle.loc[judged]
        for late in range(5):
            evening = (judged.date() - day(0)).days + late
            if evening > on:
                assert np.isnan(known[late])
                continue
            newest = {case: (at, gone) for said, case, at, gone in ledger if said <= evening}
            count = sum(day(at) == judged.date() and not gone for at, gone in newest.values())
            assert known[late] == count
    complete = triangle[triangle[4].notna()]
    if complete[4].sum():
        expected = [complete[late].sum() / complete[4].sum() for late in range(5)]
        assert share.tolist() == expected
    else:
        assert share.isna().all()


def test_without_cases_nothing_grows(new_database: NewDatabase) -> None:
    with written(new_database, []) as store:
        triangle, share = City(store).growth()
    assert triangle.empty
    assert isinstance(share, pd.Series)
    assert share.isna().all()
