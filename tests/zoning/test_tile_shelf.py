"""Prepared tiles on disk: used again, made anew where broken, whole or not there."""

import os
from pathlib import Path

import pyarrow as pa
import pytest

from geodata.errors import StoreError
from zoning import City
from zoning.tiles.pyramid import open_pyramid
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


def test_what_older_versions_made_and_killed_processes_left_goes(tmp_path: Path) -> None:
    kept = ["b1-0.pictures.arrow", "b2-0.vector.arrow", ".making-now", "notes.txt"]
    for name in [*kept, "b1-0.vector.arrow", ".making-long-ago"]:
        (tmp_path / name).write_text("")
    os.utime(tmp_path / ".making-long-ago", (0, 0))
    shelved(tmp_path, "b1", "vector", Maker())
    left = {path.name for path in tmp_path.iterdir()}
    assert {name for name in left if not name.startswith("b1-")} == set(kept[1:])
    assert len(left) == len(kept) + 1
