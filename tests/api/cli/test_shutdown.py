"""Log lines of long work, and the end of a server by SIGTERM and Ctrl+C."""

import asyncio
import logging
import signal
import subprocess
import threading
import traceback
from pathlib import Path

import pytest

from api.cli.shutdown import hide_cancelled_requests, unwind_on_sigterm
from api.cli.terminal.output import show_progress
from geodata.language import Bilingual
from geodata.store import database_path
from geodata.store.shared.wire import socket_path
from tests.databases import copy_of
from tests.servers import TIMEOUT, command, reserved_port
from zoning.tiles.artifact_cache import tiles_folder
from zoning.tiles.progress import quarters


def test_a_log_has_a_line_for_every_quarter_of_each_task() -> None:
    lines: list[str] = []
    report = quarters(lambda sentence: lines.append(sentence.en))
    for task, total in (("pictures", 1000), ("vectors", 6), ("pictures", 2)):
        for done in range(1, total + 1):
            report(Bilingual(f"{task}-id", task), done, total)
    assert lines == [
        *(f"pictures, {share} %" for share in (25, 50, 75, 100)),
        *(f"vectors, {share} %" for share in (25, 50, 75, 100)),
        *(f"pictures, {share} %" for share in (50, 100)),
    ]


def test_progress_without_a_terminal_is_lines_for_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress(Bilingual("Menyiapkan", "Preparing")) as report:
        for done in range(1, 9):
            report(Bilingual("tile", "tiles"), done, 8)
    first, *quarters, last = capsys.readouterr().err.splitlines()
    assert first == "Preparing: started"
    assert quarters == [f"Preparing: tiles, {share} %" for share in (25, 50, 75, 100)]
    assert last.startswith("Preparing: done in ")
    with show_progress(Bilingual("Menyiapkan", "Preparing")):
        pass
    assert capsys.readouterr().err == ""


def test_sigterm_unwinds_the_block_and_then_ends_the_process() -> None:
    events: list[str] = []

    def handler(*_: object) -> None:
        events.append("after")

    previous_handler = signal.signal(signal.SIGTERM, handler)
    try:
        with unwind_on_sigterm():
            try:
                signal.raise_signal(signal.SIGTERM)
            finally:
                events.append("block")
        assert events == ["block", "after"]
        with unwind_on_sigterm():
            pass
        assert signal.getsignal(signal.SIGTERM) is handler
    finally:
        signal.signal(signal.SIGTERM, previous_handler)


def test_a_cancelled_request_is_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hide_cancelled_requests()
    log = logging.getLogger("uvicorn.error")
    for error in (asyncio.CancelledError(), ValueError("broken")):
        try:
            raise error
        except (asyncio.CancelledError, ValueError):
            log.exception("Exception in ASGI application")
            log.error(traceback.format_exc())  # noqa: TRY400  (as starlette logs it)
    assert len(caplog.records) == 2
    assert "CancelledError" not in caplog.text


@pytest.mark.parametrize("sent_signal", [signal.SIGTERM, signal.SIGINT])
def test_a_server_stopped_while_it_prepares_tiles_leaves_no_incomplete_file(
    small_database: str, tmp_path: Path, sent_signal: signal.Signals
) -> None:
    url = copy_of(small_database, tmp_path)
    folder = tiles_folder(url)
    with reserved_port() as port:
        line = command("serve", "--database", url, "--port", port)
        server = subprocess.Popen(line, stderr=subprocess.PIPE, text=True)
    with server:
        assert server.stderr is not None
        lines = [server.stderr.readline()]
        while not lines[-1].startswith("Preparing the tiles:"):  # a line for each new file
            assert lines[-1]
            lines.append(server.stderr.readline())
        reachable = socket_path(database_path(url)).exists()
        server.send_signal(sent_signal)
        timer = threading.Timer(TIMEOUT, server.kill)
        timer.start()
        lines += server.stderr.readlines()
        timer.cancel()
    assert any(line.startswith("Preparing the tiles of boundaries") for line in lines)
    assert reachable  # commands can reach the server while it prepares tiles
    assert server.returncode == (-signal.SIGTERM if sent_signal == signal.SIGTERM else 0), lines
    assert list(folder.glob(".making-*")) == []
    assert not socket_path(database_path(url)).exists()


def test_a_second_ctrl_c_ends_a_server_without_a_traceback(
    small_database: str, tmp_path: Path
) -> None:
    url = copy_of(small_database, tmp_path)
    with reserved_port() as port:
        line = command("serve", "--database", url, "--port", port)
        server = subprocess.Popen(line, stderr=subprocess.PIPE, text=True)
    with server:
        assert server.stderr is not None
        lines = [server.stderr.readline()]
        while not lines[-1].startswith("The first page was answered"):
            assert lines[-1]
            lines.append(server.stderr.readline())
        for _ in range(2):
            server.send_signal(signal.SIGINT)
        timer = threading.Timer(TIMEOUT, server.kill)
        timer.start()
        lines += server.stderr.readlines()
        timer.cancel()
    assert server.returncode in {0, -signal.SIGINT}
    assert not [line for line in lines if "Traceback" in line or "Error" in line]
