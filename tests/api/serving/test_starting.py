"""A failed start closes everything: files, sockets, threads, connections."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import app as application
from api.app import create_app
from api.cli import serve
from api.cli.serve import listen
from api.settings import Settings
from geodata.errors import NotFoundError, StoreError
from geodata.store import database_path, open_store, opening
from geodata.store.shared.server import SharedEngine
from geodata.store.shared.wire import socket_path
from tests.databases import Server
from tests.open_resources import open_files, running_threads
from tests.zoning import ward
from tests.zoning.ward import Case
from zoning import city, open_city

CASES = [Case((0, 1, 1), house, 3, 9) for house in ("a", "b", "c")]


class PlannedError(Exception):
    """Raised by a patched function."""


def _fail(*_: Any, **__: Any) -> None:
    raise PlannedError


@pytest.fixture
def url(tmp_path: Path) -> str:
    with ward.open_ward(tmp_path, CASES) as store:
        return store.url


def _assert_nothing_open(folder: Path, threads: set[str]) -> None:
    assert not open_files(folder)
    assert not list(folder.glob("*.sock"))
    assert running_threads() <= threads


@pytest.mark.parametrize("part", ["FeatureCache", "Tiles", "Ogc"])
def test_an_application_that_cannot_start_closes_its_city(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    threads = running_threads()
    monkeypatch.setattr(application, part, _fail)
    with pytest.raises(PlannedError), TestClient(create_app(Settings(database=url))):
        pass
    assert not open_files(tmp_path)
    assert running_threads() <= threads


def test_an_application_that_ends_closes_its_city(url: str, tmp_path: Path) -> None:
    with TestClient(create_app(Settings(database=url))):
        assert open_files(tmp_path)
    assert not open_files(tmp_path)


@pytest.mark.parametrize(
    "part", ["City", "_prepare_tiles", "check_address", "create_app", "run_nightly"]
)
def test_a_server_that_cannot_start_closes_everything(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    threads = running_threads()
    monkeypatch.setattr(serve, part, _fail)
    with pytest.raises(PlannedError):
        listen(url, host="127.0.0.1", port=0, daily=serve._time_of_day("02:00"))
    _assert_nothing_open(tmp_path, threads)


def test_a_not_found_error_of_a_running_server_is_not_hidden(url: str, tmp_path: Path) -> None:
    """An older version of `_prepare_tiles` hid every `NotFoundError` inside the block."""
    missing = NotFoundError("no-area", "It is not there.", indonesian="Tidak ada.")
    with (
        open_city(url) as opened,
        pytest.raises(NotFoundError) as raised,
        serve._prepare_tiles(opened, tmp_path / "tiles"),
    ):
        raise missing
    assert raised.value is missing


def test_a_server_that_ends_during_its_start_closes_everything(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = running_threads()
    started_threads: list[set[str]] = []

    def run(*_: Any, **__: Any) -> None:
        started_threads.append(running_threads() - threads)
        raise SystemExit(3)  # as uvicorn does if it cannot listen

    monkeypatch.setattr("uvicorn.run", run)
    with pytest.raises(SystemExit):
        listen(url, host="127.0.0.1", port=0, daily=serve._time_of_day("02:00"))
    assert {"database-socket", "daily-run"} <= started_threads[0]
    _assert_nothing_open(tmp_path, threads)


@pytest.mark.parametrize(
    ("module", "name"),
    [(opening, "schema_version"), (opening, "check_version"), (opening, "SharedEngine")],
)
def test_a_store_that_cannot_be_opened_holds_no_file(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, name: str
) -> None:
    monkeypatch.setattr(module, name, _fail)
    with pytest.raises(PlannedError):
        open_store(url, create=True, share=True)
    assert not open_files(tmp_path)


def test_a_city_that_cannot_be_made_closes_its_store(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(city, "City", _fail)
    with pytest.raises(PlannedError):
        open_city(url)
    assert not open_files(tmp_path)


def _no_thread(monkeypatch: pytest.MonkeyPatch) -> type[BaseException]:
    def start(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    return RuntimeError


def _no_socket(monkeypatch: pytest.MonkeyPatch) -> type[BaseException]:
    def bind(self: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("socketserver.TCPServer.server_bind", bind)
    return StoreError


def _no_mode(monkeypatch: pytest.MonkeyPatch) -> type[BaseException]:
    def chmod(self: Path, mode: int, **_: Any) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", chmod)
    return StoreError


@pytest.mark.parametrize("break_system", [_no_thread, _no_socket, _no_mode])
def test_a_socket_that_cannot_be_made_leaves_no_socket_and_no_open_file(
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    break_system: Callable[[pytest.MonkeyPatch], type[BaseException]],
) -> None:
    path = database_path(url)
    with monkeypatch.context() as patch:
        error = break_system(patch)
        with pytest.raises(error):
            open_store(url, share=True)
    assert not socket_path(path).exists()
    assert not open_files(tmp_path)


def test_a_shared_store_closes_its_file_also_if_the_server_cannot_stop(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(url, share=True)
    assert isinstance(store._engine, SharedEngine)
    stop = store._engine._server.stop

    def stop_and_fail() -> None:
        stop()
        raise PlannedError

    monkeypatch.setattr(store._engine._server, "stop", stop_and_fail)
    with pytest.raises(PlannedError):
        store.close()
    assert not open_files(tmp_path)


def test_a_database_without_tables_keeps_no_connection_open(
    postgres_server: Server,
) -> None:
    url = postgres_server.new_empty()
    for _ in range(3):
        with pytest.raises(StoreError, match="There is no database"):
            open_store(url)
    # PostgreSQL refuses this statement while a connection is open.
    name = url.partition("?")[0].rpartition("/")[2]
    postgres_server.run(f"alter database {name} allow_connections false")
    postgres_server.run(f"alter database {name} allow_connections true")
    open_store(url, create=True).close()
