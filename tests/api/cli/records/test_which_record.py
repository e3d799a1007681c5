"""The commands that say which record a row is, look records up and decide on doubles."""

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
    found = new_database()
    with open_store(found) as store:
        save_boundaries(store, small_city(), "small.geojson", {})
    monkeypatch.setenv("MIKROZONASI_DATABASE", found)
    return found


def run(*words: object, status: int = 0) -> Result:
    result = CliRunner().invoke(app, ["records", *map(str, words)])
    assert result.exit_code == status, result.output
    assert "Traceback" not in result.output
    return result


def answer(*words: object, status: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*words, "--json", status=status).stdout)
    return found


def listed(folder: Path, name: str, *rows: dict[str, Any]) -> Path:
    path = folder / name
    pd.DataFrame(list(rows)).to_csv(path, index=False)
    return path


def case(number: str | None, **more: Any) -> dict[str, Any]:
    where = {"rt": 2, "rw": 1, "kelurahan": "Tembalang", "kecamatan": "Tembalang"}
    dated = {"status": "Konfirmasi", "tanggal konfirmasi": "2021-07-01"}
    return {"id kasus": number} | where | dated | more


def colours(url: str) -> dict[str, int]:
    """How risky each RT is on 1 July, green ones left out."""
    with open_store(url) as store:
        run_days(store, None, [JULY])
        zones = read_run(store, JULY).zones.to_pylist()
    return {zone["code"]: zone["risk"] for zone in zones if zone["risk"]}


def test_numbers_of_a_float_column_are_the_numbers_they_were(url: str, tmp_path: Path) -> None:
    whole = [case(str(k)) for k in (1, 2, 3)]
    assert answer("load", "cases", listed(tmp_path, "a.csv", *whole))["new"] == 3
    blank = case(None, status="Suspek", rt="2.0")
    floats = [case(f"{k}.0", rt="2.0", rw="1.0") for k in (1, 2, 3)]
    report = answer("load", "cases", listed(tmp_path, "b.csv", *floats, blank))
    assert (report["new"], report["unchanged"]) == (1, 3)
    assert colours(url) == {code(TEMBALANG, 1, 2): 2}


def test_a_list_that_starts_again_each_day_leaves_yesterdays_colours(
    url: str, tmp_path: Path
) -> None:
    first = [case("1", nama="A", nik=NIK[0]), case("2", nama="B", nik=NIK[1], rt=3)]
    run("load", "cases", listed(tmp_path, "a.csv", *first))
    later = {"tanggal konfirmasi": "2021-07-02"}
    second = [
        case("1", nama="C", nik=NIK[2], rt=1) | later,
        case("2", nama="D", nik=NIK[3], rw=2) | later,
    ]
    file = listed(tmp_path, "b.csv", *second)
    refused = run("load", "cases", file, status=1)
    assert "--without-numbers" in refused.stderr
    assert NIK[2] not in refused.output
    yellow = {code(TEMBALANG, 1, 2): 1, code(TEMBALANG, 1, 3): 1}
    assert colours(url) == yellow
    assert answer("rejected")["rejected"] == 2
    assert answer("load", "cases", file, "--without-numbers")["new"] == 2
    assert answer("rejected")["rejected"] == 0
    assert colours(url) == yellow


def test_what_moved_and_which_day_stands_is_said_with_the_ids(url: str, tmp_path: Path) -> None:
    run("load", "cases", listed(tmp_path, "a.csv", case("K-1", nik=NIK[0]), case("K-2", rt=3)))
    move = [
        case("K-1", nik=NIK[0], rt=1) | {"tanggal konfirmasi": "2021-07-02"},
        {"id kasus": "K-2", "status": "Konfirmasi", "rt": 9, "tanggal konfirmasi": "2021-07-01"},
        {"id kasus": "k-3", "nik": NIK[0], "status": "Konfirmasi", "tanggal konfirmasi": JULY},
    ]
    file = listed(tmp_path, "b.csv", *move)
    said = run("load", "cases", file).stderr
    old = [code(TEMBALANG, 1, rt) for rt in (2, 3)]
    assert f"K-1 moved from {old[0]} to {code(TEMBALANG, 1, 1)}." in said
    assert f"K-2 lay in {old[1]} and lies in no RT now." in said
    assert "K-1: known 2021-07-01, in the file 2021-07-02; 2021-07-02 stands." in said
    assert "k-3 is not counted beside K-1." in said
    run("withdraw", "cases", "k\u20111", "--reason", "to load anew")
    report = answer("load", "cases", listed(tmp_path, "c.csv", case("K-1", nik=NIK[0])))
    assert report["moved"] == [{"id": "K-1", "before": code(TEMBALANG, 1, 1), "now": old[0]}]


def test_a_case_is_looked_up_and_its_double_decided(url: str, tmp_path: Path) -> None:
    run("load", "cases", listed(tmp_path, "a.csv", case("H-1", nik=NIK[0], nama="Contoh")))
    run("load", "cases", listed(tmp_path, "b.csv", case("D-1", nik=NIK[0], rt=3)))
    shown = run("list", "cases", "--from", "2021-07-01", "--area", code(TEMBALANG, 1, 2))
    assert "H-1" in shown.stdout
    assert "records withdraw" in shown.stderr
    found = answer("list", "cases")
    assert (found["matched"], found["shown"]) == (2, 2)
    assert [row["status"] for row in found["records"]] == ["double", "confirmed"]
    file = tmp_path / "list.csv"
    run("list", "cases", "--output", file)
    assert NIK[0] not in file.read_text() + shown.output
    waiting = answer("duplicates")
    assert (waiting["groups"], waiting["matched"]) == (1, 2)
    assert [row["source"] for row in waiting["rows"]] == ["b.csv", "a.csv"]
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
    run("load", "cases", listed(tmp_path, "a.csv", case("A", nik=NIK[0]), case("B", nik=NIK[1])))
    with open_store(url) as store:
        before = store.read("select count(*) as n from case_version")["n"].to_pylist()
    refused = run(*words, status=1)
    assert f"[{error}]" in refused.stderr
    assert NIK[7] not in refused.output
    with open_store(url) as store:
        assert store.read("select count(*) as n from case_version")["n"].to_pylist() == before
        assert store.read("select * from double_decision").num_rows == 0
