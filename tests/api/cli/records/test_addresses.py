"""The commands on addresses: what they write, list and keep."""

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
from zoning.placing.record_boundaries import RecordGround
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
    found = json.loads(run(*arguments, "--json").stdout)
    assert isinstance(found, dict)
    return found


@pytest.fixture
def url(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    found = new_database()
    with open_store(found) as store:
        save_boundaries(store, small_city(), "by hand", {})
    return found


def written(path: Path, lines: Sequence[tuple[str, str, str]] = LINES) -> Path:
    write_table(pd.DataFrame(list(lines), columns=["nama", "nik", "alamat"]), path)
    return path


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_row_and_column_comes_back_with_how_it_was_read(
    url: str, tmp_path: Path, kind: str
) -> None:
    file, placed = written(tmp_path / f"list.{kind}"), tmp_path / f"placed.{kind}"
    said = run(file, "--column", "Alamat", "--database", url, "--output", placed)
    assert NIK not in said.output
    found = read_table(placed).cells.to_pydict()
    assert list(found) == ["nama", "nik", "alamat", "code", "certainty", "reading", "candidates"]
    assert found["nama"] == [line[0] for line in LINES]
    assert found["nik"] == [line[1] or None for line in LINES]
    certainties = ["certain", "ambiguous", "partial", "outside", "unknown"]
    assert found["certainty"] == certainties
    home = VILLAGES[TEMBALANG].code
    assert found["code"] == [code(TEMBALANG, 1, 2), None, home, None, None]
    assert found["candidates"][1] == f"{code(1, 1, 2)} {code(0, 1, 2)}"
    assert "RT 002 RW 001" in found["reading"][0]


def test_what_somebody_typed_into_a_name_is_no_formula(url: str, tmp_path: Path) -> None:
    placed = tmp_path / "placed.csv"
    file = written(tmp_path / "list.csv")
    run(file, "--column", "alamat", "--database", url, "--output", placed)
    assert "\n'=1+1," in placed.read_text()


def test_columns_beside_the_address_are_read_too(url: str, tmp_path: Path) -> None:
    file, placed = tmp_path / "list.csv", tmp_path / "placed.csv"
    rows = {"Alamat": ["Jl. Mawar 5"], "RT/RW": ["002/001"], "Kel": ["Tembaleng"], "code": ["x"]}
    pd.DataFrame(rows).to_csv(file, index=False)
    also = ("--also", "rt=RT/RW", "--also", "kelurahan=Kel")
    run(file, "--column", "alamat", *also, "--database", url, "--output", placed)
    found = read_table(placed).cells.to_pydict()
    assert found["code"] == ["x"]
    assert found["code_read"] == [code(TEMBALANG, 1, 2)]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("list.csv", "--column", "address"), "missing-column"),
        (("none.csv", "--column", "alamat"), "no-file"),
        (("list.csv", "--column", "alamat", "--also", "nik=nik"), "no-such-field"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence_without_a_record(
    url: str, tmp_path: Path, arguments: tuple[str, ...], error: str
) -> None:
    written(tmp_path / "list.csv")
    placed = tmp_path / "placed.csv"
    file, *rest = arguments
    said = run(tmp_path / file, *rest, "--database", url, "--output", placed, status=1)
    assert said.output.strip().endswith(f"[{error}]")
    assert NIK not in said.output
    assert not placed.exists()


def _load(url: str, folder: Path, lines: Sequence[str]) -> None:
    rows = [
        {"id": str(k), "alamat": line, "status": "konfirmasi", "tgl konfirmasi": "2021-06-01"}
        for k, line in enumerate(lines)
    ]
    pd.DataFrame(rows).to_csv(folder / "cases.csv", index=False)
    with open_store(url) as store:
        load_records(store, "cases", folder / "cases.csv")


def test_an_ambiguous_address_is_listed_decided_once_and_stays_decided(
    url: str, tmp_path: Path
) -> None:
    same = "Gg. Melati, Kel. Purwosari rt.02/rw.01"
    other = "RT 3 RW 1 Purwosari"
    _load(url, tmp_path, [AMBIGUOUS, same, other, "Kel. Tembalang RT 2 RW 1"])
    listed = answer("undecided", "--database", url)
    assert [row["records"] for row in listed["rows"]] == [2, 1]
    assert "Kenanga" not in json.dumps(listed)

    part = listed["rows"][0]["area_part"]
    decided = answer("decide", part, code(0, 1, 2), "--by", "Puskesmas Mijen", "--database", url)
    assert decided["records"] == 2
    assert answer("undecided", "--database", url)["undecided"] == 1
    with open_store(url) as store:
        placed = line_list(store, RecordGround(small_city(), "coordinates"))
    assert placed["area"].tolist() == [
        code(0, 1, 2),
        code(0, 1, 2),
        "33.74",
        code(TEMBALANG, 1, 2),
    ]


def test_a_decision_is_taken_back_by_a_later_one_and_the_first_is_still_known(
    url: str, tmp_path: Path
) -> None:
    _load(url, tmp_path, [AMBIGUOUS])
    part = answer("undecided", "--database", url)["rows"][0]["area_part"]
    run("decide", part, code(0, 1, 2), "--by", "kec", "--database", url)
    with open_store(url) as store:
        before = store.read("select max(decided_at) as at from address_decision")["at"][0].as_py()
    run("decide", part, "none", "--by", "kec", "--database", url)
    with open_store(url) as store:
        ground = RecordGround(small_city(), "coordinates")
        assert line_list(store, ground)["area"].tolist() == ["33.74"]
        assert line_list(store, ground, before)["area"].tolist() == [code(0, 1, 2)]


@pytest.mark.parametrize(
    ("part", "chosen", "by", "error"),
    [
        ("Jl. Mawar 5", code(0, 1, 2), "kec", "no-such-address"),
        (None, "33.74.99.1001", "kec", "no-such-area"),
        (None, code(0, 1, 2), "  ", "no-decider"),
    ],
)
def test_a_decision_that_cannot_hold_is_not_kept(
    url: str, tmp_path: Path, part: str | None, chosen: str, by: str, error: str
) -> None:
    _load(url, tmp_path, [AMBIGUOUS])
    waiting = answer("undecided", "--database", url)["rows"][0]["area_part"]
    said = run("decide", part or waiting, chosen, "--by", by, "--database", url, status=1)
    assert f"[{error}]" in said.output
    with open_store(url) as store:
        assert store.read("select * from address_decision").num_rows == 0


def test_a_row_with_more_cells_than_headings_is_not_read(url: str, tmp_path: Path) -> None:
    file, placed = tmp_path / "list.csv", tmp_path / "placed.csv"
    line = "RT 2 RW 1 Kel. Tembalang"
    file.write_text(f"nama,alamat\nSiti,{line}\nBudi,{line},Kec. Tugu\n")
    run(file, "--column", "alamat", "--database", url, "--output", placed)
    assert read_table(placed).cells["certainty"].to_pylist() == ["certain", "unknown"]
