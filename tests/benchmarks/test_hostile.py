"""The benchmark of hostile files: a file that gets no answer is a row, and the next is sent."""

import os
import socket
import threading
from pathlib import Path

import pytest

from benchmarks import hostile
from benchmarks.clients.tiles_server import Server


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hostile, "_PATIENCE", 1.0)


def test_a_server_that_does_not_answer_is_a_row() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = hostile.send(_server(silent), "token", "a.csv", b"x")
    assert found.answer == "no answer in 1 s"
    assert found.wait >= 0.9
    assert "no answer in 1 s" in found.row()


def test_a_server_that_breaks_off_is_a_row() -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude:
        threading.Thread(target=_break_off, args=(rude,), daemon=True).start()
        found = hostile.send(_server(rude), "token", "a.csv", b"x")
    assert found.answer.startswith("no answer: ")


def test_a_command_that_does_not_end_is_a_row_and_ends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(hostile, "_COMMAND", "import time; time.sleep(600)")
    found = hostile.load("duckdb:///none.duckdb", tmp_path / "a.csv")
    assert (found.file, found.answer) == ("a.csv", "no answer in 1 s")


def _server(listening: socket.socket) -> Server:
    return Server(pid=os.getpid(), port=listening.getsockname()[1], seconds=0)


def _break_off(listening: socket.socket) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        connection.close()
