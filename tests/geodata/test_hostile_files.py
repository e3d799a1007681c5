"""Hostile files are refused before they expand; the cost of reading follows the size of a file."""

import csv
import io
import sys
import zipfile
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pyarrow as pa
import pytest

from benchmarks.hostile import files
from benchmarks.hostile import spreadsheets as books
from geodata.errors import RecordError
from geodata.houses.reader import HouseReader
from geodata.records import CASES
from geodata.records.layout.record_extraction import ExtractedRecords, extract_records
from geodata.records.parsing.amounts import read_stocks
from geodata.records.parsing.coded_values import parse_word
from geodata.records.parsing.dates import parse_date
from geodata.records.parsing.moments import parse_moment
from geodata.tables import content_pages, limits, quoting, spreadsheets
from geodata.tables.limits import MAX_CELL_CHARACTERS, MAX_COLUMNS
from geodata.tables.pages import Page
from tests.zones import JAKARTA

HEADINGS = "No Kasus,Alamat,RT,RW,Kelurahan,Status,Tanggal Konfirmasi\n"
RECORD = "K-{n},Jl Mawar {n},1,1,Melati,Konfirmasi,2021-07-01\n"


def records_of(content: bytes, ending: str = ".csv") -> ExtractedRecords:
    return extract_records(content_pages(content, f"list{ending}"), CASES)


def python_calls(call: Callable[[], object]) -> int:
    """Number of calls of functions of Python and of its libraries: a measure of work, not time."""
    count = 0

    def step(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(step)
    try:
        call()
    finally:
        sys.setprofile(None)
    return count


def workbook_with_row(row: str) -> bytes:
    """A workbook of one cell and one more row."""
    content = io.BytesIO()
    first = '<row r="1"><c r="A1"><v>1</v></c></row>'
    with (
        zipfile.ZipFile(io.BytesIO(books.a_shared_text_as_long_as_is_read())) as template,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as book,
    ):
        for part in template.namelist():
            if not part.startswith("xl/worksheets/"):
                book.writestr(part, template.read(part))
        book.writestr(
            "xl/worksheets/sheet1.xml",
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f"<sheetData>{first}{row}</sheetData></worksheet>",
        )
    return content.getvalue()


def _not_opened(content: bytes, name: str) -> list[Page]:
    raise AssertionError("the library was called, which allocates memory for every cell between")


REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a text in every cell": (".xlsx", books.a_shared_text, "40,004,400,102 characters"),
    "sheets of one part": (".xlsx", books.one_sheet_two_hundred_times, "80,000,800 cells"),
    "ten thousand sheets": (".xlsx", books.ten_thousand_sheets, "10,000 sheets"),
    "a far cell": (".xlsx", books.a_far_cell, "16,384 columns"),
    "a far row": (".xlsx", books.a_far_row, "27,262,976 cells"),
    "styles without end": (".xlsx", books.styles_without_end, "more than 50 MB"),
    "repeated cells": (".ods", books.repeated_cells, "1,000,000,000 cells"),
    "a key an object": (".json", files.a_key_an_object, "1,001 columns"),
    "a long value": (".parquet", files.a_long_value_in_every_row, "100,000,000,000 characters"),
    "thousands of columns": (".parquet", files.thousands_of_columns, "20,000 columns"),
    "a compressed text": (".parquet", files.a_zero_compressed, "more than 500 MB"),
    "many columns": (".csv", files.a_hundred_thousand_columns, "1,000,000 bytes in line 1"),
    "equal headings": (".csv", files.equal_headings, "1,000,000 bytes in line 2"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_expands_is_refused_with_its_size_the_limit_and_advice(case: str) -> None:
    ending, make, size = REFUSED[case]
    with pytest.raises(RecordError, match=size) as refused:
        content_pages(make(), f"list{ending}")
    assert refused.value.code == "too-large"
    message = refused.value.message
    advice = ("Split it", "Copy the table", "copy the table", "Save the")
    assert any(text in message for text in advice)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (files.nested_lists, "too-large"),
        (lambda: b"[" * 1_000_000, "unreadable"),
        (files.a_number_of_a_million_digits, "unreadable"),
        (books.no_spreadsheet, "unreadable"),
    ],
)
def test_a_malformed_file_is_refused(make: Callable[[], bytes], code: str) -> None:
    ending = ".xlsx" if make is books.no_spreadsheet else ".json"
    with pytest.raises(RecordError) as refused:
        content_pages(make(), f"list{ending}")
    assert refused.value.code == code


