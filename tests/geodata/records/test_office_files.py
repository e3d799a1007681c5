"""Files of offices, from bytes to typed records.

Each test makes a file and compares the records with expected values.
"""

import json
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from geodata.errors import RecordError
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records import CheckedSheet, check_sheet, find_kind
from geodata.records.layout.record_extraction import ExtractedRecords, extract_records
from geodata.records.layout.source import Source, parse_source
from geodata.tables import content_pages
from tests.zones import JAKARTA

KEY = Pseudonymiser(b"a secret of sixteen and more")
TODAY = date(2025, 9, 9)
Rows = Sequence[Sequence[Any]]
TITLES = ["id kasus", "rt", "rw", "kelurahan", "status", "tgl konfirmasi", "tgl onset"]
MONTH_FIRST = 'title = "t"\nkind = "cases"\nmonth_first = true\n'


def csv_content(rows: Rows, delimiter: str = ",") -> bytes:
    quoted = [
        [f'"{cell}"' if delimiter in str(cell) else str(cell) for cell in row] for row in rows
    ]
    return "\n".join(delimiter.join(row) for row in quoted).encode()


def workbook(rows: Rows, *, from_1904: bool = False) -> tuple[Worksheet, bytes]:
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    if from_1904:
        book.epoch = CALENDAR_MAC_1904
    for row in rows:
        page.append(list(row))
    return page, workbook_content(page)


def workbook_content(page: Worksheet) -> bytes:
    buffer = BytesIO()
    assert page.parent is not None
    page.parent.save(buffer)
    return buffer.getvalue()


def extract(
    content: bytes, name: str = "t.csv", kind: str = "cases", source: Source | None = None
) -> ExtractedRecords:
    return extract_records(content_pages(content, name), find_kind(kind), source=source)


def check_content(
    content: bytes, name: str = "t.csv", kind: str = "cases", source: Source | None = None
) -> CheckedSheet:
    extracted = extract(content, name, kind, source)
    return check_sheet(
        extracted.sheet, find_kind(kind), KEY, today=TODAY, timezone=JAKARTA, source=source
    )


def accepted_records(
    content: bytes, *fields: str, name: str = "t.csv", kind: str = "cases"
) -> list[Any]:
    """Fields of every accepted record, sorted by key."""
    rows = check_content(content, name, kind).accepted.select(list(fields)).to_pylist()
    return [tuple(row.values()) for row in rows]


def rejections(sheet: CheckedSheet) -> list[tuple[int, str]]:
    return [
        (row["row_number"], json.loads(row["reasons"])[0]["code"])
        for row in sheet.rejected.to_pylist()
    ]


# --- repeated headings ---

A1 = ["A1", 1, 2, "Melati", "Konfirmasi", "2021-07-05", "2021-07-01"]


