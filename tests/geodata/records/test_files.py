"""Files as offices have them, from their bytes to typed records: nothing is read as something else.

Every file is made here; what must come out is written beside it.
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
from geodata.records import Checked, check, kind_of
from geodata.records.layout.arranging import Arranged, arrange
from geodata.records.layout.source import Source, parse_source
from geodata.tables import content_pages
from tests.zones import JAKARTA

KEY = Pseudonymiser(b"a secret of sixteen and more")
TODAY = date(2025, 9, 9)
Rows = Sequence[Sequence[Any]]
TITLES = ["id kasus", "rt", "rw", "kelurahan", "status", "tgl konfirmasi", "tgl onset"]
MONTH_FIRST = 'title = "t"\nkind = "cases"\nmonth_first = true\n'


def csv_of(rows: Rows, mark: str = ",") -> bytes:
    quoted = [[f'"{cell}"' if mark in str(cell) else str(cell) for cell in row] for row in rows]
    return "\n".join(mark.join(row) for row in quoted).encode()


def xlsx_of(rows: Rows, *, from_1904: bool = False) -> tuple[Worksheet, bytes]:
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    if from_1904:
        book.epoch = CALENDAR_MAC_1904
    for row in rows:
        page.append(list(row))
    return page, saved(page)


def saved(page: Worksheet) -> bytes:
    written = BytesIO()
    assert page.parent is not None
    page.parent.save(written)
    return written.getvalue()


def arranged(
    content: bytes, name: str = "t.csv", kind: str = "cases", source: Source | None = None
) -> Arranged:
    return arrange(content_pages(content, name), kind_of(kind), source=source)


def checked(
    content: bytes, name: str = "t.csv", kind: str = "cases", source: Source | None = None
) -> Checked:
    found = arranged(content, name, kind, source)
    return check(found.sheet, kind_of(kind), KEY, today=TODAY, timezone=JAKARTA, source=source)


def records(content: bytes, *fields: str, name: str = "t.csv", kind: str = "cases") -> list[Any]:
    """The fields of every record that is taken, in the order of their keys."""
    rows = checked(content, name, kind).accepted.select(list(fields)).to_pylist()
    return [tuple(row.values()) for row in rows]


def turned_away(found: Checked) -> list[tuple[int, str]]:
    return [
        (row["row_number"], json.loads(row["reasons"])[0]["code"])
        for row in found.rejected.to_pylist()
    ]


# --- headings that come again ---

A1 = ["A1", 1, 2, "Melati", "Konfirmasi", "2021-07-05", "2021-07-01"]


@pytest.mark.parametrize(
    "order",
    [
        [0, 1, 2, 3, 4, 5, 6],
        [0, 2, 1, 3, 4, 5, 6],  # rt and rw exchanged
        [0, 1, 2, 3, 4, 6, 5],  # the two dates exchanged
        [6, 5, 4, 3, 2, 1, 0],
        [3, 0, 4, 5, 1, 2],  # one column fewer
        [5, 4, 0],  # three of them
    ],
)
@pytest.mark.parametrize("renamed", ["same words", "other words"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_rows_below_headings_in_another_order_are_read_by_these(
    order: list[int], renamed: str, form: str
) -> None:
    others = {"tgl konfirmasi": "Tanggal Terkonfirmasi", "rt": "No. RT", "status": "Status Pasien"}
    titles = [others.get(each, each) if renamed == "other words" else each for each in TITLES]
    second: list[list[Any]] = [["B1", 3, 4, "Melati", "Suspek", "2021-07-06", "2021-07-02"]]
    second += [["B2", 5, 6, "Kenanga", "Konfirmasi", "2021-07-07", "2021-07-03"]]
    pages: list[list[Any]] = [
        [titles[k] for k in order],
        *([row[k] for k in order] for row in second),
    ]
    rows: Rows = [TITLES, A1, *pages]
    content = csv_of(rows) if form == "csv" else xlsx_of(rows)[1]
    fields = ["case_id", "rt", "rw", "kelurahan", "status", "confirmed_on", "onset_on"]
    words = {"Konfirmasi": "confirmed", "Suspek": "suspect"}

    def typed(row: list[Any], there: list[int]) -> tuple[Any, ...]:
        whole = [*row[:4], words[row[4]], *map(date.fromisoformat, row[5:])]
        return tuple(whole[k] if k in there else None for k in range(7))

    everywhere = list(range(7))
    wanted = [typed(A1, everywhere), *(typed(row, order) for row in second)]
    assert records(content, *fields, name=f"t.{form}") == wanted


def test_headings_again_with_a_column_more_give_that_column_too() -> None:
    titles = [*TITLES, "tgl lapor"]
    rows: Rows = [TITLES, A1, titles, ["B1", 3, 4, "Melati", "Suspek", "", "", "2021-07-09"]]
    assert records(csv_of(rows), "case_id", "rt", "reported_on") == [
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
    ids=["words that nobody knows", "without status and day", "without the status"],
)
def test_rows_below_headings_that_are_not_understood_are_turned_away(titles: list[str]) -> None:
    below = ["B1", 4, 3, "Melati", "Konfirmasi", "2021-07-06", "2021-07-02"][: len(titles)]
    good = ["C1", 1, 2, "Melati", "Konfirmasi", "2021-07-05", "2021-07-01"]
    found = checked(csv_of([TITLES, A1, titles, below, TITLES, good]))
    assert found.accepted["case_id"].to_pylist() == ["A1", "C1"]
    assert turned_away(found) == [(4, "headings-changed")]


def test_headings_again_in_the_same_order_are_left_out_and_counted() -> None:
    rows: Rows = [TITLES, A1, TITLES, ["A2", *A1[1:]], TITLES, ["A3", *A1[1:]]]
    assert arranged(csv_of(rows)).left_out == {"rows-left-out": 2}
    assert len(records(csv_of(rows), "case_id")) == 3


def test_two_rows_of_headings_with_merged_cells_come_again_on_a_second_page() -> None:
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
    page, _ = xlsx_of(rows)
    for row in (1, 5):
        page.merge_cells(start_row=row, start_column=3, end_row=row, end_column=4)
        page.merge_cells(start_row=row, start_column=6, end_row=row, end_column=7)
        for column in (1, 2, 5):
            page.merge_cells(start_row=row, start_column=column, end_row=row + 1, end_column=column)
    found = checked(saved(page), "t.xlsx")
    assert turned_away(found) == []
    assert (
        found.accepted.select(["rt", "rw", "confirmed_on", "onset_on"]).to_pylist()
        == [{"rt": 1, "rw": 2, "confirmed_on": date(2021, 7, 5), "onset_on": date(2021, 7, 1)}] * 2
    )


def test_rows_of_a_record_stay_in_their_order_whatever_headings_they_stand_under() -> None:
    other = [TITLES[k] for k in (0, 2, 1, 3, 4, 5, 6)]
    rows: Rows = [TITLES, A1, other, ["A1", 4, 3, *A1[3:]], TITLES, ["A1", 5, 6, *A1[3:]]]
    # The last of them stands when the file is kept; see `geodata.ledger.merging.rounds`.
    assert records(csv_of(rows), "case_id", "rt", "rw") == [
        ("A1", 1, 2),
        ("A1", 3, 4),
        ("A1", 5, 6),
    ]


@pytest.mark.parametrize(
    ("kind", "first", "row", "second", "below", "fields", "wanted"),
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
def test_headings_come_again_in_lists_of_every_kind(
    kind: str, first: Any, row: Any, second: Any, below: Any, fields: list[str], wanted: Any
) -> None:
    content = csv_of([first, row, second, below])
    assert set(records(content, *fields, kind=kind)) == wanted


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
def test_a_number_of_an_rt_is_read_whatever_a_program_left_in_its_cell(rt: str, rw: str) -> None:
    rows: Rows = [
        TITLES,
        ["A1", rt, rw, "\u200eMe\u00adlati\u00a0", "Konfir\u200bmasi", "2021-07-05", ""],
    ]
    assert records(csv_of(rows, ";"), "rt", "rw", "kelurahan", "status") == [
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
def test_a_nik_is_the_same_person_whatever_a_program_left_in_its_cell(nik: str) -> None:
    titles = ["nik", "status", "tgl konfirmasi"]
    rows: Rows = [titles, ["0000060101900017", "Konfirmasi", "2021-07-05"]]
    rows = [*rows, [nik, "Konfirmasi", "2021-07-05"]]
    found = checked(csv_of(rows, ";"))
    assert found.accepted.num_rows == 1
    assert found.warnings == {}


@pytest.mark.parametrize("nik", ["3.3741012128E+15", "3,3741012128E+15", "3.37E15"])
def test_a_nik_whose_digits_a_spreadsheet_lost_is_said_and_not_used(nik: str) -> None:
    rows: Rows = [
        ["nik", "nama", "status", "tgl konfirmasi"],
        [nik, "Ani", "positif", "2021-07-05"],
    ]
    found = checked(csv_of(rows, ";"))
    assert found.accepted["nik"].to_pylist() == [None]
    assert found.warnings == {"nik-mangled": 1}


def test_a_code_of_an_area_whose_digits_a_spreadsheet_lost_is_said() -> None:
    found = checked(csv_of([TITLES, [*A1[:3], "3.374101E+09", *A1[4:]]]))
    assert found.warnings == {"area-mangled": 1}
    rows: Rows = [TITLES, [*A1[:3], "3374101001.0", *A1[4:]]]
    assert records(csv_of(rows), "kelurahan") == [("3374101001",)]


@pytest.mark.parametrize(
    "blank", ["-", "--", "n/a", "#N/A", "\u2014", "'", '=""', "\u200b", "null"]
)
def test_a_cell_that_stands_for_nothing_is_blank(blank: str) -> None:
    rows: Rows = [TITLES, ["A1", blank, blank, "Melati", "Konfirmasi", "2021-07-05", blank]]
    found = checked(csv_of(rows))
    assert found.accepted.select(["rt", "onset_on"]).to_pylist() == [{"rt": None, "onset_on": None}]
    assert found.warnings == {}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("mark", [";", "\t", ","])
def test_a_list_with_decimal_commas_and_lines_within_cells_is_read(
    encoding: str, mark: str
) -> None:
    text = mark.join(["id", "alamat", "status", "tgl konfirmasi", "lintang", "bujur"])
    text += "\r\n" + mark.join(
        ["A1", '"Jl Mawar\r\nNo 2"', "Positif", "05/07/21", '"-7,0512"', '"110,4203"']
    )
    assert records(text.encode(encoding), "address", "confirmed_on", "lat", "lon") == [
        ("Jl Mawar No 2", date(2021, 7, 5), -7.0512, 110.4203)
    ]


# --- days ---


def test_bare_days_of_a_workbook_that_counts_from_1904_are_its_days() -> None:
    rows: Rows = [TITLES, ["44012", 1, 2, "Melati", "Konfirmasi", 44012, None]]
    rows = [*rows, ["B", 1, 2, "Melati", "Konfirmasi", date(2024, 7, 2), 44012.75]]
    found = records(
        xlsx_of(rows, from_1904=True)[1], "case_id", "confirmed_on", "onset_on", name="t.xlsx"
    )
    assert found == [
        ("44012", date(2024, 7, 1), None),
        ("B", date(2024, 7, 2), date(2024, 7, 1)),
    ]
    assert records(xlsx_of(rows)[1], "confirmed_on", name="t.xlsx")[0] == (date(2020, 6, 30),)


def days_of(*days: str) -> bytes:
    return csv_of(
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
        # What a spreadsheet took for a day stands as one, the rest as text.
        ["2021-05-07", "7/13/2021"],
        ["2021-05-07", "7/5/2021", "2021-07-31", "7/13/2021"],
    ],
)
def test_a_column_that_proves_the_month_first_is_refused_with_the_setting(days: list[str]) -> None:
    with pytest.raises(RecordError, match="month_first") as error:
        checked(days_of(*days))
    assert error.value.code == "date-order"
    assert f"row {len(days) + 1}" in error.value.message


def test_a_source_that_says_month_first_reads_such_a_column_and_refuses_the_other() -> None:
    source = parse_source(MONTH_FIRST, "t")
    found = checked(days_of("7/5/2021", "7/13/2021"), source=source)
    assert found.accepted["confirmed_on"].to_pylist() == [date(2021, 7, 5), date(2021, 7, 13)]
    with pytest.raises(RecordError, match="Delete month_first"):
        checked(days_of("7/5/2021", "13/7/2021"), source=source)


def test_days_that_a_spreadsheet_exchanged_are_named_where_the_source_says_month_first() -> None:
    found = checked(days_of("2021-05-07", "7/13/2021"), source=parse_source(MONTH_FIRST, "t"))
    assert found.details == {"date-order-unsure": "row 2"}


def test_one_day_typed_the_other_way_is_one_bad_row() -> None:
    found = checked(days_of("2021-07-31", "2021-07-05", "7/13/2021"))
    assert turned_away(found) == [(4, "date-impossible")]
    assert found.accepted.num_rows == 2


def test_a_column_that_proves_both_orders_names_the_rows_that_may_be_either() -> None:
    found = checked(days_of("13/7/2021", "7/13/2021", "5/7/2021", "7/7/2021", "2021-07-05"))
    assert turned_away(found) == [(3, "date-impossible")]
    assert found.warnings == {"date-order-unsure": 1}
    assert found.details["date-order-unsure"] == "row 4"


def test_a_column_with_the_day_in_the_middle_is_refused_or_its_rows_are_named() -> None:
    with pytest.raises(RecordError, match=r"row 2 is the first, with 2021-13-07") as error:
        checked(days_of("2021-13-07", "2021-05-07"))
    assert error.value.code == "date-order"
    found = checked(days_of("2021-13-07", "2021-05-07", "2021-07-07", "2021-07-31"))
    assert turned_away(found) == [(2, "date-impossible")]
    assert found.details["date-order-unsure"] == "row 3"


def test_days_that_a_spreadsheet_may_have_exchanged_are_named() -> None:
    found = checked(days_of("13/07/2021", "2021-05-07", "2021-07-07", "14/07/2021"))
    assert found.details["date-order-unsure"] == "row 3"
    assert checked(days_of("13/07/2021", "5/7/2021", "2021-05-07")).warnings == {}


@pytest.mark.parametrize(
    ("onset", "said"), [("2021-07-19", 0), ("2021-07-20", 1), ("2021-06-01", 0)]
)
def test_an_onset_more_than_an_incubation_after_the_confirmation_is_said(
    onset: str, said: int
) -> None:
    rows: Rows = [TITLES, [*A1[:6], onset]]
    assert checked(csv_of(rows)).warnings.get("onset-after-confirmed", 0) == said


# --- numbers ---


def figures(*values: str, unit: str = "dosis", name: str = "dosis") -> Checked:
    rows = [[name, "33.74", f"2021-07-{k + 1:02d}", value, unit] for k, value in enumerate(values)]
    return checked(
        csv_of([["indikator", "wilayah", "tanggal", "nilai", "satuan"], *rows], ";"),
        kind="indicators",
    )


@pytest.mark.parametrize(
    ("beside", "text", "number"),
    [
        ("1.250,5", "1.25E+03", 1250.0),
        ("1.250,5", "1,25E+03", 1250.0),
        ("1,250.5", "1.25E+03", 1250.0),
        ("1.250,5", "1.250", 1250.0),
        ("1.250,5", "2E3", 2000.0),
        ("1.250,5", "2.5e-1", 0.25),
    ],
)
def test_a_power_of_ten_is_one_beside_dots_between_thousands(
    beside: str, text: str, number: float
) -> None:
    found = figures(beside, text, name="suhu", unit="derajat").accepted.sort_by("date")
    assert found["value"].to_pylist() == [1250.5, number]


@pytest.mark.parametrize(
    ("name", "unit", "wanted"),
    [
        ("positif", "orang", "away"),
        ("tes", "", "away"),
        ("dosis", "dosis", "away"),
        ("antrean", "jiwa", "away"),
        ("masker", "paket", "away"),
        ("perubahan", "persen", "taken"),
        ("suhu", "derajat", "taken"),
    ],
)
def test_no_count_of_people_or_things_is_below_nought(name: str, unit: str, wanted: str) -> None:
    found = figures("-5", "7", name=name, unit=unit)
    assert turned_away(found) == ([(2, "count-negative")] if wanted == "away" else [])
    assert figures("0", "-0", name=name, unit=unit).rejected.num_rows == 0


@pytest.mark.parametrize("field", ["kapasitas", "terisi"])
@pytest.mark.parametrize("value", ["-5", "\u22125", "- 5", "(5)"])
def test_no_place_has_fewer_than_no_beds(field: str, value: str) -> None:
    rows: Rows = [["jenis", "nama", field], ["RS", "Mawar", value], ["RS", "Dua", "5"]]
    found = checked(csv_of(rows), kind="places")
    assert turned_away(found) == [(2, "count-negative")]
    assert found.accepted["name"].to_pylist() == ["Dua"]


def test_a_stock_below_nought_is_not_read_as_one_above() -> None:
    rows: Rows = [["jenis", "nama", "stok"], ["RS", "Mawar", "oksigen -5"]]
    found = checked(csv_of(rows), kind="places")
    assert found.accepted["stock"].to_pylist() == [None]
    assert found.warnings == {"stock-unreadable": 1}


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
    content = csv_of(rows) if form == "csv" else xlsx_of(rows)[1]
    found = arranged(content, f"t.{form}")
    assert found.left_out == {"rows-left-out": sum(1 for row in signature if row)}
    assert turned_away(checked(content, f"t.{form}")) == []
    assert len(records(content, "case_id", name=f"t.{form}")) == 2


def test_a_signature_cut_in_two_below_a_narrow_list_is_no_record() -> None:
    rows: Rows = [["status", "tgl konfirmasi", "kelurahan"], ["positif", "1 Juli 2021", "Melati"]]
    found = checked(csv_of([*rows, ["positif", "1 Juli 2021", ""], ["Tegal", "21 Juli 2021"]]))
    assert turned_away(found) == [(3, "no-identity")]
    assert found.read == 2


def test_a_signature_below_each_page_is_no_record() -> None:
    signature: Rows = [
        ["Tegal, 21 Juli 2021"],
        ["Kepala Puskesmas"],
        ["Sri"],
        ["NIP. 19700101 199003 2 001"],
    ]
    rows: Rows = [TITLES, A1, *signature, TITLES, ["A2", *A1[1:]], *signature]
    assert turned_away(checked(csv_of(rows))) == []
    assert len(records(csv_of(rows), "case_id")) == 2


def test_a_record_that_lacks_much_is_turned_away_and_not_taken_for_a_signature() -> None:
    rows: Rows = [
        TITLES,
        A1,
        ["A2", "", "", "Kepala Dua"],
        ["A3", "", "", "", "apa", "5 Juli 2021"],
    ]
    assert turned_away(checked(csv_of(rows))) == [(3, "status-missing"), (4, "status-unknown")]
    named: Rows = [
        ["nama", "tgl konfirmasi", "kelurahan", "rt"],
        ["Ani", "1 Juli 2021", "Melati", 1],
    ]
    assert len(records(csv_of([*named, ["Budi", "2 Juli 2021"]]), "case_id")) == 2


# --- what a spreadsheet says beside its cells, and hides ---


def with_dimension(content: bytes, dimension: bytes) -> bytes:
    """The same workbook that says the size of its sheets otherwise."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as book, zipfile.ZipFile(written, "w") as copy:
        for entry in book.infolist():
            part = book.read(entry)
            if "worksheets/" in entry.filename:
                assert b"<dimension" in part
                part = re.sub(rb"<dimension[^>]*/>", dimension, part)
            copy.writestr(entry.filename, part)
    return written.getvalue()


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
def test_a_workbook_is_read_whatever_it_says_of_its_size(dimension: bytes) -> None:
    content = with_dimension(xlsx_of([TITLES, A1, ["A2", *A1[1:]]])[1], dimension)
    assert records(content, "case_id", "rt", name="t.xlsx") == [("A1", 1), ("A2", 1)]