@pytest.mark.parametrize(
    "reference", ["A10000000", "A4294967295", "AAAA1", "ZZZZZZ99999999", "ZZZZZZZ99999999999"]
)
def test_a_cell_beyond_the_last_row_or_column_is_refused_before_memory_is_allocated(
    reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheets, "_pages", _not_opened)
    with pytest.raises(RecordError) as refused:
        records_of(workbook_with_row(f'<row><c r="{reference}"><v>1</v></c></row>'), ".xlsx")
    assert refused.value.code == "unreadable"


@pytest.mark.parametrize("row", ["9000000", "10000000", "4294967295"])
def test_a_far_row_of_cells_without_references_is_counted(
    row: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheets, "_pages", _not_opened)
    with pytest.raises(RecordError) as refused:
        records_of(
            workbook_with_row(f'<row r="{row}"><c><v>1</v></c><c><v>2</v></c></row>'), ".xlsx"
        )
    assert refused.value.code in {"unreadable", "too-large"}


def test_a_panic_of_the_library_becomes_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """The name of the class in the library, which cannot be imported."""

    class Panicking:
        @staticmethod
        def from_object(_: object) -> None:
            raise PanicException

    monkeypatch.setattr(spreadsheets, "CalamineWorkbook", Panicking)
    with pytest.raises(RecordError) as refused:
        records_of(workbook_with_row('<row><c r="A1"><v>1</v></c></row>'), ".xlsx")
    assert refused.value.code == "unreadable"


def test_a_sheet_larger_than_the_size_in_its_archive_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(books, "_GIGABYTES", 64 << 20)
    with pytest.raises(RecordError) as refused:
        content_pages(books.blanks_that_are_hidden(), "list.xlsx")
    assert refused.value.code == "unreadable"


@pytest.mark.parametrize("make", [books.a_shared_text, books.one_sheet_two_hundred_times])
def test_a_workbook_is_refused_before_the_library_opens_it(
    make: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheets, "_pages", _not_opened)
    with pytest.raises(RecordError, match="at most"):
        content_pages(make(), "list.xlsx")


def test_a_row_of_many_commas_is_refused_before_it_is_parsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def parse(*_: object, **__: object) -> Iterator[list[str]]:
        raise AssertionError

    monkeypatch.setattr(csv, "reader", parse)
    with pytest.raises(RecordError, match="bytes in line 2") as refused:
        content_pages(HEADINGS.encode() + b"," * 2_000_000, "list.csv")
    assert refused.value.code == "too-large"


# --- files within the limits are read


def test_the_largest_number_of_columns_is_read_and_one_more_is_refused() -> None:
    more = "".join(f",k{n}" for n in range(MAX_COLUMNS - 7))
    widest = HEADINGS.strip() + more + "\n" + RECORD.format(n=1).strip() + "," * more.count(",")
    assert records_of(widest.encode()).sheet.cells.num_rows == 1
    with pytest.raises(RecordError, match="1,001 columns"):
        records_of(f"{HEADINGS.strip()}{more},more\n{RECORD.format(n=1)}".encode())


def test_formatted_blank_cells_are_not_counted() -> None:
    blank = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    book = books._book(
        books._table(books._naming(3, 1) + blank),
        shared=books._shared(*books._TITLES),
    )
    assert records_of(book, ".xlsx").sheet.cells.num_rows == 3


def test_a_too_long_cell_is_a_fault_of_its_own_row_only() -> None:
    long = "Jl Mawar " * MAX_CELL_CHARACTERS
    text = HEADINGS + RECORD.format(n=1) + f"K-2,{long},1,1,Melati,Konfirmasi,2021-07-01\n"
    sheet = records_of((text + RECORD.format(n=3)).encode()).sheet
    assert sheet.rows.tolist() == [2, 3, 4]
    assert sheet.misaligned.tolist() == [False, True, False]
    assert sheet.faults == {3: "cell-too-long"}
    assert max(len(cell or "") for cell in sheet.cells.column(1).to_pylist()) <= MAX_CELL_CHARACTERS


def test_a_long_cell_of_an_unused_column_is_no_fault() -> None:
    text = HEADINGS.strip() + ",Geometri\n" + RECORD.format(n=1).strip() + "," + "1 2 " * 3_000
    sheet = records_of(text.encode()).sheet
    assert not sheet.misaligned.any()
    assert not sheet.faults


