"""Points of RT instead of numbers: one RT around each point."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from geodata.errors import BoundaryError
from geodata.tessellate import divide, read_points
from tests.geodata.boundaries.kelurahan_shapes import (
    LAT,
    LON,
    frame_of,
    shapes_of,
    square,
    without_crs,
)

SIDE = 0.01


def points_of(*positions: tuple[float, float], **columns: object) -> gpd.GeoDataFrame:
    """Points, in sides of the squares of `square`."""
    geometries = [Point(LON + x * SIDE, LAT + y * SIDE) for x, y in positions]
    return gpd.GeoDataFrame(columns, geometry=geometries, crs=4326)


positions_inside = st.tuples(st.integers(1, 199), st.integers(1, 99)).filter(
    lambda position: position[0] != 100
)


@settings(max_examples=60, deadline=None)
@given(st.lists(positions_inside, min_size=1, max_size=30, unique=True), st.integers(0, 9))
def test_each_point_is_inside_its_own_rt(positions: list[tuple[int, int]], seed: int) -> None:
    # Points on a grid: many lie on one circle, a degenerate case of Voronoi diagrams.
    points = points_of(*((x / 100, y / 100) for x, y in positions))
    kelurahan_frame = frame_of([square(), square(1)])
    rt = divide(kelurahan_frame, points=points, seed=seed)
    rows_by_point = [
        [row for row, shape in enumerate(rt.geometry) if shape.contains(point)]
        for point in points.geometry
    ]
    assert all(len(rows) == 1 for rows in rows_by_point)
    assert len({rows[0] for rows in rows_by_point}) == len(positions)
    # A kelurahan without points is one RT.
    empty = {x < 100 for x, _ in positions} != {True, False}
    assert len(rt) == len(positions) + empty
    assert shapely.coverage_is_valid(shapes_of(rt))
    assert rt.union_all().area == pytest.approx(2 * SIDE**2, rel=1e-9)


def test_labels_name_the_rt_around_their_points() -> None:
    labels = ["RT 002 RW 003", "rt 1 rw 3", "RT. 01 / RW. 01"]
    points = points_of((0.2, 0.2), (0.8, 0.2), (0.5, 0.8), label=labels)
    rt = divide(frame_of([square()]), points=points)
    assert list(rt["code"].str[-7:]) == ["001-001", "003-001", "003-002"]
    for label, spot in zip(("003-002", "003-001", "001-001"), points.geometry, strict=True):
        around = rt.geometry[rt["code"].str.endswith(label)].iloc[0]
        assert around.contains(spot)


def test_points_in_metres_give_the_same_rt() -> None:
    points = points_of((0.2, 0.2), (0.8, 0.8))
    kelurahan_frame = frame_of([square()])
    rt, in_metres = (
        divide(kelurahan_frame, points=point_frame)
        for point_frame in (points, points.to_crs(32749))
    )
    assert rt["code"].equals(in_metres["code"])
    moved = shapely.hausdorff_distance(
        shapes_of(rt),
        shapes_of(in_metres),
    )
    assert moved.max() < 1e-6


def test_a_point_on_a_border_belongs_to_the_first_kelurahan() -> None:
    rt = divide(frame_of([square(), square(1)]), points=points_of((1.0, 0.5), (0.2, 0.5)))
    assert list(rt.groupby("kelurahan_code").size()) == [2, 1]


BAD: list[tuple[str, gpd.GeoDataFrame]] = [
    ("points-outside", points_of((0.5, 0.5), (7.0, 7.0))),
    ("points-too-close", points_of((0.5, 0.5), (0.5, 0.5))),
    ("points-too-close", points_of((0.5, 0.5), (0.5, 0.5001))),
    ("label-unreadable", points_of((0.5, 0.5), label=["Balai RW 3"])),
    ("label-unreadable", points_of((0.5, 0.5), label=[None])),
    ("label-twice", points_of((0.2, 0.5), (0.8, 0.5), label=["RT 1 RW 1", "RT 01 RW 01"])),
    ("no-crs", without_crs(points_of((0.5, 0.5)))),
    ("not-points", gpd.GeoDataFrame(geometry=[square()], crs=4326)),
    ("not-points", gpd.GeoDataFrame(geometry=[Point()], crs=4326)),
    ("not-points", points_of()),
]


@pytest.mark.parametrize(("code", "points"), BAD)
def test_unusable_points_raise_an_error(code: str, points: gpd.GeoDataFrame) -> None:
    with pytest.raises(BoundaryError) as raised:
        divide(frame_of([square()]), points=points)
    assert raised.value.code == code


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "parquet"])
def test_a_file_of_points_is_read_with_its_columns(tmp_path: Path, ending: str) -> None:
    points = points_of((0.2, 0.2), (0.8, 0.8), nama=["Balai", "Rumah"])
    path = tmp_path / f"points.{ending}"
    write: Callable[[Path], None] = points.to_parquet if ending == "parquet" else points.to_file
    write(path)
    read = read_points(path)
    assert list(read["nama"]) == ["Balai", "Rumah"]
    assert list(read.geometry.x) == pytest.approx(list(points.geometry.x), abs=1e-7)


def test_a_given_crs_replaces_the_crs_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "points.gpkg"
    points_of((0.2, 0.2)).to_file(path)
    assert read_points(path, "EPSG:32749").crs == 32749
    with pytest.raises(BoundaryError, match="EPSG"):
        read_points(path, "nowhere")


def test_an_error_names_the_row_of_the_point() -> None:
    kelurahan = frame_of([square()])
    geometries = [shapely.Point(LON + 0.002, LAT + 0.002), shapely.Point(LON + 5.0, LAT)]
    points = gpd.GeoDataFrame({"label": ["RT 1 RW 1", "RT Y RW 1"]}, geometry=geometries, crs=4326)
    with pytest.raises(BoundaryError) as caught:
        divide(kelurahan, points=points)
    assert "row 2" in caught.value.message
    points = points.set_geometry([geometries[0], shapely.Point(LON + 0.006, LAT + 0.006)], crs=4326)
    with pytest.raises(BoundaryError) as unread:
        divide(kelurahan, points=points)
    assert "'RT Y RW 1' in row 2" in unread.value.message
