"""Extraction of records from the spreadsheets of offices: headings, and rows of records."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from geodata.errors import RecordError
from geodata.records import CASES
from geodata.records.layout.record_extraction import ExtractedRecords, extract_records
from geodata.records.layout.source import Source
from geodata.tables import read_pages

HEADINGS = ["No", "Nama", "Status", "Tgl konfirmasi", "RT", "RW", "Kelurahan"]
ROWS: list[list[Any]] = [
    [1, "Ani", "Konfirmasi", date(2021, 9, 1), "002", 1, "Tembalang"],
    [2, "Budi", "Suspek", None, 3, "II", "Tembalang"],
]
Rows = Sequence[Sequence[Any]]


def _page(rows: Rows, page: Worksheet | None = None) -> Worksheet:
    if page is None:
        page = openpyxl.Workbook().active
    assert isinstance(page, Worksheet)
    for row in rows:
        page.append(list(row))
    return page


def _saved(page: Worksheet, path: Path) -> Path:
    book = page.parent
    assert book is not None
    book.save(path)
    return path


def _arranged(page: Worksheet, folder: Path, source: Source | None = None) -> ExtractedRecords:
    return extract_records(read_pages(_saved(page, folder / "t.xlsx")), CASES, source=source)


def _names(arranged: ExtractedRecords) -> list[str | None]:
    position = arranged.sheet.cells.column_names.index("Nama")
    names: list[str | None] = arranged.sheet.cells.column(position).to_pylist()
    return names


def _column(arranged: ExtractedRecords, heading: str) -> list[str | None]:
    position = arranged.sheet.cells.column_names.index(heading)
    cells: list[str | None] = arranged.sheet.cells.column(position).to_pylist()
    return cells


TITLES: list[list[Any]] = [
    ["LAPORAN HARIAN KASUS COVID-19"],
    ["Puskesmas: Contoh"],
    [],
    ["Tanggal", "9/9/2021"],
]
SIGNATURE = [[], [None, "Semarang, 9 September 2021"], [None, "Kepala Puskesmas"], [None, "ttd"]]


def test_titles_blank_rows_totals_and_signatures_are_no_records(
    tmp_path: Path,
) -> None:
    rows: list[Any] = [*TITLES, HEADINGS, ROWS[0], [], ROWS[1], ["Jumlah", 2], *SIGNATURE]
    arranged = _arranged(_page(rows), tmp_path)
    assert _names(arranged) == ["Ani", "Budi"]
    assert arranged.sheet.rows.tolist() == [6, 8]
    assert arranged.left_out == {"rows-left-out": 4}


def test_column_numbers_and_repeated_headings_are_no_records(
    tmp_path: Path,
) -> None:
    figures = [f"({k})" for k in range(1, 8)]
    arranged = _arranged(_page([HEADINGS, figures, ROWS[0], HEADINGS, ROWS[1]]), tmp_path)
    assert _names(arranged) == ["Ani", "Budi"]


def test_an_incomplete_row_is_no_total(tmp_path: Path) -> None:
    incomplete = [3, "Candra", None, None, 1, 1, "Tembalang"]
    arranged = _arranged(_page([HEADINGS, ROWS[0], incomplete, ROWS[1], incomplete]), tmp_path)
    assert _names(arranged) == ["Ani", "Candra", "Budi", "Candra"]
    assert arranged.left_out == {}


def test_headings_in_two_rows_are_joined(tmp_path: Path) -> None:
    upper = ["No", "Nama", "Status", "Tanggal", None, "Alamat domisili", None, None, "Alamat KTP"]
    lower = [None, None, None, "onset", "konfirmasi", "RT", "RW", "Kelurahan", "RT"]
    row = [1, "Ani", "Konfirmasi", date(2021, 8, 30), date(2021, 9, 1), 2, 1, "Tembalang", 7]
    page = _page([["DAFTAR KASUS"], upper, lower, row])
    for cells in ("A1:I1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:H2"):
        page.merge_cells(cells)
    arranged = _arranged(page, tmp_path)
    assert arranged.sheet.cells.num_rows == 1
    assert _column(arranged, "Tanggal konfirmasi") == ["2021-09-01"]
    assert _column(arranged, "Tanggal onset") == ["2021-08-30"]
    assert _column(arranged, "RT domisili") == ["2"]
    assert _column(arranged, "RT KTP") == ["7"]


def test_headings_in_two_rows_of_a_csv_are_joined(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("No;Status;Tanggal;\n;;onset;konfirmasi\n1;positif;30/8/2021;1/9/2021\n")
    arranged = extract_records(read_pages(path), CASES)
    assert _column(arranged, "Tanggal konfirmasi") == ["1/9/2021"]


def test_a_merged_cell_has_its_value_in_every_row_that_it_spans(
    tmp_path: Path,
) -> None:
    rows = [[*ROWS[0][:6], "Tembalang"], [*ROWS[1][:6], None], [*ROWS[1][:6], None]]
    page = _page([HEADINGS, *rows])
    page.merge_cells("G2:G3")
    assert _column(_arranged(page, tmp_path), "Kelurahan") == ["Tembalang", "Tembalang", None]


def test_the_visible_sheet_with_known_headings_is_used(
    tmp_path: Path,
) -> None:
    page = _page([["Petunjuk"], ["Isi semua kolom"]])
    book = page.parent
    assert isinstance(book, openpyxl.Workbook)
    _page([HEADINGS, *ROWS], book.create_sheet("Data"))
    hidden = _page([HEADINGS, [9, "Hantu", *ROWS[0][2:]]], book.create_sheet("Lama"))
    hidden.sheet_state = "hidden"
    assert _names(_arranged(page, tmp_path)) == ["Ani", "Budi"]


def test_sheets_with_equal_headings_are_one_list_and_other_sheets_are_counted(
    tmp_path: Path,
) -> None:
    page = _page([HEADINGS, ROWS[0]])
    book = page.parent
    assert isinstance(book, openpyxl.Workbook)
    _page([["Minggu 2"], HEADINGS, ROWS[1]], book.create_sheet("Minggu 2"))
    _page([["Status", "Jumlah"], ["Konfirmasi", 2]], book.create_sheet("Rekap"))
    arranged = _arranged(page, tmp_path)
    assert _names(arranged) == ["Ani", "Budi"]
    assert arranged.left_out == {"sheets-left-out": 2}


def test_a_hidden_sheet_is_used_if_the_source_names_it(tmp_path: Path) -> None:
    page = _page([HEADINGS, ROWS[0]])
    book = page.parent
    assert isinstance(book, openpyxl.Workbook)
    _page([HEADINGS, ROWS[1]], book.create_sheet("Lama")).sheet_state = "hidden"
    named = Source(title="-", kind="cases", sheet="lama")
    assert _names(_arranged(page, tmp_path, named)) == ["Budi"]
    with pytest.raises(RecordError, match=r"no sheet Baru\. It has: Sheet, Lama") as error:
        _arranged(page, tmp_path, named.with_sheet("Baru"))
    assert error.value.code == "no-sheet"


def test_numbers_dates_texts_and_errors_in_cells_become_text(tmp_path: Path) -> None:
    page = _page([["Status", "Tgl konfirmasi", "RT", "RW", "Kelurahan"]])
    page.append(["positif", 44440, "003", 5, "x"])
    page.append(["positif", datetime(2021, 9, 9, 13, 5), 3.0, "5", "x"])  # noqa: DTZ001
    page.append(["positif", "9/9/2021", "#N/A", None, "x"])
    broken = page["E4"]
    assert isinstance(broken, Cell)
    broken.value, broken.data_type = "#REF!", "e"
    arranged = _arranged(page, tmp_path)
    assert _column(arranged, "Tgl konfirmasi") == ["44440", "2021-09-09 13:05:00", "9/9/2021"]
    assert _column(arranged, "RT") == ["003", "3", None]
    assert _column(arranged, "Kelurahan") == ["x", "x", None]


def test_a_formula_is_its_stored_value(tmp_path: Path) -> None:
    path = _saved(_page([["Status", "Tgl konfirmasi"], ["positif", "=1+1"]]), tmp_path / "t.xlsx")
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for name, part in parts.items():
            empty = re.compile(rb"(<f>1\+1</f>)(<v ?/>|<v></v>)")
            book.writestr(name, empty.sub(rb"\1<v>44440</v>", part))
    arranged = extract_records(read_pages(path), CASES)
    assert _column(arranged, "Tgl konfirmasi") == ["44440"]


def test_dates_of_a_workbook_with_the_1904_date_system_are_read(tmp_path: Path) -> None:
    page = _page([["Status", "Tgl konfirmasi"], ["positif", date(2021, 9, 9)]])
    book = page.parent
    assert isinstance(book, openpyxl.Workbook)
    book.epoch = CALENDAR_MAC_1904
    page["B2"] = date(2021, 9, 9)
    assert _column(_arranged(page, tmp_path), "Tgl konfirmasi") == ["2021-09-09"]


def test_a_source_may_give_the_row_of_the_headings(tmp_path: Path) -> None:
    rows: list[Any] = [
        ["Status", "Tgl konfirmasi", "Nama"],
        ["Konfirmasi", "x", "Contoh"],
        HEADINGS,
        *ROWS,
    ]
    source = Source(title="-", kind="cases", heading_row=3)
    arranged = _arranged(_page(rows), tmp_path, source)
    assert _names(arranged) == ["Ani", "Budi"]


def test_a_csv_with_a_separator_line_and_titles_with_another_delimiter_is_read(
    tmp_path: Path,
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("sep=;\nLaporan, 9 September, Semarang\nStatus;RT;Nama\npositif;2;Ani\n")
    arranged = extract_records(read_pages(path), CASES)
    assert _names(arranged) == ["Ani"]
    assert arranged.sheet.rows.tolist() == [4]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_csv_in_utf_16_without_a_byte_order_mark_is_read(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("Status,Nama\npositif,Ani\n".encode(encoding))
    assert _names(extract_records(read_pages(path), CASES)) == ["Ani"]


# --- unusable files ------------------------------------------------------------------------


def _xlsx(rows: Rows) -> bytes:
    content = io.BytesIO()
    book = _page(rows).parent
    assert isinstance(book, openpyxl.Workbook)
    book.save(content)
    return content.getvalue()


def _zip(name: str, text: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, text)
    return content.getvalue()


def _far_cell() -> bytes:
    content = io.BytesIO()
    page = _page([HEADINGS, *ROWS])
    page["XFD1048576"] = "x"
    book = page.parent
    assert isinstance(book, openpyxl.Workbook)
    book.save(content)
    return content.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
BROKEN: dict[str, tuple[str, Callable[[], bytes], str, str]] = {
    "encrypted": (
        "t.xlsx",
        lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
        "unreadable",
        "password",
    ),
    "no workbook": ("t.xlsx", lambda: _zip("a.txt", "x"), "unreadable", "no workbook"),
    "a document": (
        "t.xlsx",
        lambda: _zip("word/document.xml", "<w/>"),
        "unreadable",
        "no workbook",
    ),
    "cut off": ("t.xlsx", lambda: _xlsx([HEADINGS, *ROWS])[:3000], "unreadable", "damaged"),
    "a web page": ("t.xls", lambda: b"<html><table>", "unreadable", "a web page"),
    "a web page as CSV": ("t.csv", lambda: b"<!DOCTYPE html><p>", "unreadable", "a web page"),
    "text": ("t.xlsx", lambda: b"Status,RT\npositif,1\n", "unreadable", "plain text"),
    "a picture": ("t.xlsx", lambda: b"\x89PNG\r\n\x1a\n\0\0", "unreadable", "a picture"),
    "no cell": ("t.xlsx", lambda: _xlsx([]), "empty-file", "no rows"),
    "only headings": ("t.xlsx", lambda: _xlsx([HEADINGS]), "empty-file", "no record"),
    "only totals": ("t.xlsx", lambda: _xlsx([HEADINGS, ["Total", 0]]), "empty-file", "no record"),
    "other headings": (
        "t.xlsx",
        lambda: _xlsx([["Merek", "Harga"], ["X", 1]]),
        "no-usable-columns",
        "Merek, Harga",
    ),
    "a far cell": ("t.xlsx", _far_cell, "too-large", "stray cell"),
    "old and broken": ("t.xls", lambda: OLE, "unreadable", "damaged"),
    "macros without a book": ("t.xlsb", lambda: _zip("a.bin", "x"), "unreadable", "no workbook"),
    "an open quote": ("t.csv", lambda: b'"Status,RT\nx,1\n', "unreadable", "line 1"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_with_the_reason(case: str, tmp_path: Path) -> None:
    name, content, code, reason = BROKEN[case]
    (tmp_path / name).write_bytes(content())
    with pytest.raises(RecordError, match=reason) as error:
        extract_records(read_pages(tmp_path / name), CASES)
    assert error.value.code == code
    assert error.value.message.endswith(".")


def test_a_million_blank_formatted_rows_do_not_matter(tmp_path: Path) -> None:
    page = _page([HEADINGS, *ROWS])
    page.row_dimensions[1_048_576].height = 12
    assert _names(_arranged(page, tmp_path)) == ["Ani", "Budi"]