def test_headings_that_repeat_too_often_are_refused() -> None:
    pages = "".join(HEADINGS + RECORD.format(n=n) for n in range(6_000))
    with pytest.raises(RecordError, match="5,999 rows that look like headings") as refused:
        records_of(pages.encode())
    assert refused.value.code == "too-large"


def test_too_many_forms_of_headings_are_refused() -> None:
    head = "No Kasus,Status,Tanggal Konfirmasi,Kelurahan,k{n}\n"
    row = "K-{n},Konfirmasi,2021-07-01,Melati,x\n"
    pages = "".join(head.format(n=n) + row.format(n=n) for n in range(150))
    with pytest.raises(RecordError, match="different rows of headings"):
        records_of(pages.encode())


# --- reading costs no more than the size of a file


@pytest.mark.parametrize("word", ["Jl ", "RT 1 RW 2 ", "Alamat ", "Data ", "Tanggal "])
def test_finding_headings_costs_no_more_for_more_words_in_a_cell(word: str) -> None:
    def work(words: int) -> int:
        rows = (",".join([word * words] * 4) + "\n") * 20
        content = (rows + HEADINGS + RECORD.format(n=1)).encode()
        records_of(content)  # fills the caches
        return python_calls(lambda: records_of(content))

    assert work(2_000) <= 1.5 * work(20)


@pytest.mark.parametrize("line", ['b","c', '"a', 'a,"b', '"a""', 'x,"', '"', '""",', '","'])
def test_each_line_with_an_unclosed_quotation_mark_is_parsed_a_few_times_only(
    line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = 0
    reader = csv.reader

    def counting_reader(source: Any, **options: Any) -> Iterator[list[str]]:
        nonlocal parsed
        lines = list(source)
        parsed += sum(map(len, lines))
        return iter(list(reader(lines, **options)))

    monkeypatch.setattr(csv, "reader", counting_reader)
    text = HEADINGS + RECORD.format(n=1) + f"{line}\n" * 2_000
    rows = list(quoting.read_rows(text, ","))
    assert rows
    assert parsed <= 10 * len(text)


@pytest.mark.parametrize(
    "read",
    [
        lambda text: parse_date(text, JAKARTA),
        lambda text: parse_moment(text, JAKARTA),
        lambda text: parse_word("status", text),
    ],
)
def test_a_text_longer_than_any_date_or_word_is_rejected_before_it_is_matched(
    read: Callable[[str], object],
) -> None:
    assert python_calls(lambda: read("1 " + " " * 100_000 + "2")) < 20
    assert read("1" + " " * 100_000) is None


def test_a_too_long_address_names_no_house() -> None:
    reader = HouseReader(["Melati", "Melati Baru", "Baru"])
    assert reader.read("Jl Mawar No 5 " + "melati baru " * 20) is not None
    assert reader.read("Jl Mawar No 5 " + "melati baru " * 2_000) is None


def test_names_of_areas_that_can_be_split_in_many_ways_are_split_once() -> None:
    reader = HouseReader(["Baru", "Baru Baru", "Baru Baru Baru"])
    work = [
        python_calls(lambda n=n: reader._is_area(("baru",) * n + ("x",)))  # type: ignore[misc]
        for n in (15, 30)
    ]
    assert work[1] <= 3 * work[0]


def test_a_long_text_of_stocks_is_read_in_one_pass() -> None:
    stocks, invalid = read_stocks(pa.array(["a " * 1_000 + "x", "oksigen: 12; APD -5", "N95 7"]))
    assert invalid.tolist() == [True, True, False]
    assert stocks.to_pylist() == [None, None, '{"N95": 7}']


def test_a_merged_cell_is_filled_down_however_many_overlap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = books.merged_cells_as_many_as_are_read()
    monkeypatch.setattr("geodata.tables.spreadsheets.MAX_MERGED_CELLS", 99_998)
    with pytest.raises(RecordError, match="99,999 merged cells"):
        content_pages(book, "list.xlsx")


def test_a_million_rows_of_sixty_columns_are_within_the_limits() -> None:
    limits.check_shape(1_000_000, 60, "list.csv")
    limits.check_shape(100_000, 100, "list.xlsx", max_cells=limits.MAX_SPREADSHEET_CELLS)
