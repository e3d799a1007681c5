"""Prepared tiles on disk: reused, rebuilt if damaged, written atomically."""

import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from geodata.errors import StoreError
from tests.zoning.tiles.test_blob_file import BLOBS
from zoning import City
from zoning.tiles.artifact_cache import (
    ArtifactCache,
    check_writable,
    preparation_lock,
    tiles_folder,
)
from zoning.tiles.pyramid import Pyramid, open_pyramid, prepared_share


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".lock-")}


def test_a_failed_write_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError("full")

    monkeypatch.setattr("zoning.tiles.artifact_cache.os.fsync", full)
    with pytest.raises(OSError, match="full"):
        ArtifactCache(tmp_path, "b1", "vector").write(9, BLOBS)
    assert files(tmp_path) == set()


def test_a_full_disk_gives_a_store_error(
    small_city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError("full")

    monkeypatch.setattr("zoning.tiles.artifact_cache.os.fsync", full)
    with pytest.raises(StoreError) as raised:
        open_pyramid(small_city.ground(), tmp_path)
    assert raised.value.code == "tiles-not-kept"
    assert files(tmp_path) == set()


def test_an_impossible_folder_gives_a_store_error(small_city: City, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="MIKROZONASI_TILES"):
        open_pyramid(small_city.ground(), tmp_path / "file")
    with pytest.raises(StoreError, match="MIKROZONASI_TILES"):
        check_writable(tmp_path / "file")


def test_tiles_are_next_to_an_embedded_database_or_in_the_user_cache(tmp_path: Path) -> None:
    assert tiles_folder(f"duckdb:///{tmp_path}/city.duckdb") == tmp_path / "city.tiles"
    assert "mikrozonasi" in str(tiles_folder("postgresql://host/city"))


def test_progress_counts_up_while_preparing_and_is_silent_afterwards(
    small_city: City, tmp_path: Path
) -> None:
    reports: list[tuple[str, int, int]] = []
    for _ in range(2):
        open_pyramid(small_city.ground(), tmp_path, lambda *step: reports.append(step))
    for task in {task for task, _, _ in reports}:
        steps = [(done, total) for other_task, done, total in reports if other_task == task]
        assert [done for done, _ in steps] == list(range(1, steps[0][1] + 1))
        assert steps[-1][0] == steps[-1][1]
    assert reports


def test_all_users_may_read_the_files(tmp_path: Path) -> None:
    artifacts = ArtifactCache(tmp_path, "b1", "vector")
    artifacts.write(9, BLOBS)
    assert artifacts.path(9).stat().st_mode & 0o777 == 0o644


def set_age(path: Path, days: float) -> None:
    used_at = time.time() - days * 86_400
    os.utime(path, (used_at, used_at))


def test_unused_files_are_removed_when_others_are_prepared(tmp_path: Path) -> None:
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
        set_age(tmp_path / name, days)
    with preparation_lock(tmp_path, "b1"):
        pass
    remaining = {path.name for path in tmp_path.iterdir()} & days_since.keys()
    assert remaining == {
        "b1-1.vector.arrow",
        "b1-4.vector-9.tiles",
        ".making-now",
        "notes.txt",
        "cases.arrow",
    }


def test_reading_a_file_counts_as_use(tmp_path: Path) -> None:
    ArtifactCache(tmp_path, "b1", "vector").write(9, BLOBS)
    artifacts = ArtifactCache(tmp_path, "b1", "vector")
    set_age(artifacts.path(9), 91)
    artifacts.read(9, 3)
    with preparation_lock(tmp_path, "b2"):
        pass
    assert artifacts.path(9).exists()


def test_only_one_thread_at_a_time_prepares_the_same_boundaries(tmp_path: Path) -> None:
    running, most_running = 0, 0
    guard = threading.Lock()

    def prepare() -> None:
        nonlocal running, most_running
        with preparation_lock(tmp_path, "b1"):
            with guard:
                running += 1
                most_running = max(most_running, running)
            time.sleep(0.02)
            with guard:
                running -= 1

    threads = [threading.Thread(target=prepare) for _ in range(4)]
    for thread in threads:
        thread.start()
    with preparation_lock(tmp_path, "b2"):  # other boundaries have their own lock
        for thread in threads:
            thread.join()
    assert most_running == 1


def test_the_stop_event_ends_the_wait_for_the_lock(tmp_path: Path) -> None:
    stop = threading.Event()
    with preparation_lock(tmp_path, "b1"):
        waiting = threading.Thread(
            target=lambda: preparation_lock(tmp_path, "b1", stop).__enter__()
        )
        waiting.start()
        stop.set()
        waiting.join(60)
        assert not waiting.is_alive()


@pytest.mark.parametrize(
    ("name", "task"), [("vector-12", {"vector tiles"}), ("pictures-12", {"picture tiles"})]
)
@pytest.mark.parametrize("damage", ["bit", "cut", "gone"])
def test_damaged_tiles_are_prepared_again_and_no_others(
    small_city: City,
    small_pyramid: Pyramid,
    tmp_path: Path,
    name: str,
    task: set[str],
    damage: str,
) -> None:
    indexed = small_city.ground()
    open_pyramid(indexed, tmp_path)
    (path,) = tmp_path.glob(f"*.{name}.tiles")
    content = bytearray(path.read_bytes())
    original = bytes(content)
    before = {other: other.stat().st_ino for other in tmp_path.glob("*.tiles") if other != path}
    content[len(content) // 3] ^= 1
    path.write_bytes(content[: len(content) // 2] if damage == "cut" else content)
    if damage == "gone":
        path.unlink()
    tasks: set[str] = set()
    opened = open_pyramid(indexed, tmp_path, lambda reported, *_: tasks.add(reported.en))
    assert tasks == task
    assert path.read_bytes() == original
    assert {other: other.stat().st_ino for other in before} == before
    values = np.zeros(len(indexed.boundaries.areas), dtype=np.uint8)
    for tile in small_pyramid.vectors:
        assert opened.vectors.tile(tile, values) == small_pyramid.vectors.tile(tile, values)


def test_the_prepared_share_is_the_share_of_existing_files(
    small_pyramid: Pyramid, tmp_path: Path
) -> None:
    version = small_pyramid.ground.boundaries.id
    assert prepared_share(version, tmp_path) == 0
    open_pyramid(small_pyramid.ground, tmp_path)
    assert prepared_share(version, tmp_path) == 1
    assert prepared_share("another", tmp_path) == 0
    next(tmp_path.glob("*.pictures-9.tiles")).unlink()
    assert prepared_share(version, tmp_path) == pytest.approx(19 / 20)


def test_files_are_written_from_the_lowest_zoom_on(
    small_city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes: list[tuple[str, int]] = []
    write = ArtifactCache.write

    def record_write(self: ArtifactCache, zoom: int, *blobs: object) -> None:
        writes.append((self.path(zoom).name.split(".")[1].split("-")[0], zoom))
        write(self, zoom, *blobs)  # type: ignore[arg-type]

    monkeypatch.setattr(ArtifactCache, "write", record_write)
    open_pyramid(small_city.ground(), tmp_path)
    for kind, last_zoom in (("vector", 18), ("pictures", 16)):
        assert [zoom for written_kind, zoom in writes if written_kind == kind] == list(
            range(8, last_zoom + 1)
        )