@pytest.mark.parametrize(
    "order",
    [
        [0, 1, 2, 3, 4, 5, 6],
        [0, 2, 1, 3, 4, 5, 6],  # rt and rw swapped
        [0, 1, 2, 3, 4, 6, 5],  # the two dates swapped
        [6, 5, 4, 3, 2, 1, 0],
        [3, 0, 4, 5, 1, 2],  # one column fewer
        [5, 4, 0],  # three columns
    ],
)
@pytest.mark.parametrize("wording", ["same words", "other words"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_rows_below_repeated_headings_in_another_order_are_read_with_that_order(
    order: list[int], wording: str, form: str
) -> None:
    other_titles = {
        "tgl konfirmasi": "Tanggal Terkonfirmasi",
        "rt": "No. RT",
        "status": "Status Pasien",
    }
    titles = [
        other_titles.get(title, title) if wording == "other words" else title for title in TITLES
    ]
    second: list[list[Any]] = [["B1", 3, 4, "Melati", "Suspek", "2021-07-06", "2021-07-02"]]
    second += [["B2", 5, 6, "Kenanga", "Konfirmasi", "2021-07-07", "2021-07-03"]]
    pages: list[list[Any]] = [
        [titles[k] for k in order],
        *([row[k] for k in order] for row in second),
    ]
    rows: Rows = [TITLES, A1, *pages]
    content = csv_content(rows) if form == "csv" else workbook(rows)[1]
    fields = ["case_id", "rt", "rw", "kelurahan", "status", "confirmed_on", "onset_on"]
    words = {"Konfirmasi": "confirmed", "Suspek": "suspect"}

    def typed(row: list[Any], positions: list[int]) -> tuple[Any, ...]:
        values = [*row[:4], words[row[4]], *map(date.fromisoformat, row[5:])]
        return tuple(values[k] if k in positions else None for k in range(7))

    all_columns = list(range(7))
    expected = [typed(A1, all_columns), *(typed(row, order) for row in second)]
    assert accepted_records(content, *fields, name=f"t.{form}") == expected


def test_repeated_headings_with_another_column_add_that_column() -> None:
    titles = [*TITLES, "tgl lapor"]
    rows: Rows = [TITLES, A1, titles, ["B1", 3, 4, "Melati", "Suspek", "", "", "2021-07-09"]]
    assert accepted_records(csv_content(rows), "case_id", "rt", "reported_on") == [
        ("A1", 1, None),
        ("B1", 3, date(2021, 7, 9)),
    ]


@pytest.mark.parametrize(
    "titles",
    [
        ["id kasus", "rw", "rt", "kelurahan", "keadaan saat ini", "kapan", "sejak"],
        ["id kasus", "rw", "rt", "kelurahan", "alamat"],
        ["id kasus", "rw", "rt", "kelurahan", "keadaan kini", "tgl konfirmasi", "tgl onset"],
    ],
    ids=["unknown words", "without status and day", "without the status"],
)
def test_rows_below_unknown_repeated_headings_are_rejected(titles: list[str]) -> None:
    row_below = ["B1", 4, 3, "Melati", "Konfirmasi", "2021-07-06", "2021-07-02"][: len(titles)]
    good_row = ["C1", 1, 2, "Melati", "Konfirmasi", "2021-07-05", "2021-07-01"]
    sheet = check_content(csv_content([TITLES, A1, titles, row_below, TITLES, good_row]))
    assert sheet.accepted["case_id"].to_pylist() == ["A1", "C1"]
    assert rejections(sheet) == [(4, "headings-changed")]


def test_repeated_headings_in_the_same_order_are_dropped_and_counted() -> None:
    rows: Rows = [TITLES, A1, TITLES, ["A2", *A1[1:]], TITLES, ["A3", *A1[1:]]]
    assert extract(csv_content(rows)).left_out == {"rows-left-out": 2}
    assert len(accepted_records(csv_content(rows), "case_id")) == 3


def test_two_rows_of_headings_with_merged_cells_repeat_on_a_second_page() -> None:
    upper = ["No", "Nama", "Alamat KTP", None, "Status", "Tanggal", None]
    first = [None, None, "RT", "RW", None, "konfirmasi", "onset"]
    second = [None, None, "RW", "RT", None, "onset", "konfirmasi"]
    rows: Rows = [
        upper,
        first,
        [1, "Ani", 1, 2, "Konfirmasi", "2021-07-05", "2021-07-01"],
        [None, "Semarang, 5 Juli 2021"],
        upper,
        second,
        [2, "Budi", 2, 1, "Konfirmasi", "2021-07-01", "2021-07-05"],
    ]
    page, _ = workbook(rows)
    for row in (1, 5):
        page.merge_cells(start_row=row, start_column=3, end_row=row, end_column=4)
        page.merge_cells(start_row=row, start_column=6, end_row=row, end_column=7)
        for column in (1, 2, 5):
            page.merge_cells(start_row=row, start_column=column, end_row=row + 1, end_column=column)
    sheet = check_content(workbook_content(page), "t.xlsx")
    assert rejections(sheet) == []
    assert (
        sheet.accepted.select(["rt", "rw", "confirmed_on", "onset_on"]).to_pylist()
        == [{"rt": 1, "rw": 2, "confirmed_on": date(2021, 7, 5), "onset_on": date(2021, 7, 1)}] * 2
    )


def test_rows_of_a_record_under_different_headings_keep_the_order_of_the_file() -> None:
    other = [TITLES[k] for k in (0, 2, 1, 3, 4, 5, 6)]
    rows: Rows = [TITLES, A1, other, ["A1", 4, 3, *A1[3:]], TITLES, ["A1", 5, 6, *A1[3:]]]
    # The last row counts when the file is loaded; see `geodata.ledger.merging.rounds`.
    assert accepted_records(csv_content(rows), "case_id", "rt", "rw") == [
        ("A1", 1, 2),
        ("A1", 3, 4),
        ("A1", 5, 6),
    ]


@pytest.mark.parametrize(
    ("kind", "first_titles", "first_row", "second_titles", "second_row", "fields", "expected"),
    [
        (
            "places",
            ["jenis", "nama", "kapasitas", "terisi"],
            ["RS", "Mawar", 10, 2],
            ["jenis", "nama", "terisi", "kapasitas"],
            ["Posko", "Dua", 3, 20],
            ["name", "capacity", "in_use"],
            {("Mawar", 10, 2), ("Dua", 20, 3)},
        ),
        (
            "indicators",
            ["indikator", "kelurahan", "kecamatan", "tanggal", "nilai"],
            ["dosis", "Melati", "Tembalang", "2021-07-01", 5],
            ["indikator", "kecamatan", "kelurahan", "tanggal", "nilai"],
            ["dosis", "Tembalang", "Kenanga", "2021-07-01", 6],
            ["kelurahan", "kecamatan", "value"],
            {("Melati", "Tembalang", 5.0), ("Kenanga", "Tembalang", 6.0)},
        ),
        (
            "newcomers",
            ["nama", "rt", "rw", "tgl tiba"],
            ["Ani", 1, 2, "2021-07-01"],
            ["nama", "rw", "rt", "tgl tiba"],
            ["Budi", 4, 3, "2021-07-02"],
            ["rt", "rw"],
            {(1, 2), (3, 4)},
        ),
    ],
)
def test_headings_repeat_in_lists_of_every_kind(
    kind: str,
    first_titles: Any,
    first_row: Any,
    second_titles: Any,
    second_row: Any,
    fields: list[str],
    expected: Any,
) -> None:
    content = csv_content([first_titles, first_row, second_titles, second_row])
    assert set(accepted_records(content, *fields, kind=kind)) == expected


# --- cells ---


@pytest.mark.parametrize(
    ("rt", "rw"),
    [
        ("001", "002"),
        ("'001", "'002"),
        ('="001"', '="002"'),
        ("\u200b001", "002\u200b"),
        ("\ufeff001", "\u200e002"),
        ("00\u00ad1", "\u00a0002"),
        ("1,0", "2,0"),
        ("1.0", "2.00"),
        ("\uff10\uff10\uff11", "\uff12"),
        ("\t001", "002\t"),
    ],
    ids=ascii,
)
def test_the_number_of_an_rt_is_read_from_every_form_of_cell(rt: str, rw: str) -> None:
    rows: Rows = [
        TITLES,
        ["A1", rt, rw, "\u200eMe\u00adlati\u00a0", "Konfir\u200bmasi", "2021-07-05", ""],
    ]
    assert accepted_records(csv_content(rows, ";"), "rt", "rw", "kelurahan", "status") == [
        (1, 2, "Melati", "confirmed")
    ]


@pytest.mark.parametrize(
    "nik",
    [
        "'0000060101900017",
        '="0000060101900017"',
        "0000060101900017,0",
        "\ufeff0000060101900017",
        "0000060\u00ad101900017",
        "".join(chr(ord(digit) + 0xFEE0) for digit in "0000060101900017"),
        "0000.060101.90.0017",
    ],
    ids=ascii,
)
def test_a_nik_is_read_from_every_form_of_cell(nik: str) -> None:
    titles = ["nik", "status", "tgl konfirmasi"]
    rows: Rows = [titles, ["0000060101900017", "Konfirmasi", "2021-07-05"]]
    rows = [*rows, [nik, "Konfirmasi", "2021-07-05"]]
    sheet = check_content(csv_content(rows, ";"))
    assert sheet.accepted.num_rows == 1
    assert sheet.warnings == {}


@pytest.mark.parametrize("nik", ["3.3741012128E+15", "3,3741012128E+15", "3.37E15"])
def test_a_nik_with_lost_digits_is_dropped_with_a_warning(nik: str) -> None:
    rows: Rows = [
        ["nik", "nama", "status", "tgl konfirmasi"],
        [nik, "Ani", "positif", "2021-07-05"],
    ]
    sheet = check_content(csv_content(rows, ";"))
    assert sheet.accepted["nik"].to_pylist() == [None]
    assert sheet.warnings == {"nik-mangled": 1}


def test_a_code_of_an_area_with_lost_digits_gets_a_warning() -> None:
    sheet = check_content(csv_content([TITLES, [*A1[:3], "3.374101E+09", *A1[4:]]]))
    assert sheet.warnings == {"area-mangled": 1}
    rows: Rows = [TITLES, [*A1[:3], "3374101001.0", *A1[4:]]]
    assert accepted_records(csv_content(rows), "kelurahan") == [("3374101001",)]


@pytest.mark.parametrize(
    "blank", ["-", "--", "n/a", "#N/A", "\u2014", "'", '=""', "\u200b", "null"]
)
def test_a_cell_with_a_blank_word_is_blank(blank: str) -> None:
    rows: Rows = [TITLES, ["A1", blank, blank, "Melati", "Konfirmasi", "2021-07-05", blank]]
    sheet = check_content(csv_content(rows))
    assert sheet.accepted.select(["rt", "onset_on"]).to_pylist() == [{"rt": None, "onset_on": None}]
    assert sheet.warnings == {}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_a_list_with_decimal_commas_and_lines_within_cells_is_read(
    encoding: str, delimiter: str
) -> None:
    text = delimiter.join(["id", "alamat", "status", "tgl konfirmasi", "lintang", "bujur"])
    text += "\r\n" + delimiter.join(
        ["A1", '"Jl Mawar\r\nNo 2"', "Positif", "05/07/21", '"-7,0512"', '"110,4203"']
    )
    assert accepted_records(text.encode(encoding), "address", "confirmed_on", "lat", "lon") == [
        ("Jl Mawar No 2", date(2021, 7, 5), -7.0512, 110.4203)
    ]


# --- days ---


def test_numeric_dates_of_a_workbook_with_the_1904_date_system_are_converted() -> None:
    rows: Rows = [TITLES, ["44012", 1, 2, "Melati", "Konfirmasi", 44012, None]]
    rows = [*rows, ["B", 1, 2, "Melati", "Konfirmasi", date(2024, 7, 2), 44012.75]]
    dates = accepted_records(
        workbook(rows, from_1904=True)[1], "case_id", "confirmed_on", "onset_on", name="t.xlsx"
    )
    assert dates == [
        ("44012", date(2024, 7, 1), None),
        ("B", date(2024, 7, 2), date(2024, 7, 1)),
    ]
    assert accepted_records(workbook(rows)[1], "confirmed_on", name="t.xlsx")[0] == (
        date(2020, 6, 30),
    )


def csv_with_dates(*days: str) -> bytes:
    return csv_content(
        [
            TITLES,
            *([f"A{k:02d}", 1, 2, "Melati", "Konfirmasi", day, ""] for k, day in enumerate(days)),
        ]
    )


@pytest.mark.parametrize(
    "days",
    [
        ["7/5/2021", "7/13/2021"],
        ["07/05/21", "07/13/21"],
        ["7-5-2021", "7-13-2021"],
        ["7.5.2021 10:00", "7.13.2021 10:00"],
        ["7/13/2021"],
        # A spreadsheet converted some texts to dates, and left the others.
        ["2021-05-07", "7/13/2021"],
        ["2021-05-07", "7/5/2021", "2021-07-31", "7/13/2021"],
    ],
)
def test_a_column_that_proves_the_month_first_is_refused_with_advice(days: list[str]) -> None:
    with pytest.raises(RecordError, match="month_first") as error:
        check_content(csv_with_dates(*days))
    assert error.value.code == "date-order"
    assert f"row {len(days) + 1}" in error.value.message


def test_a_source_with_month_first_reads_such_a_column_and_refuses_the_other() -> None:
    source = parse_source(MONTH_FIRST, "t")
    sheet = check_content(csv_with_dates("7/5/2021", "7/13/2021"), source=source)
    assert sheet.accepted["confirmed_on"].to_pylist() == [date(2021, 7, 5), date(2021, 7, 13)]
    with pytest.raises(RecordError, match="Delete month_first"):
        check_content(csv_with_dates("7/5/2021", "13/7/2021"), source=source)


def test_exchanged_days_get_a_warning_with_a_source_with_month_first() -> None:
    sheet = check_content(
        csv_with_dates("2021-05-07", "7/13/2021"), source=parse_source(MONTH_FIRST, "t")
    )
    assert sheet.details == {"date-order-unsure": "row 2"}


def test_one_date_in_the_other_order_is_one_bad_row() -> None:
    sheet = check_content(csv_with_dates("2021-07-31", "2021-07-05", "7/13/2021"))
    assert rejections(sheet) == [(4, "date-impossible")]
    assert sheet.accepted.num_rows == 2


def test_ambiguous_dates_of_a_column_with_both_orders_get_a_warning() -> None:
    sheet = check_content(
        csv_with_dates("13/7/2021", "7/13/2021", "5/7/2021", "7/7/2021", "2021-07-05")
    )
    assert rejections(sheet) == [(3, "date-impossible")]
    assert sheet.warnings == {"date-order-unsure": 1}
    assert sheet.details["date-order-unsure"] == "row 4"


def test_a_column_with_the_day_in_the_middle_is_refused_or_gets_a_warning() -> None:
    with pytest.raises(RecordError, match=r"row 2 is the first, with 2021-13-07") as error:
        check_content(csv_with_dates("2021-13-07", "2021-05-07"))
    assert error.value.code == "date-order"
    sheet = check_content(csv_with_dates("2021-13-07", "2021-05-07", "2021-07-07", "2021-07-31"))
    assert rejections(sheet) == [(2, "date-impossible")]
    assert sheet.details["date-order-unsure"] == "row 3"


def test_days_that_a_spreadsheet_may_have_exchanged_get_a_warning() -> None:
    sheet = check_content(csv_with_dates("13/07/2021", "2021-05-07", "2021-07-07", "14/07/2021"))
    assert sheet.details["date-order-unsure"] == "row 3"
    assert check_content(csv_with_dates("13/07/2021", "5/7/2021", "2021-05-07")).warnings == {}


@pytest.mark.parametrize(
    ("onset", "warnings"), [("2021-07-19", 0), ("2021-07-20", 1), ("2021-06-01", 0)]
)
def test_an_onset_more_than_an_incubation_after_the_confirmation_gets_a_warning(
    onset: str, warnings: int
) -> None:
    rows: Rows = [TITLES, [*A1[:6], onset]]
    assert check_content(csv_content(rows)).warnings.get("onset-after-confirmed", 0) == warnings


# --- numbers ---


def check_indicators(*values: str, unit: str = "dosis", name: str = "dosis") -> CheckedSheet:
    rows = [[name, "33.74", f"2021-07-{k + 1:02d}", value, unit] for k, value in enumerate(values)]
    return check_content(
        csv_content([["indikator", "wilayah", "tanggal", "nilai", "satuan"], *rows], ";"),
        kind="indicators",
    )


@pytest.mark.parametrize(
    ("other_number", "text", "number"),
    [
        ("1.250,5", "1.25E+03", 1250.0),
        ("1.250,5", "1,25E+03", 1250.0),
        ("1,250.5", "1.25E+03", 1250.0),
        ("1.250,5", "1.250", 1250.0),
        ("1.250,5", "2E3", 2000.0),
        ("1.250,5", "2.5e-1", 0.25),
    ],
)
def test_scientific_notation_is_read_in_a_column_with_thousands_separators(
    other_number: str, text: str, number: float
) -> None:
    accepted = check_indicators(other_number, text, name="suhu", unit="derajat").accepted.sort_by(
        "date"
    )
    assert accepted["value"].to_pylist() == [1250.5, number]


@pytest.mark.parametrize(
    ("name", "unit", "decision"),
    [
        ("positif", "orang", "rejected"),
        ("tes", "", "rejected"),
        ("dosis", "dosis", "rejected"),
        ("antrean", "jiwa", "rejected"),
        ("masker", "paket", "rejected"),
        ("perubahan", "persen", "accepted"),
        ("suhu", "derajat", "accepted"),
    ],
)
def test_a_negative_count_of_people_or_things_is_rejected(
    name: str, unit: str, decision: str
) -> None:
    sheet = check_indicators("-5", "7", name=name, unit=unit)
    assert rejections(sheet) == ([(2, "count-negative")] if decision == "rejected" else [])
    assert check_indicators("0", "-0", name=name, unit=unit).rejected.num_rows == 0


@pytest.mark.parametrize("field", ["kapasitas", "terisi"])
@pytest.mark.parametrize("value", ["-5", "\u22125", "- 5", "(5)"])
def test_a_negative_number_of_beds_is_rejected(field: str, value: str) -> None:
    rows: Rows = [["jenis", "nama", field], ["RS", "Mawar", value], ["RS", "Dua", "5"]]
    sheet = check_content(csv_content(rows), kind="places")
    assert rejections(sheet) == [(2, "count-negative")]
    assert sheet.accepted["name"].to_pylist() == ["Dua"]


def test_a_negative_stock_is_not_read_as_a_positive_stock() -> None:
    rows: Rows = [["jenis", "nama", "stok"], ["RS", "Mawar", "oksigen -5"]]
    sheet = check_content(csv_content(rows), kind="places")
    assert sheet.accepted["stock"].to_pylist() == [None]
    assert sheet.warnings == {"stock-unreadable": 1}


# --- rows that are no records ---

SIGNED: list[Rows] = [
    [["Tegal, 21 Juli 2021"], ["Mengetahui,"], ["Kepala Puskesmas"], [], ["dr. Sri Wahyuni"]],
    [["", "", "", "", "", "Tegal, 21 Juli 2021"], ["", "", "", "", "", "Kepala Puskesmas Mejasem"]],
    [["NIP. 19700101 199003 2 001"]],
    [["Mengetahui"], ["dr. Sri"], ["NIP 197001011990032001"]],
    [["", "", "", "", "Tegal", "21 Juli 2021"]],
    [["Tegal,      Juli 2021"]],
    [["Tegal, 21-07-2021", "", "", "", "Pembuat laporan"]],
    [["Catatan: data sementara"], ["Sumber: SILACAK"]],
]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("signature", SIGNED)
def test_a_signature_below_the_list_is_no_record(signature: Rows, form: str) -> None:
    rows: Rows = [TITLES, A1, ["A2", *A1[1:]], [], *signature]
    content = csv_content(rows) if form == "csv" else workbook(rows)[1]
    extracted = extract(content, f"t.{form}")
    assert extracted.left_out == {"rows-left-out": sum(1 for row in signature if row)}
    assert rejections(check_content(content, f"t.{form}")) == []
    assert len(accepted_records(content, "case_id", name=f"t.{form}")) == 2


def test_a_signature_in_two_cells_below_a_narrow_list_is_no_record() -> None:
    rows: Rows = [["status", "tgl konfirmasi", "kelurahan"], ["positif", "1 Juli 2021", "Melati"]]
    sheet = check_content(
        csv_content([*rows, ["positif", "1 Juli 2021", ""], ["Tegal", "21 Juli 2021"]])
    )
    assert rejections(sheet) == [(3, "no-identity")]
    assert sheet.read == 2


def test_a_signature_below_each_page_is_no_record() -> None:
    signature: Rows = [
        ["Tegal, 21 Juli 2021"],
        ["Kepala Puskesmas"],
        ["Sri"],
        ["NIP. 19700101 199003 2 001"],
    ]
    rows: Rows = [TITLES, A1, *signature, TITLES, ["A2", *A1[1:]], *signature]
    assert rejections(check_content(csv_content(rows))) == []
    assert len(accepted_records(csv_content(rows), "case_id")) == 2


def test_an_incomplete_record_is_rejected_and_is_no_signature() -> None:
    rows: Rows = [
        TITLES,
        A1,
        ["A2", "", "", "Kepala Dua"],
        ["A3", "", "", "", "apa", "5 Juli 2021"],
    ]
    assert rejections(check_content(csv_content(rows))) == [
        (3, "status-missing"),
        (4, "status-unknown"),
    ]
    list_with_names: Rows = [
        ["nama", "tgl konfirmasi", "kelurahan", "rt"],
        ["Ani", "1 Juli 2021", "Melati", 1],
    ]
    assert (
        len(accepted_records(csv_content([*list_with_names, ["Budi", "2 Juli 2021"]]), "case_id"))
        == 2
    )


# --- dimensions and hidden parts of a spreadsheet ---


def with_dimension(content: bytes, dimension: bytes) -> bytes:
    """The same workbook with other ``dimension`` tags."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as book, zipfile.ZipFile(buffer, "w") as copy:
        for entry in book.infolist():
            part = book.read(entry)
            if "worksheets/" in entry.filename:
                assert b"<dimension" in part
                part = re.sub(rb"<dimension[^>]*/>", dimension, part)
            copy.writestr(entry.filename, part)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "dimension",
    [
        b'<dimension ref="1:3"/>',
        b'<dimension ref="A:G"/>',
        b'<dimension ref="A1"/>',
        b'<dimension ref=""/>',
        b'<dimension ref="1:3"></dimension>',
        b'<dimension ref="A1:XFD1048576"/>',
        b"",
    ],
)
def test_a_workbook_with_a_wrong_dimension_is_read(dimension: bytes) -> None:
    content = with_dimension(workbook([TITLES, A1, ["A2", *A1[1:]]])[1], dimension)
    assert accepted_records(content, "case_id", "rt", name="t.xlsx") == [("A1", 1), ("A2", 1)]


def test_hidden_and_filtered_rows_and_columns_are_read_with_a_warning() -> None:
    page, _ = workbook([TITLES, A1, ["A2", *A1[1:]], ["A3", *A1[1:]], [None, "catatan"]])
    page.auto_filter.ref = "A1:G4"
    for row in (3, 4, 5):
        page.row_dimensions[row].hidden = True
    page.column_dimensions["B"].hidden = True
    extracted = extract(workbook_content(page), "t.xlsx")
    assert extracted.sheet.rows.tolist() == [2, 3, 4]
    assert extracted.left_out == {"rows-hidden": 2, "columns-hidden": 4, "rows-left-out": 1}
    assert accepted_records(workbook_content(page), "rt", name="t.xlsx") == [(1,)] * 3


def test_a_hidden_sheet_with_a_list_gets_a_warning_or_is_named_in_the_error() -> None:
    page, _ = workbook([TITLES, A1])
    assert page.parent is not None
    hidden_sheet = page.parent.create_sheet("lama")
    hidden_sheet.append(TITLES)
    hidden_sheet.append(["A2", *A1[1:]])
    hidden_sheet.sheet_state = "hidden"
    extracted = extract(workbook_content(page), "t.xlsx")
    assert (len(extracted.sheet.rows), extracted.left_out) == (1, {"sheets-hidden": 1})
    page["E1"], page["F1"] = "x", "y"
    with pytest.raises(RecordError, match=r"a hidden sheet does: lama\. Load it with --sheet"):
        extract(workbook_content(page), "t.xlsx")


# --- one bad row ---


def test_a_feature_that_is_no_point_loses_only_its_own_coordinates() -> None:
    def feature(name: str, geometry: object) -> dict[str, object]:
        properties = {"id": name, "status": "positif", "tgl konfirmasi": "2021-07-01"}
        return {"type": "Feature", "properties": properties, "geometry": geometry}

    home = [110.4215, -7.0485]
    geometries: dict[str, object] = {
        "a": {"type": "Point", "coordinates": home},
        "b": {"type": "MultiPoint", "coordinates": [home]},
        "c": {"type": "MultiPoint", "coordinates": [home, home]},
        "d": {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": home}]},
        "e": {"type": "Point", "coordinates": [*home, 12.0]},
        "f": None,
        "g": {"type": "Point", "coordinates": []},
        "p": {"type": "MultiPoint", "coordinates": [home, [110.5, -7.1]]},
        "q": {"type": "Polygon", "coordinates": [[home, home, home, home]]},
        "r": {"type": "Point", "coordinates": None},
        "s": {"type": "Point", "coordinates": ["x", "y"]},
        "t": "nowhere",
        "u": {"type": "Point", "coordinates": [110.4215]},
    }
    features: list[object] = [feature(*item) for item in geometries.items()]
    features += [None, 7, "x", {"type": "Feature", "properties": 5, "geometry": None}]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    sheet = check_content(content, "t.geojson")
    rows = sheet.accepted.select(["case_id", "lon", "point_reading"]).to_pylist()
    assert {row["case_id"] for row in rows if row["lon"] == 110.4215} == set("abcde")
    assert {row["case_id"] for row in rows if row["point_reading"] == "unreadable"} == set("pqrst")
    assert sheet.warnings["coordinates-not-numbers"] == 5
    assert rejections(sheet) == [
        (14, "not-an-object"),
        (15, "not-an-object"),
        (16, "not-an-object"),
    ]


def test_an_entry_of_a_json_list_that_is_no_record_is_one_bad_row() -> None:
    good = {"id": "A1", "status": "positif", "tgl konfirmasi": "2021-07-01"}
    sheet = check_content(json.dumps([good, 5, good | {"id": "A2"}, None]).encode(), "t.json")
    assert sheet.accepted["case_id"].to_pylist() == ["A1", "A2"]
    assert rejections(sheet) == [(2, "not-an-object"), (4, "not-an-object")]


def test_a_row_with_an_unclosed_quotation_mark_is_rejected_and_others_are_accepted() -> None:
    text = "id,alamat,status,tgl konfirmasi\nA1,Jl X,positif,2021-07-01\n"
    text += 'A2,"Jl Y,positif,2021-07-01\nA3,Jl Z,positif,2021-07-01\n'
    sheet = check_content(text.encode())
    assert sheet.accepted["case_id"].to_pylist() == ["A1", "A3"]
    assert rejections(sheet) == [(3, "quote-open")]
    assert sheet.rejected["record"].to_pylist() == ["{}"]


# --- reports ---


def test_the_details_of_a_warning_have_the_unknown_word_and_its_rows() -> None:
    titles = [*TITLES, "hasil akhir"]
    rows: Rows = [titles, [*A1, "membaik"], ["A2", *A1[1:], "membaik"], ["A3", *A1[1:], "sembuh"]]
    sheet = check_content(csv_content(rows))
    assert sheet.details["outcome-unknown"] == '"membaik"; rows 2, 3'


def test_equal_rejected_rows_have_different_and_stable_digests() -> None:
    rows: Rows = [TITLES, *([["", 1, 2, "Melati", "apa", "2021-07-05", ""]] * 3), A1]
    first, second = (
        check_content(csv_content(rows)).rejected["digest"].to_pylist() for _ in range(2)
    )
    assert len(set(first)) == 3
    assert first == second
    assert check_content(csv_content(rows[:3])).rejected["digest"].to_pylist() == first[:2]


def test_a_moment_with_the_month_first_needs_a_source() -> None:
    rows: Rows = [["jenis", "nama", "tgl update"], ["RS", "Mawar", "7/13/2021 10:00 WITA"]]
    with pytest.raises(RecordError, match="month_first"):
        check_content(csv_content(rows), kind="places")
    source = parse_source(MONTH_FIRST.replace("cases", "places"), "t")
    moments = (
        check_content(csv_content(rows), kind="places", source=source)
        .accepted["updated_at"]
        .to_pylist()
    )
    assert [moment.isoformat() for moment in moments] == ["2021-07-13T02:00:00"]


def test_titles_above_repeated_headings_are_no_records() -> None:
    titles: Rows = [["Halaman 1"], [""], ["LAPORAN HARIAN"], ["Puskesmas:", "Contoh"], TITLES]
    rows = [*titles, A1, *titles, ["A2", *A1[1:]]]
    extracted = extract(csv_content(rows))
    assert extracted.sheet.rows.tolist() == [6, 12]
    assert extracted.left_out == {"rows-left-out": 4}


def test_sheets_with_the_same_headings_in_another_order_are_one_list() -> None:
    page, _ = workbook([TITLES, A1])
    assert page.parent is not None
    second_sheet = page.parent.create_sheet("dua")
    order = [0, 2, 1, 3, 4, 6, 5]
    second_sheet.append([TITLES[k] for k in order])
    second_sheet.append([["A2", 3, 4, *A1[3:]][k] for k in order])
    assert accepted_records(
        workbook_content(page), "case_id", "rt", "rw", "confirmed_on", name="t.xlsx"
    ) == [
        ("A1", 1, 2, date(2021, 7, 5)),
        ("A2", 3, 4, date(2021, 7, 5)),
    ]


def test_repeated_headings_without_rows_below_change_nothing() -> None:
    lists: list[Rows] = [[TITLES, A1, TITLES], [TITLES, TITLES, A1]]
    lists += [[TITLES, A1, [*TITLES[::-1]], [], [""]]]
    for rows in lists:
        assert accepted_records(csv_content(rows), "case_id") == [("A1",)]
    with pytest.raises(RecordError) as error:
        extract(csv_content([TITLES, TITLES]))
    assert error.value.code == "empty-file"


def test_a_record_with_two_words_of_headings_is_no_row_of_headings() -> None:
    odd_rows: Rows = [["A2", "RT", "RW", "Melati", "", "", ""], ["", "rt", "rw", "", "", "", ""]]
    sheet = check_content(csv_content([TITLES, A1, *odd_rows, ["A3", *A1[1:]]]))
    assert sheet.accepted["case_id"].to_pylist() == ["A1", "A3"]
    assert {code for _, code in rejections(sheet)} == {"status-missing"}
