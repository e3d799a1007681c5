"""Tiles in memory and on disk: the cache is bounded; without prepared tiles, 503 or a drawing."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.tiles import service as module
from api.tiles.service import TileRequest, Tiles
from geodata.boundaries import areas_table
from geodata.errors import NotFoundError, NotReadyError, StoreError
from geodata.language import Bilingual
from tests.conftest import FIRST, LAST
from tests.databases import copy_of
from zoning import City
from zoning.caching import Cache
from zoning.tiles.geometry.scheme import Tile, tiles_over
from zoning.tiles.preparer import Preparer
from zoning.tiles.pyramid import Pyramid, prepared_share

PATIENCE = 120


class NoPreparer:
    """Prepares nothing, and notes the requested versions."""

    def __init__(self, *_: object, **__: object) -> None:
        self.versions: list[str] = []

    def request(self, version: str) -> None:
        self.versions.append(version)

    def close(self) -> None:
        pass


@contextmanager
def tiles_with(city: City, folder: Path, megabytes: float) -> Iterator[Tiles]:
    """Tiles of a city with a separate cache."""
    separate_city = City(city.store, Cache(megabytes))
    tiles = Tiles(separate_city.public(), folder)
    try:
        yield tiles
    finally:
        tiles.close()


def tiles_at_zoom(city: City, zoom: int) -> list[Tile]:
    return tiles_over(city.boundaries("kota").total_bounds, zoom)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_simultaneous_requests_for_a_tile_make_it_once(
    small_city: City, small_pyramid: Pyramid, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_tiles: list[bytes] = []
    pyramids: list[Pyramid] = []

    def note_tile(tile: bytes) -> bytes:
        made_tiles.append(tile)
        return tile

    def note_pyramid(*arguments: Any) -> Pyramid:
        pyramids.append(Pyramid(*arguments))
        return pyramids[-1]

    monkeypatch.setattr(module, "gzip_tile", note_tile)
    monkeypatch.setattr(module, "Pyramid", note_pyramid)
    (tile, *_) = tiles_at_zoom(small_city, 12)
    requests = [TileRequest(small_city.published(day).public_id, tile) for day in (FIRST, LAST)] * 8
    with tiles_with(small_city, small_pyramid.folder, 64) as tiles, ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(tiles.make, requests))
    assert len(made_tiles) == 2
    assert len(pyramids) == 1
    assert len(set(bodies[::2])) == len(set(bodies[1::2])) == 1


def test_a_tile_stays_cached_until_other_tiles_fill_the_cache(
    small_city: City, small_pyramid: Pyramid
) -> None:
    days = [small_city.published(day) for day in small_city.published_days()]
    first, *others = [
        TileRequest(day.public_id, tile, 512, pattern=True)
        for day in days
        for tile in tiles_at_zoom(small_city, 15)
    ]
    with tiles_with(small_city, small_pyramid.folder, 1) as tiles:
        assert tiles.cached(first) is None
        body = tiles.make(first)
        assert tiles.cached(first) == body
        total_bytes = sum(len(tiles.make(other)) for other in others)
        assert total_bytes > 1 << 20
        assert tiles.cached(first) is None
        assert sum(len(tiles.cached(other) or b"") for other in others) <= 1 << 20


def test_a_run_that_was_never_published_has_no_tiles(small_city: City, tmp_path: Path) -> None:
    with tiles_with(small_city, tmp_path, 1) as tiles:
        with pytest.raises(NotFoundError) as raised:
            tiles.make(TileRequest("0123456789abcdef", Tile(8, 0, 0)))
        assert raised.value.code == "no-run"
    assert list(tmp_path.iterdir()) == []


def test_the_newest_run_is_remembered_for_a_few_seconds(small_city: City, tmp_path: Path) -> None:
    now = [0.0]
    tiles = Tiles(small_city.public(), tmp_path, clock=lambda: now[0])
    assert tiles.newest() is None
    assert tiles.find_newest() == small_city.published().public_id == tiles.newest()
    now[0] = 6.0
    assert tiles.newest() is None


def test_a_drawn_picture_equals_the_prepared_picture(
    small_city: City, small_pyramid: Pyramid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "Preparer", NoPreparer)
    run = small_city.published(LAST).public_id
    with (
        tiles_with(small_city, tmp_path, 64) as unprepared,
        tiles_with(small_city, small_pyramid.folder, 64) as prepared,
    ):
        for zoom in (8, 11, 13, 16, 18):
            for tile in tiles_at_zoom(small_city, zoom)[:4]:
                tile_request = TileRequest(run, tile, 256, pattern=True)
                assert unprepared.make(tile_request) == prepared.make(tile_request)
        versions = set(unprepared._preparer.versions)  # type: ignore[attr-defined]
        assert versions == {small_pyramid.ground.boundaries.id}
        assert prepared._preparer.versions == []  # type: ignore[attr-defined]


def test_vector_tiles_answer_503_without_caching_until_they_are_prepared(
    small_database: str, small_city: City, small_pyramid: Pyramid, tmp_path: Path
) -> None:
    settings = Settings(database=copy_of(small_database, tmp_path), tiles=tmp_path / "tiles")
    path = "/tiles/latest/14/13216/8500.mvt"
    with TestClient(create_app(settings)) as client:
        first = client.get(path)
        assert first.status_code == 503
        assert first.json()["code"] == "tiles-in-preparation"
        assert first.headers["cache-control"] == "no-store"
        assert int(first.headers["retry-after"]) > 0
        assert "etag" not in first.headers
        # Other requests are answered meanwhile, and pictures too.
        assert client.get("/days").status_code == 200
        assert client.get(path.replace("mvt", "png")).status_code in {200, 204}
        until(lambda: client.get("/tiles/prepared").json()["prepared"] == 1)
        answer = client.get(path)
        assert answer.status_code in {200, 204}
        assert "max-age" in answer.headers["cache-control"]
    files = sorted(settings.tiles_path.glob("*.tiles"))
    assert [file.read_bytes() for file in files] == [
        (small_pyramid.folder / file.name).read_bytes() for file in files
    ]
    assert len(files) == 20


def test_a_page_says_that_tiles_are_in_preparation_until_they_are_ready(
    small_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = [0.5]
    monkeypatch.setattr(module, "prepared_share", lambda *_: shares[0])
    monkeypatch.setattr(module, "Preparer", NoPreparer)
    settings = Settings(database=copy_of(small_database, tmp_path))

    def is_preparing(page: Any) -> bool:
        data = page.text.split('<script type="application/json" id="zones-data"')[1].split(">", 1)[
            1
        ]
        return bool(json.loads(data.split("</script>")[0])["preparing"])

    with TestClient(create_app(settings)) as client:
        for path in ("/map", "/embed"):
            shares[0] = 0.5
            before = client.get(path)
            assert is_preparing(before)
            assert client.get("/tiles/prepared").json() == {"prepared": 0.5}
            shares[0] = 1.0
            after = client.get(path, headers={"If-None-Match": before.headers["etag"]})
            assert after.status_code == 200
            assert not is_preparing(after)


@pytest.mark.parametrize("damage", ["overwritten", "cut", "removed"])
def test_a_file_that_is_damaged_during_serving_is_prepared_again(
    small_database: str, small_pyramid: Pyramid, tmp_path: Path, damage: str
) -> None:
    settings = Settings(database=copy_of(small_database, tmp_path), tiles=tmp_path / "tiles")
    settings.tiles_path.mkdir()
    for source in small_pyramid.folder.glob("*.tiles"):
        (settings.tiles_path / source.name).write_bytes(source.read_bytes())
    (tile, *_) = [tile for tile in small_pyramid.vectors if tile.z == 13]
    path = f"/tiles/latest/{tile.z}/{tile.x}/{tile.y}"
    with TestClient(create_app(settings)) as client:
        run = client.get("/days").json()["days"][0]["run"]
        undamaged = {kind: client.get(f"{path}.{kind}").content for kind in ("mvt", "png")}
        for damaged in settings.tiles_path.glob("*-13.tiles"):
            if damage == "removed":
                damaged.unlink()
            else:
                size = damaged.stat().st_size
                with damaged.open("r+b") as file:
                    file.write(bytes(size) if damage == "overwritten" else b"")
                    file.truncate(size if damage == "overwritten" else 10)
        other = path.replace("latest", run)  # Another day: its tile is not cached.
        vector, picture = client.get(f"{other}.mvt"), client.get(f"{other}.png")
        # A removed file stays readable while it is open.
        assert vector.status_code == (200 if damage == "removed" else 503)
        assert vector.status_code == 200 or vector.headers["cache-control"] == "no-store"
        assert picture.status_code == 200
        until(lambda: client.get("/tiles/prepared").json()["prepared"] == 1)
        assert client.get(f"{other}.mvt").status_code == 200
        assert client.get(f"{other}.png").content == picture.content
        assert client.get(f"{path}.mvt").content == undamaged["mvt"]
        assert client.get(f"{path}.png").content == undamaged["png"]
    for source in small_pyramid.folder.glob("*.tiles"):
        assert (settings.tiles_path / source.name).read_bytes() == source.read_bytes()


def test_where_tiles_cannot_be_stored_the_error_is_remembered_for_ten_minutes(
    small_city: City, small_pyramid: Pyramid, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    now: list[float] = [0.0]
    messages: list[Bilingual] = []
    folder, version = tmp_path / "file", small_pyramid.ground.boundaries.id
    preparer = Preparer(
        folder,
        lambda version: areas_table(small_city.store, version),
        messages.append,
        clock=lambda: now[0],
    )
    try:
        preparer.request(version)
        until(lambda: not preparer.is_requested(version))
        with pytest.raises(StoreError) as raised:
            preparer.request(version)
        assert raised.value.code == "tiles-not-kept"
        assert len(messages) == 1
        now[0] = 601.0
        preparer.request(version)
        until(lambda: not preparer.is_requested(version))
        assert len(messages) == 2
    finally:
        preparer.close()


def test_a_preparing_process_that_ends_too_early_is_an_error_with_a_sentence(
    small_city: City, small_pyramid: Pyramid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    version = small_pyramid.ground.boundaries.id
    messages: list[Bilingual] = []
    preparer = Preparer(
        tmp_path, lambda version: areas_table(small_city.store, version), messages.append
    )
    try:
        preparer.request(version)
        until(lambda: not preparer.is_requested(version))
        with pytest.raises(StoreError) as raised:
            preparer.request(version)
        assert raised.value.code == "tiles-not-prepared"
        assert messages[-1] == (raised.value.indonesian, raised.value.message)
    finally:
        preparer.close()


def test_two_processes_that_need_a_version_prepare_it_once(
    small_city: City, small_pyramid: Pyramid, tmp_path: Path
) -> None:
    read_versions: list[str] = []

    def read_areas(version: str) -> pa.Table:
        read_versions.append(version)
        return areas_table(small_city.store, version)

    version = small_pyramid.ground.boundaries.id
    first, second = (Preparer(tmp_path, read_areas) for _ in range(2))
    try:
        for _ in range(5):
            first.request(version)
            second.request(version)
        until(lambda: not (first.is_requested(version) or second.is_requested(version)))
    finally:
        first.close()
        second.close()
    assert read_versions == [version]
    assert prepared_share(version, tmp_path) == 1


def test_closing_during_the_preparation_leaves_whole_files_and_the_next_process_continues(
    small_city: City, small_pyramid: Pyramid, tmp_path: Path
) -> None:
    version = small_pyramid.ground.boundaries.id
    first = Preparer(tmp_path, lambda version: areas_table(small_city.store, version))
    first.request(version)
    until(lambda: prepared_share(version, tmp_path) > 0)
    first.close()
    files = {path: path.stat().st_ino for path in tmp_path.glob("*.tiles")}
    assert list(tmp_path.glob(".making-*")) == []
    second = Preparer(tmp_path, lambda version: areas_table(small_city.store, version))
    try:
        second.request(version)
        until(lambda: prepared_share(version, tmp_path) == 1)
    finally:
        second.close()
    assert {path: path.stat().st_ino for path in files} == files
    with pytest.raises(NotReadyError):
        raise module._in_preparation()
