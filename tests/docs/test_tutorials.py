"""The tutorials: every command and every line of Python runs, in both languages."""

import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

from api.cli.main import main
from geodata import sample_city
from geodata.sample_city import SampleCity
from tests.databases import copy_of

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "tutorials"
PAIRS: Final = {
    "sample-city.md": "id/kota-contoh.md",
    "own-city.md": "id/kota-sendiri.md",
    "notebook.md": "id/buku-catatan.md",
}
ALL_PAGES = [*PAIRS, *PAIRS.values()]
PYTHON = ("notebook.md", "id/buku-catatan.md")


class Block(NamedTuple):
    """A fenced block of a page."""

    kind: str
    text: str


def blocks(page: str) -> list[Block]:
    fenced = re.findall(r"^```(\w+)\n(.*?)^```$", (FOLDER / page).read_text(), re.M | re.S)
    return [Block(*block) for block in fenced]


def text_of(page: str, kind: str) -> str:
    return "".join(block.text for block in blocks(page) if block.kind == kind)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Terminal:
    """Runs the lines that a reader types; the folder and exported variables persist.

    `mikrozonasi` runs in this process, because imports in a process for each command would take
    minutes. `mikrozonasi serve` runs in a separate process.
    """

    def __init__(self, folder: Path, state: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._state = state
        self._patch = patch
        self._servers: list[subprocess.Popen[bytes]] = []
        self.port = free_port()

    def type(self, line: str) -> str:
        """Output of one line."""
        words = shlex.split(line.replace("8000", str(self.port)))
        if words[:2] == ["mikrozonasi", "serve"]:
            return self._serve(words[1:])
        if words[0] == "make":
            # The environment exists already, so only the existence of the target is tested.
            return self._bash(f"make --dry-run -C '{ROOT}' {shlex.join(words[1:])}")
        if words[0] == "mikrozonasi":
            self._patch.chdir(self._folder)
            result = CliRunner().invoke(main, words[1:])
            assert result.exit_code == 0, result.output
            return result.output
        return self._bash(line.replace("8000", str(self.port)))

    def close(self) -> None:
        """End the servers."""
        for server in self._servers:
            server.terminate()
            server.wait(60)

    def _serve(self, words: list[str]) -> str:
        start = "from api.cli.main import main; main()"
        command = [sys.executable, "-c", start, *words]
        server = subprocess.Popen(command, cwd=self._folder, env={**os.environ})
        self._servers.append(server)
        for _ in range(600):
            assert server.poll() is None, "the server ended"
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=60) as answer:
                    body: bytes = answer.read()
                    return body.decode()
            except URLError:
                time.sleep(0.5)
        raise TimeoutError

    def _bash(self, line: str) -> str:
        save_state = f"pwd > '{self._state}/pwd'; env -0 > '{self._state}/env'"
        process = subprocess.run(
            ["/bin/bash", "-c", f"set -euo pipefail\n{line}\n{save_state}"],
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert process.returncode == 0, f"{line}: {process.stdout} {process.stderr}"
        self._folder = Path((self._state / "pwd").read_text().strip())
        for variable in (self._state / "env").read_text().split("\0"):
            name, _, value = variable.partition("=")
            if name.startswith("MIKROZONASI_"):
                self._patch.setenv(name, value)
        return process.stdout


@pytest.fixture
def terminal(
    tmp_path: Path, small_sample: SampleCity, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Terminal]:
    """A terminal in a folder with the project's `docs`; the sample city has one kecamatan."""
    monkeypatch.setattr(sample_city, "build", lambda *_, **__: small_sample)
    monkeypatch.setenv("MIKROZONASI_LANG", "en")
    for name in ("MIKROZONASI_DATABASE", "MAKEFLAGS"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "docs").symlink_to(ROOT / "docs")
    new_terminal = Terminal(folder, tmp_path, monkeypatch)
    yield new_terminal
    new_terminal.close()


@pytest.mark.parametrize("page", [page for page in ALL_PAGES if page not in PYTHON])
def test_every_command_of_a_tutorial_runs_with_the_output_on_the_page(
    page: str, terminal: Terminal
) -> None:
    output = ""
    for block in blocks(page):
        if block.kind == "sh":
            lines = block.text.replace("\\\n", " ").splitlines()
            output = "\n".join(terminal.type(line) for line in lines)
        else:
            for line in block.text.splitlines():
                assert line in output.splitlines(), line


@pytest.mark.parametrize("page", PYTHON)
def test_every_line_of_python_runs(page: str, small_database: str, tmp_path: Path) -> None:
    copy_of(small_database, tmp_path)
    process = subprocess.run(
        [sys.executable, "-c", text_of(page, "python")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=350,
    )
    assert process.returncode == 0, process.stderr
    assert "2021-07" in process.stdout
    assert "leaflet" in (tmp_path / "map.html").read_text()


@pytest.mark.parametrize("page", ALL_PAGES)
def test_a_page_has_only_blocks_that_a_test_reads(page: str) -> None:
    assert {block.kind for block in blocks(page)} <= {"sh", "python", "text"}
    assert len(blocks(page)) >= 5
    assert (FOLDER / page).read_text().count("```") == 2 * len(blocks(page))


@pytest.mark.parametrize(("english", "indonesian"), PAIRS.items())
def test_both_languages_have_the_same_steps(english: str, indonesian: str) -> None:
    def steps(page: str) -> list[str]:
        return re.findall(r"^(#+ \d*)", (FOLDER / page).read_text(), re.M)

    assert steps(english) == steps(indonesian)
    kinds = [[block.kind for block in blocks(page)] for page in (english, indonesian)]
    assert kinds[0] == kinds[1]
