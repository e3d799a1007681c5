"""Reading of polygons: all formats and coordinate systems, and all kinds of unusable files."""

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.boundaries import read_polygons
from geodata.errors import BoundaryError
from tests.cities.drawn_city import set_shape

pytestmark = pytest.mark.filterwarnings("ignore:'crs' was not provided")

X0, Y0 = 110.40625, -7.0


@pytest.fixture
def city() -> gpd.GeoDataFrame:
    """Two neighbours in Semarang, with coordinates that text represents exactly."""
    shapes = [shapely.box(X0 + i / 512, Y0, X0 + (i + 1) / 512, Y0 + 1 / 256) for i in range(2)]
    return gpd.GeoDataFrame({"nama": ["Miroto", "Kranggan"]}, geometry=shapes, crs="EPSG:4326")


def save_zip(frame: gpd.GeoDataFrame, path: Path, prefix: str = "") -> None:
    folder = path.parent / "shape"
    folder.mkdir()
    frame.to_file(folder / "rt.shp")
    with zipfile.ZipFile(path, "w") as archive:
        for part in folder.iterdir():
            archive.writestr(zipfile.ZipInfo(prefix + part.name), part.read_bytes())


def without_crs(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=frame.geometry.to_numpy())


WRITERS: dict[str, Callable[[gpd.GeoDataFrame, Path], None]] = {
    "a.geojson": lambda frame, path: frame.to_file(path, driver="GeoJSON"),
    "a.gpkg": lambda frame, path: frame.to_file(path, driver="GPKG"),
    "a.shp": lambda frame, path: frame.to_file(path),
    "a.zip": save_zip,
    "b.zip": lambda frame, path: save_zip(frame, path, "peta/rt/"),
    "a.parquet": lambda frame, path: frame.to_parquet(path),
}


