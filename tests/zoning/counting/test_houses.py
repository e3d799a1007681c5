"""Houses per RT and day, judged by Python sets."""

import os
import subprocess
import sys
from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geodata.calendar import DayNumbers
from geodata.errors import InputError
from tests.kernels import examples
from zoning.counting import houses
from zoning.counting.houses import WANTED, CaseTable, Counts, Events, Wanted, houses_in_window
from zoning.counting.sweeping import sweep_days
from zoning.kernels.packing import MOST_DAYS, Range, Rows

Case = tuple[int, int, int, int]  # rt, house, day, until
Event = tuple[int, int]  # rt, day
CASE = st.tuples(st.integers(-1, 4), st.integers(-1, 3), st.integers(-15, 45), st.integers(-15, 60))
EVENT = st.tuples(st.integers(-1, 4), st.integers(-15, 45))
FAR = 2**31 - 1


def table(cases: list[Case]) -> CaseTable:
    columns = np.array(cases, dtype=np.int32).reshape(-1, 4).T
    return CaseTable(*columns)


def events(listed: list[Event]) -> Events:
    return Events(*np.array(listed, dtype=np.int32).reshape(-1, 2).T)


def rows(counts: Counts) -> list[tuple[int, ...]]:
    return [tuple(int(cell) for cell in row) for row in zip(*counts, strict=True)]


def by_hand(
    cases: list[Case],
    days: range,
    window: int,
    died: list[Event] = [],  # noqa: B006  (never changed)
    came: list[Event] = [],  # noqa: B006
) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    for day in days:
        for rt in sorted({row[0] for row in (*cases, *died, *came) if row[0] >= 0}):
            own = [case for case in cases if case[0] == rt]
            recent = [case for case in own if day - window < case[2] <= day]
            known = {case[1] for case in recent if case[1] >= 0}
            unknown = [case for case in recent if case[1] < 0]
            active = [case for case in own if case[2] <= day < case[3]]
            deaths, newcomers = (
                sum(event[0] == rt and day - window < event[1] <= day for event in listed)
                for listed in (died, came)
            )
            if recent or active or deaths or newcomers:
                count = len(known) + len(unknown)
                at_least = len(known) + bool(unknown)
                counts = (count, at_least, len(recent), len(active), deaths, newcomers)
                found.append((day, rt, *counts))
    return found


def epidemic(n: int, seed: int = 3) -> CaseTable:
    """Cases of 150 RT, some with hardly any, whose houses return and are shared between RT."""
    random = np.random.default_rng(seed)
    rt = np.minimum(random.geometric(0.05, n), 150) - 2
    house = random.integers(-1, 40, n) * 1_000_003 % 2**31
    house[random.random(n) < 0.1] = -1
    day = random.integers(-20, 60, n)
    return CaseTable(
        *(c.astype(np.int32) for c in (rt, house, day, day + random.integers(0, 25, n)))
    )


@given(st.lists(CASE, max_size=40), st.integers(1, 12), st.integers(-5, 10), st.integers(0, 35))
@example([(0, 0, 5, FAR), (0, 0, 2**31 - 1, FAR), (0, -1, -(2**31), 3)], 7, 0, 9)
@settings(max_examples=examples(300), deadline=None)
def test_every_count_is_what_sets_give(
    cases: list[Case], window: int, first: int, length: int
) -> None:
    counts = houses_in_window(table(cases), DayNumbers(first, first + length), window=window)
    assert rows(counts) == by_hand(cases, range(first, first + length + 1), window)


@given(
    st.lists(CASE, max_size=12),
    st.lists(EVENT, max_size=8),
    st.lists(EVENT, max_size=8),
    st.integers(1, 12),
)
@settings(max_examples=examples(100), deadline=None)
def test_deaths_and_arrivals_are_counted_beside_the_cases(
    cases: list[Case], died: list[Event], came: list[Event], window: int
) -> None:
    counts = houses_in_window(
        table(cases), DayNumbers(0, 30), window=window, deaths=events(died), newcomers=events(came)
    )
    assert rows(counts) == by_hand(cases, range(31), window, died, came)


