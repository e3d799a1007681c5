"""Houses per RT and day, compared with Python sets."""

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
from tests.kernels import example_count
from zoning.counting import houses
from zoning.counting.houses import (
    COUNT_NAMES,
    CaseTable,
    CountName,
    Counts,
    Events,
    houses_in_window,
)
from zoning.counting.sweeping import sweep_days
from zoning.kernels.packing import MOST_DAYS, Range, Rows

Case = tuple[int, int, int, int]  # rt, house, day, until
Event = tuple[int, int]  # rt, day
CASE = st.tuples(st.integers(-1, 4), st.integers(-1, 3), st.integers(-15, 45), st.integers(-15, 60))
EVENT = st.tuples(st.integers(-1, 4), st.integers(-15, 45))
NEVER = 2**31 - 1


def table(cases: list[Case]) -> CaseTable:
    columns = np.array(cases, dtype=np.int32).reshape(-1, 4).T
    return CaseTable(*columns)


def events(listed: list[Event]) -> Events:
    return Events(*np.array(listed, dtype=np.int32).reshape(-1, 2).T)


def rows(counts: Counts) -> list[tuple[int, ...]]:
    return [tuple(int(cell) for cell in row) for row in zip(*counts, strict=True)]


def count_with_sets(
    cases: list[Case],
    days: range,
    window: int,
    deaths: list[Event] = [],  # noqa: B006  (never changed)
    newcomers: list[Event] = [],  # noqa: B006
) -> list[tuple[int, ...]]:
    counted: list[tuple[int, ...]] = []
    for day in days:
        for rt in sorted({row[0] for row in (*cases, *deaths, *newcomers) if row[0] >= 0}):
            rt_cases = [case for case in cases if case[0] == rt]
            recent = [case for case in rt_cases if day - window < case[2] <= day]
            known = {case[1] for case in recent if case[1] >= 0}
            unknown = [case for case in recent if case[1] < 0]
            active = [case for case in rt_cases if case[2] <= day < case[3]]
            n_deaths, n_newcomers = (
                sum(event[0] == rt and day - window < event[1] <= day for event in events)
                for events in (deaths, newcomers)
            )
            if recent or active or n_deaths or n_newcomers:
                count = len(known) + len(unknown)
                at_least = len(known) + bool(unknown)
                counts = (count, at_least, len(recent), len(active), n_deaths, n_newcomers)
                counted.append((day, rt, *counts))
    return counted


def epidemic(n: int, seed: int = 3) -> CaseTable:
    """Cases of 150 RT, some RT with few cases; a house number occurs often and in several RT."""
    random = np.random.default_rng(seed)
    rt = np.minimum(random.geometric(0.05, n), 150) - 2
    house = random.integers(-1, 40, n) * 1_000_003 % 2**31
    house[random.random(n) < 0.1] = -1
    day = random.integers(-20, 60, n)
    return CaseTable(
        *(column.astype(np.int32) for column in (rt, house, day, day + random.integers(0, 25, n)))
    )


@given(st.lists(CASE, max_size=40), st.integers(1, 12), st.integers(-5, 10), st.integers(0, 35))
@example([(0, 0, 5, NEVER), (0, 0, 2**31 - 1, NEVER), (0, -1, -(2**31), 3)], 7, 0, 9)
@settings(max_examples=example_count(300), deadline=None)
def test_every_count_agrees_with_python_sets(
    cases: list[Case], window: int, first: int, length: int
) -> None:
    counts = houses_in_window(table(cases), DayNumbers(first, first + length), window=window)
    assert rows(counts) == count_with_sets(cases, range(first, first + length + 1), window)


