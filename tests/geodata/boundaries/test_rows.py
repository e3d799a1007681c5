"""Reading of single rows: one bad row is reported or repaired and does not break the file."""

import json
import math
import sqlite3
import struct
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from geodata.boundaries import (
    Columns,
    PolygonFile,
    ReadOptions,
    check,
    name_areas,
    prepare_boundaries,
    read_file,
    read_polygons,
)
from geodata.errors import BoundaryError
from tests.cities.drawn_city import drawn_city, set_shape

BAD = 3
"""Row number, from 0, of the bad row in these tests."""


def geojson(path: Path, geometry: Any) -> Path:
    """A city as GeoJSON, with another geometry in one row."""
    text = json.loads(drawn_city(1).to_json())
    text.pop("crs", None)
    text["features"][BAD]["geometry"] = geometry
    path.write_text(json.dumps(text))
    return path


def valid_geometry() -> dict[str, Any]:
    geometry: dict[str, Any] = json.loads(drawn_city(1).to_json())["features"][BAD]["geometry"]
    return geometry


def raised_error(path: Path, reading: ReadOptions | None = None) -> BoundaryError:
    with pytest.raises(BoundaryError) as raised:
        read_file(path, reading or ReadOptions())
    return raised.value


def prepared_id(file: PolygonFile) -> str:
    return prepare_boundaries(file.frame).boundaries.id


def test_the_polygon_of_a_collection_is_read_and_reported(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[110.4, -7.0], [110.5, -7.0]]}
    point = {"type": "Point", "coordinates": [110.4, -7.0]}
    collection = {"type": "GeometryCollection", "geometries": [point, valid_geometry(), line]}
    polygon_file = read_file(geojson(tmp_path / "a.geojson", collection))
    assert "row 4" in polygon_file.remarks[0].en
    assert prepared_id(polygon_file) == prepare_boundaries(drawn_city(1)).boundaries.id


def test_all_polygons_of_nested_collections_are_read(tmp_path: Path) -> None:
    shape = shapely.geometry.shape(valid_geometry())
    west, south, east, north = shape.bounds
    halves = [
        shapely.intersection(shape, shapely.box(west, south, (west + east) / 2, north)),
        shapely.intersection(shape, shapely.box((west + east) / 2, south, east, north)),
    ]
    inner_collection = shapely.GeometryCollection(
        [shapely.MultiPolygon(list(shapely.get_parts(halves[1]))), shapely.Point(110, -7)]
    )
    collection = shapely.GeometryCollection([halves[0], inner_collection])
    polygon_file = read_file(
        geojson(tmp_path / "a.geojson", json.loads(shapely.to_geojson(collection)))
    )
    assert polygon_file.frame.geometry[BAD].area == pytest.approx(shape.area)


def test_an_open_ring_is_closed_and_reported(tmp_path: Path) -> None:
    ring = valid_geometry()["coordinates"][0]
    path = geojson(tmp_path / "a.geojson", {"type": "Polygon", "coordinates": [ring[:-1]]})
    polygon_file = read_file(path)
    assert "straight line: row 4" in polygon_file.remarks[0].en
    assert prepared_id(polygon_file) == prepare_boundaries(drawn_city(1)).boundaries.id


def test_an_open_ring_in_geoparquet_is_closed(tmp_path: Path) -> None:
    wkb = bytearray(shapely.to_wkb(drawn_city(1).geometry[BAD]))
    points = struct.unpack_from("<I", wkb, 9)[0]
    struct.pack_into("<I", wkb, 9, points - 1)
    frame = drawn_city(1)
    frame.to_parquet(tmp_path / "a.parquet")
    table = pq.read_table(tmp_path / "a.parquet")
    cells = table["geometry"].to_pylist()
    cells[BAD] = bytes(wkb[:-16])
    column_number = table.column_names.index("geometry")
    new_table = table.set_column(column_number, "geometry", pa.array(cells, pa.binary()))
    pq.write_table(new_table.replace_schema_metadata(table.schema.metadata), tmp_path / "a.parquet")
    polygon_file = read_file(tmp_path / "a.parquet")
    assert "row 4" in polygon_file.remarks[0].en
    assert prepared_id(polygon_file) == prepare_boundaries(frame).boundaries.id