@given(
    st.lists(
        st.tuples(st.just(0), st.integers(-1, 5), st.integers(-90, 150), st.integers(-90, 200)),
        min_size=33,
        max_size=90,
    ),
    st.integers(1, 150),
    st.integers(1, 140),
    st.sampled_from([1, 300_000_000]),
)
@settings(max_examples=examples(150), deadline=None)
def test_many_cases_of_few_houses_are_counted_whatever_their_numbers_and_window(
    cases: list[Case], window: int, length: int, apart: int
) -> None:
    spread = [(rt, house * apart if house > 0 else house, *rest) for rt, house, *rest in cases]
    counts = houses_in_window(table(spread), DayNumbers(0, length - 1), window=window)  # type: ignore[arg-type]
    assert rows(counts) == by_hand(cases, range(length), window)


@pytest.mark.parametrize("apart", [1, 20_000_003])
def test_many_houses_of_a_case_or_two_are_counted_over_many_years(apart: int) -> None:
    random = np.random.default_rng(5)
    drawn = zip(random.integers(0, 70, 100), random.integers(-30, 2_500, 100), strict=True)
    cases = [(1, int(house) * apart, int(day), int(day) + 9) for house, day in drawn]
    counts = houses_in_window(table(cases), DayNumbers(0, 2_400), window=30)
    assert rows(counts) == by_hand(cases, range(2_401), 30)


@pytest.mark.parametrize(
    "wanted", [("houses",), ("houses_at_least",), ("cases", "houses"), ("active",)]
)
def test_what_is_not_wanted_is_zero_and_the_rest_as_ever(wanted: tuple[Wanted, ...]) -> None:
    every = houses_in_window(epidemic(6_000), DayNumbers(0, 50))
    some = houses_in_window(epidemic(6_000), DayNumbers(0, 50), wanted=wanted)
    kept = np.flatnonzero((every.cases > 0) | ("active" in wanted))
    zeros = np.zeros(len(kept), dtype=np.int32)
    for name, column in some._asdict().items():
        whole = getattr(every, name)[kept]
        assert column.tolist() == (zeros if name in {*WANTED} - {*wanted} else whole).tolist()


@pytest.mark.parametrize("wanted", [(), ("households",)])
def test_nothing_or_something_else_wanted_is_refused(wanted: tuple[Wanted, ...]) -> None:
    with pytest.raises(InputError) as refused:
        houses_in_window(table([]), DayNumbers(0, 1), wanted=wanted)
    assert refused.value.code == "wanted"


def test_deaths_alone_leave_the_newcomers_at_zero() -> None:
    counts = houses_in_window(table([]), DayNumbers(0, 9), window=2, deaths=events([(7, 3)]))
    assert rows(counts) == [(day, 7, 0, 0, 0, 0, 1, 0) for day in (3, 4)]


def test_many_cases_of_many_rt_are_counted_as_sets_count_them() -> None:
    cases = epidemic(6_000)
    counts = houses_in_window(cases, DayNumbers(0, 40), window=9)
    listed = [tuple(int(cell) for cell in row) for row in zip(*cases[:4], strict=True)]
    assert rows(counts) == by_hand(listed, range(41), 9)  # type: ignore[arg-type]


@pytest.mark.parametrize("threads", [2, 3, 7])
def test_threads_change_not_a_byte(threads: int) -> None:
    taken = Rows(*epidemic(5_000)[:4])
    one, many = (
        sweep_days(taken, Range(0, 50, 7), wanted=range(4), threads=n) for n in (1, threads)
    )
    assert [c.tobytes() for c in many] == [c.tobytes() for c in one]


def test_uncompiled_the_counts_are_the_same_bytes() -> None:
    code = (
        "import hashlib, runpy;"
        f"made = runpy.run_path({__file__!r});"
        "counts = made['houses_in_window'](made['epidemic'](900), made['DayNumbers'](0, 50));"
        "print(hashlib.sha256(b''.join(c.tobytes() for c in counts)).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            env={**os.environ, "NUMBA_DISABLE_JIT": disabled},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for disabled in ("0", "1")
    }
    assert len(found) == 1


