"""What colours disclose about cases, compared with the cases that made the colours."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from zoning.disclosure.figures.colour_bounds import ColouredDays, least_cases, limits_of_classes

LOWEST = (1, 3, 6)
"""Yellow from 1 house, orange from 3, red from 6: the law since 6 April 2021."""
LIMITS = ((0, 0), (1, 2), (3, 5), (6, None))
WINDOW = 7
Case = tuple[int, int, int]
"""Day, zone, house."""


def houses(cases: list[Case], n_days: int, n_zones: int) -> NDArray[np.int64]:
    """Houses with a case in the window, counted house by house."""
    table = np.zeros((n_days, n_zones), dtype=np.int64)
    for day in range(n_days):
        for zone in range(n_zones):
            table[day, zone] = len(
                {h for d, z, h in cases if z == zone and day - WINDOW < d <= day}
            )
    return table


def bounds_of(
    counts: NDArray[np.int64], area: list[int], *, n_areas: int, first: int = 0
) -> list[NDArray[np.int64]]:
    risks = np.searchsorted(np.array(LOWEST), counts, side="right")
    least, most = limits_of_classes(LIMITS)
    days = ColouredDays(first, least[risks], most[risks], np.array(area), WINDOW, forgets=True)
    return least_cases([days], first + len(counts), n_areas)


@given(
    st.lists(st.tuples(st.integers(0, 19), st.integers(0, 2), st.integers(0, 8)), max_size=25),
    st.integers(0, 3),
)
@settings(max_examples=60, deadline=None)
def test_no_interval_has_fewer_cases_than_its_bound(cases: list[Case], first: int) -> None:
    counts = houses(cases, 20, 3)
    bounds = bounds_of(counts[first:], [0, 1, 1], n_areas=2)
    by_day = np.zeros((20, 2), dtype=np.int64)
    for day, zone, _ in cases:
        by_day[day, min(zone, 1)] += 1
    assert len(bounds) == WINDOW
    for length, bound in enumerate(bounds, start=1):
        for start in range(20 - first - length + 1):
            actual = by_day[first + start : first + start + length].sum(axis=0)
            assert (bound[start] <= actual).all()


def colours(*counts: int) -> NDArray[np.int64]:
    return np.array(counts)[:, np.newaxis]


def day_bounds(counts: NDArray[np.int64]) -> list[int]:
    bound: list[int] = bounds_of(counts, [0], n_areas=1)[0].ravel().tolist()
    return bound


def test_the_first_day_of_a_colour_has_a_case() -> None:
    assert day_bounds(colours(0, 1, 1, 1)) == [0, 1, 0, 0]
    assert day_bounds(colours(0, 6, 6, 6)) == [0, 6, 0, 0]
    # From 2 houses at most to 3 at least, and from 5 at most to 6 at least.
    assert day_bounds(colours(1, 3, 6, 6)) == [0, 1, 1, 0]


def test_the_last_day_of_a_colour_has_a_case_six_days_before() -> None:
    assert day_bounds(colours(*[1] * 12, 0, 0)) == [0] * 5 + [1] + [0] * 8
    # From 6 houses at least to 2 at most: four houses leave on one day.
    assert day_bounds(colours(*[6] * 12, 2, 2))[5] == 4


def test_every_window_has_the_houses_of_its_colour() -> None:
    counts = colours(*[3] * 14)
    assert bounds_of(counts, [0], n_areas=1)[WINDOW - 1].ravel()[:8].tolist() == [3] * 8


def test_an_interval_has_the_cases_of_the_intervals_inside() -> None:
    """The day before the first day has no colour, so only the days inside say something."""
    counts = colours(0, 1, 1, 1)
    assert bounds_of(counts, [0], n_areas=1)[2].ravel()[:2].tolist() == [1, 1]


def test_bounds_of_an_area_are_the_sum_of_the_bounds_of_its_zones() -> None:
    counts = np.hstack([colours(0, 1, 1), colours(0, 3, 3), colours(0, 1, 1)])
    assert bounds_of(counts, [0, 0, -1], n_areas=1)[0].ravel().tolist() == [0, 4, 0]


def test_days_before_and_after_a_gap_say_nothing_about_each_other() -> None:
    least, most = limits_of_classes(LIMITS)
    periods = [
        ColouredDays(first, least[[[risk]] * 2], most[[[risk]] * 2], np.array([0]), WINDOW, True)
        for first, risk in ((0, 0), (3, 3))
    ]
    assert all((bound == 0).all() for bound in least_cases(periods, 5, 1))


@pytest.mark.parametrize("forgets", [True, False])
def test_active_cases_leave_a_count_on_other_days(forgets: bool) -> None:  # noqa: FBT001
    least, most = limits_of_classes(LIMITS)
    risks = [[1]] * 9 + [[0]] * 2
    days = ColouredDays(0, least[risks], most[risks], np.array([0]), WINDOW, forgets)
    [bound, *_] = least_cases([days], 11, 1)
    assert bound.sum() == (1 if forgets else 0)
