"""The commands on zones, called as a user calls them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import pytest
from typer.testing import CliRunner, Result

from api.cli import main
from geodata.store import open_store
from tests.cities import small_city as city
from tests.databases import NewDatabase
from tests.zoning import ward
from tests.zoning.ward import Case

CASES = [Case((0, 1, 1), house, 3, 9) for house in ("a", "b", "c")]


@pytest.fixture
def database(new_database: NewDatabase) -> str:
    with ward.new_ward(new_database(), CASES) as store:
        return store.url


def call(*words: str) -> Result:
    return CliRunner().invoke(main, ["zones", *words])


def answer(*words: str) -> dict[str, Any]:
    result = call(*words, "--json")
    assert result.exit_code == 0, result.stderr
    summary: dict[str, Any] = json.loads(result.stdout)
    return summary


def test_a_range_of_days_is_published_once_and_then_unchanged(database: str) -> None:
    words = ("run", "--database", database, "--from", "2021-06-01", "--to", "2021-06-10")
    first = answer(*words)
    assert (first["published"], first["unchanged"]) == (10, 0)
    assert [day["date"] for day in first["days"]][-1] == "2021-06-10"
    assert first["days"][4]["orange"] == 1
    assert first["days"][4]["rule"] == "inmendagri-7-2021"
    second = answer(*words)
    assert (second["published"], second["unchanged"]) == (0, 10)
    assert [day["run"] for day in second["days"]] == [day["run"] for day in first["days"]]


def test_one_day_is_computed_by_the_rule_of_the_option_and_printed_as_a_table(
    database: str,
) -> None:
    result = call(
        *("run", "--database", database, "--date", "2021-06-05", "--rule", "inmendagri-3-2021")
    )
    assert result.exit_code == 0
    assert "2021-06-05" in result.stdout
    assert "yellow" in result.stdout


def test_a_published_day_is_exported(database: str, tmp_path: Path) -> None:
    answer("run", "--database", database, "--date", "2021-06-05")
    path = tmp_path / "zones.geojson"
    summary = answer(
        *("export", "--database", database, "--date", "2021-06-05"),
        *("--format", "geojson", "--output", str(path)),
    )
    zones = gpd.read_file(path)
    assert summary["zones"] == len(zones) == 23
    assert set(zones["run"]) == {summary["run"]}
    assert zones.set_index("code")["risk"][city.code(0, 1, 1)] == 2
    assert {"newcomers", "in_quarantine", "deaths"} < set(zones.columns)


def test_levels_above_the_rt_are_exported_from_the_newest_day(
    database: str, tmp_path: Path
) -> None:
    answer("run", "--database", database, "--from", "2021-06-04", "--to", "2021-06-05")
    path = tmp_path / "zones.csv"
    summary = answer(
        *("export", "--database", database, "--level", "kelurahan"),
        *("--format", "csv", "--output", str(path)),
    )
    assert (summary["date"], summary["zones"]) == ("2021-06-05", 4)
    assert path.read_text().startswith("code,name,level,risk,colour,")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("run", "--date", "15-07-2021"), "is not a day"),
        (("run", "--date", "20210715x"), "is not a day"),
        (("run", "--from", "2021-06-01"), "both --from and --to"),
        (("run", "--date", "2021-06-01", "--from", "2021-06-01"), "either --date"),
        (("run",), "either --date"),
        (("export", "--date", "yesterday", "--format", "csv", "--output", "z"), "is not a day"),
        (("export", "--format", "doc", "--output", "z"), "--format"),
        (("export", "--format", "csv", "--level", "street", "--output", "z"), "--level"),
    ],
)
def test_a_wrong_option_value_is_a_usage_error(
    database: str, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], sentence: str
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    result = call(words[0], "--database", database, *words[1:])
    assert result.exit_code == 2
    assert sentence in result.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("run", "--date", "2999-01-01"), "date-in-future"),
        (("run", "--from", "2021-06-02", "--to", "2021-06-01"), "days-order"),
        (("run", "--date", "2021-06-01", "--rule", "whim"), "no-rule"),
        (("export", "--format", "csv", "--output", "z.csv"), "nothing-published"),
        (("export", "--date", "2021-06-01", "--format", "csv", "--output", "z.csv"), "no-run"),
    ],
)
def test_a_wrong_input_is_one_sentence_and_exit_status_one(
    database: str, words: tuple[str, ...], code: str
) -> None:
    result = call(words[0], "--database", database, *words[1:])
    assert result.exit_code == 1
    assert f"[{code}]" in result.stderr
    assert result.stdout == ""


def test_a_database_without_records_is_an_error(tmp_path: Path) -> None:
    with ward.open_ward(tmp_path, [], "empty") as store:
        url = store.url
    result = call("run", "--database", url, "--date", "2021-06-01")
    assert (result.exit_code, "[no-records]" in result.stderr) == (1, True)


def test_the_rules_are_listed_with_their_thresholds() -> None:
    rules = answer("rules")["rules"]
    assert [rule["id"] for rule in rules] == [
        "inmendagri-3-2021",
        "inmendagri-7-2021",
        "dkk-semarang",
    ]
    assert (rules[1]["yellow"], rules[1]["orange"], rules[1]["red"]) == (1, 3, 6)
    assert call("rules").exit_code == 0


def test_a_day_is_exported_as_known_at_a_moment(database: str, tmp_path: Path) -> None:
    path = tmp_path / "zones.csv"
    words = ("export", "--database", database, "--date", "2021-06-05", "--format", "csv")
    moment = datetime.now(UTC)
    unpublished = answer(*words, "--output", str(path), "--known-at", moment.isoformat())
    assert unpublished["published"] is False
    assert unpublished["known_at"] == f"{moment.replace(tzinfo=None).isoformat()}Z"
    before = path.read_bytes()
    assert f"{city.code(0, 1, 1)},".encode() in before
    answer("run", "--database", database, "--date", "2021-06-05")
    published = answer(*words, "--output", str(path))
    assert (published["published"], published["run"]) == (True, unpublished["run"])
    assert path.read_bytes() == before
    with open_store(database) as store:
        ward.add_cases(store, [Case((0, 1, 1), None, 3, 9)] * 9, first=10)
    assert answer(*words, "--output", str(path), "--known-at", moment.isoformat()) == unpublished
    assert answer(*words, "--output", str(path))["run"] == published["run"]
    recomputed = answer(*words, "--output", str(path), "--anew")
    assert recomputed["run"] != published["run"]


def test_an_export_of_an_unpublished_day_prints_that_the_day_is_not_published(
    database: str, tmp_path: Path
) -> None:
    result = call(
        *("export", "--database", database, "--date", "2021-06-05", "--format", "csv"),
        *("--output", str(tmp_path / "zones.csv"), "--anew"),
    )
    assert "These zones are not published" in result.stderr


def test_a_moment_without_an_offset_is_utc(database: str, tmp_path: Path) -> None:
    words = ("export", "--database", database, "--date", "2021-06-05", "--format", "csv")
    output = ("--output", str(tmp_path / "zones.csv"))
    naive = datetime.now(UTC).replace(tzinfo=None).isoformat()
    assert answer(*words, *output, "--known-at", naive)["zones"] == 23
    in_jakarta = datetime.now(ZoneInfo("Asia/Jakarta")).replace(tzinfo=None).isoformat()
    result = call(*words, *output, "--known-at", in_jakarta)
    assert result.exit_code == 1
    assert "yet to come" in result.stderr
    assert "+07:00" in result.stderr


@pytest.mark.parametrize("text", ["yesterday", "2021-13-01T00:00", "2021-07-05T18:00+99:00"])
def test_a_text_that_is_not_a_moment_is_refused(database: str, tmp_path: Path, text: str) -> None:
    result = call(
        *("export", "--database", database, "--date", "2021-06-05", "--format", "csv"),
        *("--output", str(tmp_path / "zones.csv"), "--known-at", text),
    )
    assert result.exit_code == 1
    assert result.stderr.strip().endswith("[moment]")


def test_the_tiles_of_a_day_are_one_file(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIKROZONASI_TILES", str(tmp_path / "tiles"))
    answer("run", "--database", database, "--date", "2021-06-05")
    path = tmp_path / "day.pmtiles"
    words = ("export", "--database", database, "--format", "pmtiles", "--output", str(path))
    summary = answer(*words)
    assert summary["tiles"] > 9
    assert (summary["date"], summary["level"]) == ("2021-06-05", None)
    zones = gpd.read_file(path, layer="rt").drop_duplicates("code").set_index("code")
    assert len(zones) == 23
    assert zones["risk"][city.code(0, 1, 1)] == 2
    assert "houses" not in zones.columns
    assert f"{summary['tiles']} tiles of 2021-06-05" in call(*words).stderr.replace("\n", " ")


@pytest.mark.parametrize("level", ["kelurahan", "kecamatan"])
def test_a_level_with_pmtiles_is_a_usage_error(tmp_path: Path, level: str) -> None:
    path = tmp_path / "day.pmtiles"
    missing_database = f"duckdb:///{tmp_path}/none.duckdb"
    result = call(
        *("export", "--database", missing_database, "--format", "pmtiles"),
        *("--level", level, "--output", str(path)),
    )
    assert result.exit_code == 2
    assert "all levels" in result.stderr
    assert not path.exists()
