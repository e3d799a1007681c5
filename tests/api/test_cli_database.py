"""The commands on the database: a city moves from one kind to the other and back."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli import main
from geodata.store import SCHEMA_VERSION
from tests.databases import LOCKED, Server
from tests.drawn_city import drawn_city
from zoning import City, open_city


def call(*words: object) -> Result:
    return CliRunner().invoke(main, ["database", *map(str, words)])


def answer(*words: object) -> dict[str, Any]:
    result = call(*words, "--json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_upgrade_makes_the_tables_and_then_has_nothing_to_do(postgres_server: Server) -> None:
    url = postgres_server.new_empty()
    made = {"before": 0, "after": SCHEMA_VERSION, "secret_missing": False}
    assert answer("upgrade", "--database", url) == made
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
    made = answer("backup", file, "--database", small_city.store.url)
    assert made["rows"]["published"] == 31
    restored = answer("restore", file, "--database", server)
    assert restored == made
    again = tmp_path / "again.zip"
    assert answer("backup", again, "--database", server)["rows"] == made["rows"]
    answer("restore", again, "--database", back)
    day = small_city.latest()
    wanted = small_city.zones(day)
    for url in (server, back):
        with open_city(url) as city:
            assert city.published_days() == small_city.published_days()
            assert city.day(day) == small_city.day(day)
            assert city.zones(day).equals(wanted)
            assert city.summary(day).equals(small_city.summary(day))


def test_the_secret_is_said_to_be_kept_apart_and_is_not_in_the_backup(
    small_city: City, tmp_path: Path
) -> None:
    file = tmp_path / "city.zip"
    result = call("backup", file, "--database", small_city.store.url)
    assert "The secret is not in it" in result.stderr
    key = Path(small_city.store.url.removeprefix("duckdb:///") + ".key").read_text().strip()
    assert key.encode() not in file.read_bytes()
    assert bytes.fromhex(key) not in file.read_bytes()


@pytest.mark.parametrize("words", [("upgrade",), ("backup", "x.zip"), ("restore", "x.zip")])
def test_a_server_that_cannot_be_entered_is_one_sentence_without_the_password(
    words: tuple[str, ...], postgres_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    postgres_server.add_locked_role()
    url = postgres_server.new_empty().replace("//postgres@", f"//{LOCKED}:hunter2@")
    result = call(*words, "--database", url)
    assert result.exit_code == 1
    assert "[database-refused]" in result.stderr
    assert "hunter2" not in result.output
    assert "Traceback" not in result.output
