"""The commands on records and points: their output, files and database."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner, Result

from api.cli.groups.records import records
from api.cli.locate import locate
from geodata.boundaries import save_boundaries
from geodata.settings import SECRET
from geodata.store import open_store
from geodata.tables import read_table, write_table
from tests.cities.small_city import SIDE, TEMBALANG, WEST, code, middle, small_city
from tests.databases import NewDatabase

NIK = "0000060101900017"
LON, LAT = middle(TEMBALANG, 1, 2)
GOOD = {
    "nik": NIK,
    "nama": "Budiman",
    "status": "Konfirmasi",
    "tgl konfirmasi": "9 September 2021",
    "bujur": LON,
    "lintang": LAT,
}

app = typer.Typer()
app.add_typer(records, name="records")
app.command()(locate)


def run(*arguments: object, status: int = 0) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == status, result.output
    return result


def answer(*arguments: object, status: int = 0) -> dict[str, Any]:
    summary = json.loads(run(*arguments, "--json", status=status).stdout)
    assert isinstance(summary, dict)
    return summary


def write_rows(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    write_table(pd.DataFrame(list(rows)), path)
    return path


@pytest.fixture
def url(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    database = new_database()
    with open_store(database) as store:
        save_boundaries(store, small_city(), "small.geojson", {})
    return database


# --- load ---


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_load_counts_every_row(url: str, tmp_path: Path, ending: str) -> None:
    rows = [GOOD, GOOD, GOOD | {"nik": NIK[::-1], "status": "?!"}]
    file = write_rows(tmp_path / f"list{ending}", rows)
    summary = answer("records", "load", "cases", file, "--database", url)
    assert {
        name: summary[name] for name in ("read", "new", "corrected", "unchanged", "rejected")
    } == {
        "read": 3,
        "new": 1,
        "corrected": 0,
        "unchanged": 1,
        "rejected": 1,
    }
    assert summary["rejected_by_reason"] == {"status-unknown": 1}
    assert summary["placed"] == {"coordinates": 2, "nearest": 0, "address": 0, "unplaced": 0}
    again = answer("records", "load", "cases", file, "--database", url)
    assert (again["new"], again["unchanged"], again["rejected"]) == (0, 2, 1)


def test_load_prints_a_table_and_the_warnings(url: str, tmp_path: Path) -> None:
    file = write_rows(tmp_path / "list.csv", [GOOD | {"bujur": 112, "lintang": -7.5}])
    result = run("records", "load", "cases", file, "--database", url)
    assert "placed: unplaced" in result.stdout
    assert "coordinates-outside" in result.stderr


def test_a_file_without_one_usable_row_is_an_error_and_its_rows_are_kept(
    url: str, tmp_path: Path
) -> None:
    file = write_rows(tmp_path / "list.csv", [GOOD | {"tgl konfirmasi": "2999-01-01"}])
    result = run("records", "load", "cases", file, "--database", url, status=1)
    assert "date-in-future 1" in result.stderr
    assert "[no-usable-rows]" in result.stderr
    assert answer("records", "rejected", "--database", url)["rejected"] == 1


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("", "empty-file"),
        ("Merek,Harga\nX,1\n", "no-usable-columns"),
        (f"status,lon,lat\npositif,{LAT},{LON}\n", "swapped-axes"),
        (None, "no-file"),
    ],
)
def test_a_bad_file_is_one_sentence_and_changes_nothing(
    url: str, tmp_path: Path, content: str | None, error: str
) -> None:
    file = tmp_path / "list.csv"
    if content is not None:
        file.write_text(content)
    result = run("records", "load", "cases", file, "--database", url, "--json", status=1)
    assert f"[{error}]" in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.output
    with open_store(url) as store:
        assert store.read("select * from batch").num_rows == 0


def test_an_unknown_kind_is_a_usage_error(url: str, tmp_path: Path) -> None:
    run("records", "load", "stories", tmp_path / "list.csv", "--database", url, status=2)


def test_a_missing_database_is_an_error_and_is_not_made(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "list.csv", [GOOD])
    database = f"duckdb:///{tmp_path}/none.duckdb"
    result = run("records", "load", "cases", file, "--database", database, status=1)
    assert "[no-database]" in result.stderr
    assert not (tmp_path / "none.duckdb").exists()


# --- sources ---


def test_sources_are_listed() -> None:
    listing = answer("records", "sources")["sources"]
    assert {name: source["kind"] for name, source in listing.items()} == {
        "notifikasi": "cases",
        "pikobar": "cases",
        "sidatang": "newcomers",
    }
    assert "PIKOBAR" in run("records", "sources").stdout


def test_a_file_is_read_by_its_source_and_by_its_sheet(url: str, tmp_path: Path) -> None:
    rows = [{"Hasil": "A", "Tgl": "2021-09-01", "nik": NIK}]
    file = write_rows(tmp_path / "list.xlsx", rows)
    source = tmp_path / "own.toml"
    columns = '[columns]\nstatus = ["Hasil"]\nconfirmed_on = ["Tgl"]\n'
    source.write_text(f'title = "x"\nkind = "cases"\n{columns}[words.status]\nconfirmed = ["A"]\n')
    load = ("records", "load", "cases", file, "--database", url)
    assert "[no-usable-columns]" in run(*load, status=1).stderr
    assert answer(*load, "--source", source)["new"] == 1
    assert answer(*load, "--source", source, "--sheet", "table")["unchanged"] == 1
    assert "[no-sheet]" in run(*load, "--source", source, "--sheet", "x", status=1).stderr
    assert "[no-sheet]" in run(*load, "--sheet", "x", status=1).stderr
    assert "[no-sheet]" in run(*load, "--sheet", " ", status=1).stderr
    assert "[source]" in run(*load, "--source", "sidatang", status=1).stderr
    assert "[no-source]" in run(*load, "--source", "nosuch", status=1).stderr


# --- rejected ---


def test_rejected_rows_are_listed_and_written_without_nik(url: str, tmp_path: Path) -> None:
    bad = GOOD | {"status": "=cmd|' /C calc'!A0", "alamat": f"=HYPERLINK({NIK})"}
    file = write_rows(tmp_path / "list.csv", [GOOD, bad])
    run("records", "load", "cases", file, "--database", url)
    output = tmp_path / "mend.xlsx"
    result = run("records", "rejected", "--database", url, "--kind", "cases", "--output", output)
    assert "1 rejected rows written to mend.xlsx" in result.stderr
    page = openpyxl.load_workbook(output).active
    assert page is not None
    cells = [str(cell.value) for row in page.iter_rows() for cell in row]
    assert "'=HYPERLINK(...)" in cells
    assert not any(cell.startswith("=") or NIK in cell or "Budiman" in cell for cell in cells)
    shown = run("records", "rejected", "--database", url)
    assert "status-unknown" in shown.stdout
    assert answer("records", "rejected", "--database", url, "--kind", "newcomers") == {
        "rejected": 0,
        "rows": [],
    }


# --- disagreements ---


def test_disagreements_are_listed_with_both_rt_and_without_the_address(
    url: str, tmp_path: Path
) -> None:
    address = {"rt": 3, "rw": 1, "kelurahan": "Tembalang", "alamat": "Jl. Mawar 5"}
    agreeing = GOOD | address | {"rt": 2, "nik": NIK[::-1]}
    file = write_rows(tmp_path / "list.csv", [GOOD | address | {"no kasus": "A-7"}, agreeing])
    summary = answer("records", "load", "cases", file, "--database", url)
    assert summary["disagreeing"] == 1
    listing = answer("records", "disagreements", "--database", url)
    [row] = listing.pop("rows")
    assert listing == {"disagreements": 1}
    assert row == {
        "kind": "cases",
        "record": "A-7",
        "point": code(TEMBALANG, 1, 2),
        "address": code(TEMBALANG, 1, 3),
        "believed": code(TEMBALANG, 1, 2),
        "how": "coordinates",
        "metres": 55,
        "point_reading": None,
    }
    output = tmp_path / "look.csv"
    result = run("records", "disagreements", "--database", url, "--output", output)
    assert "1 disagreements written to look.csv" in result.stderr
    assert "Mawar" not in output.read_text()
    shown = run("records", "disagreements", "--database", url).stdout
    assert "A-7" in shown
    assert code(TEMBALANG, 1, 3) in shown
    none = answer("records", "disagreements", "--database", url, "--kind", "newcomers")
    assert none == {"disagreements": 0, "rows": []}


# --- locate ---


def located(tmp_path: Path, url: str, rows: list[dict[str, Any]], *options: str) -> pd.DataFrame:
    file = write_rows(tmp_path / "points.csv", rows)
    run("locate", file, "--database", url, "--output", tmp_path / "placed.csv", *options)
    return pd.read_csv(tmp_path / "placed.csv", keep_default_na=False)


def test_every_point_gets_the_code_and_name_of_its_rt(url: str, tmp_path: Path) -> None:
    rows = [
        {"who": "a", "lon": LON, "lat": LAT},
        {"who": "b", "lon": WEST - SIDE / 5, "lat": LAT},
        {"who": "c", "lon": 0, "lat": 0},
    ]
    points = located(tmp_path, url, rows)
    assert list(points.columns) == ["who", "lon", "lat", "code", "name", "placed"]
    assert points["code"].tolist() == [code(TEMBALANG, 1, 2), code(0, 1, 2), ""]
    assert points["name"].tolist() == ["RT 002 RW 001", "RT 002 RW 001", ""]
    assert points["placed"].tolist() == ["coordinates", "nearest", "unplaced"]
    assert points["lon"].tolist() == [LON, WEST - SIDE / 5, 0]


def test_impossible_points_are_counted_and_get_no_rt(url: str, tmp_path: Path) -> None:
    file = write_rows(
        tmp_path / "points.csv", [{"lon": LON, "lat": LAT}, {"lon": 210.4, "lat": 99.5}]
    )
    output = tmp_path / "placed.csv"
    summary = answer("locate", file, "--database", url, "--output", output)
    assert (summary["placed"]["unplaced"], summary["no_place_on_earth"]) == (1, 1)
    message = run("locate", file, "--database", url, "--output", output).stderr
    assert "1 of the points without an RT do not exist on Earth" in message


def test_columns_may_have_other_names_and_a_column_name_of_the_file_stays(
    url: str, tmp_path: Path
) -> None:
    rows = [{"name": "Posko", "x": LON, "y": LAT}]
    points = located(tmp_path, url, rows, "--lon", "x", "--lat", "y")
    assert points["name"].tolist() == ["Posko"]
    assert points["area_name"].tolist() == ["RT 002 RW 001"]


@pytest.mark.parametrize("ending", [".xlsx", ".parquet"])
def test_the_file_extension_gives_the_format(url: str, tmp_path: Path, ending: str) -> None:
    file = write_rows(tmp_path / "points.csv", [{"lon": LON, "lat": LAT}])
    output = tmp_path / f"placed{ending}"
    summary = answer("locate", file, "--database", url, "--output", output)
    ways = {"coordinates": 1, "nearest": 0, "unplaced": 0}
    assert summary == {"read": 1, "placed": ways, "no_place_on_earth": 0}
    cells = read_table(output).cells
    assert cells["code"].to_pylist() == [code(TEMBALANG, 1, 2)]


@pytest.mark.parametrize(
    ("rows", "options", "error"),
    [
        ([{"lon": LAT, "lat": LON}], [], "swapped-axes"),
        ([{"x": LON, "y": LAT}], [], "no-column"),
        ([{"lon": "east", "lat": "south"}], [], "coordinates-not-numbers"),
        ([{"lon": 437_000, "lat": 9_227_000}], [], "no-place-on-earth"),
        ([{"lon": LON, "lat": LAT}], ["--output", "placed.pdf"], "unknown-format"),
    ],
)
def test_a_file_without_usable_points_is_an_error_and_nothing_is_written(
    url: str, tmp_path: Path, rows: list[dict[str, Any]], options: list[str], error: str
) -> None:
    file = write_rows(tmp_path / "points.csv", rows)
    output = options or ["--output", str(tmp_path / "placed.csv")]
    result = run("locate", file, "--database", url, *output, status=1)
    assert f"[{error}]" in result.stderr
    assert not (tmp_path / "placed.csv").exists()


def test_an_error_for_a_file_without_headings_shows_no_person(url: str, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text(f"Budiman,{NIK},{LON}\nAni,{NIK[::-1]},{LON}\n")
    result = run(
        "locate", tmp_path / "points.csv", "--database", url, "--output", "p.csv", status=1
    )
    assert "Budiman" not in result.output
    assert NIK not in result.output


# --- dismiss ---


def _rejected_file(folder: Path) -> Path:
    rows = [GOOD, GOOD | {"nik": NIK[::-1], "status": "apa"}, GOOD | {"nik": "", "status": "apa"}]
    return write_rows(folder / "list.csv", [*rows, rows[1], GOOD | {"tgl konfirmasi": "kemarin"}])


def test_rejected_rows_are_dismissed_by_their_ids_and_by_their_reason(
    url: str, tmp_path: Path
) -> None:
    file = _rejected_file(tmp_path)
    report = answer("records", "load", "cases", file, "--database", url)
    rows = answer("records", "rejected", "--database", url)
    assert report["rejected"] == rows["rejected"] == len(rows["rows"]) == 4
    ids = {row["row"]: row["row_id"] for row in rows["rows"]}
    options = ("--reason", "not ours", "--database", url)
    assert answer("records", "dismiss", ids[6], *options)["dismissed"] == 1
    preview = answer("records", "dismiss", "--code", "status-unknown", *options)
    assert (preview["dismissed"], preview["rows"]) == (0, 3)
    shown = run("records", "dismiss", "--code", "status-unknown", *options)
    assert "3 rows would be closed (status-unknown 3). Nothing is changed yet" in shown.stderr
    assert answer("records", "rejected", "--database", url)["rejected"] == 3
    summary = answer("records", "dismiss", "--code", "status-unknown", "--yes", *options)
    assert summary == {"dismissed": 3, "rows": 3, "by_reason": {"status-unknown": 3}}
    assert answer("records", "rejected", "--database", url)["rejected"] == 0
    closed = answer("records", "rejected", "--dismissed", "--database", url)["rows"]
    assert {row["row_id"]: row["closed"] for row in closed} == dict.fromkeys(
        ids.values(), "not ours"
    )


def test_dismiss_without_matching_rows_is_one_sentence(url: str, tmp_path: Path) -> None:
    answer("records", "load", "cases", _rejected_file(tmp_path), "--database", url)
    options = ("--reason", "x", "--database", url)
    assert "[no-rejected]" in run("records", "dismiss", "r12", *options, status=1).stderr
    assert "[nothing-named]" in run("records", "dismiss", *options, status=1).stderr
    run("records", "dismiss", "r12", "--database", url, status=2)
    assert answer("records", "rejected", "--database", url)["rejected"] == 4


def test_load_names_the_rows_of_a_warning_and_counts_rows_rejected_before(
    url: str, tmp_path: Path
) -> None:
    row = GOOD | {"hasil akhir": "membaik"}
    file = write_rows(tmp_path / "list.csv", [row, row | {"nik": NIK[::-1], "status": "apa"}])
    run("records", "load", "cases", file, "--database", url)
    messages = run("records", "load", "cases", file, "--database", url).stderr
    assert '[outcome-unknown]: "membaik"; row 2.' in messages
    assert "1 of the 1 rejected rows were already rejected before" in messages


def test_doubtful_houses_are_written_or_the_error_is_one_sentence(url: str, tmp_path: Path) -> None:
    command = ("records", "houses", "--database", url)
    for name, error in (("x.doc", "unknown-format"), ("no/x.csv", "no-folder")):
        result = run(*command, "--output", tmp_path / name, status=1)
        assert f"[{error}]" in result.stderr
    days = ("--from", "2021-09-09", "--to", "2021-09-01")
    assert "[days-order]" in run(*command, *days, status=1).stderr
    assert answer(*command, "--output", tmp_path / "x.csv")["doubts"] == 0
    assert list(pd.read_csv(tmp_path / "x.csv"))[:2] == ["rt", "doubt"]


def test_a_row_in_one_cell_is_refused_and_no_person_is_named(url: str, tmp_path: Path) -> None:
    rows = [
        "Nama   Alamat   Status   Tgl konfirmasi",
        "Budiman   Jl Mawar 1   Konfirmasi   1/9/2021",
    ]
    (tmp_path / "list.csv").write_text("\n".join(rows), encoding="utf-8")
    load = ("records", "load", "cases", tmp_path / "list.csv", "--database", url)
    result = run(*load, status=1)
    assert "[no-usable-columns]" in result.stderr
    assert "Budiman" not in result.output
    with_bars = [row.replace("   ", "|") for row in rows]
    (tmp_path / "list.csv").write_text("\n".join(with_bars), encoding="utf-8")
    assert answer(*load)["new"] == 1
