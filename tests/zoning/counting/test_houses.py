"""Houses per RT and day, compared with Python sets."""

import os
import subprocess
import sys
from random import Random

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geodata.calendar import DayNumbers
from tests.kernels import example_count
from tests.zoning.counting.counts_by_sets import (
    NEVER,
    Case,
    Event,
    count_with_sets,
    epidemic,
    events,
    rows,
    table,
)
from zoning.counting.houses import (
    CaseTable,
    houses_in_window,
)

CASE = st.tuples(st.integers(-1, 4), st.integers(-1, 3), st.integers(-15, 45), st.integers(-15, 60))
EVENT = st.tuples(st.integers(-1, 4), st.integers(-15, 45))


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


def test_many_cases_of_many_rt_agree_with_python_sets() -> None:
    cases = epidemic(6_000)
    counts = houses_in_window(cases, DayNumbers(0, 40), window=9)
    listed = [tuple(int(cell) for cell in row) for row in zip(*cases[:4], strict=True)]
    assert rows(counts) == count_with_sets(listed, range(41), 9)  # type: ignore[arg-type]


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


@given(st.lists(CASE, max_size=30), st.randoms())
@settings(max_examples=example_count(50), deadline=None)
def test_counts_do_not_depend_on_the_order_of_cases(cases: list[Case], random: Random) -> None:
    shuffled = list(cases)
    random.shuffle(shuffled)
    days = DayNumbers(0, 40)
    assert rows(houses_in_window(table(shuffled), days)) == rows(
        houses_in_window(table(cases), days)
    )


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
