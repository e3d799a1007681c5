"""What was opened is closed where starting fails: files, sockets, threads, connections."""

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
from tests.held import files_held, threads_running
from tests.zoning import ward
from tests.zoning.ward import Case
from zoning import city, open_city

CASES = [Case((0, 1, 1), house, 3, 9) for house in ("a", "b", "c")]


class Failed(Exception):  # noqa: N818  (what a test makes happen)
    """Starting failed here."""


def _fail(*_: Any, **__: Any) -> None:
    raise Failed


@pytest.fixture
def url(tmp_path: Path) -> str:
    with ward.open_ward(tmp_path, CASES) as store:
        return store.url


def _nothing_is_held(folder: Path, threads: set[str]) -> None:
    assert not files_held(folder)
    assert not list(folder.glob("*.sock"))
    assert threads_running() <= threads


@pytest.mark.parametrize("part", ["FeatureCache", "Tiles", "Ogc"])
def test_an_application_that_cannot_start_closes_its_city(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    threads = threads_running()
    monkeypatch.setattr(application, part, _fail)
    with pytest.raises(Failed), TestClient(create_app(Settings(database=url))):
        pass
    assert not files_held(tmp_path)
    assert threads_running() <= threads


def test_an_application_that_ends_closes_its_city(url: str, tmp_path: Path) -> None:
    with TestClient(create_app(Settings(database=url))):
        assert files_held(tmp_path)
    assert not files_held(tmp_path)


@pytest.mark.parametrize(
    "part", ["City", "_tiles_in_background", "check_address", "create_app", "nightly"]
)
def test_a_server_that_cannot_start_lets_everything_go(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    threads = threads_running()
    monkeypatch.setattr(serve, part, _fail)
    with pytest.raises(Failed):
        listen(url, host="127.0.0.1", port=0, daily=serve._hour("02:00"))
    _nothing_is_held(tmp_path, threads)


def test_what_a_running_server_does_not_find_is_no_city_without_boundaries(
    url: str, tmp_path: Path
) -> None:
    """Preparing tiles where there are boundaries once hid every error of this kind."""
    missing = NotFoundError("no-area", "It is not there.", indonesian="Tidak ada.")
    with (
        open_city(url) as opened,
        pytest.raises(NotFoundError) as found,
        serve._tiles_in_background(opened, tmp_path / "tiles"),
    ):
        raise missing
    assert found.value is missing


def test_a_server_that_ends_as_it_starts_lets_everything_go(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = threads_running()
    seen: list[set[str]] = []

    def run(*_: Any, **__: Any) -> None:
        seen.append(threads_running() - threads)
        raise SystemExit(3)  # as uvicorn does where it cannot listen

    monkeypatch.setattr("uvicorn.run", run)
    with pytest.raises(SystemExit):
        listen(url, host="127.0.0.1", port=0, daily=serve._hour("02:00"))
    assert {"database-socket", "daily-run"} <= seen[0]
    _nothing_is_held(tmp_path, threads)


@pytest.mark.parametrize(
    ("where", "name"),
    [(opening, "schema_version"), (opening, "check_version"), (opening, "SharedEngine")],
)
def test_a_store_that_cannot_be_opened_holds_nothing(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: object, name: str
) -> None:
    monkeypatch.setattr(where, name, _fail)
    with pytest.raises(Failed):
        open_store(url, create=True, share=True)
    assert not files_held(tmp_path)


def test_a_city_that_cannot_be_made_closes_its_store(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(city, "City", _fail)
    with pytest.raises(Failed):
        open_city(url)
    assert not files_held(tmp_path)


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


@pytest.mark.parametrize("spoil", [_no_thread, _no_socket, _no_mode])
def test_a_socket_that_cannot_be_made_leaves_neither_itself_nor_the_file_held(
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[pytest.MonkeyPatch], type[BaseException]],
) -> None:
    path = database_path(url)
    with monkeypatch.context() as broken:
        error = spoil(broken)
        with pytest.raises(error):
            open_store(url, share=True)
    assert not socket_path(path).exists()
    assert not files_held(tmp_path)


def test_sharing_that_cannot_stop_still_lets_the_file_go(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(url, share=True)
    assert isinstance(store._engine, SharedEngine)
    stop = store._engine._server.stop

    def stop_and_fail() -> None:
        stop()
        raise Failed

    monkeypatch.setattr(store._engine._server, "stop", stop_and_fail)
    with pytest.raises(Failed):
        store.close()
    assert not files_held(tmp_path)


def test_a_server_database_that_is_of_something_else_is_left_without_a_connection(
    postgres_server: Server,
) -> None:
    url = postgres_server.new_empty()
    for _ in range(3):
        with pytest.raises(StoreError, match="There is no database"):
            open_store(url)
    # Its server would refuse while anybody is connected.
    name = url.partition("?")[0].rpartition("/")[2]
    postgres_server.run(f"alter database {name} allow_connections false")
    postgres_server.run(f"alter database {name} allow_connections true")
    open_store(url, create=True).close()
