"""Reporting delay: compared with counting case by case from a list of statements."""

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
Statement = tuple[int, int, int, bool]
"""Day of recording, case, day of confirmation, and whether the case is withdrawn."""


def store_with_statements(new_database: NewDatabase, statements: list[Statement]) -> Store:
    today = [0]
    store = open_store(new_database(), clock=lambda: NOON + timedelta(days=today[0]))
    save_boundaries(store, small_city.small_city(), "by hand", {})
    versions: Counter[int] = Counter()
    for recorded_on, number, confirmed, withdrawn in statements:
        today[0] = recorded_on
        versions[number] += 1
        case = Case((0, 1, 1), None, confirmed, confirmed + 9)
        ward.add_cases(store, [case], first=number, version=versions[number], withdrawn=withdrawn)
    return store


STATEMENTS: list[Statement] = [
    (0, 1, 0, False),
    (2, 2, 0, False),
    (2, 3, 2, False),
    (3, 1, 1, False),  # corrected: confirmed one day later
    (4, 3, 2, True),
    (4, 4, 1, False),
    (9, 5, 9, False),
]


def test_arrivals_of_a_day_are_grouped_by_the_day_whose_count_changes(
    new_database: NewDatabase,
) -> None:
    with store_with_statements(new_database, STATEMENTS) as store:
        city = City(store)
        arrivals = city.arrivals(day(2))
        assert arrivals.astype({"date": str}).to_numpy().tolist() == [
            ["2021-06-01", 1, 0, 2],
            ["2021-06-03", 1, 0, 0],
        ]
        later_arrivals = city.arrivals(day(3))
        assert later_arrivals[["added", "taken_away", "days_late"]].to_numpy().tolist() == [
            [0, 1, 3],
            [1, 0, 2],
        ]
        assert city.arrivals(day(4))[["added", "taken_away"]].to_numpy().tolist() == [
            [1, 0],
            [0, 1],
        ]
        assert city.arrivals(day(7)).empty


def test_a_day_begins_at_midnight_in_the_city(new_database: NewDatabase) -> None:
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
def test_the_reporting_triangle_agrees_with_the_cases_known_each_evening(
    new_database: NewDatabase, steps: list[Statement]
) -> None:
    recorded_on, statements = 3, []
    for pause, number, days_back, withdrawn in steps:
        recorded_on += pause
        statements.append((recorded_on, number, recorded_on - days_back, withdrawn))
    with store_with_statements(new_database, statements) as store:
        triangle, share = City(store).growth(longest=4)
    for number in range(len(triangle)):
        chosen_day = triangle.index[0] + timedelta(days=number)
        counts_by_delay = triangle.loc[chosen_day]
        for delay in range(5):
            evening = (chosen_day.date() - day(0)).days + delay
            if evening > recorded_on:
                assert np.isnan(counts_by_delay[delay])
                continue
            newest = {
                case: day(confirmed) if not withdrawn else None
                for recorded, case, confirmed, withdrawn in statements
                if recorded <= evening
            }
            count = sum(confirmed_on == chosen_day.date() for confirmed_on in newest.values())
            assert counts_by_delay[delay] == count
    complete = triangle[triangle[4].notna()]
    if complete[4].sum():
        expected = [complete[delay].sum() / complete[4].sum() for delay in range(5)]
        assert share.tolist() == expected
    else:
        assert share.isna().all()


def test_without_cases_the_reporting_triangle_is_empty(new_database: NewDatabase) -> None:
    with store_with_statements(new_database, []) as store:
        triangle, share = City(store).growth()
    assert triangle.empty
    assert isinstance(share, pd.Series)
    assert share.isna().all()