def test_a_range_longer_than_one_sweep_holds_is_counted_in_several(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = houses_in_window(epidemic(2_000), DayNumbers(-5, 45))
    monkeypatch.setattr(houses, "MOST_DAYS", 7)
    pieces = houses_in_window(epidemic(2_000), DayNumbers(-5, 45))
    assert rows(pieces) == rows(whole)


def test_the_longest_range_of_one_sweep_and_one_day_more_are_counted_to_their_end() -> None:
    last = MOST_DAYS
    case = [(0, 4, 0, 3), (0, 4, last - 1, FAR), (0, 5, last, last)]
    counts = houses_in_window(table(case), DayNumbers(0, last), window=2)
    assert rows(counts) == by_hand(case, range(last + 1), 2)


def test_a_houses_number_below_unknown_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        houses_in_window(table([(0, -2, 0, 0)]), DayNumbers(0, 1))
    assert refused.value.code == "house"


def test_a_house_counts_once_however_many_of_its_people_fall_ill_and_leaves_after_seven_days() -> (
    None
):
    counts = houses_in_window(
        table([(0, 5, 10, 10), (0, 5, 12, 12), (0, 6, 12, 12)]), DayNumbers(9, 20)
    )
    assert counts.day.tolist() == [*range(10, 19)]
    assert counts.houses.tolist() == [1, 1, 2, 2, 2, 2, 2, 2, 2]
    assert counts.cases.tolist() == [1, 1, 3, 3, 3, 3, 3, 2, 2]


def test_a_case_is_active_until_the_day_of_its_outcome_and_not_on_it() -> None:
    counts = houses_in_window(table([(3, 0, 10, 25)]), DayNumbers(0, 40))
    active = dict(zip(counts.day.tolist(), counts.active.tolist(), strict=True))
    assert active[10] == 1
    assert active[24] == 1
    assert 25 not in active
    assert counts.houses[counts.day == 17].tolist() == [0]


def test_the_rows_of_one_day_are_taken_out_alone() -> None:
    counts = houses_in_window(table([(0, 0, 1, 1), (1, 0, 2, 2)]), DayNumbers(0, 9))
    assert counts.on(1).rt.tolist() == [0]
    assert counts.on(2).rt.tolist() == [0, 1]
    assert counts.on(30).rt.tolist() == []


def test_no_cases_are_no_rows_and_a_window_longer_than_history_holds_all() -> None:
    assert rows(houses_in_window(table([]), DayNumbers(0, 5))) == []
    counts = houses_in_window(table([(0, 0, 0, 0)]), DayNumbers(900, 900), window=100_000)
    assert rows(counts) == [(900, 0, 1, 1, 1, 0, 0, 0)]


@given(st.lists(CASE, max_size=30), st.randoms())
@settings(max_examples=examples(50), deadline=None)
def test_the_order_of_cases_is_nothing(cases: list[Case], random: Random) -> None:
    shuffled = list(cases)
    random.shuffle(shuffled)
    days = DayNumbers(0, 40)
    assert rows(houses_in_window(table(shuffled), days)) == rows(
        houses_in_window(table(cases), days)
    )


@pytest.mark.parametrize(
    ("window", "days", "code"),
    [(0, DayNumbers(0, 1), "window"), (7, DayNumbers(1, 0), "days-order")],
)
def test_an_impossible_window_or_range_is_refused(window: int, days: DayNumbers, code: str) -> None:
    with pytest.raises(InputError) as refused:
        houses_in_window(table([]), days, window=window)
    assert refused.value.code == code


@given(
    cases=st.lists(
        st.tuples(st.integers(-1, 3), st.integers(-1, 5), st.integers(-3, 20), st.integers(1, 20)),
        max_size=40,
    ),
    joined=st.lists(st.integers(0, 5), min_size=6, max_size=6),
)
def test_houses_that_may_be_one_are_one_in_the_lower_count(
    cases: list[tuple[int, int, int, int]], joined: list[int]
) -> None:
    rt, house, day, length = (np.array([c[k] for c in cases], dtype=np.int32) for k in range(4))
    lower = np.array([-1 if h < 0 else joined[h] for h in house], dtype=np.int32)
    counted = houses_in_window(
        CaseTable(rt, house, day, day + length, lower), DayNumbers(0, 15), window=5
    )
    plain = houses_in_window(CaseTable(rt, house, day, day + length), DayNumbers(0, 15), window=5)
    assert counted.houses.tolist() == plain.houses.tolist()
    for row in range(len(counted.day)):
        here = rt == counted.rt[row]
        inside = here & (day <= counted.day[row]) & (day > counted.day[row] - 5)
        known = {int(h) for h in lower[inside] if h >= 0}
        assert counted.houses_at_least[row] == len(known) + bool((lower[inside] < 0).any())
