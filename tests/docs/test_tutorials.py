"""The tutorials: every command and every line of Python in them is run, in both languages alike."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.databases import copy_of

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "tutorials"
PAIRS: Final = {
    "sample-city.md": "id/kota-contoh.md",
    "own-city.md": "id/kota-sendiri.md",
    "notebook.md": "id/buku-catatan.md",
}
EVERY = [*PAIRS, *PAIRS.values()]
PYTHON = ("notebook.md", "id/buku-catatan.md")
COMMAND: Final = """\
import sys
from functools import partial
from geodata import sample_city
# One kecamatan of the sample city: the whole takes minutes.
sample_city.build = partial(sample_city.build, kecamatan=("33.74.01",))
from api.cli.main import main
sys.argv[0] = "mikrozonasi"
main()
"""


class Block(NamedTuple):
    """A fenced block of a page."""

    kind: str
    text: str


def blocks(page: str) -> list[Block]:
    found = re.findall(r"^```(\w+)\n(.*?)^```$", (FOLDER / page).read_text(), re.M | re.S)
    return [Block(*one) for one in found]


def text_of(page: str, kind: str) -> str:
    return "".join(block.text for block in blocks(page) if block.kind == kind)


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


def script(page: str, port: int) -> str:
    """The commands of a page; a server goes on while the next ones are typed."""
    lines = ["set -euo pipefail", "trap 'kill $(jobs -p)' EXIT"]
    for line in text_of(page, "sh").replace("8000", str(port)).splitlines():
        if line.startswith("mikrozonasi serve"):
            ready = f"until curl -sf localhost:{port}/healthz; do sleep 0.3; kill -0 $!; done"
            lines += [f"{line} &", ready]
        else:
            lines.append(line)
    return "\n".join(lines)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder like the project's, with the programs that a reader has in it."""
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "command.py").write_text(COMMAND)
    written = {
        "mikrozonasi": f'exec "{sys.executable}" "{programs}/command.py" "$@"',
        # The environment is there: that make knows what to do is all there is to try.
        "make": f'exec /usr/bin/env -u MAKEFLAGS make --dry-run -C "{ROOT}" "$@"',
    }
    (tmp_path / "programs").mkdir()
    for name, text in written.items():
        path = (programs if name == "mikrozonasi" else tmp_path / "programs") / name
        path.write_text(f"#!/bin/sh\nPATH=${{PATH#*programs:}}\n{text}\n")
        path.chmod(0o755)
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    return tmp_path


def run(words: list[str], folder: Path) -> str:
    places = f"{folder}/programs:{folder}/.venv/bin:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": places, "PYTHONPATH": str(ROOT), "MIKROZONASI_LANG": "en"}
    environment.pop("MIKROZONASI_DATABASE", None)
    ended = subprocess.run(
        words,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=350,
    )
    assert ended.returncode == 0, ended.stdout
    return ended.stdout


@pytest.mark.parametrize("page", [page for page in EVERY if page not in PYTHON])
def test_every_command_of_a_tutorial_runs_and_says_what_the_page_shows(
    page: str, checkout: Path
) -> None:
    output = run(["bash", "-c", script(page, free_port())], checkout)
    for line in text_of(page, "text").splitlines():
        assert line in output.splitlines(), line


@pytest.mark.parametrize("page", PYTHON)
def test_every_line_of_python_of_the_notebook_runs(
    page: str, small_database: str, tmp_path: Path
) -> None:
    copy_of(small_database, tmp_path)
    output = run([sys.executable, "-c", text_of(page, "python")], tmp_path)
    assert "2021-07" in output
    assert "leaflet" in (tmp_path / "map.html").read_text()


@pytest.mark.parametrize("page", EVERY)
def test_a_page_has_only_blocks_that_a_test_looks_at(page: str) -> None:
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
