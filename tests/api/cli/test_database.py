"""The commands on the database: a city moves from one kind of database to the other and back."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from api.cli import main
from geodata.store import SCHEMA_VERSION
from tests.cities.drawn_city import drawn_city
from tests.databases import LOCKED, Server
from zoning import City, open_city


def call(*words: object) -> Result:
    return CliRunner().invoke(main, ["database", *map(str, words)])


def answer(*words: object) -> dict[str, Any]:
    result = call(*words, "--json")
    assert result.exit_code == 0, result.stderr
    summary: dict[str, Any] = json.loads(result.stdout)
    return summary


def test_upgrade_makes_the_tables_once(postgres_server: Server) -> None:
    url = postgres_server.new_empty()
    upgraded = {"before": 0, "after": SCHEMA_VERSION, "secret_missing": False}
    assert answer("upgrade", "--database", url) == upgraded
    assert answer("upgrade", "--database", url)["before"] == SCHEMA_VERSION
    assert "up to date" in call("upgrade", "--database", url).stderr


def test_boundaries_are_loaded_into_a_server_without_tables_which_makes_them(
    postgres_server: Server, tmp_path: Path
) -> None:
    drawn_city(1).to_parquet(tmp_path / "rt.parquet")
    url = postgres_server.new_empty()
    words = ("boundaries", "load", str(tmp_path / "rt.parquet"), "--database", url, "--json")
    for status in ("new", "unchanged"):
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, result.stderr
        assert json.loads(result.stdout)["status"] == status


def test_a_city_moves_to_postgresql_and_back_and_answers_the_same(
    small_city: City, tmp_path: Path, postgres_server: Server
) -> None:
    file = tmp_path / "city.zip"
    server, back = postgres_server.new_empty(), f"duckdb:///{tmp_path}/back.duckdb"
    written = answer("backup", file, "--database", small_city.store.url)
    assert written["rows"]["published"] == 31
    restored = answer("restore", file, "--database", server)
    assert restored == written
    second_file = tmp_path / "again.zip"
    assert answer("backup", second_file, "--database", server)["rows"] == written["rows"]
    answer("restore", second_file, "--database", back)
    day = small_city.latest()
    expected = small_city.zones(day)
    for url in (server, back):
        with open_city(url) as city:
            assert city.published_days() == small_city.published_days()
            assert city.day(day) == small_city.day(day)
            assert city.zones(day).equals(expected)
            assert city.summary(day).equals(small_city.summary(day))


def test_a_backup_does_not_hold_the_secret_and_the_command_says_so(
    small_city: City, tmp_path: Path
) -> None:
    file = tmp_path / "city.zip"
    result = call("backup", file, "--database", small_city.store.url)
    assert "The city's secret is not in the backup" in result.stderr
    key = Path(small_city.store.url.removeprefix("duckdb:///") + ".key").read_text().strip()
    assert key.encode() not in file.read_bytes()
    assert bytes.fromhex(key) not in file.read_bytes()


def test_restore_says_whether_the_secret_is_available(
    small_city: City, tmp_path: Path, postgres_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MIKROZONASI_SECRET", raising=False)
    file = tmp_path / "city.zip"
    answer("backup", file, "--database", small_city.store.url)
    key = Path(small_city.store.url.removeprefix("duckdb:///") + ".key").read_text()
    without_secret = call("restore", file, "--database", f"duckdb:///{tmp_path}/one.duckdb")
    assert "as the file one.duckdb.key beside it, or as MIKROZONASI_SECRET" in without_secret.stderr
    without_secret = call("restore", file, "--database", postgres_server.new_empty())
    assert "set MIKROZONASI_SECRET to the text of its key file" in without_secret.stderr
    (tmp_path / "two.duckdb.key").write_text(key)
    with_key_file = call("restore", file, "--database", f"duckdb:///{tmp_path}/two.duckdb")
    assert "The city's secret is available" in with_key_file.stderr
    monkeypatch.setenv("MIKROZONASI_SECRET", key)
    with_variable = call("restore", file, "--database", postgres_server.new_empty())
    assert "The city's secret is available" in with_variable.stderr
    assert not (tmp_path / "one.duckdb.key").exists()


@pytest.mark.parametrize("words", [("upgrade",), ("backup", "x.zip"), ("restore", "x.zip")])
def test_a_refused_login_is_one_sentence_without_the_password(
    words: tuple[str, ...], postgres_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    postgres_server.add_locked_role()
    url = postgres_server.new_empty().replace("//postgres@", f"//{LOCKED}:hunter2@")
    monkeypatch.setenv("MIKROZONASI_DATABASE", url)
    result = call(*words)
    assert result.exit_code == 1
    assert "[database-refused]" in result.stderr
    assert "hunter2" not in result.output
    assert "Traceback" not in result.output


WITH_PASSWORD = "postgresql://dinkes:hunter2@db/zonasi"


@pytest.mark.parametrize(
    "words",
    [
        ("upgrade", "--database", WITH_PASSWORD),
        ("upgrade", f"--database={WITH_PASSWORD}"),
        ("upgrade", "--database", WITH_PASSWORD, "--database", "duckdb:///city.duckdb"),
        ("upgrade", "--databse", WITH_PASSWORD),
        ("restore", WITH_PASSWORD),
        ("restore", "city.zip", WITH_PASSWORD),
        ("upgrade", "--database", "postgresql://dinkes@db/zonasi?p%61ssword=hunter2"),
        ("upgrade", "--database", "host=db dbname=zonasi password=hunter2"),
    ],
)
def test_a_password_in_a_command_is_refused_and_not_printed(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = call(*words)
    assert result.exit_code == 1
    assert "[password-in-command]" in result.stderr
    assert "MIKROZONASI_DATABASE" in result.stderr
    assert "hunter2" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_every_command_refuses_a_password() -> None:
    groups: list[tuple[tuple[str, ...], Any]] = [((), typer.main.get_command(main))]
    n_commands = 0
    while groups:
        names, command = groups.pop()
        if hasattr(command, "commands"):
            groups += [((*names, name), inner) for name, inner in command.commands.items()]
            continue
        result = CliRunner().invoke(main, [*names, "--database", WITH_PASSWORD])
        assert (result.exit_code, "[password-in-command]" in result.stderr) == (1, True), names
        n_commands += 1
    assert n_commands > 30


def test_a_password_in_the_environment_is_accepted(
    postgres_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres_server.add_locked_role()
    url = postgres_server.new_empty()
    name = url.partition("?")[0].rpartition("/")[2]
    postgres_server.run(f"alter database {name} owner to {LOCKED}")
    locked = url.replace("//postgres@", f"//{LOCKED}:right-enough@")
    monkeypatch.setenv("MIKROZONASI_DATABASE", locked)
    result = call("upgrade")
    assert result.exit_code == 0, result.stderr
    assert "right-enough" not in result.output
