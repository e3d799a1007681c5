"""Files of polygons without room: the file of before stays, and nothing is left beside it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest

from geodata.boundaries import check, write_polygons, write_problems
from geodata.errors import InputError
from geodata.files.atomic import whole_file
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
def test_polygons_without_room_leave_the_file_of_before(
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
        assert [each.name for each in tmp_path.iterdir()] == [name]
    write(_NEW, path)
    assert len(pyogrio.list_layers(path)) if name.endswith("gpkg") else path.exists()


def test_a_geopackage_keeps_its_other_layers(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    write_polygons(_OLD, path, layer="mine")
    write_problems(check(_NEW), path)
    assert set(dict(pyogrio.list_layers(path).tolist())) == {
        *("mine", "problem_points", "problem_ground")
    }


def test_a_block_that_fails_for_its_own_reason_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"of before")

    def half() -> None:
        with whole_file(path) as part:
            shutil.copy(path, part)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert path.read_bytes() == b"of before"
    assert [each.name for each in tmp_path.iterdir()] == ["a.bin"]
