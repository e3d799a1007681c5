"""Parsing of counts, numbers, stocks, moments and contacts; ambiguous numbers are rejected."""

import json
from collections.abc import Mapping
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records import INDICATORS, PLACES, CheckedSheet, Kind, check_sheet
from geodata.records.indicator_names import known_indicators, parse_indicator_name
from geodata.records.parsing.amounts import read_counts, read_numbers, read_stocks
from geodata.records.parsing.cells import read_contact
from geodata.records.parsing.moments import parse_moment
from geodata.tables import sheet_from_frame
from tests.zones import JAKARTA

TODAY = date(2021, 9, 9)
PLACE = {"Jenis": "RS", "Nama": "RS Contoh", "Kelurahan": "Mijen"}
FIGURE = {"Indikator": "Dosis 1", "Wilayah": "33.74.14", "Tanggal": "1/9/2021", "Jumlah": "120"}


def _check(kind: Kind, *rows: Mapping[str, object]) -> CheckedSheet:
    frame = pd.DataFrame(list(rows)).astype(object)
    sheet = sheet_from_frame(frame.where(frame.notna(), None))
    return check_sheet(sheet, kind, Pseudonymiser(b"k" * 16), today=TODAY, timezone=JAKARTA)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("12", 12),
        ("1.250", 1250),
        ("1,250,000", 1_250_000),
        ("12.0", 12),
        ("0", 0),
        ("-3", None),
        ("1.5", None),
        ("banyak", None),
        ("9" * 40, None),
    ],
)
def test_a_count_is_an_integer_and_not_negative(text: str, count: int | None) -> None:
    counts, invalid = read_counts(pa.array([text, None]))
    assert counts.to_pylist() == [count, None]
    assert invalid.tolist() == [count is None, False]


@pytest.mark.parametrize(
    ("column", "numbers"),
    [
        (["1.250", "3.5"], [1.25, 3.5]),
        (["1.250", "3,5"], [1250.0, 3.5]),
        (["1,250", "3,5"], [1.25, 3.5]),
        (["1.250", "1.250.000"], [1250.0, 1_250_000.0]),
        (["1,250", "1,250.5"], [1250.0, 1250.5]),
        (["1.250", "120"], [None, 120.0]),
        (["1.250", "3.5", "2,5"], [None, 3.5, 2.5]),
        (["0.125", "12"], [0.125, 12.0]),
        (["1e3", "-4", "1 250"], [1000.0, -4.0, 1250.0]),
        (["1e999", "nan", "inf", "12a"], [None, None, None, None]),
    ],
)
def test_the_column_decides_the_decimal_separator_or_the_number_is_ambiguous(
    column: list[str], numbers: list[float | None]
) -> None:
    parsed = read_numbers(pa.array(column))
    assert parsed.values.to_pylist() == numbers
    assert (parsed.invalid | parsed.ambiguous).tolist() == [number is None for number in numbers]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), max_size=5))
def test_numbers_of_programs_are_parsed_or_ambiguous(numbers: list[float]) -> None:
    parsed = read_numbers(pa.array([repr(number) for number in numbers], type=pa.string()))
    for number, value, ambiguous in zip(
        numbers, parsed.values.to_pylist(), parsed.ambiguous, strict=True
    ):
        assert value == number or ambiguous