@pytest.mark.parametrize(
    ("geometry", "kind"),
    [
        (None, "empty"),
        ({"type": "Polygon", "coordinates": []}, "an empty polygon"),
        ({"type": "Polygon", "coordinates": [[["x", 1], [2, 3], [4, 5], ["x", 1]]]}, "empty"),
        ({"type": "Polygone", "coordinates": [[[110, -7], [111, -7], [110, -6]]]}, "empty"),
        ({"type": "Point", "coordinates": [110.4, -7.0]}, "a point"),
        ({"type": "GeometryCollection", "geometries": []}, "a collection without a polygon"),
    ],
)
def test_a_row_without_a_polygon_is_reported_and_can_be_excluded(
    geometry: Any, kind: str, tmp_path: Path
) -> None:
    path = geojson(tmp_path / "a.geojson", geometry)
    error = raised_error(path)
    assert error.code == "not-polygons"
    assert kind in error.message
    assert "row 4" in error.message
    assert "--leave-out no-polygon" in error.message
    assert "baris 4" in error.indonesian
    assert "row 4" not in error.indonesian
    remaining = read_file(path, ReadOptions(leave_out=("no-polygon",)))
    assert remaining.frame.index.tolist() == [row for row in range(16) if row != BAD]
    assert "row 4" in remaining.remarks[0].en
    assert "baris 4" in remaining.remarks[0].id


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_the_error_names_the_row_of_a_coordinate_that_is_not_finite(
    number: float, tmp_path: Path
) -> None:
    city = drawn_city(1)
    ring = np.array(shapely.get_coordinates(city.geometry[BAD]))
    ring[2, 0] = number
    with np.errstate(invalid="ignore"):
        set_shape(city, BAD, shapely.Polygon(ring))
        city.to_parquet(tmp_path / "a.parquet")
    error = raised_error(tmp_path / "a.parquet")
    assert error.code == "bad-coordinates"
    assert "row 4" in error.message


def test_the_error_names_the_row_with_swapped_axes(tmp_path: Path) -> None:
    city = drawn_city(1)
    set_shape(city, BAD, shapely.transform(city.geometry[BAD], lambda xy: xy[:, ::-1]))
    city.to_file(tmp_path / "a.gpkg")
    error = raised_error(tmp_path / "a.gpkg")
    assert error.code == "swapped-axes"
    assert "in row 4" in error.message


def test_the_error_names_the_row_in_metres_among_degrees(tmp_path: Path) -> None:
    city = drawn_city(1)
    set_shape(city, BAD, city.to_crs(32749).geometry[BAD])
    city.to_file(tmp_path / "a.gpkg")
    error = raised_error(tmp_path / "a.gpkg")
    assert error.code == "bad-coordinates"
    assert "row 4" in error.message


def test_a_height_and_a_measure_change_nothing(tmp_path: Path) -> None:
    plain = prepare_boundaries(drawn_city(1)).boundaries.id
    city = drawn_city(1)
    set_shape(city, BAD, shapely.force_3d(city.geometry[BAD], 12.5))
    city.to_parquet(tmp_path / "a.parquet")
    assert prepared_id(read_file(tmp_path / "a.parquet")) == plain
    ring = [[*point, 1.0, 2.0] for point in valid_geometry()["coordinates"][0]]
    path = geojson(tmp_path / "a.geojson", {"type": "Polygon", "coordinates": [ring]})
    assert prepared_id(read_file(path)) == plain


def write_geopackage(path: Path, kind: str, shape: bytes) -> None:
    """A GeoPackage with one shape that GeoPandas cannot write."""
    drawn_city(1).to_file(path, layer="rt")
    connection = sqlite3.connect(path)
    for (trigger,) in connection.execute(
        "select name from sqlite_master where type = 'trigger'"
    ).fetchall():
        connection.execute(f'drop trigger "{trigger}"')
    header = b"GP\x00\x01" + struct.pack("<i", 4326)
    connection.execute("update rt set geom = ? where fid = ?", (header + shape, BAD + 1))
    connection.execute("update gpkg_geometry_columns set geometry_type_name = ?", (kind,))
    connection.commit()
    connection.close()


def test_a_curved_polygon_is_read_as_its_points(tmp_path: Path) -> None:
    ring = shapely.get_coordinates(drawn_city(1).geometry[BAD])
    arc = struct.pack("<BII", 1, 8, len(ring)) + b"".join(struct.pack("<dd", *xy) for xy in ring)
    write_geopackage(tmp_path / "a.gpkg", "CURVEPOLYGON", struct.pack("<BII", 1, 10, 1) + arc)
    polygon = read_polygons(tmp_path / "a.gpkg").geometry[BAD]
    assert polygon.geom_type == "Polygon"
    assert polygon.area == pytest.approx(drawn_city(1).geometry[BAD].area, rel=0.5)


def test_the_error_names_the_row_of_an_unsupported_geometry(tmp_path: Path) -> None:
    side = shapely.to_wkb(shapely.force_3d(shapely.box(110, -7, 110.1, -6.9)), flavor="iso")
    write_geopackage(tmp_path / "a.gpkg", "GEOMETRY", struct.pack("<BII", 1, 1015, 1) + side)
    error = raised_error(tmp_path / "a.gpkg")
    assert error.code == "not-polygons"
    assert "row 4" in error.message


@pytest.fixture
def shapefile_with_wrong_cpg(tmp_path: Path) -> Path:
    """A Shapefile in the encoding of Windows with a .cpg that states UTF-8."""
    city = drawn_city(1)[["geometry"]].assign(nama="Désa")
    city.to_file(tmp_path / "a.shp", encoding="cp1252")
    (tmp_path / "a.cpg").write_text("UTF-8")
    return tmp_path / "a.shp"


def test_a_wrong_cpg_raises_an_error_and_the_option_corrects_it(
    shapefile_with_wrong_cpg: Path,
) -> None:
    error = raised_error(shapefile_with_wrong_cpg)
    assert error.code == "wrong-encoding"
    assert "--encoding" in error.message
    frame = read_file(shapefile_with_wrong_cpg, ReadOptions(encoding="cp1252")).frame
    assert set(frame["nama"]) == {"Désa"}


