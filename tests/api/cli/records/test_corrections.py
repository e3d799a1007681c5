"""The commands that correct, withdraw, show and erase single records."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from api.cli.groups.records import records
from geodata.boundaries import save_boundaries
from geodata.settings import SECRET, CitySettings
from geodata.store import open_store
from geodata.tables import write_table
from tests.cities.small_city import TEMBALANG, middle, small_city
from tests.databases import NewDatabase

NIK = "0000060101900017"


def answer(*words: object, status: int = 0) -> dict[str, Any]:
    result = CliRunner().invoke(records, [*map(str, words), "--json"])
    assert result.exit_code == status, result.output
    summary: dict[str, Any] = json.loads(result.stdout)
    return summary


@pytest.fixture
def url(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    database = new_database()
    with open_store(database) as store:
        save_boundaries(store, small_city(), "small.geojson", {})
    return database


def write_rows(path: Path, *rows: dict[str, Any]) -> Path:
    lon, lat = middle(TEMBALANG, 1, 2)
    common = {"bujur": lon, "lintang": lat, "tgl konfirmasi": "9 September 2021"}
    write_table(pd.DataFrame([row | common for row in rows]), path)
    return path


def test_a_corrected_spreadsheet_of_rejected_rows_is_loaded(url: str, tmp_path: Path) -> None:
    file = write_rows(tmp_path / "list.csv", {"nik": NIK, "status": "Posotif"})
    first = CliRunner().invoke(records, ["load", "cases", str(file), "--database", url])
    assert first.exit_code == 1
    mend = tmp_path / "mend.xlsx"
    answer("rejected", "--kind", "cases", "--output", mend, "--database", url)
    book = openpyxl.load_workbook(mend)
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    sheet.cell(2, headings.index("status") + 1).value = "Positif"
    book.save(mend)
    report = answer("load", "cases", mend, "--database", url)
    assert (report["new"], report["rejected"], report["mended"]) == (1, 0, 1)
    assert answer("rejected", "--database", url)["rejected"] == 0
    typed = write_rows(tmp_path / "typed.csv", {"nik": NIK, "status": "Positif"})
    assert answer("load", "cases", typed, "--database", url)["unchanged"] == 1


def test_records_are_withdrawn_and_their_history_shown(url: str, tmp_path: Path) -> None:
    file = write_rows(tmp_path / "a.csv", {"id kasus": "A", "status": "Positif"})
    answer("load", "cases", file, "--database", url)
    words = ("withdraw", "cases", "A", "--reason", "twice", "--database", url)
    assert answer(*words) == {"withdrawn": 1, "unchanged": 0}
    assert answer(*words) == {"withdrawn": 0, "unchanged": 1}
    versions = answer("history", "cases", "A", "--database", url)["versions"]
    assert [version["withdrawn"] for version in versions] == [False, True]
    shown = CliRunner().invoke(records, ["history", "cases", "A", "--database", url])
    assert "2 versions" in shown.stdout
    unknown = CliRunner().invoke(
        records, ["withdraw", "cases", NIK, "--reason", "x", "--database", url]
    )
    assert unknown.exit_code == 1
    assert NIK not in unknown.output


def test_a_person_is_erased_from_a_file_or_standard_input(url: str, tmp_path: Path) -> None:
    file = write_rows(tmp_path / "a.csv", {"nik": NIK, "status": "Positif"})
    answer("load", "cases", file, "--database", url)
    (tmp_path / "nik.txt").write_text(f"{NIK[:6]} {NIK[6:]}\n")
    erased = answer("erase", "--nik-file", tmp_path / "nik.txt", "--database", url)
    assert erased == {"records": 1, "versions": 1, "moved": 0}
    typed = CliRunner().invoke(
        records, ["erase", "--nik-file", "-", "--database", url, "--json"], input=f"{NIK}\n"
    )
    assert json.loads(typed.stdout)["records"] == 0
    report = answer("load", "cases", file, "--database", url)
    assert report["warnings"] == {"erased": 1}


def test_erase_without_a_valid_nik_erases_no_person(url: str, tmp_path: Path) -> None:
    (tmp_path / "nik.txt").write_text("12345\n")
    for words in ([], ["--nik-file", str(tmp_path / "nik.txt")], ["--nik-file", "none.txt"]):
        result = CliRunner().invoke(records, ["erase", *words, "--database", url])
        assert result.exit_code == 1
        assert "12345" not in result.output


def test_arrivals_of_a_day_are_shown_by_day_of_confirmation(url: str, tmp_path: Path) -> None:
    file = write_rows(tmp_path / "a.csv", {"nik": NIK, "status": "Positif"})
    answer("load", "cases", file, "--database", url)
    with open_store(url) as store:
        [moment] = store.read("select recorded_at from batch")["recorded_at"].to_pylist()
    today = CitySettings().day_of(moment)  # the test assumes that no midnight passes
    arrivals = answer("arrivals", "--on", today, "--database", url)
    days_late = (today - date(2021, 9, 9)).days
    assert arrivals["days"] == [
        {"date": "2021-09-09", "added": 1, "taken_away": 0, "days_late": days_late}
    ]
    assert answer("arrivals", "--on", "2021-09-09", "--database", url)["days"] == []