def raised_error(path: Path, crs: str | None = None, layer: str | None = None) -> BoundaryError:
    with pytest.raises(BoundaryError) as raised:
        read_polygons(path, crs, layer)
    assert len(raised.value.message) > 30
    assert str(path.parent) not in raised.value.message
    assert "GDAL" not in raised.value.message
    return raised.value


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_identical_polygons(
    name: str, city: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    WRITERS[name](city, tmp_path / name)
    result = read_polygons(tmp_path / name)
    assert result.crs is not None
    assert result.crs.to_epsg() == 4326
    assert result["nama"].tolist() == ["Miroto", "Kranggan"]
    for read_polygon, polygon in zip(result.geometry, city.geometry, strict=True):
        assert set(map(tuple, shapely.get_coordinates(read_polygon))) == set(
            map(tuple, shapely.get_coordinates(polygon))
        )


@pytest.mark.parametrize("name", WRITERS)
def test_metres_of_utm_49_south_are_converted_to_degrees(
    name: str, city: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    WRITERS[name](city.to_crs(32749), tmp_path / name)
    result = read_polygons(tmp_path / name)
    assert np.allclose(result.total_bounds, city.total_bounds, atol=1e-8, rtol=0)


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.zip", "a.parquet"])
def test_a_missing_coordinate_system_raises_an_error_and_the_option_gives_it(
    name: str, city: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    metres = without_crs(city.to_crs(32749))
    WRITERS[name](metres, tmp_path / name)
    error = raised_error(tmp_path / name)
    assert error.code == "no-crs"
    assert "--crs" in error.message
    result = read_polygons(tmp_path / name, "EPSG:32749")
    assert np.allclose(result.total_bounds, city.total_bounds, atol=1e-8, rtol=0)


def test_geojson_without_a_coordinate_system_is_in_degrees_unless_its_numbers_are_not(
    city: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    for name, frame in (("degrees.geojson", city), ("metres.geojson", city.to_crs(32749))):
        content = json.loads(frame.to_json())
        content.pop("crs", None)
        (tmp_path / name).write_text(json.dumps(content))
    assert len(read_polygons(tmp_path / "degrees.geojson")) == 2
    assert raised_error(tmp_path / "metres.geojson").code == "no-crs"
    result = read_polygons(tmp_path / "metres.geojson", "EPSG:32749")
    assert np.allclose(result.total_bounds, city.total_bounds, atol=1e-8, rtol=0)


def test_swapped_axes_raise_an_error(city: gpd.GeoDataFrame, tmp_path: Path) -> None:
    swapped = city.set_geometry(shapely.transform(city.geometry, lambda c: c[:, ::-1]))
    swapped.to_file(tmp_path / "a.gpkg")
    error = raised_error(tmp_path / "a.gpkg")
    assert error.code == "swapped-axes"
    assert "Longitude comes first" in error.message


def test_degrees_declared_as_metres_raise_an_error(city: gpd.GeoDataFrame, tmp_path: Path) -> None:
    city.to_file(tmp_path / "a.gpkg")
    assert raised_error(tmp_path / "a.gpkg", "EPSG:32749").code == "wrong-crs"


def test_an_unknown_coordinate_system_raises_an_error(
    city: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    city.to_file(tmp_path / "a.gpkg")
    assert raised_error(tmp_path / "a.gpkg", "EPSG:nonsense").code == "unknown-crs"


def test_heights_are_removed(city: gpd.GeoDataFrame, tmp_path: Path) -> None:
    high = city.set_geometry(shapely.force_3d(city.geometry, 12.0))
    high.to_file(tmp_path / "a.gpkg")
    assert not read_polygons(tmp_path / "a.gpkg").has_z.any()


JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + b"\x00" * 200


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.geojson", b"", "empty"),
        ("blank.geojson", b" \n\n", "empty"),
        ("zeros.gpkg", b"\x00" * 4096, "empty"),
        ("photo.jpg", JPEG, "unreadable"),
        ("photo.geojson", JPEG, "unreadable"),
        ("table.csv", b"kode,nama\n1,Miroto\n", "unreadable"),
        ("cut.geojson", b'{"type": "FeatureCollection", "features": [{"ty', "unreadable"),
        ("other.geojson", b'{"hello": "world"}', "unreadable"),
        ("none.geojson", b'{"type": "FeatureCollection", "features": []}', "empty"),
        ("fake.gpkg", b"SQLite format 3\x00" + b"x" * 500, "unreadable"),
        ("fake.parquet", b"PAR1" + b"x" * 500, "unreadable"),
        ("fake.zip", b"PK\x03\x04" + b"x" * 500, "unreadable"),
        ("link.vrt", b"<OGRVRTDataSource></OGRVRTDataSource>", "unreadable"),
    ],
)
def test_a_file_of_another_kind_raises_an_error(
    name: str, content: bytes, code: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    error = raised_error(tmp_path / name)
    assert error.code == code
    assert name in error.message


def test_a_missing_file_raises_an_error(tmp_path: Path) -> None:
    assert raised_error(tmp_path / "rt.gpkg").code == "no-file"
    assert raised_error(tmp_path).code == "no-file"


def test_a_table_without_geometry_raises_an_error(tmp_path: Path) -> None:
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "a.parquet")
    assert raised_error(tmp_path / "a.parquet").code == "unreadable"


@pytest.mark.parametrize(
    "shape", [shapely.Point(X0, Y0), shapely.LineString([(X0, Y0), (X0, Y0 + 1)]), None]
)
def test_the_error_names_rows_that_are_not_polygons(
    shape: shapely.Geometry | None, city: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    set_shape(city, 1, shape)
    city.to_file(tmp_path / "a.geojson", driver="GeoJSON")
    error = raised_error(tmp_path / "a.geojson")
    assert error.code == "not-polygons"
    assert "row 2" in error.message


def test_a_shapefile_without_its_other_files_raises_an_error(
    city: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    city.to_file(tmp_path / "a.shp")
    (tmp_path / "a.shx").unlink()
    error = raised_error(tmp_path / "a.shp")
    assert error.code == "unreadable"
    assert ".shx" in error.message


@pytest.mark.parametrize("prefix", ["../", "/etc/", "peta/../../", "..\\"])
def test_a_zip_with_paths_outside_raises_an_error(
    prefix: str, city: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    save_zip(city, tmp_path / "a.zip", prefix)
    error = raised_error(tmp_path / "a.zip")
    assert error.code == "unreadable"
    assert "outside" in error.message


def test_a_file_of_several_layers_needs_the_layer_option(
    city: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    for layer in ("rt", "rw"):
        city.to_file(tmp_path / "a.gpkg", layer=layer)
    error = raised_error(tmp_path / "a.gpkg")
    assert error.code == "several-layers"
    assert "rt, rw" in error.message
    assert len(read_polygons(tmp_path / "a.gpkg", layer="rw")) == 2
    assert raised_error(tmp_path / "a.gpkg", layer="kota").code == "several-layers"


@pytest.mark.parametrize("name", ["a.geojson", "a.shp", "a.zip", "a.gpkg"])
def test_a_missing_layer_raises_an_error_with_the_existing_layers(
    name: str, city: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    if name == "a.zip":
        save_zip(city, tmp_path / name)
    else:
        city.to_file(tmp_path / name)
    error = raised_error(tmp_path / name, layer="nowhere")
    assert error.code == "several-layers"
    assert "'nowhere'" in error.message
    [layer] = re.findall(r"It has: (\w+)\.", error.message)
    assert len(read_polygons(tmp_path / name, layer=layer)) == len(city)


def test_a_zip_of_two_shapefiles_needs_the_layer_option(
    city: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    save_zip(city, tmp_path / "a.zip")
    for part in (tmp_path / "shape").iterdir():
        shutil.copy(part, tmp_path / "shape" / f"rw{part.suffix}")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for part in (tmp_path / "shape").iterdir():
            archive.write(part, part.name)
    assert raised_error(tmp_path / "b.zip").code == "several-layers"
    assert len(read_polygons(tmp_path / "b.zip", layer="rw")) == 2


def test_infinite_coordinates_raise_an_error(city: gpd.GeoDataFrame, tmp_path: Path) -> None:
    infinite = shapely.Polygon([(X0, Y0), (np.inf, Y0), (X0, Y0 + 1)])
    broken = city.set_geometry(gpd.GeoSeries([city.geometry[0], infinite], crs="EPSG:4326"))
    broken.to_parquet(tmp_path / "a.parquet")
    assert raised_error(tmp_path / "a.parquet").code == "bad-coordinates"


def test_all_rows_of_surakarta_are_read(shared_data: Callable[[str], Path]) -> None:
    assert len(read_polygons(shared_data("surakarta/rt.geojson"))) == 2860
