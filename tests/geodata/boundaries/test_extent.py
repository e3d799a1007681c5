"""Extent of a file: areas far from the others, archipelagos, cities outside Indonesia."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.boundaries import (
    check,
    check_in_indonesia,
    check_no_far_areas,
    far_area_remarks,
    file_extent,
    read_polygons,
)
from geodata.boundaries.coverage.extent import FAR_KM, far_areas
from geodata.errors import BoundaryError
from tests.cities.drawn_city import SIDE, SOUTH, WEST, drawn_city, set_shape


def square(x: float, y: float, side: float = SIDE) -> shapely.Polygon:
    return shapely.box(x, y, x + side, y + side)


def far_rows(frame: gpd.GeoDataFrame) -> list[int]:
    return [row for row, is_far in enumerate(far_areas(frame).rows) if is_far]


def archipelago(islands: int, *, spacing: float = 0.07) -> gpd.GeoDataFrame:
    """Chain of islands to the north, 3 RT each, like Kepulauan Seribu or Batam."""
    polygons = [
        square(106.5 + 0.03 * (island % 3) + 2 * SIDE * rt, -5.9 + spacing * island)
        for island in range(islands)
        for rt in range(3)
    ]
    return gpd.GeoDataFrame(
        {
            "kelurahan_code": "31.01.01.1001",
            "rw": [island + 1 for island in range(islands) for _ in range(3)],
            "rt": [rt + 1 for _ in range(islands) for rt in range(3)],
        },
        geometry=polygons,
        crs=4326,
    )


@given(st.sets(st.integers(0, 15), min_size=1, max_size=7), st.integers(1, 170), st.integers(0, 60))
def test_only_areas_thousands_of_kilometres_away_are_found(
    rows: set[int], lon: int, lat: int
) -> None:
    city = drawn_city(1)
    for number, row in enumerate(sorted(rows)):
        set_shape(city, row, square(WEST - 60 - lon % 100 - number, SOUTH + 40 + lat % 40))
    assert far_rows(city) == sorted(rows)
    with pytest.raises(BoundaryError) as raised:
        check_no_far_areas(city)
    assert raised.value.code == "far-area"
    assert f"row {min(rows) + 1}" in raised.value.message


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("size", [(1, 1), (1, 2), (1, 7), (3, 1), (9, 9)])
def test_a_city_in_one_piece_has_no_far_area(seed: int, size: tuple[int, int]) -> None:
    assert far_rows(drawn_city(seed, *size)) == []


@pytest.mark.parametrize("islands", [2, 3, 5, 11, 30])
def test_a_chain_of_islands_is_accepted(islands: int) -> None:
    check_no_far_areas(archipelago(islands, spacing=0.01))


def test_islands_over_eighty_kilometres_are_one_city() -> None:
    assert far_rows(archipelago(11)) == []


def test_an_island_farther_than_the_width_of_the_archipelago_is_far() -> None:
    far_island = (
        archipelago(11).iloc[[0]].assign(rw=30).set_geometry([square(108.9, -5.0)], crs=4326)
    )
    city = gpd.GeoDataFrame(pd.concat([archipelago(11), far_island], ignore_index=True), crs=4326)
    assert far_rows(city) == [33]
    assert "row 34" in far_area_remarks(city)[0].en
    assert "108.9" in far_area_remarks(city)[0].en


def test_one_of_two_distant_areas_is_far() -> None:
    city = drawn_city(1, 2, 1)
    set_shape(city, 0, square(0.0, 0.0))
    assert len(far_rows(city)) == 1


def test_an_area_with_one_far_part_is_far() -> None:
    city = drawn_city(1)
    set_shape(city, 4, shapely.union_all([city.geometry[4], square(0.0, 0.0)]))
    assert far_rows(city) == [4]
    assert "around 0.0" in far_area_remarks(city)[0].en


def test_an_area_with_a_corner_at_zero_is_far() -> None:
    city = drawn_city(1)
    ring = shapely.get_coordinates(city.geometry[4]).tolist()
    set_shape(city, 4, shapely.Polygon([*ring[:3], (0.0, 0.0), *ring[3:]]))
    assert far_rows(city) == [4]


def test_a_hole_at_zero_is_an_invalid_ring_and_not_far() -> None:
    city = drawn_city(1)
    hole = [(0, 0), (0.001, 0), (0.001, 0.001), (0, 0)]
    set_shape(city, 4, shapely.Polygon(shapely.get_coordinates(city.geometry[4]), [hole]))
    assert far_rows(city) == []
    spots = check(city).spots
    assert spots["codes"][spots["kind"] == "invalid-ring"].tolist() == ["33.74.06.1010-002-001"]


def test_a_separate_hamlet_is_reported_and_accepted() -> None:
    city = drawn_city(1)
    set_shape(city, 0, square(WEST + 0.05, SOUTH))
    assert 0 < far_areas(city).km[0] < FAR_KM
    assert far_area_remarks(city)
    check_no_far_areas(city)


def test_a_far_area_does_not_change_the_other_faults() -> None:
    city = drawn_city(1)
    set_shape(city, 4, square(0.0, 0.0))
    report, without_far = check(city), check(city.drop(index=4))
    assert report.counts() == {**without_far.counts(), "far-area": 1}
    spot = report.spots[report.spots["kind"] == "far-area"].iloc[0]
    assert spot["codes"] == "33.74.06.1010-002-001"
    assert spot.geometry.equals(city.geometry[4])


def test_a_city_outside_indonesia_raises_an_error_with_its_position() -> None:
    city = drawn_city(1)
    check_in_indonesia(file_extent(city), named_crs=False)
    abroad = city.set_geometry(city.translate(-98.1, 7.0))
    with pytest.raises(BoundaryError) as raised:
        check_in_indonesia(file_extent(abroad), named_crs=True)
    assert raised.value.code == "outside-indonesia"
    assert "12.30" in raised.value.message
    assert "E" in raised.value.message
    assert "--crs" in raised.value.message


@pytest.mark.parametrize(
    ("lon", "lat", "inside"),
    [
        (95.3, 5.6, True),  # Banda Aceh
        (140.7, -2.6, True),  # Jayapura
        (123.6, -10.2, True),  # Kupang
        (98.6, 3.6, True),  # Medan
        (121.0, 14.6, False),  # Manila
        (-7.0, 110.0 - 90, False),  # swapped axes
        (0.0, 0.0, False),
        (115.9, -31.9, False),  # Perth
        (144.9, -2.0, False),
    ],
)
def test_only_cities_of_indonesia_are_in_indonesia(
    lon: float,
    lat: float,
    inside: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    frame = gpd.GeoDataFrame(geometry=[square(lon, lat)], crs=4326)
    assert file_extent(frame).in_indonesia is inside


def test_one_wrong_area_does_not_move_the_extent() -> None:
    city = drawn_city(1)
    extent_before = file_extent(city)
    set_shape(city, 4, square(0.0, 0.0))
    extent_after = file_extent(city)
    assert (extent_after.lon, extent_after.lat) == pytest.approx(
        (extent_before.lon, extent_before.lat), abs=SIDE
    )


@pytest.mark.parametrize(
    "name", ["surakarta/rt.geojson", "semarang/kelurahan.geojson", "pekunden/rt.geojson"]
)
def test_real_cities_have_no_far_area(name: str, shared_data: Callable[[str], Path]) -> None:
    assert far_rows(read_polygons(shared_data(name))) == []