@pytest.mark.parametrize(
    ("encoding", "code"),
    [
        ("nonsense", "unknown-encoding"),
        ("", "unknown-encoding"),
        ("utf-16", "unknown-encoding"),
        ("rot13", "unknown-encoding"),
        ("ascii", "wrong-encoding"),
        ("utf-8", "wrong-encoding"),
    ],
)
def test_an_unknown_or_wrong_encoding_raises_an_error(
    encoding: str, code: str, shapefile_with_wrong_cpg: Path
) -> None:
    assert raised_error(shapefile_with_wrong_cpg, ReadOptions(encoding=encoding)).code == code


def test_the_encoding_option_is_for_shapefiles_only(tmp_path: Path) -> None:
    drawn_city(1).to_file(tmp_path / "a.gpkg")
    assert (
        raised_error(tmp_path / "a.gpkg", ReadOptions(encoding="utf-8")).code == "unknown-encoding"
    )


@pytest.mark.parametrize("code", ["33.74.06.1010\u200b", "\ufeff33.74.06.1010", "'33.74.06.1010"])
def test_invisible_characters_do_not_change_a_code(code: str) -> None:
    city = drawn_city(1).astype({"kelurahan_code": object})
    city.loc[BAD, "kelurahan_code"] = code
    assert name_areas(city)["kelurahan_code"].unique().tolist() == ["33.74.06.1010"]


def test_codes_as_decimal_numbers_are_read_as_codes() -> None:
    city = drawn_city(1).assign(kelurahan_code="3374010001.0", kecamatan_code=3374010.0)
    areas = name_areas(city)
    assert areas["kelurahan_code"].unique().tolist() == ["3374010001"]
    assert areas["kecamatan_code"].unique().tolist() == ["3374010"]
    assert areas["kota_code"].unique().tolist() == ["3374"]


@pytest.mark.parametrize(
    ("column", "value"), [("rw", "RW A"), ("rt", "0"), ("population", "banyak"), ("population", -1)]
)
def test_the_error_names_the_row_of_an_invalid_number(column: str, value: Any) -> None:
    city = drawn_city(1).assign(population=10).astype({column: object})
    city.loc[BAD, column] = value
    with pytest.raises(BoundaryError) as raised:
        name_areas(city)
    assert raised.value.code == "not-a-number"
    assert "row 4" in raised.value.message
    assert repr(str(value)) in raised.value.message


def test_a_duplicate_row_is_removed_and_reported() -> None:
    city = drawn_city(1)
    with_duplicate = gpd.GeoDataFrame(
        pd.concat([city, city.iloc[[BAD]]], ignore_index=True), crs=4326
    )
    prepared = prepare_boundaries(with_duplicate)
    assert prepared.boundaries.id == prepare_boundaries(city).boundaries.id
    assert "removed as duplicates" in prepared.remarks[0].en
    assert "33.74.06.1010-001-004" in prepared.remarks[0].en


def test_two_kelurahan_of_one_name_in_one_kecamatan_are_reported() -> None:
    city = drawn_city(1).assign(kelurahan_name="Kel. Melati")
    city.loc[8:, "kelurahan_code"] = "33.74.06.1011"
    city.loc[8:, "kelurahan_name"] = "MELATI"
    for remarks in (prepare_boundaries(city).remarks, check(city).remarks):
        assert any("33.74.06.1010, 33.74.06.1011" in remark.en for remark in remarks)
    other_kecamatan = city.copy()
    other_kecamatan.loc[8:, "kelurahan_code"] = "33.74.07.1011"
    assert prepare_boundaries(other_kecamatan).remarks == ()


def test_excluded_rows_do_not_change_the_numbers_of_other_rows(tmp_path: Path) -> None:
    city = drawn_city(1).astype({"rt": object})
    city.loc[10, "rt"] = "x"
    city.to_file(tmp_path / "a.gpkg")
    polygon_file = read_file(tmp_path / "a.gpkg", ReadOptions(leave_out=("rw=1",)))
    with pytest.raises(BoundaryError) as raised:
        name_areas(polygon_file.frame, Columns())
    assert "row 11" in raised.value.message


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "cp1252"])
def test_texts_in_utf_8_with_a_western_cpg_raise_an_error(encoding: str, tmp_path: Path) -> None:
    city = drawn_city(1)[["geometry"]].assign(nama="Jalan Méndut")
    city.to_file(tmp_path / "a.shp", encoding="UTF-8")
    (tmp_path / "a.cpg").write_text(encoding)
    with pytest.raises(BoundaryError) as raised:
        read_polygons(tmp_path / "a.shp")
    assert raised.value.code == "wrong-encoding"
    assert set(read_file(tmp_path / "a.shp", ReadOptions(encoding="UTF-8")).frame["nama"]) == {
        "Jalan Méndut"
    }
    city.to_file(tmp_path / "b.shp", encoding=encoding)
    assert set(read_polygons(tmp_path / "b.shp")["nama"]) == {"Jalan Méndut"}
