"""Read and write tables."""

import csv
import io
import os
import string
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from geodata.errors import InputError, MikrozonasiError, NotFoundError, RecordError
from geodata.tables import Sheet, read_table, sheet_from_frame, write_table

Cells = list[list[str | None]]
TMP = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def _rows(sheet: Sheet) -> Cells:
    return [list(row) for row in zip(*(c.to_pylist() for c in sheet.cells.columns), strict=True)]


def _moment(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(2021, month, day, hour, minute)  # noqa: DTZ001  (spreadsheets have no zone)


def _write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# Text that begins like a formula has tests of its own below.
typed_text = (
    st.text(alphabet=string.printable[:95] + "é\n", max_size=12)
    .map(str.strip)
    .filter(lambda cell: not cell.startswith(("'", "=", "+", "-", "@")))
    # A line in a cell that is a complete row by itself is read as a row.
    .filter(lambda cell: cell.count("\n") < 2)
)


@TMP
@given(
    cells=st.lists(st.lists(typed_text, min_size=3, max_size=3), min_size=1, max_size=6),
    delimiter=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_a_csv_of_any_delimiter_and_encoding_gives_the_written_cells(
    cells: list[list[str]], delimiter: str, encoding: str, ending: str, tmp_path: Path
) -> None:
    # A row whose only text is a first cell with the delimiter is read as a row quoted as a whole.
    assume(not any(delimiter in row[0] and not any(row[1:]) for row in cells))
    cells[0][0] = "x"  # at least one row is not blank
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ending)
    writer.writerows([["a", "b", "c"], *cells])
    path = _write(tmp_path / "t.csv", text.getvalue().encode(encoding))
    expected = [[cell or None for cell in row] for row in cells if any(row)]
    assert _rows(read_table(path)) == expected


def test_an_address_with_a_comma_and_a_line_break_is_one_cell(tmp_path: Path) -> None:
    # Each line of the row has as many commas as a whole row.
    path = _write(tmp_path / "t.csv", 'a,b,c\n"Jl. A, 3","RT 1\nRW 2","y, z"\nq,r,s\n')
    assert _rows(read_table(path)) == [["Jl. A, 3", "RT 1\nRW 2", "y, z"], ["q", "r", "s"]]


def test_rows_have_their_line_numbers_and_blank_rows_are_dropped(tmp_path: Path) -> None:
    path = _write(tmp_path / "t.csv", "a,b\n1,2\n\n,\n3,4\n")
    sheet = read_table(path)
    assert sheet.rows.tolist() == [2, 5]
    assert _rows(sheet) == [["1", "2"], ["3", "4"]]


def test_a_row_with_too_many_cells_is_marked_and_a_short_row_is_filled(
    tmp_path: Path,
) -> None:
    sheet = read_table(_write(tmp_path / "t.csv", "a,b\n1,2,3\n4\n5,6,\n"))
    assert sheet.misaligned.tolist() == [True, False, False]
    assert _rows(sheet) == [["1", "2"], ["4", None], ["5", "6"]]


GOOD_ROWS = [["1", "x", "u"], ["2", "y", "v"], ["3", "z", "w"]]


@pytest.mark.parametrize("position", [1, 2, 3])
@pytest.mark.parametrize(
    "faulty_lines",
    [
        ['9,"x,u'],  # left open
        ['9,x","u'],
        ['9,"a "b" c",u'],  # marks inside a quoted cell
        ['8,"x,u', '9,"y,v'],  # two open marks, which do not form a cell
    ],
    ids=ascii,
)
def test_an_unclosed_quotation_mark_is_a_fault_of_its_own_row_only(
    faulty_lines: list[str], position: int, tmp_path: Path
) -> None:
    lines = ["a,b,c", *(",".join(row) for row in GOOD_ROWS)]
    lines[position:position] = faulty_lines
    sheet = read_table(_write(tmp_path / "t.csv", "\n".join(lines)))
    faulty = sheet.misaligned
    assert sheet.rows[faulty].tolist() == [position + 1 + k for k in range(len(faulty_lines))]
    assert set(sheet.faults) == set(sheet.rows[faulty].tolist())
    assert [row for row, fault in zip(_rows(sheet), faulty, strict=True) if not fault] == GOOD_ROWS


def test_a_quotation_mark_in_the_middle_of_an_unquoted_cell_is_plain_text(tmp_path: Path) -> None:
    text = 'a,b,c\n1,5" pipe,x\n2,Jl "B" 3,y\n3,"z",w\n'
    sheet = read_table(_write(tmp_path / "t.csv", text))
    assert _rows(sheet) == [["1", '5" pipe', "x"], ["2", 'Jl "B" 3', "y"], ["3", "z", "w"]]


def test_a_row_between_the_quotation_marks_of_two_rows_is_read(tmp_path: Path) -> None:
    text = 'a,b,c\n1,"x,u\n2,y,v\n3,z",w\n4,q,r\n'
    sheet = read_table(_write(tmp_path / "t.csv", text))
    assert sheet.rows[sheet.misaligned].tolist() == [2]
    good = [row for row, bad in zip(_rows(sheet), sheet.misaligned, strict=True) if not bad]
    assert good == [["2", "y", "v"], ["3", 'z"', "w"], ["4", "q", "r"]]


def test_a_quoted_cell_may_span_lines_in_a_file_with_a_faulty_row(tmp_path: Path) -> None:
    text = 'a,b,c\n1,"Jl A\nNo 2",x\n2,"open,y\n3,"Jl ""B""\n\nNo 3",z\n'
    sheet = read_table(_write(tmp_path / "t.csv", text))
    good = [row for row, bad in zip(_rows(sheet), sheet.misaligned, strict=True) if not bad]
    assert good == [["1", "Jl A\nNo 2", "x"], ["3", 'Jl "B"\n\nNo 3', "z"]]
    assert sheet.rows.tolist() == [2, 4, 5]


def test_headings_with_an_unclosed_quotation_mark_are_refused(tmp_path: Path) -> None:
    path = _write(tmp_path / "t.csv", '"a,b\n1,x\n2,y\n')
    with pytest.raises(RecordError, match="line 1 that does not close") as error:
        read_table(path)
    assert error.value.code == "unreadable"


@pytest.mark.parametrize(
    "text",
    [
        '"a,b,c"\n"1,x,u"\n"2,y,v"\n"3,z,w"\n',
        'a,b,c\n"1,x,u"\n"2,y,v"\n3,z,w\n',
        'a,b,c\n"1,x,u",,\n"2,y,v",,\n"3,z,w",,\n',
        '"a,b,c"\n"1,""x"",u"\n"2,y,v"\n"3,z,w"',
        '"a;b;c"\r\n"1;x;u"\r\n"2;y;v"\r\n"3;z;w"\r\n',
    ],
    ids=ascii,
)
def test_rows_that_are_quoted_as_a_whole_are_split_into_cells(text: str, tmp_path: Path) -> None:
    sheet = read_table(_write(tmp_path / "t.csv", text))
    assert sheet.cells.column_names == ["a", "b", "c"]
    assert _rows(sheet) == GOOD_ROWS
    assert not sheet.misaligned.any()


def test_a_zero_byte_in_a_text_is_dropped_and_many_zero_bytes_are_refused(
    tmp_path: Path,
) -> None:
    filler = "x" * 200
    sheet = read_table(_write(tmp_path / "t.csv", f"a,b\nJl\0 Mawar,{filler}\n"))
    assert _rows(sheet) == [["Jl Mawar", filler]]
    with pytest.raises(RecordError, match="not text from line 2 on"):
        read_table(_write(tmp_path / "u.csv", b"a,b\n1,\0\0\x01\n"))


def test_headings_may_repeat(tmp_path: Path) -> None:
    sheet = read_table(_write(tmp_path / "t.csv", "a,a\n1,2\n"))
    assert sheet.cells.column_names == ["a", "a"]
    assert _rows(sheet) == [["1", "2"]]


def test_a_spreadsheet_gives_iso_dates_typed_numbers_and_the_first_sheet_with_rows(
    tmp_path: Path,
) -> None:
    book = openpyxl.Workbook()
    book.active.title = "empty"  # type: ignore[union-attr]
    page = book.create_sheet("list")
    page.append([])
    page.append(["rt", "day", "moment", "number", "text"])
    page.append([2, date(2021, 9, 9), _moment(9, 9, 7, 30), 110.42, "002"])
    book.save(tmp_path / "t.xlsx")
    sheet = read_table(tmp_path / "t.xlsx")
    assert sheet.rows.tolist() == [3]
    assert _rows(sheet) == [["2", "2021-09-09", "2021-09-09 07:30:00", "110.42", "002"]]


def test_a_sixteen_digit_number_of_a_spreadsheet_has_an_exponent(
    tmp_path: Path,
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["nik"])  # type: ignore[union-attr]
    book.active.append([3000000000000010.0])  # type: ignore[union-attr]
    book.save(tmp_path / "t.xlsx")
    [[cell]] = _rows(read_table(tmp_path / "t.xlsx"))
    assert cell is not None
    assert "E+" in cell


def test_parquet_gives_integers_without_decimals_and_moments_with_offset(tmp_path: Path) -> None:
    table = pa.table(
        {
            "nik": pa.array([3000000000000017.0, None], pa.float64()),
            "at": pa.array([_moment(9, 8, 18, 0), None], pa.timestamp("us", tz="UTC")),
            "day": pa.array([None, date(2021, 9, 9)]),
            "kel": pa.array(["A", "B"]).dictionary_encode(),
            "lon": [110.5, 1.0],
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    assert _rows(read_table(tmp_path / "t.parquet")) == [
        ["3000000000000017", "2021-09-08 18:00:00.000000Z", None, "A", "110.5"],
        [None, None, "2021-09-09", "B", "1"],
    ]


def test_geojson_points_become_lon_and_lat(tmp_path: Path) -> None:
    points = gpd.GeoDataFrame(
        {"id": ["a", "b"], "lat": ["north", "south"]},
        geometry=shapely.from_wkt(["POINT (110.4 -7.1)", None]),
        crs="EPSG:4326",
    )
    points.to_file(tmp_path / "t.geojson", driver="GeoJSON")
    sheet = read_table(tmp_path / "t.geojson")
    assert sheet.cells.column_names == ["lon", "lat", "id"]
    assert _rows(sheet) == [["110.4", "-7.1", "a"], [None, None, "b"]]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("missing.csv", None, "no-file"),
        ("empty.csv", b"", "empty-file"),
        ("blank.csv", b"\xef\xbb\xbf \n\n", "empty-file"),
        ("headings.csv", b"nik,status\n", "empty-file"),
        ("picture.png", b"\x89PNG\r\n", "unreadable"),
        ("sheet.csv", b"PK\x03\x04....", "unreadable"),
        ("binary.csv", b"a,b\n\0\0\0,1\n", "unreadable"),
        ("text.xlsx", b"a,b\n1,2\n", "unreadable"),
        ("broken.xlsx", b"PK\x03\x04....", "unreadable"),
        ("broken.parquet", b"PAR1....", "unreadable"),
        ("broken.geojson", b"{", "unreadable"),
        ("list.json", b"[1, 2]", "unreadable"),
        (
            "utm.geojson",
            b'{"features":[],"crs":{"properties":{"name":"urn:ogc:def:crs:EPSG::32749"}}}',
            "unreadable",
        ),
        ("nothing.geojson", b'{"type":"FeatureCollection","features":[]}', "empty-file"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_the_reason(
    name: str, content: bytes | None, code: str, tmp_path: Path
) -> None:
    if content is not None:
        _write(tmp_path / name, content)
    with pytest.raises(MikrozonasiError) as error:
        read_table(tmp_path / name)
    assert error.value.code == code
    assert isinstance(error.value, NotFoundError if code == "no-file" else RecordError)
    assert error.value.message.endswith(".")


ATTACKS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "=cmd|' /C calc'!A0",
    "'=1+1",
    " =1+1",
    "\n=1+1",
]
ATTACKS += ["\uff1d1+1", "\uff0b1", "\uff0d1+1", "\uff20SUM(A1)"]


def _csv_cells(path: Path) -> Cells:
    with path.open(newline="") as file:
        return [list(row) for row in csv.reader(file)]


def _xlsx_cells(path: Path) -> Cells:
    page = openpyxl.load_workbook(path).active
    assert page is not None
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    return [[None if c is None else str(c) for c in row] for row in page.values]


@pytest.mark.parametrize(("ending", "cells_of"), [(".csv", _csv_cells), (".xlsx", _xlsx_cells)])
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_spreadsheet_runs_no_formula_from_a_cell_or_a_heading(
    ending: str, cells_of: Callable[[Path], Cells], attack: str, tmp_path: Path
) -> None:
    path = tmp_path / f"t{ending}"
    write_table(pd.DataFrame({attack: [attack, "Jl. Mawar"]}), path)
    for row in cells_of(path):
        for cell in row:
            assert cell is not None
            assert cell.startswith("'") or cell == "Jl. Mawar"


@TMP
@given(cells=st.lists(st.sampled_from([*ATTACKS, "-7.05", "+62", "a", "''=x"]), min_size=1))
def test_reading_removes_the_apostrophe_before_a_formula(cells: list[str], tmp_path: Path) -> None:
    for ending in (".csv", ".xlsx"):
        write_table(pd.DataFrame({"a": cells}), tmp_path / f"t{ending}")
        rows = _rows(read_table(tmp_path / f"t{ending}"))
        assert [cell for (cell,) in rows] == [cell.strip() for cell in cells]


def test_a_negative_number_typed_as_text_stays_a_number(tmp_path: Path) -> None:
    write_table(pd.DataFrame({"lat": ["-7.05"]}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text() == "lat\n-7.05\n"


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_the_same_table_gives_the_same_bytes(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = pd.DataFrame({"n": [1, 2], "day": [date(2021, 9, 9), None], "t": ["a", None]})
    write_table(frame, tmp_path / f"first{ending}")
    monkeypatch.setattr("time.time", lambda: 2e9)
    write_table(frame, tmp_path / f"second{ending}")
    assert (tmp_path / f"first{ending}").read_bytes() == (tmp_path / f"second{ending}").read_bytes()


@pytest.mark.parametrize("lxml", ["True", "False"])
def test_a_spreadsheet_contains_no_moment_of_writing(lxml: str, tmp_path: Path) -> None:
    # openpyxl uses lxml if it is installed, and decides that at import.
    program = (
        "import sys, pathlib, pandas; from geodata.tables import write_table;"
        "write_table(pandas.DataFrame({'n': [1]}), pathlib.Path(sys.argv[1]))"
    )
    subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "t.xlsx")],
        env={**os.environ, "OPENPYXL_LXML": lxml},
        check=True,
    )
    with zipfile.ZipFile(tmp_path / "t.xlsx") as book:
        assert {entry.date_time[0] for entry in book.infolist()} == {1980}
        assert str(date.today().year).encode() not in book.read("docProps/core.xml")  # noqa: DTZ011


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_an_arrow_table_with_missing_numbers_keeps_integers(ending: str, tmp_path: Path) -> None:
    table = pa.table({"rt": pa.array([1, None], pa.int64()), "t": ["a", "b"]})
    write_table(table, tmp_path / f"t{ending}")
    assert _rows(read_table(tmp_path / f"t{ending}")) == [["1", "a"], [None, "b"]]


def test_an_unknown_format_or_folder_is_an_error_and_writes_nothing(tmp_path: Path) -> None:
    frame = pd.DataFrame({"n": [1]})
    with pytest.raises(InputError, match=r"\.csv, \.xlsx or \.parquet") as error:
        write_table(frame, tmp_path / "t.pdf")
    assert error.value.code == "unknown-format"
    with pytest.raises(InputError, match="folder") as error:
        write_table(frame, tmp_path / "none" / "t.csv")
    assert error.value.code == "no-folder"
    assert list(tmp_path.iterdir()) == []


def test_a_frame_in_memory_becomes_a_sheet() -> None:
    sheet = sheet_from_frame(pd.DataFrame({"a": [1, None], "b": ["x", " y "]}))
    assert _rows(sheet) == [["1", "x"], [None, "y"]]
    assert sheet.rows.tolist() == [2, 3]
