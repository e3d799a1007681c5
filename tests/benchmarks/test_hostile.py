"""The benchmark of hostile files: a file without an answer is a row of the table."""

import os
import socket
import threading
from pathlib import Path

import pytest

from benchmarks.clients.tiles_server import Server
from benchmarks.hostile import __main__ as hostile


@pytest.fixture(autouse=True)
def short_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hostile, "_TIMEOUT_SECONDS", 1.0)


def test_a_server_that_does_not_answer_is_a_row() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome = hostile.send(_server(silent), "token", "a.csv", b"x")
    assert outcome.answer == "no answer in 1 s"
    assert outcome.wait >= 0.9
    assert "no answer in 1 s" in outcome.row()


def test_a_server_that_closes_the_connection_is_a_row() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        threading.Thread(target=_close_connections, args=(closing,), daemon=True).start()
        outcome = hostile.send(_server(closing), "token", "a.csv", b"x")
    assert outcome.answer.startswith("no answer: ")


def test_a_command_that_does_not_end_is_stopped_and_is_a_row(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(hostile, "_COMMAND", "import time; time.sleep(600)")
    outcome = hostile.load("duckdb:///none.duckdb", tmp_path / "a.csv")
    assert (outcome.file, outcome.answer) == ("a.csv", "no answer in 1 s")


def _server(listening: socket.socket) -> Server:
    return Server(pid=os.getpid(), port=listening.getsockname()[1], seconds=0)


def _close_connections(listening: socket.socket) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        connection.close()