@given(
    st.lists(CASE, max_size=12),
    st.lists(EVENT, max_size=8),
    st.lists(EVENT, max_size=8),
    st.integers(1, 12),
)
@settings(max_examples=example_count(100), deadline=None)
def test_deaths_and_arrivals_are_counted_in_addition_to_cases(
    cases: list[Case], deaths: list[Event], newcomers: list[Event], window: int
) -> None:
    counts = houses_in_window(
        table(cases),
        DayNumbers(0, 30),
        window=window,
        deaths=events(deaths),
        newcomers=events(newcomers),
    )
    assert rows(counts) == count_with_sets(cases, range(31), window, deaths, newcomers)


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
@settings(max_examples=example_count(150), deadline=None)
def test_many_cases_of_few_houses_are_counted_for_any_house_number_and_window(
    cases: list[Case], window: int, length: int, factor: int
) -> None:
    scaled = [(rt, house * factor if house > 0 else house, *days) for rt, house, *days in cases]
    counts = houses_in_window(table(scaled), DayNumbers(0, length - 1), window=window)  # type: ignore[arg-type]
    assert rows(counts) == count_with_sets(cases, range(length), window)


@pytest.mark.parametrize("factor", [1, 20_000_003])
def test_many_houses_with_one_or_two_cases_are_counted_over_many_years(factor: int) -> None:
    random = np.random.default_rng(5)
    draws = zip(random.integers(0, 70, 100), random.integers(-30, 2_500, 100), strict=True)
    cases = [(1, int(house) * factor, int(day), int(day) + 9) for house, day in draws]
    counts = houses_in_window(table(cases), DayNumbers(0, 2_400), window=30)
    assert rows(counts) == count_with_sets(cases, range(2_401), 30)


@pytest.mark.parametrize(
    "wanted", [("houses",), ("houses_at_least",), ("cases", "houses"), ("active",)]
)
def test_unwanted_counts_are_zero_and_wanted_counts_do_not_change(
    wanted: tuple[CountName, ...],
) -> None:
    all_counts = houses_in_window(epidemic(6_000), DayNumbers(0, 50))
    wanted_counts = houses_in_window(epidemic(6_000), DayNumbers(0, 50), wanted=wanted)
    kept_rows = np.flatnonzero((all_counts.cases > 0) | ("active" in wanted))
    zeros = np.zeros(len(kept_rows), dtype=np.int32)
    for name, column in wanted_counts._asdict().items():
        expected = getattr(all_counts, name)[kept_rows]
        assert (
            column.tolist() == (zeros if name in {*COUNT_NAMES} - {*wanted} else expected).tolist()
        )


@pytest.mark.parametrize("wanted", [(), ("households",)])
def test_no_count_or_an_unknown_count_is_refused(wanted: tuple[CountName, ...]) -> None:
    with pytest.raises(InputError) as refused:
        houses_in_window(table([]), DayNumbers(0, 1), wanted=wanted)
    assert refused.value.code == "wanted"


def test_with_deaths_alone_the_newcomers_are_zero() -> None:
    counts = houses_in_window(table([]), DayNumbers(0, 9), window=2, deaths=events([(7, 3)]))
    assert rows(counts) == [(day, 7, 0, 0, 0, 0, 1, 0) for day in (3, 4)]


def test_many_cases_of_many_rt_agree_with_python_sets() -> None:
    cases = epidemic(6_000)
    counts = houses_in_window(cases, DayNumbers(0, 40), window=9)
    listed = [tuple(int(cell) for cell in row) for row in zip(*cases[:4], strict=True)]
    assert rows(counts) == count_with_sets(listed, range(41), 9)  # type: ignore[arg-type]


@pytest.mark.parametrize("threads", [2, 3, 7])
def test_the_number_of_threads_changes_no_byte(threads: int) -> None:
    cases = Rows(*epidemic(5_000)[:4])
    single_thread, many_threads = (
        sweep_days(cases, Range(0, 50, 7), counters=range(4), threads=n) for n in (1, threads)
    )
    assert [c.tobytes() for c in many_threads] == [c.tobytes() for c in single_thread]


