"""PMTiles of a day, as three other readers find them: the format's own, GDAL, a decoder."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from pmtiles.reader import MemorySource, Reader, all_tiles
from pmtiles.tile import Compression, TileType

from geodata.areas import Level
from geodata.errors import InputError
from tests.conftest import LAST
from tests.zoning.tiles.tiles_decoded import EXTENT, INSIDE, Zone, decoded, in_units
from zoning import City
from zoning.export import export_tiles
from zoning.tiles.day import DayTiles
from zoning.tiles.geometry.scheme import Tile
from zoning.tiles.pyramid import Pyramid

Export = Callable[[Path], int]


@pytest.fixture(scope="module")
def export(small_city: City, small_pyramid: Pyramid) -> Export:
    tiles = DayTiles(small_pyramid, small_city.public().risks(LAST))
    return lambda path: export_tiles(tiles, small_city.public().published(LAST), path)


@pytest.fixture(scope="module")
def archive(export: Export, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiles") / "day.pmtiles"
    assert export(path) == len(list(tiles_in(path)))
    return path


def tiles_in(path: Path) -> Iterator[tuple[Tile, bytes]]:
    for at, body in all_tiles(MemorySource(path.read_bytes())):
        yield Tile(*at), gzip.decompress(body)


@pytest.mark.parametrize("level", ["rt", "rw", "kelurahan", "kecamatan"])
def test_at_zoom_16_it_holds_the_zones_of_the_day_and_where_they_are(
    archive: Path, small_city: City, level: Level
) -> None:
    pieces: dict[str, list[tuple[Tile, Zone]]] = {}
    for tile, body in tiles_in(archive):
        for zone in decoded(body).get(level, []) if tile.z == 16 else []:
            pieces.setdefault(zone.properties["code"], []).append((tile, zone))
    zones = small_city.zones(LAST, level).set_index("code")
    assert set(pieces) == set(zones.index)
    for code, held in pieces.items():
        assert {zone.properties["risk"] for _, zone in held} == {zones["risk"][code]}
        drawn = sum(shapely.intersection(zone.shape, INSIDE).area for _, zone in held)
        (whole,) = in_units(np.array([zones.geometry[code]], dtype=object), Tile(16, 0, 0))
        assert drawn == pytest.approx(whole.area, rel=0.01)
        assert 0 < drawn < EXTENT**2 * len(held)


def test_gdal_finds_every_rt_with_its_name_and_risk(archive: Path, small_city: City) -> None:
    found = pyogrio.read_dataframe(archive, layer="rt").to_crs("EPSG:4326")
    zones = small_city.zones(LAST).set_index("code")
    found = found.dissolve("code")
    assert set(found.index) == set(zones.index)
    assert (found["risk"] == zones["risk"][found.index]).all()
    assert (found["name"] == zones["name"][found.index]).all()
    overlap = found.intersection(zones.geometry[found.index], align=False).to_crs("EPSG:3857")
    assert (overlap.area > 0.99 * zones.geometry[found.index].to_crs("EPSG:3857").area).all()


def test_gdal_finds_the_layers(archive: Path) -> None:
    names = {str(name) for name in pyogrio.list_layers(archive)[:, 0]}
    assert {"rt", "rw", "kelurahan", "kecamatan"} <= names


def test_header_and_metadata_say_what_it_is(archive: Path, small_city: City) -> None:
    reader = Reader(MemorySource(archive.read_bytes()))
    header: dict[str, Any] = reader.header()
    day = small_city.public().published(LAST)
    assert (header["min_zoom"], header["max_zoom"]) == (8, 16)
    assert header["tile_type"] is TileType.MVT
    assert header["tile_compression"] is Compression.GZIP
    assert header["clustered"]
    west, south, east, north = small_city.boundaries("kota").total_bounds
    sides = [header[f"{side}_e7"] / 1e7 for side in ("min_lon", "min_lat", "max_lon", "max_lat")]
    assert sides == pytest.approx([west, south, east, north], abs=1e-7)
    assert west < header["center_lon_e7"] / 1e7 < east
    assert south < header["center_lat_e7"] / 1e7 < north
    about = reader.metadata()
    assert (about["date"], about["run"], about["rule"]) == (LAST.isoformat(), day.run, day.rule)
    assert about["name"]
    assert about["attribution"]
    assert {layer["id"] for layer in about["vector_layers"]} >= {"rt", "kelurahan"}
    assert "tiles" not in about


def test_a_tile_is_found_by_its_address(archive: Path) -> None:
    reader = Reader(MemorySource(archive.read_bytes()))
    for tile, body in tiles_in(archive):
        assert gzip.decompress(reader.get(*tile)) == body
    assert reader.get(16, 0, 0) is None


def test_the_same_run_is_the_same_bytes_whatever_was_there(
    archive: Path, export: Export, tmp_path: Path
) -> None:
    again = tmp_path / "again.pmtiles"
    again.write_bytes(b"something else")
    export(again)
    assert again.read_bytes() == archive.read_bytes()
    assert [left.name for left in tmp_path.iterdir()] == ["again.pmtiles"]


def test_another_day_has_other_bytes(
    archive: Path, small_city: City, small_pyramid: Pyramid, tmp_path: Path
) -> None:
    public = small_city.public()
    day = public.published(small_city.published_days()[0])
    export_tiles(DayTiles(small_pyramid, public.risks(day)), day, tmp_path / "other.pmtiles")
    assert (tmp_path / "other.pmtiles").read_bytes() != archive.read_bytes()


def test_what_cannot_be_written_is_refused_and_leaves_nothing(
    export: Export, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as refused:
        export(tmp_path / "no" / "day.pmtiles")
    assert refused.value.code == "no-folder"
    (tmp_path / "taken").mkdir()
    with pytest.raises(InputError) as refused:
        export(tmp_path / "taken")
    assert refused.value.code == "not-written"
    assert [left.name for left in tmp_path.iterdir()] == ["taken"]


def test_a_disk_that_fills_up_leaves_the_file_of_before(
    export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "day.pmtiles"
    path.write_bytes(b"of before")

    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(DayTiles, "vector", full)
    with pytest.raises(InputError) as refused:
        export(path)
    assert refused.value.code == "disk-full"
    assert path.read_bytes() == b"of before"
    assert [left.name for left in tmp_path.iterdir()] == ["day.pmtiles"]
