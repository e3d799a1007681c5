"""The index of the join: its vectors, its room, its hard squares, its size."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely import Polygon, box

from benchmarks.exactness import disagreements
from benchmarks.join import nation
from geodata import sample_city
from tests.kernels import examples
from tests.zoning.locating import integer_oracle, oracle
from tests.zoning.locating.coverages import hard_points
from zoning import Locator
from zoning.kernels.compiling import kernel
from zoning.kernels.simd import plain_sides, sides

SEEDS = st.integers(0, 2**32 - 1)


@kernel
def _vector_sides(
    pieces: NDArray[np.uint16], px: NDArray[np.float32], py: NDArray[np.float32]
) -> list[tuple[int, int]]:
    return [sides(pieces, np.uint64(0), px[k], py[k]) for k in range(len(px))]


@given(SEEDS)
@settings(max_examples=examples(60), deadline=None)
def test_eight_pieces_in_one_vector_are_judged_as_one_by_one(seed: int) -> None:
    random = np.random.default_rng(seed)
    pieces = random.integers(0, 65536, 32).astype(np.uint16)
    pieces[24:] = np.maximum(pieces[8:16], pieces[24:])
    # Half the points within a few quanta of a piece's ends.
    px = np.concatenate((random.uniform(0, 65535, 40), pieces[:8] + random.uniform(-3, 3, 8)))
    py = np.concatenate((random.uniform(0, 65535, 40), pieces[8:16] + random.uniform(-3, 3, 8)))
    x, y = px.astype(np.float32), py.astype(np.float32)
    expected = [plain_sides(pieces, 0, *at) for at in zip(x, y, strict=True)]
    assert _vector_sides(pieces, x, y) == expected
    assert any(near for _, near in expected)


@pytest.fixture(scope="module")
def city() -> gpd.GeoDataFrame:
    """The RT of the sample city."""
    return sample_city.build(7).rt


@pytest.mark.large
def test_hard_points_of_the_sample_city_are_judged_as_exact_integers_say(
    city: gpd.GeoDataFrame,
) -> None:
    assert disagreements(list(city.geometry), 100_000, 3) == 0


@pytest.mark.large
def test_hard_points_of_surakarta_are_judged_as_exact_integers_say(
    shared_data: Callable[[str], Path],
) -> None:
    areas = gpd.read_file(shared_data("surakarta/rt.geojson"))
    assert disagreements(list(areas.geometry), 200_000, 4) == 0


def test_the_oracle_in_integers_says_what_the_oracle_in_fractions_says() -> None:
    few = [*nation(3, 3, np.random.default_rng(2)), box(95.01, -10.99, 95.05, -10.95)]
    points = hard_points([*few], 6, 400)
    found = integer_oracle.locate(few, points)
    assert found.tolist() == [oracle.locate(few, float(x), float(y)) for x, y in points]
    assert (found == -1).any()
    assert (found == 9).any()


def test_a_square_with_too_many_edges_is_divided_and_one_with_too_many_polygons_listed() -> None:
    angle = np.linspace(0, 2 * np.pi, 41)
    rim = 3 + 2 * np.column_stack((np.cos(angle), np.sin(angle)))
    slices = [Polygon([(3, 3), a, b]) for a, b in pairwise(rim)]
    index = Locator(slices)._index
    assert len(index.codes) > index.columns * index.rows + 1
    assert len(index.listed_from) > 1
    near_hub = 3 + np.random.default_rng(1).normal(0, 1e-4, (500, 2))
    points = np.concatenate((hard_points([*slices], 3, 500), near_hub))
    found = Locator(slices).locate(*points.T)
    assert found.tolist() == [oracle.locate(slices, float(x), float(y)) for x, y in points]


@pytest.mark.large
def test_many_copies_of_a_polygon_are_no_more_than_their_edges_and_the_first_has_every_point() -> (
    None
):
    ring = shapely.Point(0, 0).buffer(1, quad_segs=500)
    locator = Locator([box(5, 5, 6, 6), *[ring] * 200])
    index = locator._index
    made = len(index.codes) + len(index.leaves.lines) + len(index.listed)
    assert made < 4 * 200 * shapely.get_num_coordinates(ring)
    x, y = np.random.default_rng(1).uniform(-1.1, 1.1, (2, 20_000))
    expected = np.where(shapely.intersects_xy(ring, x, y), 1, -1)
    np.testing.assert_array_equal(locator.locate(x, y), expected)


@pytest.mark.large
def test_a_ring_of_a_hundred_thousand_vertices_is_ordinary() -> None:
    angle = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
    radius = 1 + 0.2 * np.random.default_rng(8).random(len(angle))
    coast = Polygon(np.column_stack((110 + radius * np.cos(angle), radius * np.sin(angle))))
    x, y = np.random.default_rng(9).uniform(-1.3, 1.3, (2, 20_000))
    found = Locator([coast]).locate(110 + x, y)
    shapely.prepare(coast)
    np.testing.assert_array_equal(found, np.where(shapely.contains_xy(coast, 110 + x, y), 0, -1))


@pytest.mark.large
def test_a_nation_of_polygons_is_judged_as_exact_integers_say() -> None:
    polygons = nation(150, 100, np.random.default_rng(4))
    assert disagreements(list(polygons), 30_000, 5) == 0


@pytest.mark.large
@pytest.mark.parametrize("crs", [4326, 32749])
def test_the_index_is_small_in_degrees_and_in_metres(city: gpd.GeoDataFrame, crs: int) -> None:
    areas = city.to_crs(crs)
    locator = Locator(areas.geometry)
    assert locator.nbytes < 64e6
    inside = areas.representative_point()
    found = locator.locate(inside.x, inside.y)
    np.testing.assert_array_equal(found, np.arange(len(areas)))


def test_points_that_may_not_be_written_are_taken_as_they_are() -> None:
    x = np.array([0.5, 1.5])
    x.flags.writeable = False
    assert Locator([box(0, 0, 1, 1)]).locate(x, x[::-1]).tolist() == [-1, -1]
    assert x.tolist() == [0.5, 1.5]