def test_hidden_and_filtered_rows_and_columns_are_read_and_said() -> None:
    page, _ = xlsx_of([TITLES, A1, ["A2", *A1[1:]], ["A3", *A1[1:]], [None, "catatan"]])
    page.auto_filter.ref = "A1:G4"
    for row in (3, 4, 5):
        page.row_dimensions[row].hidden = True
    page.column_dimensions["B"].hidden = True
    found = arranged(saved(page), "t.xlsx")
    assert found.sheet.rows.tolist() == [2, 3, 4]
    assert found.left_out == {"rows-hidden": 2, "columns-hidden": 4, "rows-left-out": 1}
    assert records(saved(page), "rt", name="t.xlsx") == [(1,)] * 3


def test_a_hidden_sheet_with_a_list_is_said_and_named_where_no_other_has_one() -> None:
    page, _ = xlsx_of([TITLES, A1])
    assert page.parent is not None
    other = page.parent.create_sheet("lama")
    other.append(TITLES)
    other.append(["A2", *A1[1:]])
    other.sheet_state = "hidden"
    found = arranged(saved(page), "t.xlsx")
    assert (len(found.sheet.rows), found.left_out) == (1, {"sheets-hidden": 1})
    page["E1"], page["F1"] = "x", "y"
    with pytest.raises(RecordError, match=r"a hidden sheet does: lama\. Load it with --sheet"):
        arranged(saved(page), "t.xlsx")


