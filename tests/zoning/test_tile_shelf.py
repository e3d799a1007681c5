"""Prepared tiles on disk: used again, made anew where broken, whole or not there."""

import os
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from geodata.errors import StoreError
from zoning import City
from zoning.tiles.pyramid import Pyramid, open_pyramid
from zoning.tiles.shelf import shelved, tiles_folder

TABLE = pa.table({"tile": pa.array([b"a", b"bc"], pa.large_binary())})


class Maker:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> pa.Table:
        self.asked += 1
        return TABLE


def test_what_was_made_is_read_the_next_time(tmp_path: Path) -> None:
    make = Maker()
    for _ in range(3):
        assert shelved(tmp_path / "new", "b1", "vector", make) == TABLE
    assert make.asked == 1
    assert [path.name.startswith("b1-") for path in (tmp_path / "new").iterdir()] == [True]
    shelved(tmp_path / "new", "b2", "vector", make)
    assert make.asked == 2


@pytest.mark.parametrize("left", [0, 1, 40, -1])
def test_a_file_cut_short_is_made_anew(tmp_path: Path, left: int) -> None:
    make = Maker()
    shelved(tmp_path, "b1", "vector", make)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:left])
    assert shelved(tmp_path, "b1", "vector", make) == TABLE
    assert shelved(tmp_path, "b1", "vector", make) == TABLE
    assert make.asked == 2


def test_nothing_half_written_is_left_where_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError

    monkeypatch.setattr("zoning.tiles.shelf.os.fsync", full)
    with pytest.raises(StoreError) as raised:
        shelved(tmp_path, "b1", "vector", Maker())
    assert raised.value.code == "tiles-not-kept"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="MIKROZONASI_TILES"):
        shelved(tmp_path / "file", "b1", "vector", Maker())


def test_tiles_lie_beside_an_embedded_database_and_else_in_the_cache(tmp_path: Path) -> None:
    assert tiles_folder(f"duckdb:///{tmp_path}/city.duckdb") == tmp_path / "city.tiles"
    assert "mikrozonasi" in str(tiles_folder("postgresql://host/city"))


def test_progress_is_told_while_preparing_and_not_when_it_is_there(
    small_city: City, tmp_path: Path
) -> None:
    told: list[tuple[str, int, int]] = []
    for _ in range(2):
        open_pyramid(small_city.ground(), tmp_path, lambda *step: told.append(step))
    for doing in {doing for doing, _, _ in told}:
        steps = [(done, total) for what, done, total in told if what == doing]
        assert [done for done, _ in steps] == list(range(1, steps[0][1] + 1))
        assert steps[-1][0] == steps[-1][1]
    assert told


def test_a_folder_that_is_closed_is_told_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    make = Maker()
    with pytest.raises(StoreError):
        shelved(tmp_path / "file", "b1", "vector", make)
    assert make.asked == 0


def test_others_may_read_what_was_made(tmp_path: Path) -> None:
    shelved(tmp_path, "b1", "vector", Maker())
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o644


def age(path: Path, days: float) -> None:
    then = time.time() - days * 86_400
    os.utime(path, (then, then))


def test_what_nobody_used_for_long_goes_when_others_are_made(tmp_path: Path) -> None:
    days_since = {
        "b1-1.vector.arrow": 89,
        "b1-2.vector.arrow": 91,
        "b0-99.pictures.arrow": 91,
        ".making-now": 0.9,
        ".making-long-ago": 1.1,
        "notes.txt": 999,
        "cases.arrow": 999,
    }
    for name, days in days_since.items():
        (tmp_path / name).write_text("")
        age(tmp_path / name, days)
    shelved(tmp_path, "b1", "vector", Maker())
    left = {path.name for path in tmp_path.iterdir()} & days_since.keys()
    assert left == {"b1-1.vector.arrow", ".making-now", "notes.txt", "cases.arrow"}


def test_what_is_read_counts_as_used(tmp_path: Path) -> None:
    make = Maker()
    shelved(tmp_path, "b1", "vector", make)
    (path,) = tmp_path.iterdir()
    age(path, 91)
    shelved(tmp_path, "b1", "vector", make)
    shelved(tmp_path, "b2", "vector", Maker())
    assert path.exists()
    assert make.asked == 1


def test_who_has_a_file_open_goes_on_when_it_is_cleared_away(tmp_path: Path) -> None:
    held = shelved(tmp_path, "b1", "vector", Maker())
    (path,) = tmp_path.iterdir()
    age(path, 91)
    shelved(tmp_path, "b2", "vector", Maker())
    assert not path.exists()
    assert held == TABLE


def test_a_bit_flipped_anywhere_has_the_file_made_anew(tmp_path: Path) -> None:
    shelved(tmp_path, "b1", "vector", Maker())
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        make = Maker()
        assert shelved(tmp_path, "b1", "vector", make) == TABLE
        assert make.asked == 1, place
        assert path.read_bytes() == whole


def test_damaged_tiles_are_prepared_again_with_the_progress_said(
    small_city: City, small_pyramid: Pyramid, tmp_path: Path
) -> None:
    ground = small_city.ground()
    open_pyramid(ground, tmp_path)
    (path,) = tmp_path.glob("*.vector.arrow")
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 1
    path.write_bytes(held)
    told: set[str] = set()
    opened = open_pyramid(ground, tmp_path, lambda doing, *_: told.add(doing))
    assert told == {"vector tiles"}
    values = np.zeros(len(ground.boundaries.areas), dtype=np.uint8)
    for tile in small_pyramid.vectors:
        assert opened.vectors.tile(tile, values) == small_pyramid.vectors.tile(tile, values)
