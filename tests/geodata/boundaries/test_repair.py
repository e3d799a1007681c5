"""Repair of polygons into a coverage, and the report of the changes."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geodata.boundaries import check, read_polygons, repair
from geodata.boundaries.coverage.topology import union_coverage
from geodata.errors import BoundaryError
from tests.cities.drawn_city import (
    SIDE,
    SOUTH,
    WEST,
    drawn_city,
    get_corner,
    move_corner,
    set_shape,
    shares_every_edge,
    square_metres,
)

seeds = st.integers(0, 2**32 - 1)
inner = st.sampled_from([5, 6, 9, 10])  # RT of a 4 by 4 city with neighbours on every side
corners = st.integers(0, 3)


def shapes_of(frame: gpd.GeoDataFrame) -> list[bytes]:
    return [bytes(shape) for shape in shapely.to_wkb(frame.geometry.to_numpy())]


def city_with_moved_corner(seed: int, row: int, number: int, share: float) -> gpd.GeoDataFrame:
    """Move one corner towards the middle of its RT (a gap), or away from it (overlaps)."""
    city = drawn_city(seed)
    corner = get_corner(city.geometry[row], number)
    middle = shapely.get_coordinates(shapely.centroid(city.geometry[row]))[0]
    move_corner(city, row, number, corner + (middle - corner) * share)
    return city


@settings(deadline=None, max_examples=50)
@given(seeds)
def test_a_coverage_does_not_change_a_bit(seed: int) -> None:
    city = drawn_city(seed)
    assert shares_every_edge(city.geometry.to_numpy())
    repaired, changes = repair(city)
    assert shapes_of(repaired) == shapes_of(city)
    assert changes.changed_m2 == 0
    assert changes.per_area.empty


@settings(deadline=None, max_examples=50)
@given(seeds, inner, corners, st.floats(0.005, 0.08))
def test_a_gap_is_filled_and_its_area_is_reported(
    seed: int, row: int, number: int, share: float
) -> None:
    city = city_with_moved_corner(seed, row, number, share)
    gap_m2 = square_metres(drawn_city(seed).geometry[row]) - square_metres(city.geometry[row])
    repaired, changes = repair(city, max_change=1.0)
    assert shares_every_edge(repaired.geometry.to_numpy())
    assert changes.filled_m2.sum() == pytest.approx(gap_m2, rel=0.01, abs=0.1)
    assert changes.changed_m2 == pytest.approx(gap_m2, rel=0.01, abs=0.1)
    union = shapely.union_all(drawn_city(seed).geometry.to_numpy())
    assert shapely.union_all(repaired.geometry.to_numpy()).equals(union)


@settings(deadline=None, max_examples=50)
@given(seeds, inner, corners, st.floats(0.005, 0.15))
def test_an_overlap_goes_to_one_area_and_the_loss_is_reported(
    seed: int, row: int, number: int, share: float
) -> None:
    city = city_with_moved_corner(seed, row, number, -share)
    overlap_m2 = square_metres(city.geometry[row]) - square_metres(drawn_city(seed).geometry[row])
    repaired, changes = repair(city, max_change=1.0)
    assert shares_every_edge(repaired.geometry.to_numpy())
    assert changes.given["m2"].sum() == pytest.approx(overlap_m2, rel=0.01, abs=0.1)
    assert changes.per_area["lost_m2"].sum() == pytest.approx(overlap_m2, rel=0.01, abs=0.1)
    assert changes.per_area["gained_m2"].sum() == pytest.approx(0, abs=0.1)


@settings(deadline=None, max_examples=50)
@given(seeds, inner, corners, st.floats(-0.15, 0.08))
def test_repair_is_idempotent(seed: int, row: int, number: int, share: float) -> None:
    repaired, _ = repair(city_with_moved_corner(seed, row, number, share), max_change=1.0)
    repaired_again, changes = repair(repaired)
    assert shapes_of(repaired_again) == shapes_of(repaired)
    assert changes.changed_m2 == 0


@settings(deadline=None, max_examples=50)
@given(seeds, inner, corners, st.floats(-0.15, 0.08))
def test_the_order_of_rows_does_not_matter(seed: int, row: int, number: int, share: float) -> None:
    city = city_with_moved_corner(seed, row, number, share)
    order = np.random.default_rng(seed).permutation(len(city))
    repaired, _ = repair(city, max_change=1.0)
    shuffled, _ = repair(city.iloc[order], max_change=1.0)
    assert shapes_of(shuffled.sort_index()) == shapes_of(repaired)


@settings(deadline=None, max_examples=50)
@given(seeds, inner, corners, st.floats(-0.15, 0.08))
def test_areas_away_from_a_fault_do_not_change_a_bit(
    seed: int, row: int, number: int, share: float
) -> None:
    city = city_with_moved_corner(seed, row, number, share)
    repaired, _ = repair(city, max_change=1.0)
    is_away = ~city.geometry.touches(city.geometry[row]) & ~city.geometry.intersects(
        city.geometry[row].buffer(SIDE / 4)
    )
    assert is_away.any()
    assert shapes_of(repaired[is_away]) == shapes_of(city[is_away])


def test_an_area_on_top_of_a_larger_area_is_cut_out_of_it() -> None:
    city = drawn_city(1)
    market = city.geometry[5].centroid.buffer(SIDE / 8)
    city.loc[len(city)] = city.iloc[5]
    set_shape(city, len(city) - 1, market)
    repaired, changes = repair(city, max_change=1.0)
    assert shares_every_edge(repaired.geometry.to_numpy())
    assert square_metres(repaired.geometry.iloc[-1]) == pytest.approx(
        square_metres(market), rel=1e-6
    )
    assert shapely.get_num_interior_rings(repaired.geometry[5]) == 1
    assert changes.per_area["lost_m2"].sum() == pytest.approx(square_metres(market), rel=0.01)


def test_a_gap_wider_than_the_gap_width_stays_and_is_reported() -> None:
    city = drawn_city(2)
    pond = city.geometry[5]
    repaired, changes = repair(city.drop(index=5))
    assert len(repaired) == 15
    assert changes.open_gaps["m2"].tolist() == [pytest.approx(square_metres(pond), rel=0.01)]
    assert changes.open_gaps["width"][0] > 100
    filled, changes = repair(city.drop(index=5), gap_width=1000, max_change=1.0)
    assert changes.open_gaps.empty
    assert square_metres(shapely.union_all(filled.geometry.to_numpy())) == pytest.approx(
        square_metres(shapely.union_all(city.geometry.to_numpy())), rel=1e-9
    )


def test_self_intersecting_rings_are_repaired_and_counted() -> None:
    city = drawn_city(3)
    ring = shapely.get_coordinates(city.geometry[0])
    ring[[1, 2]] = ring[[2, 1]]
    set_shape(city, 0, shapely.Polygon(ring))
    assert not city.geometry[0].is_valid
    repaired, changes = repair(city, max_change=1.0)
    assert repaired.geometry.is_valid.all()
    assert changes.rings["code"].tolist() == ["row 1"]


def test_more_change_than_allowed_raises_an_error_with_the_share_and_the_option() -> None:
    city = city_with_moved_corner(4, 5, 0, -0.9)
    with pytest.raises(BoundaryError) as raised:
        repair(city)
    assert raised.value.code == "too-much-repair"
    assert "--max-change" in raised.value.message
    allowed = float(raised.value.message.rsplit(" ", 1)[1].rstrip("."))
    _, changes = repair(city, max_change=allowed)
    assert 0.01 < changes.share <= allowed


def test_the_share_is_the_changed_area_over_the_total_area() -> None:
    city = city_with_moved_corner(5, 6, 1, -0.1)
    _, changes = repair(city, max_change=1.0)
    total_m2 = square_metres(shapely.union_all(drawn_city(5).geometry.to_numpy()))
    overlap_m2 = square_metres(city.geometry[6]) - square_metres(drawn_city(5).geometry[6])
    assert changes.share == pytest.approx(overlap_m2 / total_m2, rel=0.01)


@pytest.mark.parametrize("code", ["given", "none"])
def test_the_same_polygon_under_two_codes_raises_an_error(code: str) -> None:
    city = drawn_city(6)
    city.loc[len(city)] = city.iloc[5]
    set_shape(city, len(city) - 1, city.geometry[5])
    if code == "given":
        city["code"] = [f"33.74.06.1010-001-{rt:03d}" for rt in range(len(city))]
    with pytest.raises(BoundaryError) as raised:
        repair(city, max_change=1.0)
    assert raised.value.code == "area-lost"


def test_the_same_polygon_twice_under_one_code_remains_once() -> None:
    city = drawn_city(6)
    city.loc[len(city)] = city.iloc[5]
    set_shape(city, len(city) - 1, city.geometry[5])
    city["code"] = [*(f"rt-{row}" for row in range(16)), "rt-5"]
    repaired, _ = repair(city, max_change=1.0)
    assert len(repaired) == 16
    assert shares_every_edge(repaired.geometry.to_numpy())


def test_a_polygon_that_is_only_a_line_raises_an_error() -> None:
    city = drawn_city(7)
    line = shapely.Polygon([(WEST, SOUTH - 1), (WEST, SOUTH), (WEST, SOUTH - 1)])
    set_shape(city, 0, line)
    with pytest.raises(BoundaryError) as raised:
        repair(city, max_change=1.0)
    assert raised.value.code == "area-lost"


def test_the_space_between_detached_islands_is_no_gap() -> None:
    city = drawn_city(8)
    _, changes = repair(city.drop(index=[1, 5, 9, 13]))
    assert changes.pieces == 2
    assert changes.open_gaps.empty


points = st.tuples(st.integers(0, 40), st.integers(0, 40))
random_rings = st.lists(st.lists(points, min_size=3, max_size=8), min_size=1, max_size=8)


@settings(deadline=None, max_examples=150)
@given(random_rings)
@example([[(0, 0), (0, 1), (1, 0), (1, 0), (1, 0)]])
@example(  # edges that almost coincide: no coverage without rounding
    [
        [(0, 19), (27, 14), (13, 13), (10, 1), (34, 27), (0, 0)],
        [(0, 20), (27, 14), (13, 13), (7, 0), (34, 27), (0, 0)],
    ]
)
@example([[(0, 0), (2, 2), (8, 0)], [(0, 0), (8, 0), (2, 2), (7, 0), (0, 4)]])  # a spike
def test_random_polygons_become_a_coverage_or_raise_an_error(
    rings: list[list[tuple[int, int]]],
) -> None:
    polygons = [shapely.Polygon(np.array(ring) * 1e-4 + [WEST, SOUTH]) for ring in rings]
    frame = gpd.GeoDataFrame(geometry=polygons, crs="EPSG:4326")
    check(frame)
    try:
        repaired, _ = repair(frame, max_change=1e9)
    except BoundaryError as error:
        if error.code != "area-lost":
            raise
    else:
        assert shares_every_edge(repaired.geometry.to_numpy())
        assert repair(repaired)[1].changed_m2 == 0


@pytest.mark.parametrize(
    ("name", "pieces"),
    [("semarang/kelurahan_untidy.geojson", 2), ("pekunden/rt.geojson", 4)],
)
def test_real_faulty_files_become_coverages_within_the_default_share(
    name: str, pieces: int, shared_data: Callable[[str], Path]
) -> None:
    repaired, changes = repair(read_polygons(shared_data(name)))
    assert shares_every_edge(repaired.geometry.to_numpy())
    assert 0.001 < changes.share < 0.01
    assert changes.pieces == pieces
    assert changes.open_gaps.empty


@pytest.mark.parametrize("name", ["semarang/kelurahan.geojson", "surakarta/rt.geojson"])
def test_real_coverages_do_not_change(name: str, shared_data: Callable[[str], Path]) -> None:
    city = read_polygons(shared_data(name))
    repaired, changes = repair(city)
    assert shapes_of(repaired) == shapes_of(city)
    assert changes.changed_m2 == 0


def squares_with_rounding_error(first: float, step: float) -> list[shapely.Polygon]:
    """Two squares side by side; the two sums for their common edge round differently."""
    corners = (first, first + step + step, first + 2 * step)
    return [
        shapely.box(corners[0], -7.05, corners[1], -7.048),
        shapely.box(corners[2], -7.05, corners[2] + 2 * step, -7.048),
    ]


def test_neighbours_whose_edges_differ_by_rounding_share_an_edge_after_the_repair() -> None:
    squares = squares_with_rounding_error(110.42, 0.002)
    assert squares[0].bounds[2] != squares[1].bounds[0]
    frame = gpd.GeoDataFrame(geometry=squares, crs="EPSG:4326")
    repaired, changes = repair(frame)
    assert changes.changed_m2 < 0.01
    assert shapely.union_all(repaired.geometry.to_numpy()).geom_type == "Polygon"
    first, second = repaired.geometry
    assert first.intersection(second).length == pytest.approx(0.002)


def test_the_union_succeeds_if_a_vertex_lies_on_an_edge() -> None:
    with_vertex = shapely.Polygon([(0, 0), (1, 0), (1, 0.5), (1, 1), (0, 1)])
    without_vertex = shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1)])
    union = union_coverage(np.array([with_vertex, without_vertex], dtype=object))
    assert union.equals(shapely.box(0, 0, 2, 1))
