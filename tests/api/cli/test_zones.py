"""The commands on zones, as one calls them."""

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
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_range_is_judged_and_a_second_time_unchanged(database: str) -> None:
    words = ("run", "--database", database, "--from", "2021-06-01", "--to", "2021-06-10")
    first = answer(*words)
    assert (first["published"], first["unchanged"]) == (10, 0)
    assert [day["date"] for day in first["days"]][-1] == "2021-06-10"
    assert first["days"][4]["orange"] == 1
    assert first["days"][4]["rule"] == "inmendagri-7-2021"
    second = answer(*words)
    assert (second["published"], second["unchanged"]) == (0, 10)
    assert [day["run"] for day in second["days"]] == [day["run"] for day in first["days"]]


def test_one_day_is_judged_by_the_rule_asked_for_and_shown_as_a_table(database: str) -> None:
    result = call(
        *("run", "--database", database, "--date", "2021-06-05", "--rule", "inmendagri-3-2021")
    )
    assert result.exit_code == 0
    assert "2021-06-05" in result.stdout
    assert "kuning" in result.stdout


def test_a_published_day_is_exported(database: str, tmp_path: Path) -> None:
    answer("run", "--database", database, "--date", "2021-06-05")
    path = tmp_path / "zones.geojson"
    said = answer(
        *("export", "--database", database, "--date", "2021-06-05"),
        *("--format", "geojson", "--output", str(path)),
    )
    found = gpd.read_file(path)
    assert said["zones"] == len(found) == 23
    assert set(found["run"]) == {said["run"]}
    assert found.set_index("code")["risk"][city.code(0, 1, 1)] == 2
    assert {"newcomers", "in_quarantine", "deaths"} < set(found.columns)


def test_levels_above_the_rt_are_exported_from_the_newest_day(
    database: str, tmp_path: Path
) -> None:
    answer("run", "--database", database, "--from", "2021-06-04", "--to", "2021-06-05")
    path = tmp_path / "zones.csv"
    said = answer(
        *("export", "--database", database, "--level", "kelurahan"),
        *("--format", "csv", "--output", str(path)),
    )
    assert (said["date"], said["zones"]) == ("2021-06-05", 4)
    assert path.read_text().startswith("code,name,level,risk,colour,")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("run", "--date", "15-07-2021"), "is no day"),
        (("run", "--date", "20210715x"), "is no day"),
        (("run", "--from", "2021-06-01"), "both --from and --to"),
        (("run", "--date", "2021-06-01", "--from", "2021-06-01"), "either --date"),
        (("run",), "either --date"),
        (("export", "--date", "yesterday", "--format", "csv", "--output", "z"), "is no day"),
        (("export", "--format", "doc", "--output", "z"), "--format"),
        (("export", "--format", "csv", "--level", "street", "--output", "z"), "--level"),
    ],
)
def test_a_command_misspelt_is_usage(
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
def test_input_at_fault_is_one_sentence_and_status_one(
    database: str, words: tuple[str, ...], code: str
) -> None:
    result = call(words[0], "--database", database, *words[1:])
    assert result.exit_code == 1
    assert f"[{code}]" in result.stderr
    assert result.stdout == ""


def test_a_database_without_boundaries_or_records_is_said(tmp_path: Path) -> None:
    with ward.open_ward(tmp_path, [], "empty") as store:
        url = store.url
    result = call("run", "--database", url, "--date", "2021-06-01")
    assert (result.exit_code, "[no-records]" in result.stderr) == (1, True)


def test_the_rules_are_listed_with_their_thresholds() -> None:
    listed = answer("rules")["rules"]
    assert [one["id"] for one in listed] == [
        "inmendagri-3-2021",
        "inmendagri-7-2021",
        "dkk-semarang",
    ]
    assert (listed[1]["yellow"], listed[1]["orange"], listed[1]["red"]) == (1, 3, 6)
    assert call("rules").exit_code == 0


def test_a_day_is_exported_as_it_was_known(database: str, tmp_path: Path) -> None:
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
    anew = answer(*words, "--output", str(path), "--anew")
    assert anew["run"] != published["run"]


def test_an_export_that_was_not_published_says_so_to_people(database: str, tmp_path: Path) -> None:
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
    refused = call(*words, *output, "--known-at", in_jakarta)
    assert refused.exit_code == 1
    assert "yet to come" in refused.stderr
    assert "+07:00" in refused.stderr


@pytest.mark.parametrize("text", ["yesterday", "2021-13-01T00:00", "2021-07-05T18:00+99:00"])
def test_what_is_no_moment_is_refused(database: str, tmp_path: Path, text: str) -> None:
    refused = call(
        *("export", "--database", database, "--date", "2021-06-05", "--format", "csv"),
        *("--output", str(tmp_path / "zones.csv"), "--known-at", text),
    )
    assert refused.exit_code == 1
    assert refused.stderr.strip().endswith("[moment]")


def test_a_days_tiles_are_one_file(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIKROZONASI_TILES", str(tmp_path / "tiles"))
    answer("run", "--database", database, "--date", "2021-06-05")
    path = tmp_path / "day.pmtiles"
    words = ("export", "--database", database, "--format", "pmtiles", "--output", str(path))
    said = answer(*words)
    assert said["tiles"] > 9
    assert (said["date"], said["level"]) == ("2021-06-05", None)
    found = gpd.read_file(path, layer="rt").drop_duplicates("code").set_index("code")
    assert len(found) == 23
    assert found["risk"][city.code(0, 1, 1)] == 2
    assert "houses" not in found.columns
    assert f"{said['tiles']} tiles of 2021-06-05" in call(*words).stderr.replace("\n", " ")


@pytest.mark.parametrize("level", ["kelurahan", "kecamatan"])
def test_tiles_of_one_level_are_not_written_for_who_asks_for_another(
    tmp_path: Path, level: str
) -> None:
    path = tmp_path / "day.pmtiles"
    nowhere = f"duckdb:///{tmp_path}/none.duckdb"
    said = call(
        *("export", "--database", nowhere, "--format", "pmtiles"),
        *("--level", level, "--output", str(path)),
    )
    assert said.exit_code == 2
    assert "all levels" in said.stderr
    assert not path.exists()
