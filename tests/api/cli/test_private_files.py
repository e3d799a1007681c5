"""Every command that writes a file: only the owner may read a file with records or counts."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from api.cli import main
from tests.cities.drawn_city import drawn_city
from tests.databases import copy_of
from tests.geodata.boundaries.kelurahan_shapes import frame_of, square
from zoning import City

_DAY: Final = "2021-07-01"
_COLUMNS: Final = (
    *("--code", "code", "--name", "name"),
    *("--parent-code", "kecamatan_code", "--parent-name", "kecamatan_name"),
)
PRIVATE: Final[dict[str, tuple[str, ...]]] = {
    "locate places.csv": ("located.csv", "located.xlsx", "located.parquet"),
    "addresses read places.csv --column alamat": ("read.csv",),
    "addresses undecided": ("undecided.xlsx",),
    f"boundaries crosswalk --from {_DAY} --to {_DAY}": ("shares.csv",),
    "records list cases": ("list.csv",),
    "records duplicates": ("duplicates.csv",),
    "records houses": ("houses.csv",),
    "records rejected": ("rejected.xlsx",),
    "records disagreements": ("disagreements.csv",),
    "newcomers list": ("newcomers.csv",),
    "newcomers duplicates": ("newcomers.parquet",),
    f"zones export --date {_DAY}": (
        *("zones.geojson", "zones.gpkg", "zones.parquet", "zones.csv", "zones.xlsx"),
    ),
}
"""Commands with ``--output``, and files that they write."""
PUBLIC: Final[dict[str, tuple[str, ...]]] = {
    "boundaries check rt.parquet": ("problems.gpkg",),
    "boundaries mend rt.parquet": ("mended.parquet",),
    f"boundaries make kelurahan.geojson {' '.join(_COLUMNS)} --rt 20": ("made.geojson",),
    f"zones export --date {_DAY} --format pmtiles": ("zones.pmtiles",),
}
"""Commands whose files hold only shapes, names and colours."""


@pytest.fixture
def folder(tmp_path: Path, small_city: City, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a city; umask 0, and `chmod` has no effect after the setup."""
    monkeypatch.delenv("MIKROZONASI_SECRET", raising=False)
    monkeypatch.setenv("MIKROZONASI_DATABASE", copy_of(small_city.store.url, tmp_path))
    monkeypatch.chdir(tmp_path)
    drawn_city(1).to_parquet("rt.parquet")
    frame_of([square(), square(1)]).to_file("kelurahan.geojson")
    points = {"lon": [110.4], "lat": [-7.0], "alamat": ["Jl. Contoh RT 1 RW 1"]}
    pd.DataFrame(points).to_csv("places.csv", index=False)
    for path in tmp_path.iterdir():
        path.chmod(0o600)
    umask_before = os.umask(0)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "chmod", lambda *_: None)
        patched.setattr(os, "chmod", lambda *_: None)
        yield tmp_path
    assert os.umask(umask_before) == 0


def run(*words: str) -> None:
    result = CliRunner().invoke(main, list(words))
    assert result.exit_code == 0, result.output


def is_open(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def test_every_command_with_an_output_is_in_one_of_the_lists() -> None:
    def command_names(group: Any, words: tuple[str, ...] = ()) -> Iterator[str]:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from command_names(command, (*words, name))
            elif any(option.name == "output" for option in command.params):
                yield " ".join((*words, name))

    commands = set(command_names(typer.main.get_command(main)))
    listed = [*PRIVATE, *PUBLIC]
    assert {name for line in listed for name in commands if line.startswith(name)} == commands


@pytest.mark.parametrize(
    ("line", "name"), [(line, name) for line, names in PRIVATE.items() for name in names]
)
def test_a_file_with_records_or_counts_is_private_also_if_it_replaces_an_open_file(
    folder: Path, line: str, name: str
) -> None:
    (folder / name).write_text("a file that was there, open to all")
    assert is_open(folder / name)
    form = ("--format", name.rpartition(".")[2]) if line.startswith("zones") else ()
    run(*line.split(), *form, "--output", name)
    assert (folder / name).read_bytes()[:6] != b"a file"
    assert [path.name for path in folder.iterdir() if is_open(path)] == []


@pytest.mark.parametrize(
    ("line", "name"), [(line, name) for line, names in PUBLIC.items() for name in names]
)
def test_shapes_names_and_colours_stay_readable(folder: Path, line: str, name: str) -> None:
    run(*line.split(), "--output", name)
    assert is_open(folder / name)
    private = {path.name for path in folder.iterdir() if not is_open(path)}
    assert {"city.duckdb", "city.duckdb.key"} <= private


def test_a_database_its_key_and_its_backup_are_private(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "city.zip").write_text("a backup that was there, open to all")
    run("database", "backup", "city.zip")
    run("database", "restore", "city.zip", "--database", "duckdb:///restored.duckdb")
    new_database = "duckdb:///new.duckdb"
    run("boundaries", "load", "rt.parquet", "--database", new_database)
    rows = "nik,tgl konfirmasi,status\n0000060101900017,2021-07-01,Positif\n"
    (folder / "cases.csv").write_text(rows)
    run("records", "load", "cases", "cases.csv", "--database", new_database)
    files = {"city.zip", "restored.duckdb", "new.duckdb", "new.duckdb.key"}
    assert {name for name in files if is_open(folder / name)} == set()
