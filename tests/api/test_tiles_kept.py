"""Tiles in memory: prepared once however many ask, kept while there is room."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import tiles as module
from api.app import create_app
from api.settings import Settings
from api.tiles import Tiles, Wanted
from geodata.boundaries import assemble, save_boundaries
from geodata.errors import NotFoundError, StoreError
from geodata.sample_city import SampleCity
from geodata.store import open_store
from tests.conftest import FIRST, LAST
from tests.databases import copy_of
from zoning import City
from zoning.days.daily import run_days
from zoning.days.runs import read_run
from zoning.placing.ground import Ground
from zoning.tiles.pyramid import Pyramid, is_prepared, open_pyramid
from zoning.tiles.scheme import Tile, tiles_over


@pytest.fixture
def made_of(
    small_city: City, small_pyramid: Pyramid, monkeypatch: pytest.MonkeyPatch
) -> Callable[[int], tuple[Tiles, list[Any]]]:
    """Tiles with so many megabytes, and a list that grows each time a pyramid is opened."""

    def make(megabytes: int) -> tuple[Tiles, list[Any]]:
        opened: list[Any] = []

        def opening(*asked: Any) -> Pyramid:
            opened.append(asked)
            return small_pyramid

        monkeypatch.setattr(module, "open_pyramid", opening)
        return Tiles(small_city.public(), Path("unused"), megabytes), opened

    return make


def some_tiles(city: City, zoom: int) -> list[Tile]:
    return tiles_over(city.boundaries("kota").total_bounds, zoom)


def test_many_who_ask_at_once_wait_for_one_preparation(
    made_of: Callable[[int], tuple[Tiles, list[Any]]], small_city: City
) -> None:
    tiles, opened = made_of(8)
    runs = [small_city.published(day).public_id for day in (FIRST, LAST)] * 8
    (tile, *_) = some_tiles(small_city, 12)
    with ThreadPoolExecutor(8) as threads:
        sent = list(threads.map(lambda run: tiles.make(Wanted(run, tile)), runs))
    assert len(opened) == 1
    assert len(set(sent[::2])) == len(set(sent[1::2])) == 1


def test_a_tile_is_at_hand_after_it_was_made_until_others_take_its_room(
    made_of: Callable[[int], tuple[Tiles, list[Any]]], small_city: City
) -> None:
    tiles, _ = made_of(1)
    days = [small_city.published(day) for day in small_city.published_days()]
    first, *others = [
        Wanted(day.public_id, tile, 512, pattern=True)
        for day in days
        for tile in some_tiles(small_city, 15)
    ]
    assert tiles.kept(first) is None
    sent = tiles.make(first)
    assert tiles.kept(first) == sent
    made = sum(len(tiles.make(other)) for other in others)
    assert made > 1 << 20
    assert tiles.kept(first) is None
    assert sum(len(tiles.kept(other) or b"") for other in others) <= 1 << 20


def test_a_run_that_was_never_published_has_no_tiles(
    made_of: Callable[[int], tuple[Tiles, list[Any]]],
) -> None:
    tiles, opened = made_of(1)
    with pytest.raises(NotFoundError) as raised:
        tiles.make(Wanted("0123456789abcdef", Tile(8, 0, 0)))
    assert raised.value.code == "no-run"
    assert opened == []


def test_the_newest_run_is_remembered_for_a_moment_only(
    made_of: Callable[[int], tuple[Tiles, list[Any]]],
    small_city: City,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_NEWEST_FOR", 0.0)
    tiles, _ = made_of(1)
    assert tiles.find_newest() == small_city.published().public_id
    assert tiles.newest() is None
    monkeypatch.setattr(module, "_NEWEST_FOR", 60.0)
    tiles, _ = made_of(1)
    assert tiles.newest() is None
    assert tiles.find_newest() == tiles.newest()


def test_a_tile_that_takes_all_the_room_there_is_is_sent_and_not_kept(
    made_of: Callable[[int], tuple[Tiles, list[Any]]],
    small_city: City,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tiles, _ = made_of(1)
    wanted = Wanted(small_city.published(LAST).public_id, Tile(12, 0, 0))
    for spare in (0, 1, 256):
        large = bytes((1 << 20) - spare)
        monkeypatch.setattr(tiles, "_made", lambda *_, large=large: large)
        assert tiles.make(wanted) == large
        assert (tiles.kept(wanted) is not None) == (spare == 256)


def test_where_tiles_cannot_be_kept_only_the_first_who_asks_waits(
    small_city: City, small_pyramid: Pyramid, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []
    now = [0.0]
    is_full = [True]

    def opening(*asked: Any) -> Pyramid:
        opened.append(asked)
        if is_full[0]:
            raise StoreError("tiles-not-kept", "The disk is full.")
        return small_pyramid

    monkeypatch.setattr(module, "open_pyramid", opening)
    tiles = Tiles(small_city.public(), Path("unused"), 1, clock=lambda: now[0])
    runs = [small_city.published(day).public_id for day in (FIRST, LAST)] * 8
    (tile, *_) = some_tiles(small_city, 12)

    def refused(run: str) -> tuple[str, str]:
        with pytest.raises(StoreError) as raised:
            tiles.make(Wanted(run, tile))
        return raised.value.code, raised.value.message

    with ThreadPoolExecutor(8) as threads:
        said = set(threads.map(refused, runs))
    assert said == {("tiles-not-kept", "The disk is full.")}
    assert len(opened) == 1
    is_full[0] = False
    assert refused(runs[0]) in said
    now[0] = 601.0
    assert tiles.make(Wanted(runs[0], tile))
    assert len(opened) == 2


def test_while_tiles_are_prepared_all_else_is_answered(
    small_settings: Settings, small_pyramid: Pyramid, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, done = Event(), Event()

    def opening(*_: Any) -> Pyramid:
        begun.set()
        assert done.wait(120)
        return small_pyramid

    monkeypatch.setattr(module, "open_pyramid", opening)
    app = create_app(small_settings)
    with TestClient(app) as client, ThreadPoolExecutor(60) as threads:
        asked = [
            threads.submit(client.get, f"/tiles/latest/14/13216/{8500 + row}.mvt")
            for row in range(60)
        ]
        try:
            assert begun.wait(120)
            # In a thread of its own, so that the test ends where nothing is answered.
            with ThreadPoolExecutor(1) as another:
                days = another.submit(client.get, "/days").result(timeout=60)
        finally:
            done.set()
        assert days.status_code == 200
        assert {one.result().status_code for one in asked} <= {200, 204}


def test_tiles_of_boundaries_that_are_there_wait_for_none_that_are_prepared(
    small_sample: SampleCity,
    small_database: str,
    small_pyramid: Pyramid,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = copy_of(small_database, tmp_path)
    with open_store(url) as store:
        later = small_sample.rt.assign(kelurahan_name=small_sample.rt["kelurahan_name"] + " Baru")
        save_boundaries(store, assemble(later), "later", {}, in_force=LAST)
        run_days(store, None, [LAST])
        old, older, new = (read_run(store, on) for on in (LAST - timedelta(1), FIRST, LAST))
    assert old.boundaries != new.boundaries
    begun, done = Event(), Event()

    def opening(ground: Ground, *_: Any) -> Pyramid:
        if ground.boundaries.id == new.boundaries:
            begun.set()
            assert done.wait(120)
        return small_pyramid

    monkeypatch.setattr(module, "open_pyramid", opening)
    with (
        TestClient(create_app(Settings(database=url))) as client,
        ThreadPoolExecutor(60) as many,
        ThreadPoolExecutor(1) as another,
    ):
        assert client.get(f"/tiles/{old.public_id}/14/13216/8500.mvt").status_code < 300
        asked = [many.submit(client.get, f"/tiles/latest/14/13216/{row}.mvt") for row in range(60)]
        try:
            assert begun.wait(120)
            for run, row in (
                (old.public_id, 8501),
                (older.public_id, 8500),
                (older.public_id, 8501),
            ):
                path = f"/tiles/{run}/14/13216/{row}.png"
                assert another.submit(client.get, path).result(timeout=60).status_code < 300
        finally:
            done.set()
        assert {one.result().status_code for one in asked} <= {200, 204}


def test_prepared_tiles_that_nobody_asked_for_yet_wait_for_none_that_are_prepared(
    small_sample: SampleCity,
    small_database: str,
    small_pyramid: Pyramid,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = copy_of(small_database, tmp_path)
    with open_store(url) as store:
        names = small_sample.rt["kelurahan_name"] + " Lama"
        before = small_sample.rt.assign(kelurahan_name=names)
        save_boundaries(store, assemble(before), "before", {}, in_force=date(2020, 1, 1))
        save_boundaries(store, assemble(small_sample.rt), "now", {}, in_force=FIRST)
        asked_first = FIRST - timedelta(1)
        run_days(store, None, [asked_first])
        old, new = (read_run(store, on) for on in (asked_first, LAST))
    assert old.boundaries != new.boundaries
    begun, done = Event(), Event()

    def opening(ground: Ground, *_: Any) -> Pyramid:
        if ground.boundaries.id == old.boundaries:
            begun.set()
            assert done.wait(120)
        return small_pyramid

    monkeypatch.setattr(module, "open_pyramid", opening)
    monkeypatch.setattr(module, "is_prepared", lambda version, _: version == new.boundaries)
    with (
        TestClient(create_app(Settings(database=url))) as client,
        ThreadPoolExecutor(2) as many,
    ):
        waiting = many.submit(client.get, f"/tiles/{old.public_id}/14/13216/8500.mvt")
        try:
            assert begun.wait(120)
            path = "/tiles/latest/14/13216/8500.png"
            assert many.submit(client.get, path).result(timeout=60).status_code < 300
            assert not waiting.done()
        finally:
            done.set()
        assert waiting.result().status_code < 300


def test_tiles_are_prepared_where_both_of_their_files_are(
    small_pyramid: Pyramid, tmp_path: Path
) -> None:
    version = small_pyramid.ground.boundaries.id
    assert not is_prepared(version, tmp_path)
    open_pyramid(small_pyramid.ground, tmp_path)
    assert is_prepared(version, tmp_path)
    assert not is_prepared("another", tmp_path)
    next(tmp_path.glob("*.pictures.arrow")).unlink()
    assert not is_prepared(version, tmp_path)
