"""Houses per RT and day, judged by Python sets."""

from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geodata.errors import InputError
from zoning.houses import CaseTable, Counts, Days, houses_in_window

Case = tuple[int, int, int, int]  # rt, house, day, until
CASE = st.tuples(st.integers(-1, 4), st.integers(-1, 3), st.integers(-15, 45), st.integers(-15, 60))
FAR = 2**31 - 1


def table(cases: list[Case]) -> CaseTable:
    columns = np.array(cases, dtype=np.int32).reshape(-1, 4).T
    return CaseTable(*columns)


def rows(counts: Counts) -> list[tuple[int, ...]]:
    return [tuple(int(cell) for cell in row) for row in zip(*counts, strict=True)]


def by_hand(cases: list[Case], first: int, last: int, window: int) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    for day in range(first, last + 1):
        for rt in sorted({case[0] for case in cases if case[0] >= 0}):
            own = [case for case in cases if case[0] == rt]
            recent = [case for case in own if day - window < case[2] <= day]
            known = {case[1] for case in recent if case[1] >= 0}
            unknown = [case for case in recent if case[1] < 0]
            active = [case for case in own if case[2] <= day < case[3]]
            if recent or active:
                houses = len(known) + len(unknown)
                at_least = len(known) + bool(unknown)
                found.append((day, rt, houses, at_least, len(recent), len(active)))
    return found


@given(st.lists(CASE, max_size=40), st.integers(1, 12), st.integers(-5, 10), st.integers(0, 35))
@example([(0, 0, 5, FAR), (0, 0, 2**31 - 1, FAR), (0, -1, -(2**31), 3)], 7, 0, 9)
@settings(max_examples=300, deadline=None)
def test_every_count_is_what_sets_give(
    cases: list[Case], window: int, first: int, length: int
) -> None:
    counts = houses_in_window(table(cases), Days(first, first + length), window=window)
    assert rows(counts) == by_hand(cases, first, first + length, window)


def test_a_house_counts_once_however_many_of_its_people_fall_ill_and_leaves_after_seven_days() -> (
    None
):
    counts = houses_in_window(table([(0, 5, 10, 10), (0, 5, 12, 12), (0, 6, 12, 12)]), Days(9, 20))
    assert counts.day.tolist() == [*range(10, 19)]
    assert counts.houses.tolist() == [1, 1, 2, 2, 2, 2, 2, 2, 2]
    assert counts.cases.tolist() == [1, 1, 3, 3, 3, 3, 3, 2, 2]


def test_a_case_is_active_until_the_day_of_its_outcome_and_not_on_it() -> None:
    counts = houses_in_window(table([(3, 0, 10, 25)]), Days(0, 40))
    active = dict(zip(counts.day.tolist(), counts.active.tolist(), strict=True))
    assert active[10] == 1
    assert active[24] == 1
    assert 25 not in active
    assert counts.houses[counts.day == 17].tolist() == [0]


def test_the_rows_of_one_day_are_taken_out_alone() -> None:
    counts = houses_in_window(table([(0, 0, 1, 1), (1, 0, 2, 2)]), Days(0, 9))
    assert counts.on(1).rt.tolist() == [0]
    assert counts.on(2).rt.tolist() == [0, 1]
    assert counts.on(30).rt.tolist() == []


def test_no_cases_are_no_rows_and_a_window_longer_than_history_holds_all() -> None:
    assert rows(houses_in_window(table([]), Days(0, 5))) == []
    counts = houses_in_window(table([(0, 0, 0, 0)]), Days(900, 900), window=100_000)
    assert rows(counts) == [(900, 0, 1, 1, 1, 0)]


@given(st.lists(CASE, max_size=30), st.randoms())
@settings(max_examples=50, deadline=None)
def test_the_order_of_cases_is_nothing(cases: list[Case], random: Random) -> None:
    shuffled = list(cases)
    random.shuffle(shuffled)
    days = Days(0, 40)
    assert rows(houses_in_window(table(shuffled), days)) == rows(
        houses_in_window(table(cases), days)
    )


@pytest.mark.parametrize(
    ("window", "days", "code"), [(0, Days(0, 1), "window"), (7, Days(1, 0), "days-order")]
)
def test_an_impossible_window_or_range_is_refused(window: int, days: Days, code: str) -> None:
    with pytest.raises(InputError) as refused:
        houses_in_window(table([]), days, window=window)
    assert refused.value.code == code
