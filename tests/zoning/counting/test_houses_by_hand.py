"""Houses per RT and day of small inputs, counted by hand or with Python sets."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from geodata.calendar import DayNumbers
from geodata.errors import InputError
from tests.zoning.counting.counts_by_sets import (
    NEVER,
    Case,
    count_with_sets,
    epidemic,
    events,
    rows,
    table,
)
from zoning.counting import houses, sweeping
from zoning.counting.houses import COUNT_NAMES, CaseTable, CountName, houses_in_window
from zoning.counting.sweeping import sweep_days
from zoning.kernels.packing import MOST_DAYS, Range, Rows


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
    for sentence in (refused.value.message, refused.value.indonesian):
        assert " houses, houses_at_least, cases, active, " in sentence


def test_with_deaths_alone_the_newcomers_are_zero() -> None:
    counts = houses_in_window(table([]), DayNumbers(0, 9), window=2, deaths=events([(7, 3)]))
    assert rows(counts) == [(day, 7, 0, 0, 0, 0, 1, 0) for day in (3, 4)]


@pytest.mark.parametrize("threads", [2, 3, 7])
def test_the_number_of_threads_changes_no_byte(threads: int) -> None:
    cases = Rows(*epidemic(5_000)[:4])
    single_thread, many_threads = (
        sweep_days(cases, Range(0, 50, 7), counters=range(4), threads=n) for n in (1, threads)
    )
    assert [c.tobytes() for c in many_threads] == [c.tobytes() for c in single_thread]


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


@pytest.mark.parametrize(
    ("window", "days", "code"),
    [(0, DayNumbers(0, 1), "window"), (7, DayNumbers(1, 0), "days-order")],
)
def test_an_impossible_window_or_range_is_refused(window: int, days: DayNumbers, code: str) -> None:
    with pytest.raises(InputError) as refused:
        houses_in_window(table([]), days, window=window)
    assert refused.value.code == code


DEATHS = [(0, 3), (0, 3), (5, 40), (-1, 3), (400, -2), (400, 11), (2, 69), (2, 70), (3, -90)]


@pytest.mark.parametrize(
    ("window", "first", "last"),
    [(1, 0, 0), (1, -3, 12), (7, 20, 20), (7, -25, 69), (64, 0, 63), (3, 0, 64), (200, 5, 9)],
)
def test_counts_of_a_small_epidemic_agree_with_python_sets(
    window: int, first: int, last: int
) -> None:
    cases = epidemic(250)
    deaths, newcomers = ([(rt, day + late) for rt, day in DEATHS] for late in (0, 2))
    counts = houses_in_window(
        cases,
        DayNumbers(first, last),
        window=window,
        deaths=events(deaths),
        newcomers=events(newcomers),
    )
    listed: list[Case] = list(zip(*(c.tolist() for c in cases[:4]), strict=True))
    expected = count_with_sets(listed, range(first, last + 1), window, deaths, newcomers)
    assert rows(counts) == expected


def column(*values: int) -> NDArray[np.int32]:
    return np.array(values, dtype=np.int32)


# RT 0 has two spellings that may be one house, RT 2 has none in doubt, RT 3 an unknown house too.
IN_DOUBT = CaseTable(
    rt=column(0, 0, 2, 2, 3, 3, 3, -1, 3),
    house=column(0, 1, 2, 3, 4, 5, -1, 6, 7),
    day=column(0, 2, 0, 0, 1, 1, 1, 0, 9),
    until=column(1, 3, 1, 1, 2, 2, 2, 1, 10),
    house_at_least=column(9, 9, 2, 3, 4, 4, -1, 6, 7),
)
LOWER_COUNTS = {  # by day and RT: houses, houses at least
    (0, 0): (1, 1),
    (0, 2): (2, 2),
    (1, 0): (1, 1),
    (1, 2): (2, 2),
    (1, 3): (3, 2),
    (2, 0): (2, 1),
    (2, 2): (2, 2),
    (2, 3): (3, 2),
    (3, 0): (1, 1),
    (3, 3): (3, 2),
    (4, 0): (1, 1),
    (9, 3): (1, 1),
}


@pytest.mark.parametrize("days_of_a_sweep", [MOST_DAYS, 4, 1])
def test_houses_that_may_be_one_are_one_in_the_lower_count_of_each_rt_and_day(
    monkeypatch: pytest.MonkeyPatch, days_of_a_sweep: int
) -> None:
    monkeypatch.setattr(houses, "MOST_DAYS", days_of_a_sweep)
    counts = houses_in_window(IN_DOUBT, DayNumbers(0, 9), window=3)
    keys = zip(counts.day.tolist(), counts.rt.tolist(), strict=True)
    pairs = zip(counts.houses.tolist(), counts.houses_at_least.tolist(), strict=True)
    assert dict(zip(keys, pairs, strict=True)) == LOWER_COUNTS
    assert counts.cases.tolist() == [1, 2, 1, 2, 3, 2, 2, 3, 1, 3, 1, 1]


@pytest.mark.parametrize(
    ("wanted", "sums"),
    [(("houses",), (22, 0)), (("cases", "houses_at_least"), (0, 18)), (("active",), (0, 0))],
)
def test_the_lower_count_is_zero_unless_it_is_wanted(
    wanted: tuple[CountName, ...], sums: tuple[int, int]
) -> None:
    counts = houses_in_window(IN_DOUBT, DayNumbers(0, 9), window=3, wanted=wanted)
    assert (counts.houses.sum(), counts.houses_at_least.sum()) == sums


def test_a_doubt_outside_the_days_and_the_rt_changes_nothing() -> None:
    counts = houses_in_window(IN_DOUBT, DayNumbers(-9, -1), window=3)
    assert rows(counts) == []
    without_rt = IN_DOUBT._replace(rt=np.full(9, -1, dtype=np.int32))
    assert rows(houses_in_window(without_rt, DayNumbers(0, 9))) == []


def test_taken_cases_keep_all_their_columns() -> None:
    taken = IN_DOUBT.take(np.array([8, 1]))
    assert [column.tolist() for column in taken if column is not None] == [
        *([3, 0], [7, 1], [9, 2], [10, 3]),
        [7, 9],
    ]
    by_mask = IN_DOUBT._replace(house_at_least=None).take(IN_DOUBT.rt == 2)
    assert [column if column is None else column.tolist() for column in by_mask] == [
        *([2, 2], [2, 3], [0, 0], [1, 1]),
        None,
    ]


def test_newcomers_alone_are_counted_by_their_day_and_rt() -> None:
    newcomers = events([(1, 0), (1, 2), (0, 2), (-1, 1)])
    counts = houses_in_window(table([]), DayNumbers(0, 4), window=2, newcomers=newcomers)
    assert [(row[0], row[1], row[-1]) for row in rows(counts)] == [
        *((0, 1, 1), (1, 1, 1), (2, 0, 1), (2, 1, 1), (3, 0, 1), (3, 1, 1)),
    ]
    assert all(row[2:-1] == (0,) * 5 for row in rows(counts))


@pytest.mark.parametrize("window", [2**31 + 6, 2**32, 2**70])
def test_a_window_longer_than_all_days_holds_every_earlier_case(window: int) -> None:
    cases: list[Case] = [(0, 0, -(2**31), 0), (0, 1, 2**31 - 1, NEVER), (0, 2, 5, 6)]
    counts = houses_in_window(table(cases), DayNumbers(4, 5), window=window)
    assert rows(counts) == [(4, 0, 1, 1, 1, 0, 0, 0), (5, 0, 2, 2, 2, 1, 0, 0)]


# --- threads ---


@pytest.mark.large
@pytest.mark.parametrize(
    ("n_rows", "n_rt", "n_days", "cores", "threads"),
    [
        (1, 1, 1, 8, 1),
        (99_999, 0, 9, 8, 1),
        (100_000, 0, 9, 8, 2),
        (350_000, 0, 9, 8, 4),
        (350_000, 0, 9, 2, 2),
        (350_000, 0, 9, None, 1),
        # an RT with eight days takes the time of one row
        (1, 800, 999, 8, 1),
        (1, 800, 1000, 8, 2),
    ],
)
def test_each_thread_has_at_least_100_000_rows_of_work(
    monkeypatch: pytest.MonkeyPatch,
    n_rows: int,
    n_rt: int,
    n_days: int,
    cores: int | None,
    threads: int,
) -> None:
    started: list[int] = []

    def record(max_workers: int) -> ThreadPoolExecutor:
        started.append(max_workers)
        return ThreadPoolExecutor(max_workers)

    monkeypatch.setattr(sweeping, "ThreadPoolExecutor", record)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    rt = np.full(n_rows, n_rt - 1, dtype=np.int32)
    cases = Rows(rt, np.zeros_like(rt), np.zeros_like(rt), np.ones_like(rt))
    counts = sweep_days(cases, Range(0, n_days, 1), counters=range(4))
    assert started == [threads]
    assert counts.counts.tolist() == ([[1], [1], [n_rows], [n_rows]] if n_rt else [[]] * 4)