@pytest.mark.parametrize(
    ("text", "stock"),
    [
        ("oksigen: 12; APD: 1.300", {"APD": 1300, "oksigen": 12}),
        ("Oksigen 12, masker N95 = 40", {"Oksigen": 12, "masker N95": 40}),
        ('{"oxygen": 12}', {"oxygen": 12}),
        ("cukup", None),
        ("oksigen: banyak", None),
        ("{broken", None),
        ('{"oxygen": -1}', None),
    ],
)
def test_a_stock_is_a_list_of_names_with_counts(text: str, stock: dict[str, int] | None) -> None:
    stocks, invalid = read_stocks(pa.array([text]))
    parsed = stocks.to_pylist()[0]
    assert (None if parsed is None else json.loads(parsed)) == stock
    assert invalid.tolist() == [stock is None]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-09-09T08:30:00+07:00", "2021-09-09T01:30:00"),
        ("2021-09-09 08:30", "2021-09-09T01:30:00"),
        ("9/9/2021 08.30 WIB", "2021-09-09T01:30:00"),
        ("9 September 2021 pukul 08.30", "2021-09-09T01:30:00"),
        ("9/9/2021", "2021-09-08T17:00:00"),
        ("9 September 2021 Pkl. 08.30 WIB.", "2021-09-09T01:30:00"),
        ("9/9/2021 09.30 WITA", "2021-09-09T01:30:00"),
        ("2021-09-09 10:30 wit", "2021-09-09T01:30:00"),
        ("9/9/2021 8:30 PM", "2021-09-09T13:30:00"),
        ("9/9/2021 12:30 AM", "2021-09-08T17:30:00"),
        ("2021-09-09", "2021-09-08T17:00:00"),
        ("9/9/2021 25:00", None),
        ("kemarin", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_a_moment_without_an_offset_is_in_the_time_zone_of_the_city(
    text: str, moment: str | None
) -> None:
    parsed = parse_moment(text, JAKARTA)
    assert (None if parsed is None else parsed.isoformat()) == moment


def test_phone_numbers_stay_in_a_contact_and_nowhere_else() -> None:
    texts = ["024-3540303 / 0812 3456 7890", "wa.me/6281234567890"]
    assert read_contact(pa.array(texts)).to_pylist() == texts
    assert read_contact(pa.array(["3374010101010001"])).to_pylist() == ["..."]
    assert read_contact(pa.array(["337401 010101 0001"])).to_pylist() == ["..."]
    checked = _check(PLACES, PLACE | {"Telepon": "081234567890", "Jam buka": "081234567890"})
    assert checked.accepted["contact"].to_pylist() == ["081234567890"]
    assert checked.accepted["hours"].to_pylist() == ["..."]


def test_a_rejected_place_keeps_its_phone_number_and_no_identity_number() -> None:
    wrong_place = PLACE | {"Jenis": "warung", "Telepon": "081234567890 / 3374010101010001"}
    [record] = _check(PLACES, wrong_place).rejected["record"].to_pylist()
    assert json.loads(record)["contact"] == "081234567890 / ..."


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"Nama": None}, "name-missing"),
        ({"Jenis": None}, "place-kind-missing"),
        ({"Jenis": "warung"}, "place-kind-unknown"),
        ({"Diperbarui": "kemarin"}, "date-impossible"),
        ({"Diperbarui": "2031-01-01"}, "date-in-future"),
    ],
)
def test_an_unusable_place_is_rejected_with_the_reason(row: dict[str, object], code: str) -> None:
    assert _check(PLACES, PLACE | row).reasons == {code: 1}


def test_unreadable_values_of_a_place_are_dropped_with_a_warning() -> None:
    odd_place = PLACE | {"Kapasitas": "10", "Terisi": "12", "Stok": "cukup", "RT": "?"}
    checked = _check(PLACES, odd_place)
    assert checked.warnings == {"over-capacity": 1, "stock-unreadable": 1}
    assert _check(PLACES, PLACE | {"Kapasitas": "banyak"}).warnings == {"count-unreadable": 1}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"Indikator": None}, "indicator-missing"),
        ({"Wilayah": None}, "area-missing"),
        ({"Tanggal": None}, "day-missing"),
        ({"Tanggal": "31/2/2021"}, "date-impossible"),
        ({"Tanggal": "10/9/2021"}, "date-in-future"),
        ({"Jumlah": None}, "value-missing"),
        ({"Jumlah": "banyak"}, "number-unreadable"),
        ({"Jumlah": "1.250"}, "number-ambiguous"),
    ],
)
def test_an_unusable_indicator_is_rejected_with_the_reason(
    row: dict[str, object], code: str
) -> None:
    assert _check(INDICATORS, FIGURE | row).reasons == {code: 1}


def test_places_and_indicators_have_natural_keys() -> None:
    same_place = _check(PLACES, PLACE, PLACE | {"Jenis": "rumah sakit", "Nama": "RS. contoh"})
    assert len(set(same_place.accepted["place_id"].to_pylist())) == 1
    other_places = _check(PLACES, PLACE, PLACE | {"Kelurahan": "Tugu"}, PLACE | {"Jenis": "posko"})
    assert other_places.accepted.num_rows == 3
    two_days = _check(
        INDICATORS, FIGURE, FIGURE | {"Tanggal": "2/9/2021"}, FIGURE | {"Jumlah": "7"}
    )
    assert len(set(two_days.accepted["indicator_id"].to_pylist())) == 2


def test_an_unknown_indicator_keeps_its_own_name() -> None:
    assert parse_indicator_name("Vaksinasi Dosis 1") == "vaccination-1"
    assert parse_indicator_name("Jumlah Kucing!") == "jumlah-kucing"
    assert parse_indicator_name("?!") is None
    for indicator in known_indicators().values():
        assert all(indicator[:4])
