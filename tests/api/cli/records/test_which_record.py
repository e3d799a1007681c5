"""The commands that match rows to records, list records and decide on duplicate cases."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner, Result

from api.cli.groups.records import records
from geodata.boundaries import save_boundaries
from geodata.settings import SECRET
from geodata.store import open_store
from tests.cities.small_city import TEMBALANG, code, small_city
from tests.databases import NewDatabase
from zoning.days.daily import run_days
from zoning.days.runs import read_run

NIK = [f"00000601019{k:05}" for k in range(1, 9)]
JULY = date(2021, 7, 1)

app = typer.Typer()
app.add_typer(records, name="records")


@pytest.fixture
def url(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    database = new_database()
    with open_store(database) as store:
        save_boundaries(store, small_city(), "small.geojson", {})
    monkeypatch.setenv("MIKROZONASI_DATABASE", database)
    return database


def run(*words: object, status: int = 0) -> Result:
    result = CliRunner().invoke(app, ["records", *map(str, words)])
    assert result.exit_code == status, result.output
    assert "Traceback" not in result.output
    return result


def answer(*words: object, status: int = 0) -> dict[str, Any]:
    summary: dict[str, Any] = json.loads(run(*words, "--json", status=status).stdout)
    return summary


def write_rows(folder: Path, name: str, *rows: dict[str, Any]) -> Path:
    path = folder / name
    pd.DataFrame(list(rows)).to_csv(path, index=False)
    return path


def case(number: str | None, **more: Any) -> dict[str, Any]:
    address = {"rt": 2, "rw": 1, "kelurahan": "Tembalang", "kecamatan": "Tembalang"}
    status = {"status": "Konfirmasi", "tanggal konfirmasi": "2021-07-01"}
    return {"id kasus": number} | address | status | more


def colours(url: str) -> dict[str, int]:
    """The risk of each RT that is not green on 1 July."""
    with open_store(url) as store:
        run_days(store, None, [JULY])
        zones = read_run(store, JULY).zones.to_pylist()
    return {zone["code"]: zone["risk"] for zone in zones if zone["risk"]}


def test_case_numbers_of_a_float_column_match_the_known_numbers(url: str, tmp_path: Path) -> None:
    whole = [case(str(k)) for k in (1, 2, 3)]
    assert answer("load", "cases", write_rows(tmp_path, "a.csv", *whole))["new"] == 3
    blank = case(None, status="Suspek", rt="2.0")
    floats = [case(f"{k}.0", rt="2.0", rw="1.0") for k in (1, 2, 3)]
    report = answer("load", "cases", write_rows(tmp_path, "b.csv", *floats, blank))
    assert (report["new"], report["unchanged"]) == (1, 3)
    assert colours(url) == {code(TEMBALANG, 1, 2): 2}


def test_a_list_that_numbers_from_one_each_day_does_not_change_older_colours(
    url: str, tmp_path: Path
) -> None:
    first = [case("1", nama="A", nik=NIK[0]), case("2", nama="B", nik=NIK[1], rt=3)]
    run("load", "cases", write_rows(tmp_path, "a.csv", *first))
    next_day = {"tanggal konfirmasi": "2021-07-02"}
    second = [
        case("1", nama="C", nik=NIK[2], rt=1) | next_day,
        case("2", nama="D", nik=NIK[3], rw=2) | next_day,
    ]
    file = write_rows(tmp_path, "b.csv", *second)
    result = run("load", "cases", file, status=1)
    assert "--without-numbers" in result.stderr
    assert NIK[2] not in result.output
    yellow = {code(TEMBALANG, 1, 2): 1, code(TEMBALANG, 1, 3): 1}
    assert colours(url) == yellow
    assert answer("rejected")["rejected"] == 2
    assert answer("load", "cases", file, "--without-numbers")["new"] == 2
    assert answer("rejected")["rejected"] == 0
    assert colours(url) == yellow


def test_load_names_moved_records_changed_dates_and_duplicates(url: str, tmp_path: Path) -> None:
    run("load", "cases", write_rows(tmp_path, "a.csv", case("K-1", nik=NIK[0]), case("K-2", rt=3)))
    changed = [
        case("K-1", nik=NIK[0], rt=1) | {"tanggal konfirmasi": "2021-07-02"},
        {"id kasus": "K-2", "status": "Konfirmasi", "rt": 9, "tanggal konfirmasi": "2021-07-01"},
        {"id kasus": "k-3", "nik": NIK[0], "status": "Konfirmasi", "tanggal konfirmasi": JULY},
    ]
    file = write_rows(tmp_path, "b.csv", *changed)
    messages = run("load", "cases", file).stderr
    old_codes = [code(TEMBALANG, 1, rt) for rt in (2, 3)]
    assert f"K-1 moved from {old_codes[0]} to {code(TEMBALANG, 1, 1)}." in messages
    assert f"K-2 was in {old_codes[1]}; now it is in no RT." in messages
    assert (
        "K-1: the known date is 2021-07-01, the file has 2021-07-02; 2021-07-02 is used."
        in messages
    )
    assert "k-3 is not counted, because K-1 counts for the same case." in messages
    run("withdraw", "cases", "k\u20111", "--reason", "to load anew")
    report = answer("load", "cases", write_rows(tmp_path, "c.csv", case("K-1", nik=NIK[0])))
    assert report["moved"] == [{"id": "K-1", "before": code(TEMBALANG, 1, 1), "now": old_codes[0]}]


def test_a_case_is_listed_and_its_duplicate_decided(url: str, tmp_path: Path) -> None:
    run("load", "cases", write_rows(tmp_path, "a.csv", case("H-1", nik=NIK[0], nama="Contoh")))
    run("load", "cases", write_rows(tmp_path, "b.csv", case("D-1", nik=NIK[0], rt=3)))
    shown = run("list", "cases", "--from", "2021-07-01", "--area", code(TEMBALANG, 1, 2))
    assert "H-1" in shown.stdout
    assert "records withdraw" in shown.stderr
    summary = answer("list", "cases")
    assert (summary["matched"], summary["shown"]) == (2, 2)
    assert [row["status"] for row in summary["records"]] == ["double", "confirmed"]
    file = tmp_path / "list.csv"
    run("list", "cases", "--output", file)
    assert NIK[0] not in file.read_text() + shown.output
    duplicates = answer("duplicates")
    assert (duplicates["groups"], duplicates["matched"]) == (1, 2)
    assert [row["source"] for row in duplicates["rows"]] == ["b.csv", "a.csv"]
    assert answer("same", "d-1", "H-1", "--by", "dinkes")["changed"] == 2
    assert answer("duplicates")["groups"] == 0
    assert answer("duplicates", "--all")["groups"] == 1
    assert colours(url) == {code(TEMBALANG, 1, 3): 1}
    assert answer("distinct", "D-1", "H-1", "--by", "dinkes")["changed"] == 1
    assert colours(url) == {code(TEMBALANG, 1, 2): 1, code(TEMBALANG, 1, 3): 1}


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("list", "pets"), "no-kind"),
        (("list", "cases", "--status", "ill"), "no-status"),
        (("list", "cases", "--placed", "guess"), "no-way"),
        (("list", "cases", "--area", "33.99"), "no-area"),
        (("list", "cases", "--from", "2021-07-02", "--to", "2021-07-01"), "days-out-of-order"),
        (("list", "cases", "--output", "list.doc"), "unknown-format"),
        (("same", "A", "--by", "dinkes"), "one-record"),
        (("same", "A", "ZZ", "--by", "dinkes"), "no-record"),
        (("distinct", "A", "a", "--by", "dinkes"), "one-record"),
        (("distinct", "A", "B", "--by", " "), "no-decider"),
        (("distinct", "A", "B", "--by", "dinkes"), "not-one-person"),
        (("history", "cases", NIK[7]), "no-record"),
        (("erase", "--id", "ZZ"), "no-record"),
    ],
)
def test_wrong_input_is_one_sentence_and_changes_nothing(
    url: str, tmp_path: Path, words: tuple[str, ...], error: str
) -> None:
    run(
        "load", "cases", write_rows(tmp_path, "a.csv", case("A", nik=NIK[0]), case("B", nik=NIK[1]))
    )
    with open_store(url) as store:
        count_before = store.read("select count(*) as n from case_version")["n"].to_pylist()
    result = run(*words, status=1)
    assert f"[{error}]" in result.stderr
    assert NIK[7] not in result.output
    with open_store(url) as store:
        assert store.read("select count(*) as n from case_version")["n"].to_pylist() == count_before
        assert store.read("select * from double_decision").num_rows == 0
