"""Prepared tiles on disk: used again, made anew where broken, whole or not there."""

import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from geodata.errors import StoreError
from tests.zoning.tiles.test_parts import PARTS
from zoning import City
from zoning.tiles.artifact_cache import Shelf, check_writable, preparing, tiles_folder
from zoning.tiles.pyramid import Pyramid, open_pyramid, share_prepared


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".lock-")}


def test_nothing_half_written_is_left_where_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError("full")

    monkeypatch.setattr("zoning.tiles.artifact_cache.os.fsync", full)
    with pytest.raises(OSError, match="full"):
        Shelf(tmp_path, "b1", "vector").write(9, PARTS)
    assert files(tmp_path) == set()


def test_a_full_disk_is_a_sentence(
    small_city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError("full")

    monkeypatch.setattr("zoning.tiles.artifact_cache.os.fsync", full)
    with pytest.raises(StoreError) as raised:
        open_pyramid(small_city.ground(), tmp_path)
    assert raised.value.code == "tiles-not-kept"
    assert files(tmp_path) == set()


def test_a_folder_that_cannot_be_is_a_sentence(small_city: City, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="MIKROZONASI_TILES"):
        open_pyramid(small_city.ground(), tmp_path / "file")
    with pytest.raises(StoreError, match="MIKROZONASI_TILES"):
        check_writable(tmp_path / "file")


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


def test_others_may_read_what_was_made(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, "b1", "vector")
    shelf.write(9, PARTS)
    assert shelf.path(9).stat().st_mode & 0o777 == 0o644


def age(path: Path, days: float) -> None:
    then = time.time() - days * 86_400
    os.utime(path, (then, then))


def test_what_nobody_used_for_long_goes_when_others_are_made(tmp_path: Path) -> None:
    days_since = {
        "b1-1.vector.arrow": 89,
        "b1-2.vector.arrow": 91,
        "b0-99.pictures.arrow": 91,
        "b1-4.vector-9.tiles": 89,
        "b1-4.vector-18.tiles": 91,
        ".making-now": 0.9,
        ".making-long-ago": 1.1,
        ".lock-b7": 1.1,
        "notes.txt": 999,
        "cases.arrow": 999,
    }
    for name, days in days_since.items():
        (tmp_path / name).write_text("")
        age(tmp_path / name, days)
    with preparing(tmp_path, "b1"):
        pass
    left = {path.name for path in tmp_path.iterdir()} & days_since.keys()
    assert left == {
        "b1-1.vector.arrow",
        "b1-4.vector-9.tiles",
        ".making-now",
        "notes.txt",
        "cases.arrow",
    }


def test_what_is_read_counts_as_used(tmp_path: Path) -> None:
    Shelf(tmp_path, "b1", "vector").write(9, PARTS)
    shelf = Shelf(tmp_path, "b1", "vector")
    age(shelf.path(9), 91)
    shelf.read(9, 3)
    with preparing(tmp_path, "b2"):
        pass
    assert shelf.path(9).exists()


def test_only_one_prepares_the_tiles_of_some_boundaries_at_a_time(tmp_path: Path) -> None:
    at_once, most = 0, 0
    guard = threading.Lock()

    def prepare() -> None:
        nonlocal at_once, most
        with preparing(tmp_path, "b1"):
            with guard:
                at_once += 1
                most = max(most, at_once)
            time.sleep(0.02)
            with guard:
                at_once -= 1

    threads = [threading.Thread(target=prepare) for _ in range(4)]
    for thread in threads:
        thread.start()
    with preparing(tmp_path, "b2"):  # other boundaries wait for none
        for thread in threads:
            thread.join()
    assert most == 1


def test_who_is_told_to_stop_waits_no_longer(tmp_path: Path) -> None:
    stop = threading.Event()
    with preparing(tmp_path, "b1"):
        waiting = threading.Thread(target=lambda: preparing(tmp_path, "b1", stop).__enter__())
        waiting.start()
        stop.set()
        waiting.join(60)
        assert not waiting.is_alive()


@pytest.mark.parametrize(
    ("name", "doing"), [("vector-12", {"vector tiles"}), ("pictures-12", {"picture tiles"})]
)
@pytest.mark.parametrize("damage", ["bit", "cut", "gone"])
def test_damaged_tiles_are_prepared_again_and_no_others(
    small_city: City,
    small_pyramid: Pyramid,
    tmp_path: Path,
    name: str,
    doing: set[str],
    damage: str,
) -> None:
    ground = small_city.ground()
    open_pyramid(ground, tmp_path)
    (path,) = tmp_path.glob(f"*.{name}.tiles")
    held = bytearray(path.read_bytes())
    whole = bytes(held)
    before = {other: other.stat().st_ino for other in tmp_path.glob("*.tiles") if other != path}
    held[len(held) // 3] ^= 1
    path.write_bytes(held[: len(held) // 2] if damage == "cut" else held)
    if damage == "gone":
        path.unlink()
    told: set[str] = set()
    opened = open_pyramid(ground, tmp_path, lambda what, *_: told.add(what.en))
    assert told == doing
    assert path.read_bytes() == whole
    assert {other: other.stat().st_ino for other in before} == before
    values = np.zeros(len(ground.boundaries.areas), dtype=np.uint8)
    for tile in small_pyramid.vectors:
        assert opened.vectors.tile(tile, values) == small_pyramid.vectors.tile(tile, values)


def test_the_share_that_is_prepared_is_that_of_the_files(
    small_pyramid: Pyramid, tmp_path: Path
) -> None:
    version = small_pyramid.ground.boundaries.id
    assert share_prepared(version, tmp_path) == 0
    open_pyramid(small_pyramid.ground, tmp_path)
    assert share_prepared(version, tmp_path) == 1
    assert share_prepared("another", tmp_path) == 0
    next(tmp_path.glob("*.pictures-9.tiles")).unlink()
    assert share_prepared(version, tmp_path) == pytest.approx(19 / 20)


def test_the_farthest_zooms_are_made_first(
    small_city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[str, int]] = []
    write = Shelf.write

    def watched(self: Shelf, zoom: int, *parts: object) -> None:
        made.append((self.path(zoom).name.split(".")[1].split("-")[0], zoom))
        write(self, zoom, *parts)  # type: ignore[arg-type]

    monkeypatch.setattr(Shelf, "write", watched)
    open_pyramid(small_city.ground(), tmp_path)
    for kind, last in (("vector", 18), ("pictures", 16)):
        assert [zoom for what, zoom in made if what == kind] == list(range(8, last + 1))
