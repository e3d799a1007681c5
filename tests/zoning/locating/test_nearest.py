"""The nearest polygon is the one that shapely finds; of equally near polygons the lowest row."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from geodata.errors import InputError
from tests.kernels import example_count
from tests.zoning.locating.coverages import coverages
from zoning.kernels import nearest_boundary
from zoning.kernels.nearest_boundary import EdgeGrid
from zoning.locating.nearest import NearestPolygons

SEEDS = st.integers(0, 2**32 - 1)


def polygons(*geometries: BaseGeometry | None) -> NDArray[np.object_]:
    shapes = np.empty(len(geometries), dtype=object)
    shapes[:] = geometries
    return shapes


def nearest_by_shapely(shapes: NDArray[np.object_], x: float, y: float, within: float) -> int:
    distances = [
        np.inf if s is None or s.is_empty else round(shapely.Point(x, y).distance(s), 3)
        for s in shapes
    ]
    nearest = int(np.argmin(distances))
    return nearest if distances[nearest] <= within else -1


@given(coverages(), SEEDS, st.sampled_from((0.1, 1.0, 7.0, 1000.0)))
@settings(max_examples=example_count(150), deadline=None)
def test_every_point_outside_has_the_polygon_that_shapely_finds_nearest(
    geometries: list[BaseGeometry | None], seed: int, within: float
) -> None:
    shapes = polygons(*geometries)
    points = np.random.default_rng(seed).uniform(-9, 14, (60, 2))
    # Half of the points lie on a grid, where many polygons are equally near.
    points[::2] = np.round(points[::2] * 2) / 2
    covered = shapely.union_all([s for s in shapes if s is not None])
    points = points[~shapely.intersects_xy(covered, points[:, 0], points[:, 1])]
    rows = NearestPolygons(shapes).find(points[:, 0], points[:, 1], within=within)
    assert rows.tolist() == [nearest_by_shapely(shapes, x, y, within) for x, y in points]


@pytest.mark.large
def test_a_city_in_metres_agrees_with_shapely_to_the_millimetre() -> None:
    random = np.random.default_rng(5)
    centres = random.uniform((430e3, 9.22e6), (456e3, 9.24e6), (400, 2))
    shapes = polygons(*shapely.buffer(shapely.points(centres), random.uniform(5, 300, 400)))
    points = random.uniform((429e3, 9.219e6), (457e3, 9.241e6), (3000, 2))
    tree = shapely.STRtree(shapes)
    outside = np.setdiff1d(
        np.arange(3000), tree.query(shapely.points(points), predicate="intersects")[0]
    )
    rows = NearestPolygons(shapes).find(*points[outside].T, within=150.0)
    queries = shapely.points(points[outside])
    nearest_rows = tree.nearest(queries)
    is_within = shapely.distance(queries, shapes[nearest_rows]) <= 150.0
    assert 100 < is_within.sum() < len(outside)
    np.testing.assert_array_equal(rows, np.where(is_within, nearest_rows, -1))


@pytest.mark.parametrize(
    ("point", "row"),
    [
        ((-1.0, 0.5), 0),
        ((2.5, 0.5), 1),  # half way between the second and the third: the lower
        ((2.6, 0.5), 2),
        ((13.0, 0.5), 2),
        ((13.001, 0.5), -1),
        ((np.nan, 0.5), -1),
        ((np.inf, np.inf), -1),
        ((-1e308, 0.5), -1),
    ],
)
def test_within_is_inclusive_and_nan_or_infinity_is_near_no_polygon(
    point: tuple[float, float], row: int
) -> None:
    shapes = polygons(
        box(0, 0, 1, 1), MultiPolygon([box(1, 0, 2, 1), box(50, 50, 51, 51)]), box(3, 0, 4, 1)
    )
    assert NearestPolygons(shapes).find(*point, within=9.0).tolist() == [row]


@pytest.mark.parametrize("shapes", [polygons(), polygons(None, Polygon(), MultiPolygon())])
def test_without_polygons_no_polygon_is_near(shapes: NDArray[np.object_]) -> None:
    assert NearestPolygons(shapes).find(0.0, 0.0, within=9.0).tolist() == [-1]


def test_a_strip_thinner_than_a_cell_and_a_polygon_of_one_point_are_found() -> None:
    line = polygons(Polygon([(0, 0), (1000, 0), (1000, 1e-9)]), box(5, 5, 5, 5))
    assert NearestPolygons(line).find([500, 5, -3], [2, 4, 0], within=3.0).tolist() == [0, 1, 0]


def test_a_search_visits_each_cell_of_the_grid_once_for_any_distance(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edge_grid = NearestPolygons(polygons(box(0, 0, 1, 1), box(3, 0, 4, 1)))._edge_grid
    cells = edge_grid.parts.columns * edge_grid.parts.rows
    visited: list[int] = []

    def find_nothing(_edge_grid: EdgeGrid, cell: int, *rest: float) -> tuple[float, int]:
        visited.append(cell)
        return rest[2], int(rest[3])

    monkeypatch.setattr(nearest_boundary, "_search_cell", find_nothing)
    search = getattr(nearest_boundary._nearest_row, "py_func", nearest_boundary._nearest_row)
    for cell in ((0, 0), (-40, 3), (700, -700), (edge_grid.parts.columns, 0)):
        visited.clear()
        assert search(edge_grid, cell, 0.0, 0.0, 1e7) == nearest_boundary.NONE
        assert sorted(visited) == list(range(cells)), cell


@pytest.mark.parametrize("within", [-1.0, np.nan, np.inf, 1e9])
def test_a_distance_that_is_impossible_on_earth_is_refused(within: float) -> None:
    with pytest.raises(InputError, match="number of metres"):
        NearestPolygons(polygons(box(0, 0, 1, 1))).find(0.0, 0.0, within=within)
