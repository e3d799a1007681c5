"""Apportionment: exact totals, no number below the minimum."""

from fractions import Fraction

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from geodata.tessellate.shares import apportion, apportion_within

WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=30)


@given(WEIGHTS, st.integers(0, 3), st.integers(0, 500))
@example([0, 0], 1, 0)
@example([0, 5, 0], 1, 4)
@example([1, 10**6], 2, 0)
def test_numbers_add_up_and_none_is_below_the_minimum(
    weights: list[int], least: int, more: int
) -> None:
    total = least * len(weights) + more
    numbers = apportion(np.array(weights, np.float64), total, least)
    assert numbers.sum() == total
    assert numbers.min() >= least


@given(WEIGHTS.filter(any), st.integers(0, 10_000))
def test_without_a_minimum_each_number_differs_from_its_share_by_less_than_one(
    weights: list[int], total: int
) -> None:
    numbers = apportion(np.array(weights, np.float64), total)
    for weight, number in zip(weights, numbers.tolist(), strict=True):
        share = Fraction(weight * total, sum(weights))
        assert abs(number - share) < 1 + Fraction(1, 10**6)


@given(WEIGHTS, st.integers(1, 3), st.integers(0, 500))
def test_more_weight_never_gets_less(weights: list[int], least: int, more: int) -> None:
    numbers = apportion(np.array(weights, np.float64), least * len(weights) + more, least)
    ranked = numbers[np.argsort(weights, kind="stable")]
    heavier = np.diff(np.sort(weights)) > 0
    assert (np.diff(ranked)[heavier] >= 0).all()


def test_the_textbook_case_of_largest_remainders() -> None:
    # Hamilton's method, 100,000 votes and ten seats.
    votes = np.array([47_000.0, 16_000.0, 15_800.0, 12_000.0, 6_100.0, 3_100.0])
    assert apportion(votes, 10).tolist() == [5, 2, 1, 1, 1, 0]


def test_each_group_gets_its_own_total() -> None:
    weights = np.array([1.0, 5.0, 3.0, 5.0])
    group = np.array([0, 1, 0, 1])
    numbers = apportion_within(weights, group, np.array([8, 7]))
    assert numbers.tolist() == [2, 4, 6, 3]
