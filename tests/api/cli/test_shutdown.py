"""What a log hears while a server prepares its tiles, and that it ends tidily when told to."""

import asyncio
import logging
import signal
import subprocess
import threading
import traceback
from pathlib import Path

import pytest

from api.cli.ending import ending_tidily, leave_out_cut_off
from api.cli.terminal.output import tracked
from geodata.language import Bilingual
from geodata.store import database_path
from geodata.store.shared.wire import socket_path
from tests.databases import copy_of
from tests.servers import PATIENCE, command, reserved_port
from zoning.tiles.artifact_cache import tiles_folder
from zoning.tiles.progress import quarters


def test_a_log_hears_of_every_quarter_of_each_work() -> None:
    said: list[str] = []
    tell = quarters(lambda sentence: said.append(sentence.en))
    for doing, total in (("pictures", 1000), ("vectors", 6), ("pictures", 2)):
        for done in range(1, total + 1):
            tell(Bilingual(f"{doing}-id", doing), done, total)
    assert said == [
        *(f"pictures, {part} %" for part in (25, 50, 75, 100)),
        *(f"vectors, {part} %" for part in (25, 50, 75, 100)),
        *(f"pictures, {part} %" for part in (50, 100)),
    ]


def test_where_no_terminal_is_a_log_hears_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with tracked(Bilingual("Menyiapkan", "Preparing")) as tell:
        for done in range(1, 9):
            tell(Bilingual("tile", "tiles"), done, 8)
    first, *quarters, last = capsys.readouterr().err.splitlines()
    assert first == "Preparing: begun"
    assert quarters == [f"Preparing: tiles, {part} %" for part in (25, 50, 75, 100)]
    assert last.startswith("Preparing: done in ")
    with tracked(Bilingual("Menyiapkan", "Preparing")):
        pass
    assert capsys.readouterr().err == ""


def test_who_is_told_to_end_ends_the_block_first_and_then_as_told() -> None:
    heard: list[str] = []

    def unwound(*_: object) -> None:
        heard.append("after")

    before = signal.signal(signal.SIGTERM, unwound)
    try:
        with ending_tidily():
            try:
                signal.raise_signal(signal.SIGTERM)
            finally:
                heard.append("block")
        assert heard == ["block", "after"]
        with ending_tidily():
            pass
        assert signal.getsignal(signal.SIGTERM) is unwound
    finally:
        signal.signal(signal.SIGTERM, before)


def test_of_what_a_second_ctrl_c_cuts_off_nothing_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    leave_out_cut_off()
    log = logging.getLogger("uvicorn.error")
    for error in (asyncio.CancelledError(), ValueError("broken")):
        try:
            raise error
        except (asyncio.CancelledError, ValueError):
            log.exception("Exception in ASGI application")
            log.error(traceback.format_exc())  # noqa: TRY400  (as starlette sends it)
    assert len(caplog.records) == 2
    assert "CancelledError" not in caplog.text


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_server_stopped_while_it_prepares_leaves_nothing_half_made(
    small_database: str, tmp_path: Path, how: signal.Signals
) -> None:
    url = copy_of(small_database, tmp_path)
    folder = tiles_folder(url)
    with reserved_port() as port:
        line = command("serve", "--database", url, "--port", port)
        server = subprocess.Popen(line, stderr=subprocess.PIPE, text=True)
    with server:
        assert server.stderr is not None
        said = [server.stderr.readline()]
        while not said[-1].startswith("Preparing the tiles:"):  # at a step, when a file is begun
            assert said[-1]
            said.append(server.stderr.readline())
        reachable = socket_path(database_path(url)).exists()
        server.send_signal(how)
        ended = threading.Timer(PATIENCE, server.kill)
        ended.start()
        said += server.stderr.readlines()
        ended.cancel()
    assert any(line.startswith("Preparing the tiles of boundaries") for line in said)
    assert reachable  # by commands, while it prepares
    assert server.returncode == (-signal.SIGTERM if how == signal.SIGTERM else 0), said
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
        said = [server.stderr.readline()]
        while not said[-1].startswith("The first page was answered"):
            assert said[-1]
            said.append(server.stderr.readline())
        for _ in range(2):
            server.send_signal(signal.SIGINT)
        ended = threading.Timer(PATIENCE, server.kill)
        ended.start()
        said += server.stderr.readlines()
        ended.cancel()
    assert server.returncode in {0, -signal.SIGINT}
    assert not [line for line in said if "Traceback" in line or "Error" in line]
