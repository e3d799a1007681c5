"""Files of polygons on a full disk: the old file stays, and no temporary file does."""

import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest

from geodata.boundaries import check, write_polygons, write_problems
from geodata.errors import InputError
from geodata.files.atomic import atomic_file
from tests.cities.drawn_city import drawn_city
from tests.full_disk import files_at_most

_OLD, _NEW = drawn_city(3), drawn_city(4)
Write = Callable[[gpd.GeoDataFrame, Path], None]


def _problems(frame: gpd.GeoDataFrame, path: Path) -> None:
    write_problems(check(frame), path)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.gpkg", write_polygons),
        ("a.geojson", write_polygons),
        ("a.parquet", write_polygons),
        ("problems.gpkg", _problems),
    ],
)
def test_a_full_disk_keeps_the_old_file_of_polygons(
    tmp_path: Path, name: str, write: Write
) -> None:
    path = tmp_path / name
    write(_OLD, path)
    before = path.read_bytes()
    for size in (0, 1_000, len(before) // 2, len(before) - 4_097):
        with files_at_most(max(size, 0)), pytest.raises(InputError) as caught:
            write(_NEW, path)
        assert caught.value.code == "disk-full"
        assert path.read_bytes() == before
        assert [file.name for file in tmp_path.iterdir()] == [name]
    write(_NEW, path)
    assert len(pyogrio.list_layers(path)) if name.endswith("gpkg") else path.exists()


def test_a_geopackage_keeps_its_other_layers(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    write_polygons(_OLD, path, layer="mine")
    write_problems(check(_NEW), path)
    assert set(dict(pyogrio.list_layers(path).tolist())) == {
        *("mine", "problem_points", "problem_ground")
    }


def test_an_error_in_the_block_keeps_the_old_file_and_no_temporary_file(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")

    def write_and_fail() -> None:
        with atomic_file(path) as temporary_path:
            shutil.copy(path, temporary_path)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["a.bin"]
