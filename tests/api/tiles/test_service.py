"""Tiles in memory and on disk: kept while there is room, drawn or refused until prepared."""

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
from zoning.tiles.pyramid import Pyramid, share_prepared

PATIENCE = 120


class NoPreparer:
    """Prepares nothing, and notes which versions it is asked for."""

    def __init__(self, *_: object, **__: object) -> None:
        self.asked: list[str] = []

    def ask(self, version: str) -> None:
        self.asked.append(version)

    def close(self) -> None:
        pass


@contextmanager
def tiles_with(city: City, folder: Path, megabytes: float) -> Iterator[Tiles]:
    """Tiles of a city with a cache of their own."""
    own = City(city.store, Cache(megabytes))
    tiles = Tiles(own.public(), folder)
    try:
        yield tiles
    finally:
        tiles.close()


def some_tiles(city: City, zoom: int) -> list[Tile]:
    return tiles_over(city.boundaries("kota").total_bounds, zoom)


def until(enough: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not enough():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_many_who_ask_at_once_wait_for_one_that_is_made(
    small_city: City, small_pyramid: Pyramid, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[bytes] = []
    pyramids: list[Pyramid] = []

    def pack(tile: bytes) -> bytes:
        made.append(tile)
        return tile

    def opening(*asked: Any) -> Pyramid:
        pyramids.append(Pyramid(*asked))
        return pyramids[-1]

    monkeypatch.setattr(module, "pack", pack)
    monkeypatch.setattr(module, "Pyramid", opening)
    (tile, *_) = some_tiles(small_city, 12)
    wanted = [TileRequest(small_city.published(day).public_id, tile) for day in (FIRST, LAST)] * 8
    with tiles_with(small_city, small_pyramid.folder, 64) as tiles, ThreadPoolExecutor(8) as many:
        sent = list(many.map(tiles.make, wanted))
    assert len(made) == 2
    assert len(pyramids) == 1
    assert len(set(sent[::2])) == len(set(sent[1::2])) == 1


def test_a_tile_is_at_hand_after_it_was_made_until_others_take_its_room(
    small_city: City, small_pyramid: Pyramid
) -> None:
    days = [small_city.published(day) for day in small_city.published_days()]
    first, *others = [
        TileRequest(day.public_id, tile, 512, pattern=True)
        for day in days
        for tile in some_tiles(small_city, 15)
    ]
    with tiles_with(small_city, small_pyramid.folder, 1) as tiles:
        assert tiles.cached(first) is None
        sent = tiles.make(first)
        assert tiles.cached(first) == sent
        made = sum(len(tiles.make(other)) for other in others)
        assert made > 1 << 20
        assert tiles.cached(first) is None
        assert sum(len(tiles.cached(other) or b"") for other in others) <= 1 << 20


def test_a_run_that_was_never_published_has_no_tiles(small_city: City, tmp_path: Path) -> None:
    with tiles_with(small_city, tmp_path, 1) as tiles:
        with pytest.raises(NotFoundError) as raised:
            tiles.make(TileRequest("0123456789abcdef", Tile(8, 0, 0)))
        assert raised.value.code == "no-run"
    assert list(tmp_path.iterdir()) == []


def test_the_newest_run_is_remembered_for_a_moment_only(small_city: City, tmp_path: Path) -> None:
    now = [0.0]
    tiles = Tiles(small_city.public(), tmp_path, clock=lambda: now[0])
    assert tiles.newest() is None
    assert tiles.find_newest() == small_city.published().public_id == tiles.newest()
    now[0] = 6.0
    assert tiles.newest() is None


def test_pictures_are_drawn_before_they_are_prepared_and_are_the_same(
    small_city: City, small_pyramid: Pyramid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "Preparer", NoPreparer)
    run = small_city.published(LAST).public_id
    with (
        tiles_with(small_city, tmp_path, 64) as bare,
        tiles_with(small_city, small_pyramid.folder, 64) as ready,
    ):
        for zoom in (8, 11, 13, 16, 18):
            for tile in some_tiles(small_city, zoom)[:4]:
                wanted = TileRequest(run, tile, 256, pattern=True)
                assert bare.make(wanted) == ready.make(wanted)
        assert set(bare._preparer.asked) == {small_pyramid.ground.boundaries.id}  # type: ignore[attr-defined]
        assert ready._preparer.asked == []  # type: ignore[attr-defined]


def test_vector_tiles_answer_503_until_they_are_prepared_and_are_cached_nowhere(
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
        # All else is answered meanwhile, the pictures too.
        assert client.get("/days").status_code == 200
        assert client.get(path.replace("mvt", "png")).status_code in {200, 204}
        until(lambda: client.get("/tiles/prepared").json()["prepared"] == 1)
        after = client.get(path)
        assert after.status_code in {200, 204}
        assert "max-age" in after.headers["cache-control"]
    made = sorted(settings.tiles_at.glob("*.tiles"))
    assert [one.read_bytes() for one in made] == [
        (small_pyramid.folder / one.name).read_bytes() for one in made
    ]
    assert len(made) == 20


def test_the_page_says_that_tiles_are_being_prepared_and_then_no_more(
    small_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = [0.5]
    monkeypatch.setattr(module, "share_prepared", lambda *_: shares[0])
    monkeypatch.setattr(module, "Preparer", NoPreparer)
    settings = Settings(database=copy_of(small_database, tmp_path))

    def said(page: Any) -> bool:
        data = page.text.split('<script type="application/json"')[1].split(">", 1)[1]
        return bool(json.loads(data.split("</script>")[0])["preparing"])

    with TestClient(create_app(settings)) as client:
        for path in ("/map", "/embed"):
            shares[0] = 0.5
            before = client.get(path)
            assert said(before)
            assert client.get("/tiles/prepared").json() == {"prepared": 0.5}
            shares[0] = 1.0
            again = client.get(path, headers={"If-None-Match": before.headers["etag"]})
            assert again.status_code == 200  # another page
            assert not said(again)


@pytest.mark.parametrize("damage", ["overwritten", "cut", "removed"])
def test_a_file_damaged_while_it_is_served_is_noticed_and_prepared_again(
    small_database: str, small_pyramid: Pyramid, tmp_path: Path, damage: str
) -> None:
    settings = Settings(database=copy_of(small_database, tmp_path), tiles=tmp_path / "tiles")
    settings.tiles_at.mkdir()
    for one in small_pyramid.folder.glob("*.tiles"):
        (settings.tiles_at / one.name).write_bytes(one.read_bytes())
    (tile, *_) = [tile for tile in small_pyramid.vectors if tile.z == 13]
    path = f"/tiles/latest/{tile.z}/{tile.x}/{tile.y}"
    with TestClient(create_app(settings)) as client:
        run = client.get("/days").json()["days"][0]["run"]
        good = {kind: client.get(f"{path}.{kind}").content for kind in ("mvt", "png")}
        for one in settings.tiles_at.glob("*-13.tiles"):
            if damage == "removed":
                one.unlink()
            else:
                size = one.stat().st_size
                with one.open("r+b") as file:
                    file.write(bytes(size) if damage == "overwritten" else b"")
                    file.truncate(size if damage == "overwritten" else 10)
        other = path.replace("latest", run)  # of another day, so that it is made anew
        vector, picture = client.get(f"{other}.mvt"), client.get(f"{other}.png")
        # Who has the file open reads on where it was only removed.
        assert vector.status_code == (200 if damage == "removed" else 503)
        assert vector.status_code == 200 or vector.headers["cache-control"] == "no-store"
        assert picture.status_code == 200
        until(lambda: client.get("/tiles/prepared").json()["prepared"] == 1)
        assert client.get(f"{other}.mvt").status_code == 200
        assert client.get(f"{other}.png").content == picture.content
        assert client.get(f"{path}.mvt").content == good["mvt"]
        assert client.get(f"{path}.png").content == good["png"]
    for one in small_pyramid.folder.glob("*.tiles"):
        assert (settings.tiles_at / one.name).read_bytes() == one.read_bytes()


def test_where_tiles_cannot_be_kept_that_is_said_at_once_for_a_while(
    small_city: City, small_pyramid: Pyramid, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    now: list[float] = [0.0]
    said: list[Bilingual] = []
    folder, version = tmp_path / "file", small_pyramid.ground.boundaries.id
    preparer = Preparer(
        folder,
        lambda asked: areas_table(small_city.store, asked),
        said.append,
        clock=lambda: now[0],
    )
    try:
        preparer.ask(version)
        until(lambda: not preparer.is_asked(version))
        with pytest.raises(StoreError) as raised:
            preparer.ask(version)
        assert raised.value.code == "tiles-not-kept"
        assert len(said) == 1
        now[0] = 601.0
        preparer.ask(version)
        until(lambda: not preparer.is_asked(version))
        assert len(said) == 2
    finally:
        preparer.close()


def test_a_process_that_ends_before_its_work_is_done_is_a_sentence(
    small_city: City, small_pyramid: Pyramid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    version = small_pyramid.ground.boundaries.id
    said: list[Bilingual] = []
    preparer = Preparer(tmp_path, lambda asked: areas_table(small_city.store, asked), said.append)
    try:
        preparer.ask(version)
        until(lambda: not preparer.is_asked(version))
        with pytest.raises(StoreError) as raised:
            preparer.ask(version)
        assert raised.value.code == "tiles-not-prepared"
        assert said[-1] == (raised.value.indonesian, raised.value.message)
    finally:
        preparer.close()


def test_a_version_that_many_ask_for_is_prepared_once(
    small_city: City, small_pyramid: Pyramid, tmp_path: Path
) -> None:
    read: list[str] = []

    def areas_of(version: str) -> pa.Table:
        read.append(version)
        return areas_table(small_city.store, version)

    version = small_pyramid.ground.boundaries.id
    one, other = (Preparer(tmp_path, areas_of) for _ in range(2))
    try:
        for _ in range(5):
            one.ask(version)
            other.ask(version)  # as another process does
        until(lambda: not (one.is_asked(version) or other.is_asked(version)))
    finally:
        one.close()
        other.close()
    assert read == [version]
    assert share_prepared(version, tmp_path) == 1


def test_closing_while_tiles_are_prepared_leaves_nothing_half_made_and_the_next_goes_on(
    small_city: City, small_pyramid: Pyramid, tmp_path: Path
) -> None:
    version = small_pyramid.ground.boundaries.id
    first = Preparer(tmp_path, lambda asked: areas_table(small_city.store, asked))
    first.ask(version)
    until(lambda: share_prepared(version, tmp_path) > 0)
    first.close()
    made = {path: path.stat().st_ino for path in tmp_path.glob("*.tiles")}
    assert list(tmp_path.glob(".making-*")) == []
    second = Preparer(tmp_path, lambda asked: areas_table(small_city.store, asked))
    try:
        second.ask(version)
        until(lambda: share_prepared(version, tmp_path) == 1)
    finally:
        second.close()
    assert {path: path.stat().st_ino for path in made} == made
    with pytest.raises(NotReadyError):
        raise module._in_preparation()
