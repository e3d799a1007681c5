"""The index of the join: vectors of pieces, memory, hard squares, size."""

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
from tests.kernels import example_count
from tests.zoning.locating import integer_oracle, oracle
from tests.zoning.locating.coverages import hard_points
from zoning import Locator
from zoning.kernels.compiling import kernel
from zoning.kernels.simd import piece_sides, piece_sides_numpy

SEEDS = st.integers(0, 2**32 - 1)


@kernel
def _sides_by_vector(
    pieces: NDArray[np.uint16], px: NDArray[np.float32], py: NDArray[np.float32]
) -> list[tuple[int, int]]:
    return [piece_sides(pieces, np.uint64(0), px[k], py[k]) for k in range(len(px))]


@given(SEEDS)
@settings(max_examples=example_count(60), deadline=None)
def test_a_vector_of_eight_pieces_gives_the_same_sides_as_single_pieces(seed: int) -> None:
    random = np.random.default_rng(seed)
    pieces = random.integers(0, 65536, 32).astype(np.uint16)
    pieces[24:] = np.maximum(pieces[8:16], pieces[24:])
    # Half of the points lie within a few quanta of the ends of a piece.
    px = np.concatenate((random.uniform(0, 65535, 40), pieces[:8] + random.uniform(-3, 3, 8)))
    py = np.concatenate((random.uniform(0, 65535, 40), pieces[8:16] + random.uniform(-3, 3, 8)))
    x, y = px.astype(np.float32), py.astype(np.float32)
    expected = [piece_sides_numpy(pieces, 0, *point) for point in zip(x, y, strict=True)]
    assert _sides_by_vector(pieces, x, y) == expected
    assert any(is_near for _, is_near in expected)


@pytest.fixture(scope="module")
def city() -> gpd.GeoDataFrame:
    """The RT of the sample city."""
    return sample_city.build(7).rt


@pytest.mark.large
def test_hard_points_of_the_sample_city_agree_with_exact_integers(
    city: gpd.GeoDataFrame,
) -> None:
    assert disagreements(list(city.geometry), 100_000, 3) == 0


@pytest.mark.large
def test_hard_points_of_surakarta_agree_with_exact_integers(
    shared_data: Callable[[str], Path],
) -> None:
    areas = gpd.read_file(shared_data("surakarta/rt.geojson"))
    assert disagreements(list(areas.geometry), 200_000, 4) == 0


def test_the_integer_oracle_agrees_with_the_fraction_oracle() -> None:
    polygons = [*nation(3, 3, np.random.default_rng(2)), box(95.01, -10.99, 95.05, -10.95)]
    points = hard_points([*polygons], 6, 400)
    rows = integer_oracle.locate(polygons, points)
    assert rows.tolist() == [oracle.locate(polygons, float(x), float(y)) for x, y in points]
    assert (rows == -1).any()
    assert (rows == 9).any()


def test_squares_with_many_edges_are_divided_and_squares_with_many_polygons_are_listed() -> None:
    angle = np.linspace(0, 2 * np.pi, 41)
    rim = 3 + 2 * np.column_stack((np.cos(angle), np.sin(angle)))
    slices = [Polygon([(3, 3), a, b]) for a, b in pairwise(rim)]
    index = Locator(slices)._index
    assert len(index.codes) > index.columns * index.rows + 1
    assert len(index.listed_from) > 1
    near_hub = 3 + np.random.default_rng(1).normal(0, 1e-4, (500, 2))
    points = np.concatenate((hard_points([*slices], 3, 500), near_hub))
    rows = Locator(slices).locate(*points.T)
    assert rows.tolist() == [oracle.locate(slices, float(x), float(y)) for x, y in points]


@pytest.mark.large
def test_the_index_of_many_copies_grows_with_their_edges_and_the_first_copy_holds_every_point() -> (
    None
):
    ring = shapely.Point(0, 0).buffer(1, quad_segs=500)
    locator = Locator([box(5, 5, 6, 6), *[ring] * 200])
    index = locator._index
    index_size = len(index.codes) + len(index.leaves.lines) + len(index.listed)
    assert index_size < 4 * 200 * shapely.get_num_coordinates(ring)
    x, y = np.random.default_rng(1).uniform(-1.1, 1.1, (2, 20_000))
    expected = np.where(shapely.intersects_xy(ring, x, y), 1, -1)
    np.testing.assert_array_equal(locator.locate(x, y), expected)


@pytest.mark.large
def test_a_ring_of_a_hundred_thousand_vertices_agrees_with_shapely() -> None:
    angle = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
    radius = 1 + 0.2 * np.random.default_rng(8).random(len(angle))
    coast = Polygon(np.column_stack((110 + radius * np.cos(angle), radius * np.sin(angle))))
    x, y = np.random.default_rng(9).uniform(-1.3, 1.3, (2, 20_000))
    rows = Locator([coast]).locate(110 + x, y)
    shapely.prepare(coast)
    np.testing.assert_array_equal(rows, np.where(shapely.contains_xy(coast, 110 + x, y), 0, -1))


@pytest.mark.large
def test_a_nation_of_polygons_agrees_with_exact_integers() -> None:
    polygons = nation(150, 100, np.random.default_rng(4))
    assert disagreements(list(polygons), 30_000, 5) == 0


@pytest.mark.large
@pytest.mark.parametrize("crs", [4326, 32749])
def test_the_index_is_small_in_degrees_and_in_metres(city: gpd.GeoDataFrame, crs: int) -> None:
    areas = city.to_crs(crs)
    locator = Locator(areas.geometry)
    assert locator.nbytes < 64e6
    inside = areas.representative_point()
    rows = locator.locate(inside.x, inside.y)
    np.testing.assert_array_equal(rows, np.arange(len(areas)))


def test_read_only_points_are_accepted_and_stay_unchanged() -> None:
    x = np.array([0.5, 1.5])
    x.flags.writeable = False
    assert Locator([box(0, 0, 1, 1)]).locate(x, x[::-1]).tolist() == [-1, -1]
    assert x.tolist() == [0.5, 1.5]
