"""PMTiles of a day, read by three other readers: that of PMTiles, GDAL, and a decoder."""

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
    for position, body in all_tiles(MemorySource(path.read_bytes())):
        yield Tile(*position), gzip.decompress(body)


@pytest.mark.parametrize("level", ["rt", "rw", "kelurahan", "kecamatan"])
def test_at_zoom_16_the_archive_has_the_zones_of_the_day_in_place(
    archive: Path, small_city: City, level: Level
) -> None:
    pieces: dict[str, list[tuple[Tile, Zone]]] = {}
    for tile, body in tiles_in(archive):
        for zone in decoded(body).get(level, []) if tile.z == 16 else []:
            pieces.setdefault(zone.properties["code"], []).append((tile, zone))
    zones = small_city.zones(LAST, level).set_index("code")
    assert set(pieces) == set(zones.index)
    for code, code_pieces in pieces.items():
        assert {zone.properties["risk"] for _, zone in code_pieces} == {zones["risk"][code]}
        drawn_area = sum(shapely.intersection(zone.shape, INSIDE).area for _, zone in code_pieces)
        (exact_shape,) = in_units(np.array([zones.geometry[code]], dtype=object), Tile(16, 0, 0))
        assert drawn_area == pytest.approx(exact_shape.area, rel=0.01)
        assert 0 < drawn_area < EXTENT**2 * len(code_pieces)


def test_gdal_finds_every_rt_with_its_name_and_risk(archive: Path, small_city: City) -> None:
    frame = pyogrio.read_dataframe(archive, layer="rt").to_crs("EPSG:4326")
    zones = small_city.zones(LAST).set_index("code")
    frame = frame.dissolve("code")
    assert set(frame.index) == set(zones.index)
    assert (frame["risk"] == zones["risk"][frame.index]).all()
    assert (frame["name"] == zones["name"][frame.index]).all()
    overlap = frame.intersection(zones.geometry[frame.index], align=False).to_crs("EPSG:3857")
    assert (overlap.area > 0.99 * zones.geometry[frame.index].to_crs("EPSG:3857").area).all()


def test_gdal_finds_the_layers(archive: Path) -> None:
    names = {str(name) for name in pyogrio.list_layers(archive)[:, 0]}
    assert {"rt", "rw", "kelurahan", "kecamatan"} <= names


def test_header_and_metadata_describe_the_day(archive: Path, small_city: City) -> None:
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
    metadata = reader.metadata()
    assert (metadata["date"], metadata["run"], metadata["rule"]) == (
        LAST.isoformat(),
        day.run,
        day.rule,
    )
    assert metadata["name"]
    assert metadata["attribution"]
    assert {layer["id"] for layer in metadata["vector_layers"]} >= {"rt", "kelurahan"}
    assert "tiles" not in metadata


def test_a_tile_is_found_by_its_address(archive: Path) -> None:
    reader = Reader(MemorySource(archive.read_bytes()))
    for tile, body in tiles_in(archive):
        assert gzip.decompress(reader.get(*tile)) == body
    assert reader.get(16, 0, 0) is None


def test_the_same_run_gives_the_same_bytes_and_replaces_the_file(
    archive: Path, export: Export, tmp_path: Path
) -> None:
    again = tmp_path / "again.pmtiles"
    again.write_bytes(b"something else")
    export(again)
    assert again.read_bytes() == archive.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["again.pmtiles"]


def test_another_day_has_other_bytes(
    archive: Path, small_city: City, small_pyramid: Pyramid, tmp_path: Path
) -> None:
    public = small_city.public()
    day = public.published(small_city.published_days()[0])
    export_tiles(DayTiles(small_pyramid, public.risks(day)), day, tmp_path / "other.pmtiles")
    assert (tmp_path / "other.pmtiles").read_bytes() != archive.read_bytes()


def test_an_impossible_path_is_rejected_and_leaves_no_file(export: Export, tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        export(tmp_path / "no" / "day.pmtiles")
    assert raised.value.code == "no-folder"
    (tmp_path / "taken").mkdir()
    with pytest.raises(InputError) as raised:
        export(tmp_path / "taken")
    assert raised.value.code == "not-written"
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_full_disk_leaves_the_file_of_before(
    export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "day.pmtiles"
    path.write_bytes(b"of before")

    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(DayTiles, "vector", full)
    with pytest.raises(InputError) as raised:
        export(path)
    assert raised.value.code == "disk-full"
    assert path.read_bytes() == b"of before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["day.pmtiles"]
