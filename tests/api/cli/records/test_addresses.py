"""The commands on addresses: their output, files and database."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner, Result

from api.cli.groups.addresses import addresses
from geodata.boundaries import save_boundaries
from geodata.settings import SECRET
from geodata.store import open_store
from geodata.tables import read_table, write_table
from tests.cities.small_city import TEMBALANG, VILLAGES, code, small_city
from tests.databases import NewDatabase
from zoning.placing.record_boundaries import RecordBoundaries
from zoning.records.intake import load_records
from zoning.records.line_lists import cases as line_list

NIK = "0000060101900017"
AMBIGUOUS = "Jl. Kenanga 77, RT 2 RW 1, Purwosari"
LINES = [
    ("=1+1", NIK, "Jl. Mawar 5 RT 2/RW 1 Kel. Tembalang"),
    ("Siti", NIK, AMBIGUOUS),
    ("Budi", "", "Kel. Tembalang"),
    ("Wati", "", "RT 1 RW 2 Ungaran Kab. Semarang"),
    ("Joko", "", ""),
]

app = typer.Typer()
app.add_typer(addresses, name="addresses")


def run(*arguments: object, status: int = 0) -> Result:
    result = CliRunner().invoke(app, ["addresses", *map(str, arguments)])
    assert result.exit_code == status, result.output
    return result


def answer(*arguments: object) -> dict[str, Any]:
    summary = json.loads(run(*arguments, "--json").stdout)
    assert isinstance(summary, dict)
    return summary


@pytest.fixture
def url(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    database = new_database()
    with open_store(database) as store:
        save_boundaries(store, small_city(), "by hand", {})
    return database


def write_list(path: Path, lines: Sequence[tuple[str, str, str]] = LINES) -> Path:
    write_table(pd.DataFrame(list(lines), columns=["nama", "nik", "alamat"]), path)
    return path


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_row_is_written_with_the_reading_of_its_address(
    url: str, tmp_path: Path, kind: str
) -> None:
    file, placed = write_list(tmp_path / f"list.{kind}"), tmp_path / f"placed.{kind}"
    result = run(file, "--column", "Alamat", "--database", url, "--output", placed)
    assert NIK not in result.output
    columns = read_table(placed).cells.to_pydict()
    assert list(columns) == ["nama", "nik", "alamat", "code", "certainty", "reading", "candidates"]
    assert columns["nama"] == [line[0] for line in LINES]
    assert columns["nik"] == [line[1] or None for line in LINES]
    certainties = ["certain", "ambiguous", "partial", "outside", "unknown"]
    assert columns["certainty"] == certainties
    home = VILLAGES[TEMBALANG].code
    assert columns["code"] == [code(TEMBALANG, 1, 2), None, home, None, None]
    assert columns["candidates"][1] == f"{code(1, 1, 2)} {code(0, 1, 2)}"
    assert "RT 002 RW 001" in columns["reading"][0]


def test_a_cell_that_looks_like_a_formula_is_written_as_text(url: str, tmp_path: Path) -> None:
    placed = tmp_path / "placed.csv"
    file = write_list(tmp_path / "list.csv")
    run(file, "--column", "alamat", "--database", url, "--output", placed)
    assert "\n'=1+1," in placed.read_text()


def test_other_columns_of_the_address_are_read(url: str, tmp_path: Path) -> None:
    file, placed = tmp_path / "list.csv", tmp_path / "placed.csv"
    rows = {"Alamat": ["Jl. Mawar 5"], "RT/RW": ["002/001"], "Kel": ["Tembaleng"], "code": ["x"]}
    pd.DataFrame(rows).to_csv(file, index=False)
    options = ("--also", "rt=RT/RW", "--also", "kelurahan=Kel")
    run(file, "--column", "alamat", *options, "--database", url, "--output", placed)
    columns = read_table(placed).cells.to_pydict()
    assert columns["code"] == ["x"]
    assert columns["code_read"] == [code(TEMBALANG, 1, 2)]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("list.csv", "--column", "address"), "missing-column"),
        (("none.csv", "--column", "alamat"), "no-file"),
        (("list.csv", "--column", "alamat", "--also", "nik=nik"), "no-such-field"),
    ],
)
def test_an_unreadable_file_is_one_sentence_without_values_of_records(
    url: str, tmp_path: Path, arguments: tuple[str, ...], error: str
) -> None:
    write_list(tmp_path / "list.csv")
    placed = tmp_path / "placed.csv"
    file, *options = arguments
    result = run(tmp_path / file, *options, "--database", url, "--output", placed, status=1)
    assert result.output.strip().endswith(f"[{error}]")
    assert NIK not in result.output
    assert not placed.exists()


def _load(url: str, folder: Path, lines: Sequence[str]) -> None:
    rows = [
        {"id": str(k), "alamat": line, "status": "konfirmasi", "tgl konfirmasi": "2021-06-01"}
        for k, line in enumerate(lines)
    ]
    pd.DataFrame(rows).to_csv(folder / "cases.csv", index=False)
    with open_store(url) as store:
        load_records(store, "cases", folder / "cases.csv")


def test_an_ambiguous_address_is_listed_until_it_is_decided(url: str, tmp_path: Path) -> None:
    same_address = "Gg. Melati, Kel. Purwosari rt.02/rw.01"
    other_address = "RT 3 RW 1 Purwosari"
    _load(url, tmp_path, [AMBIGUOUS, same_address, other_address, "Kel. Tembalang RT 2 RW 1"])
    undecided = answer("undecided", "--database", url)
    assert [row["records"] for row in undecided["rows"]] == [2, 1]
    assert "Kenanga" not in json.dumps(undecided)

    part = undecided["rows"][0]["area_part"]
    decision = answer("decide", part, code(0, 1, 2), "--by", "Puskesmas Mijen", "--database", url)
    assert decision["records"] == 2
    assert answer("undecided", "--database", url)["undecided"] == 1
    with open_store(url) as store:
        placed = line_list(store, RecordBoundaries(small_city(), "coordinates"))
    assert placed["area"].tolist() == [
        code(0, 1, 2),
        code(0, 1, 2),
        "33.74",
        code(TEMBALANG, 1, 2),
    ]


def test_a_later_decision_replaces_the_first_which_stays_known(url: str, tmp_path: Path) -> None:
    _load(url, tmp_path, [AMBIGUOUS])
    part = answer("undecided", "--database", url)["rows"][0]["area_part"]
    run("decide", part, code(0, 1, 2), "--by", "kec", "--database", url)
    with open_store(url) as store:
        first_moment = store.read("select max(decided_at) as at from address_decision")["at"][
            0
        ].as_py()
    run("decide", part, "none", "--by", "kec", "--database", url)
    with open_store(url) as store:
        ground = RecordBoundaries(small_city(), "coordinates")
        assert line_list(store, ground)["area"].tolist() == ["33.74"]
        assert line_list(store, ground, first_moment)["area"].tolist() == [code(0, 1, 2)]


@pytest.mark.parametrize(
    ("part", "area_code", "by", "error"),
    [
        ("Jl. Mawar 5", code(0, 1, 2), "kec", "no-such-address"),
        (None, "33.74.99.1001", "kec", "no-such-area"),
        (None, code(0, 1, 2), "  ", "no-decider"),
    ],
)
def test_an_invalid_decision_is_not_kept(
    url: str, tmp_path: Path, part: str | None, area_code: str, by: str, error: str
) -> None:
    _load(url, tmp_path, [AMBIGUOUS])
    undecided_part = answer("undecided", "--database", url)["rows"][0]["area_part"]
    result = run(
        "decide", part or undecided_part, area_code, "--by", by, "--database", url, status=1
    )
    assert f"[{error}]" in result.output
    with open_store(url) as store:
        assert store.read("select * from address_decision").num_rows == 0


def test_a_row_with_more_cells_than_headings_is_not_read(url: str, tmp_path: Path) -> None:
    file, placed = tmp_path / "list.csv", tmp_path / "placed.csv"
    line = "RT 2 RW 1 Kel. Tembalang"
    file.write_text(f"nama,alamat\nSiti,{line}\nBudi,{line},Kec. Tugu\n")
    run(file, "--column", "alamat", "--database", url, "--output", placed)
    assert read_table(placed).cells["certainty"].to_pylist() == ["certain", "unknown"]
