"""Nested ranges: a reader who knows everything public cannot compute a small count.

The oracle enumerates all cities of a small size and groups them by their public ranges: what all
cities of a group have in common is what a reader can compute.
"""

from collections import defaultdict
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.attack.inference import tightest_day_bounds
from zoning.disclosure.figures.ranges import (
    Ranges,
    ranges_of_cases,
    ranges_of_sums,
    ranges_without_zero,
)

Ints = NDArray[np.int64]
WIDTH = 3
"""The smallest width: the small counts are 1 and 2."""
MOST = 9
"""Highest count of a kelurahan in the enumeration; every range ends below it."""
OUTSIDE = 6
"""The same for the cases without an RT."""
TO_KECAMATAN = np.array([0, 0, 1])
TO_CITY = np.array([0, 0, 0])
"""Two kecamatan, and the cases without an RT."""
KELURAHAN, KECAMATAN, CITY = range(3), range(3, 5), 5
COLUMNS = 6


def city_ranges(counts: Ints, bounds: Ints, without_rt: Ints) -> Ranges:
    """Ranges of three kelurahan, two kecamatan and the city; one city in each row.

    Parameters
    ----------
    bounds
        What the colours of the day disclose for each kelurahan.
    """
    widths = np.full(len(counts), WIDTH)
    # Each row is a city of its own: intervals of one day.
    kelurahan = ranges_of_cases(counts, widths, [bounds])
    by_kecamatan = np.stack([counts[:, 0] + counts[:, 1], counts[:, 2]], axis=1)
    kecamatan = ranges_of_sums(by_kecamatan, kelurahan, TO_KECAMATAN, widths)
    outside = ranges_without_zero(without_rt, widths)
    parts = Ranges(*(np.hstack(pair) for pair in zip(kecamatan, outside, strict=True)))
    by_city = by_kecamatan.sum(axis=1, keepdims=True) + without_rt
    in_city = ranges_of_sums(by_city, parts, TO_CITY, widths)
    return Ranges(
        *(np.hstack(levels) for levels in zip(kelurahan, kecamatan, in_city, strict=True))
    )


@pytest.mark.parametrize("bound", [(0, 0, 0), (1, 0, 2), (2, 2, 0), (3, 1, 0)])
def test_ranges_of_all_levels_together_leave_every_count_of_a_part_possible(
    bound: tuple[int, int, int],
) -> None:
    rows = [
        (*counts, outside)
        for *counts, outside in product(range(MOST), range(MOST), range(MOST), range(OUTSIDE))
        if all(count >= least for count, least in zip(counts, bound, strict=True))
    ]
    cities = np.array(rows, dtype=np.int64)
    counts, without_rt = cities[:, :3], cities[:, 3:]
    ranges = city_ranges(counts, np.tile(np.array(bound), (len(rows), 1)), without_rt)
    public = np.hstack([ranges.least, ranges.most])
    kecamatan = np.stack([counts[:, 0] + counts[:, 1], counts[:, 2]], axis=1)
    truth = np.hstack([counts, kecamatan, kecamatan.sum(axis=1, keepdims=True) + without_rt])
    assert (ranges.least <= truth).all()
    assert (truth <= ranges.most).all()
    groups: dict[bytes, list[int]] = defaultdict(list)
    for row in range(len(rows)):
        groups[public[row].tobytes()].append(row)
    assert len(groups) > 20
    for members in groups.values():
        first = members[0]
        for column in range(COLUMNS):
            possible = set(truth[members, column].tolist())
            if column in KELURAHAN:
                expected = range(ranges.floor[first, column], ranges.most[first, column] + 1)
                assert possible >= {count for count in expected if count < MOST}
                assert len(expected) >= WIDTH or ranges.most[first, column] in {0, 2}
            is_small = {count for count in possible if 0 < count < WIDTH}
            assert not is_small or len(possible) > 1


def test_an_unbanded_total_of_the_city_leaves_one_possible_count() -> None:
    """The oracle finds a leak: with the exact total, some small counts are known."""
    cities = np.array(list(product(range(4), range(4), range(4), range(2))), dtype=np.int64)
    counts, without_rt = cities[:, :3], cities[:, 3:]
    ranges = city_ranges(counts, np.zeros_like(counts), without_rt)
    public = np.hstack([ranges.least, ranges.most, cities.sum(axis=1, keepdims=True)])
    groups: dict[bytes, set[int]] = defaultdict(set)
    for row in range(len(cities)):
        groups[public[row].tobytes()].add(int(counts[row, 0]))
    assert any(len(possible) == 1 and possible & {1, 2} for possible in groups.values())


def test_a_first_range_is_extended_by_what_colours_disclose() -> None:
    """Four RT turn yellow: four cases at least, so a range of 1 to 4 would be the count.

    At least three counts stay possible.
    """
    counts = np.array([[4]])
    for bound in (3, 4):
        ranges = ranges_of_cases(counts, np.array([5]), [np.array([[bound]])])
        assert [values.item() for values in ranges] == [1, 9, bound]
    for bound in range(3):
        ranges = ranges_of_cases(counts, np.array([5]), [np.array([[bound]])])
        assert [values.item() for values in ranges] == [1, 4, max(bound, 1)]


def test_days_without_cases_count_for_the_days_around_them() -> None:
    """Three houses within three days, two of them without cases: all on the third day."""
    counts = np.array([[0], [4], [0]])
    interval = np.array([[4], [0], [0]])
    ranges = ranges_of_cases(
        counts, np.full(3, 5), [np.zeros((3, 1), dtype=np.int64), interval * 0, interval]
    )
    assert ranges.most.ravel().tolist() == [0, 9, 0]
    assert ranges.floor.ravel().tolist() == [0, 4, 0]


def test_the_city_has_its_count_to_a_few_cases_where_sums_of_bands_have_twice_as_many() -> None:
    counts = np.ones((1, 60), dtype=np.int64)
    widths = np.array([5])
    parts = ranges_of_cases(counts, widths, [])
    total = ranges_of_sums(np.array([[60]]), parts, np.zeros(60, dtype=np.intp), widths)
    assert (total.least.item(), total.most.item()) == (60, 64)
    assert (parts.least.sum() + parts.most.sum()) / 2 == 150


@st.composite
def histories(draw: st.DrawFn) -> tuple[Ints, list[Ints]]:
    """Counts of one kelurahan, and bounds of intervals that these counts satisfy."""
    counts = np.array(draw(st.lists(st.integers(0, 6), min_size=4, max_size=12)))[:, np.newaxis]
    bounds = []
    for length in range(1, 5):
        bound = np.zeros_like(counts)
        for first in range(len(counts) - length + 1):
            total = int(counts[first : first + length].sum())
            bound[first] = draw(st.sampled_from([0, total // 2, total]))
        bounds.append(bound)
    return counts, bounds


@given(histories())
@settings(max_examples=60, deadline=None)
def test_colours_of_many_days_and_all_ranges_leave_at_least_two_counts_possible(
    history: tuple[Ints, list[Ints]],
) -> None:
    """The bounds of all intervals together, as a system of inequalities."""
    counts, bounds = history
    ranges = ranges_of_cases(counts, np.full(len(counts), 5), bounds)
    intervals = {length: bound.T for length, bound in enumerate(bounds, start=1)}
    low, high = (
        values.ravel() for values in tightest_day_bounds(ranges.least.T, ranges.most.T, intervals)
    )
    truth = counts.ravel()
    assert (low <= truth).all()
    assert (truth <= high).all()
    assert not ((low == high) & (truth > 0)).any()