def test_uncompiled_kernels_give_the_same_bytes() -> None:
    code = (
        "import hashlib, runpy;"
        f"module = runpy.run_path({__file__!r});"
        "days = module['DayNumbers'](0, 50);"
        "counts = module['houses_in_window'](module['epidemic'](900), days);"
        "print(hashlib.sha256(b''.join(c.tobytes() for c in counts)).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            env={**os.environ, "NUMBA_DISABLE_JIT": disabled},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for disabled in ("0", "1")
    }
    assert len(digests) == 1


def test_a_range_longer_than_one_sweep_is_counted_in_several_sweeps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_one_sweep = houses_in_window(epidemic(2_000), DayNumbers(-5, 45))
    monkeypatch.setattr(houses, "MOST_DAYS", 7)
    in_several_sweeps = houses_in_window(epidemic(2_000), DayNumbers(-5, 45))
    assert rows(in_several_sweeps) == rows(in_one_sweep)


def test_a_range_one_day_longer_than_a_sweep_is_counted_to_its_end() -> None:
    last = MOST_DAYS
    case = [(0, 4, 0, 3), (0, 4, last - 1, NEVER), (0, 5, last, last)]
    counts = houses_in_window(table(case), DayNumbers(0, last), window=2)
    assert rows(counts) == count_with_sets(case, range(last + 1), 2)


def test_a_row_number_of_a_house_below_unknown_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        houses_in_window(table([(0, -2, 0, 0)]), DayNumbers(0, 1))
    assert refused.value.code == "house"


def test_a_house_with_several_cases_counts_once_and_for_seven_days() -> None:
    counts = houses_in_window(
        table([(0, 5, 10, 10), (0, 5, 12, 12), (0, 6, 12, 12)]), DayNumbers(9, 20)
    )
    assert counts.day.tolist() == [*range(10, 19)]
    assert counts.houses.tolist() == [1, 1, 2, 2, 2, 2, 2, 2, 2]
    assert counts.cases.tolist() == [1, 1, 3, 3, 3, 3, 3, 2, 2]


def test_a_case_is_active_until_the_day_before_its_outcome() -> None:
    counts = houses_in_window(table([(3, 0, 10, 25)]), DayNumbers(0, 40))
    active = dict(zip(counts.day.tolist(), counts.active.tolist(), strict=True))
    assert active[10] == 1
    assert active[24] == 1
    assert 25 not in active
    assert counts.houses[counts.day == 17].tolist() == [0]


def test_without_cases_there_are_no_rows_and_a_long_window_holds_all_cases() -> None:
    assert rows(houses_in_window(table([]), DayNumbers(0, 5))) == []
    counts = houses_in_window(table([(0, 0, 0, 0)]), DayNumbers(900, 900), window=100_000)
    assert rows(counts) == [(900, 0, 1, 1, 1, 0, 0, 0)]


@given(st.lists(CASE, max_size=30), st.randoms())
@settings(max_examples=example_count(50), deadline=None)
def test_counts_do_not_depend_on_the_order_of_cases(cases: list[Case], random: Random) -> None:
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
    lower_numbers=st.lists(st.integers(0, 5), min_size=6, max_size=6),
)
def test_houses_that_may_be_one_are_one_in_the_lower_count(
    cases: list[tuple[int, int, int, int]], lower_numbers: list[int]
) -> None:
    rt, house, day, length = (np.array([c[k] for c in cases], dtype=np.int32) for k in range(4))
    lower = np.array([-1 if h < 0 else lower_numbers[h] for h in house], dtype=np.int32)
    counts = houses_in_window(
        CaseTable(rt, house, day, day + length, lower), DayNumbers(0, 15), window=5
    )
    plain_counts = houses_in_window(
        CaseTable(rt, house, day, day + length), DayNumbers(0, 15), window=5
    )
    assert counts.houses.tolist() == plain_counts.houses.tolist()
    for row in range(len(counts.day)):
        in_rt = rt == counts.rt[row]
        in_window = in_rt & (day <= counts.day[row]) & (day > counts.day[row] - 5)
        known = {int(h) for h in lower[in_window] if h >= 0}
        assert counts.houses_at_least[row] == len(known) + bool((lower[in_window] < 0).any())
