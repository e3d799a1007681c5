"""Check of polygons: every injected fault is found, at its position and with its size."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.boundaries import (
    KINDS,
    CheckReport,
    Columns,
    ParentPolygons,
    check,
    read_polygons,
    write_problems,
)
from geodata.errors import BoundaryError, InputError
from tests.cities.drawn_city import (
    KELURAHAN,
    SIDE,
    drawn_city,
    get_corner,
    move_corner,
    set_shape,
    square_metres,
)

seeds = st.integers(0, 2**32 - 1)
inner = st.sampled_from([5, 6, 9, 10])  # RT of a 4 by 4 city with neighbours on every side
corners = st.integers(0, 3)
property_settings = settings(deadline=None, max_examples=40)


def faults(report: CheckReport) -> dict[str, int]:
    return {kind: count for kind, count in report.counts().items() if count}


def code(row: int) -> str:
    return f"{KELURAHAN}-{row // 4 + 1:03d}-{row % 4 + 1:03d}"


def towards_middle(city: gpd.GeoDataFrame, row: int, number: int, share: float) -> None:
    corner = get_corner(city.geometry[row], number)
    middle = shapely.get_coordinates(shapely.centroid(city.geometry[row]))[0]
    move_corner(city, row, number, corner + (middle - corner) * share)


@property_settings
@given(seeds)
def test_a_clean_city_has_no_faults(seed: int) -> None:
    report = check(drawn_city(seed))
    assert faults(report) == {}
    assert set(report.counts()) == set(KINDS)
    assert report.areas == 16


@property_settings
@given(seeds, inner, corners, st.floats(0.05, 0.5))
def test_a_gap_is_found_with_its_size_and_its_neighbours(
    seed: int, row: int, number: int, share: float
) -> None:
    city = drawn_city(seed)
    original = city.geometry[row]
    towards_middle(city, row, number, share)
    missing = original.difference(city.geometry[row])
    report = check(city)
    assert faults(report) == {"gap": 1}
    spot = report.spots.iloc[0]
    assert spot["m2"] == pytest.approx(square_metres(missing), rel=0.005)
    assert spot.geometry.distance(missing) == 0
    assert code(row) in spot["codes"].split(", ")


@property_settings
@given(seeds, inner, corners, st.floats(0.05, 0.4))
def test_every_overlapping_pair_is_found_with_its_size(
    seed: int, row: int, number: int, share: float
) -> None:
    city = drawn_city(seed)
    towards_middle(city, row, number, -share)
    extended = city.geometry[row]
    expected = {
        frozenset({code(row), code(other)}): square_metres(extended.intersection(shape))
        for other, shape in enumerate(city.geometry)
        if other != row and square_metres(extended.intersection(shape)) > 1.01
    }
    report = check(city)
    overlaps = report.spots[report.spots["kind"] == "overlap"]
    pairs = {
        frozenset(codes.split(", ")): m2
        for codes, m2 in zip(overlaps["codes"], overlaps["m2"], strict=True)
        if m2 > 1.01
    }
    assert pairs.keys() == expected.keys()
    for pair, m2 in pairs.items():
        assert m2 == pytest.approx(expected[pair], rel=0.005, abs=0.05)


@property_settings
@given(seeds, st.permutations(range(16)))
def test_the_order_of_rows_does_not_matter(seed: int, order: list[int]) -> None:
    city = drawn_city(seed)
    towards_middle(city, 5, 0, 0.1)
    towards_middle(city, 10, 0, -0.1)
    report, shuffled = check(city), check(city.iloc[order].reset_index(drop=True))
    assert faults(report) == faults(shuffled)
    assert sorted(report.spots["m2"]) == pytest.approx(sorted(shuffled.spots["m2"]))


def test_a_self_intersecting_ring_is_found_at_the_intersection() -> None:
    city = drawn_city(1)
    ring = np.array([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)]) * SIDE + [110.43, -7.0]
    set_shape(city, 0, shapely.Polygon(ring))
    spots = check(city).spots
    invalid = spots[spots["kind"] == "invalid-ring"]
    assert invalid["codes"].tolist() == [code(0)]
    assert invalid["note"].tolist() == ["self-intersection"]
    middle = shapely.Point(110.43 + SIDE / 2, -7.0 + SIDE / 2)
    assert invalid.geometry.iloc[0].distance(middle) < 1e-8


def test_a_small_gap_is_a_sliver() -> None:
    city = drawn_city(2)
    towards_middle(city, 5, 0, 0.00003)
    report = check(city)
    assert faults(report) == {"sliver": 1}
    assert report.spots["m2"].iloc[0] < 1


def test_a_part_of_an_area_less_than_a_metre_wide_is_a_sliver() -> None:
    city = drawn_city(2)
    metre = 1 / 111_000
    thread = shapely.box(110.4, -7.01, 110.4 + 100 * metre, -7.01 + 0.5 * metre)
    set_shape(city, 0, shapely.union_all([city.geometry[0], thread]))
    assert faults(check(city)) == {"sliver": 1, "detached-part": 2}


def test_pieces_of_a_city_that_share_no_edge_are_detached_parts() -> None:
    city = drawn_city(3)
    report = check(city.drop(index=[1, 5, 9, 13]).reset_index(drop=True))
    assert faults(report) == {"detached-part": 2}
    assert report.spots["m2"].sum() == pytest.approx(
        sum(square_metres(shape) for shape in city.geometry.drop([1, 5, 9, 13])), rel=0.005
    )


def test_areas_that_touch_in_one_point_are_detached_parts() -> None:
    city = drawn_city(3)
    report = check(city.loc[[0, 5]].reset_index(drop=True))
    assert faults(report) == {"detached-part": 2}
    assert "0.00 m" in report.spots["note"].iloc[0]


def test_an_island_inside_a_gap_is_not_part_of_the_gap() -> None:
    city = drawn_city(4)
    pond = city.geometry[5]
    set_shape(city, 5, pond.centroid.buffer(SIDE / 8))
    report = check(city)
    assert faults(report) == {"gap": 1, "detached-part": 2}
    expected = square_metres(pond) - square_metres(city.geometry[5])
    assert report.square_metres()["gap"] == pytest.approx(expected, rel=0.005)


def test_a_duplicate_code_is_found() -> None:
    city = drawn_city(5)
    city.loc[6, ["rw", "rt"]] = [2, 2]
    report = check(city)
    assert faults(report) == {"duplicate-code": 1}
    assert report.spots["codes"].iloc[0] == f"{code(5)}, {code(5)}"


def labelled(labels: list[str | None]) -> gpd.GeoDataFrame:
    city = drawn_city(6)
    city["sls"] = [f"RT {row % 4 + 1:03d} RW {row // 4 + 1:03d}" for row in range(16)]
    city.loc[: len(labels) - 1, "sls"] = labels
    return city[["sls", "kelurahan_code", "geometry"]]


@pytest.mark.parametrize(
    ("label", "count"), [("RT O3 RW 04", 1), ("", 1), (None, 1), ("PASAR JOHAR", 0), ("RT 3", 1)]
)
def test_an_unreadable_label_is_a_fault_and_a_name_is_not(label: str | None, count: int) -> None:
    report = check(labelled([label]), Columns(rt_label="sls"))
    assert report.counts()["unreadable-label"] == count


def test_the_column_of_labels_is_found_and_reported() -> None:
    report = check(labelled(["RT O3 RW 04"]))
    assert faults(report) == {"unreadable-label": 1}
    assert any("sls" in remark.en for remark in report.remarks)


def test_without_codes_the_shapes_are_checked_and_a_remark_says_so() -> None:
    bare = drawn_city(7)[["geometry"]]
    towards_middle(bare, 5, 0, 0.2)
    report = check(bare)
    assert faults(report) == {"gap": 1}
    assert "row 6" in report.spots["codes"].iloc[0]
    assert any("--kelurahan-code" in remark.en for remark in report.remarks)


def test_a_column_named_in_the_options_must_exist() -> None:
    with pytest.raises(BoundaryError) as raised:
        check(drawn_city(7), Columns(kelurahan_code="kelurahan_kode"))
    assert raised.value.code == "missing-column"
    assert "Perhaps --kelurahan-code kelurahan_code?" in raised.value.message


def test_an_rt_inside_another_kelurahan_is_outside_its_parent() -> None:
    city = drawn_city(8)
    city["kelurahan_code"] = [f"33.74.06.{1001 + row // 8}" for row in range(16)]
    city.loc[2, "kelurahan_code"] = "33.74.06.1002"  # its row 3 lies among 1001
    city.loc[2, "rw"] = 9
    report = check(city)
    assert faults(report) == {"outside-parent": 1}
    assert report.spots["codes"].iloc[0] == "33.74.06.1002-009-003"


def parent_frame(city: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    halves = [
        shapely.union_all(city.geometry.to_numpy()[rows]) for rows in np.split(np.arange(16), 2)
    ]
    return gpd.GeoDataFrame({"kode": [KELURAHAN, "33.74.06.1011"]}, geometry=halves, crs=city.crs)


def test_an_rt_outside_the_polygon_of_its_kelurahan_is_found_with_the_part_outside() -> None:
    city = drawn_city(9)
    city.loc[8:, "kelurahan_code"] = "33.74.06.1011"
    parents = ParentPolygons(parent_frame(city), "kode")
    assert faults(check(city, parents=parents)) == {}
    city.loc[5, "kelurahan_code"] = "33.74.06.1011"
    report = check(city, parents=parents)
    assert faults(report) == {"outside-parent": 1}
    assert report.spots["m2"].iloc[0] == pytest.approx(square_metres(city.geometry[5]), rel=0.005)
    assert "100.0%" in report.spots["note"].iloc[0]


def test_parents_may_be_rw_by_name() -> None:
    city = drawn_city(10)
    rows = [shapely.union_all(city.geometry.to_numpy()[row : row + 4]) for row in range(0, 16, 4)]
    names = ["RW 01", "rw 2", "RW003", "RW 4"]
    parents = gpd.GeoDataFrame({"Nama": names}, geometry=rows, crs=city.crs)
    assert faults(check(city, parents=ParentPolygons(parents, "Nama"))) == {}
    city.loc[[0, 15], ["rw", "rt"]] = [[4, 4], [1, 1]]
    report = check(city, parents=ParentPolygons(parents, "Nama"))
    assert faults(report) == {"outside-parent": 2}


def test_parents_that_match_no_area_raise_an_error() -> None:
    city = drawn_city(11)
    parents = parent_frame(city).replace({"kode": {KELURAHAN: "x"}})
    with pytest.raises(BoundaryError) as raised:
        check(city, parents=ParentPolygons(parents, "kode"))
    assert raised.value.code == "no-parents"


def test_the_problem_layers_contain_every_fault(tmp_path: Path) -> None:
    city = drawn_city(12)
    towards_middle(city, 5, 0, 0.1)
    ring = np.array([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)]) * SIDE + [110.43, -7.0]
    set_shape(city, 0, shapely.Polygon(ring))
    report = check(city)
    path = tmp_path / "problems.gpkg"
    write_problems(report, path)
    layers = dict(pyogrio.list_layers(path).tolist())
    assert layers == {"problem_points": "Point", "problem_ground": "MultiPolygon"}
    points = gpd.read_file(path, layer="problem_points")
    polygons = gpd.read_file(path, layer="problem_ground")
    assert points.crs is not None
    assert points.crs.to_epsg() == 4326
    assert points["kind"].tolist() == report.spots["kind"].tolist()
    assert len(polygons) == len(points) - 1
    assert polygons["m2"].sum() == pytest.approx(report.spots["m2"].sum())


def test_a_report_without_faults_replaces_old_layers_by_empty_layers(tmp_path: Path) -> None:
    faulty = drawn_city(13)
    towards_middle(faulty, 5, 0, 0.1)
    path = tmp_path / "problems.gpkg"
    write_problems(check(faulty), path)
    write_problems(check(drawn_city(13)), path)
    assert len(gpd.read_file(path, layer="problem_points")) == 0
    assert len(gpd.read_file(path, layer="problem_ground")) == 0


def test_problems_are_written_to_a_geopackage_only(tmp_path: Path) -> None:
    for path in (tmp_path / "problems.shp", tmp_path / "none" / "problems.gpkg"):
        with pytest.raises(InputError):
            write_problems(check(drawn_city(14)), path)


REAL = [
    (
        "semarang/kelurahan_untidy.geojson",
        Columns(kelurahan_code="kode"),
        {"overlap": 260, "gap": 480, "detached-part": 2},
    ),
    ("semarang/kelurahan.geojson", Columns(), {"gap": 1}),
    (
        "pekunden/rt.geojson",
        Columns(rt_label="Nama", kelurahan_code="=33.02.17.2005"),
        {
            "invalid-ring": 1,
            "overlap": 15,
            "gap": 8,
            "detached-part": 4,
            "duplicate-code": 1,
            "unreadable-label": 1,
        },
    ),
    ("surakarta/rt.geojson", Columns(rt_label="sls_non", kelurahan_code="desaID"), {}),
]


@pytest.mark.parametrize(("name", "columns", "expected"), REAL)
def test_real_files_have_the_faults_counted_by_hand(
    name: str, columns: Columns, expected: dict[str, int], shared_data: Callable[[str], Path]
) -> None:
    counts = faults(check(read_polygons(shared_data(name)), columns))
    counts.pop("sliver", None)
    assert counts == expected


def test_rt_of_pekunden_extend_beyond_their_rw(shared_data: Callable[[str], Path]) -> None:
    parents = ParentPolygons(read_polygons(shared_data("pekunden/rw.geojson")), "Nama")
    rt = read_polygons(shared_data("pekunden/rt.geojson"))
    spots = check(rt, Columns(rt_label="Nama"), parents).spots
    outside = spots[spots["kind"] == "outside-parent"]
    assert len(outside) == 9
    assert outside["names"].iloc[0] == "RT 02 RW 01"
    assert outside["m2"].iloc[0] == pytest.approx(993, abs=1)