# --- one bad row ---


def test_a_feature_that_is_no_point_costs_its_own_coordinates_alone() -> None:
    def feature(name: str, geometry: object) -> dict[str, object]:
        said = {"id": name, "status": "positif", "tgl konfirmasi": "2021-07-01"}
        return {"type": "Feature", "properties": said, "geometry": geometry}

    here = [110.4215, -7.0485]
    geometries: dict[str, object] = {
        "a": {"type": "Point", "coordinates": here},
        "b": {"type": "MultiPoint", "coordinates": [here]},
        "c": {"type": "MultiPoint", "coordinates": [here, here]},
        "d": {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": here}]},
        "e": {"type": "Point", "coordinates": [*here, 12.0]},
        "f": None,
        "g": {"type": "Point", "coordinates": []},
        "p": {"type": "MultiPoint", "coordinates": [here, [110.5, -7.1]]},
        "q": {"type": "Polygon", "coordinates": [[here, here, here, here]]},
        "r": {"type": "Point", "coordinates": None},
        "s": {"type": "Point", "coordinates": ["x", "y"]},
        "t": "nowhere",
        "u": {"type": "Point", "coordinates": [110.4215]},
    }
    features: list[object] = [feature(*each) for each in geometries.items()]
    features += [None, 7, "x", {"type": "Feature", "properties": 5, "geometry": None}]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    found = checked(content, "t.geojson")
    rows = found.accepted.select(["case_id", "lon", "point_reading"]).to_pylist()
    assert {row["case_id"] for row in rows if row["lon"] == 110.4215} == set("abcde")
    assert {row["case_id"] for row in rows if row["point_reading"] == "unreadable"} == set("pqrst")
    assert found.warnings["coordinates-not-numbers"] == 5
    assert turned_away(found) == [
        (14, "not-an-object"),
        (15, "not-an-object"),
        (16, "not-an-object"),
    ]


def test_an_entry_of_a_json_list_that_is_no_record_is_one_bad_row() -> None:
    good = {"id": "A1", "status": "positif", "tgl konfirmasi": "2021-07-01"}
    found = checked(json.dumps([good, 5, good | {"id": "A2"}, None]).encode(), "t.json")
    assert found.accepted["case_id"].to_pylist() == ["A1", "A2"]
    assert turned_away(found) == [(2, "not-an-object"), (4, "not-an-object")]


def test_a_row_with_an_open_quotation_mark_is_turned_away_and_the_others_are_taken() -> None:
    text = "id,alamat,status,tgl konfirmasi\nA1,Jl X,positif,2021-07-01\n"
    text += 'A2,"Jl Y,positif,2021-07-01\nA3,Jl Z,positif,2021-07-01\n'
    found = checked(text.encode())
    assert found.accepted["case_id"].to_pylist() == ["A1", "A3"]
    assert turned_away(found) == [(3, "quote-open")]
    assert found.rejected["record"].to_pylist() == ["{}"]


# --- what is said ---


def test_an_unknown_word_is_named_with_the_words_that_are_known() -> None:
    titles = [*TITLES, "hasil akhir"]
    rows: Rows = [titles, [*A1, "membaik"], ["A2", *A1[1:], "membaik"], ["A3", *A1[1:], "sembuh"]]
    found = checked(csv_of(rows))
    assert found.details["outcome-unknown"] == '"membaik"; rows 2, 3'


def test_equal_rows_that_are_turned_away_have_a_name_each_and_keep_it() -> None:
    rows: Rows = [TITLES, *([["", 1, 2, "Melati", "apa", "2021-07-05", ""]] * 3), A1]
    first, second = (checked(csv_of(rows)).rejected["digest"].to_pylist() for _ in range(2))
    assert len(set(first)) == 3
    assert first == second
    assert checked(csv_of(rows[:3])).rejected["digest"].to_pylist() == first[:2]


def test_a_place_updated_month_first_is_refused_and_read_with_its_source() -> None:
    rows: Rows = [["jenis", "nama", "tgl update"], ["RS", "Mawar", "7/13/2021 10:00 WITA"]]
    with pytest.raises(RecordError, match="month_first"):
        checked(csv_of(rows), kind="places")
    source = parse_source(MONTH_FIRST.replace("cases", "places"), "t")
    found = checked(csv_of(rows), kind="places", source=source).accepted["updated_at"].to_pylist()
    assert [moment.isoformat() for moment in found] == ["2021-07-13T02:00:00"]


def test_titles_over_headings_that_come_again_are_no_records() -> None:
    titles: Rows = [["Halaman 1"], [""], ["LAPORAN HARIAN"], ["Puskesmas:", "Contoh"], TITLES]
    rows = [*titles, A1, *titles, ["A2", *A1[1:]]]
    found = arranged(csv_of(rows))
    assert found.sheet.rows.tolist() == [6, 12]
    assert found.left_out == {"rows-left-out": 4}


def test_sheets_with_the_same_headings_in_another_order_are_one_list() -> None:
    page, _ = xlsx_of([TITLES, A1])
    assert page.parent is not None
    other = page.parent.create_sheet("dua")
    order = [0, 2, 1, 3, 4, 6, 5]
    other.append([TITLES[k] for k in order])
    other.append([["A2", 3, 4, *A1[3:]][k] for k in order])
    assert records(saved(page), "case_id", "rt", "rw", "confirmed_on", name="t.xlsx") == [
        ("A1", 1, 2, date(2021, 7, 5)),
        ("A2", 3, 4, date(2021, 7, 5)),
    ]


def test_headings_again_without_rows_below_them_change_nothing() -> None:
    lists: list[Rows] = [[TITLES, A1, TITLES], [TITLES, TITLES, A1]]
    lists += [[TITLES, A1, [*TITLES[::-1]], [], [""]]]
    for rows in lists:
        assert records(csv_of(rows), "case_id") == [("A1",)]
    with pytest.raises(RecordError) as error:
        arranged(csv_of([TITLES, TITLES]))
    assert error.value.code == "empty-file"


def test_a_record_with_two_words_of_headings_in_it_gives_no_rows_up() -> None:
    odd: Rows = [["A2", "RT", "RW", "Melati", "", "", ""], ["", "rt", "rw", "", "", "", ""]]
    found = checked(csv_of([TITLES, A1, *odd, ["A3", *A1[1:]]]))
    assert found.accepted["case_id"].to_pylist() == ["A1", "A3"]
    assert {code for _, code in turned_away(found)} == {"status-missing"}
