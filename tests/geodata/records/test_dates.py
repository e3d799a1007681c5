"""Parsing of dates in the forms of people and programs."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.records.parsing.dates import parse_date, read_dates
from tests.zones import JAKARTA

INDONESIAN = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
SHORT = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agt", "Sep", "Okt", "Nov", "Des"]
WEEKDAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def spellings(day: date) -> dict[str, str]:
    """A day in every spelling that must be parsed; independent of the tables of the parser."""
    stamp = pd.Timestamp(day)
    serial = (stamp - pd.Timestamp("1899-12-30")).days
    return {
        "iso": day.isoformat(),
        "iso, one digit": f"{day.year}-{day.month}-{day.day}",
        "iso with slashes": f"{day:%Y/%m/%d}",
        "compact": f"{day:%Y%m%d}",
        "moment": f"{day}T23:59:59.5",
        "moment with a space": f"{day} 00:00:00",
        "slashes": f"{day:%d/%m/%Y}",
        "dashes": f"{day:%d-%m-%Y}",
        "dots": f"{day:%d.%m.%Y}",
        "bare": f"{day.day}/{day.month}/{day.year}",
        "two digits": f"{day:%d/%m/%y}",
        "slashes and a time": f"{day:%d/%m/%Y} 14:05",
        "Indonesian": f"{day.day} {INDONESIAN[day.month - 1]} {day.year}",
        "capitals": f"{day.day} {INDONESIAN[day.month - 1].upper()} {day.year}",
        "with its weekday": (
            f"{WEEKDAYS[day.weekday()]}, {day.day} {INDONESIAN[day.month - 1]} {day.year}"
        ),
        "short": f"{day.day} {SHORT[day.month - 1]} {day.year}",
        "short with dashes": f"{day.day}-{SHORT[day.month - 1]}-{day:%y}",
        "English": f"{day.day} {stamp.month_name()} {day.year}",
        "American": f"{stamp.month_name()} {day.day}, {day.year}",
        "serial": str(serial),
        "serial with a time": f"{serial}.5",
    }


@given(day=DAYS)
def test_every_spelling_of_a_day_is_parsed(day: date) -> None:
    assert {
        name: parse_date(text, JAKARTA) for name, text in spellings(day).items()
    } == dict.fromkeys(spellings(day), day)


@given(moment=st.datetimes(datetime(2020, 1, 1), datetime(2022, 1, 1)))  # noqa: DTZ001
def test_a_moment_with_an_offset_is_the_day_in_jakarta(moment: datetime) -> None:
    expected = (moment + timedelta(hours=7)).date()
    assert parse_date(moment.replace(tzinfo=UTC).isoformat(timespec="seconds"), JAKARTA) == expected
    assert parse_date(f"{moment:%Y-%m-%dT%H:%M:%SZ}", JAKARTA) == expected
    # The text of a moment in Parquet.
    assert parse_date(f"{moment:%Y-%m-%d %H:%M:%S}.000000Z", JAKARTA) == expected


def test_the_day_comes_first() -> None:
    assert parse_date("03/04/2021", JAKARTA) == date(2021, 4, 3)


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2021",
        "29-02-2021",
        "2021-13-01",
        "04/13/2021",
        "0/1/2021",
        "31 April 2021",
        "9 Smarch 2021",
        "9/9",
        "2021",
        "12345",
        "99999",
        "-1",
        "9 September",
        "kemarin",
        "9-09/2021",
        "2021-09-09 x",
        "0000-00-00",
        "1/1/100000",
        "1/2/2021x",
    ],
)
def test_a_text_that_is_no_date_is_rejected(text: str) -> None:
    assert parse_date(text, JAKARTA) is None


@given(text=st.text(max_size=20))
def test_every_text_gives_a_date_or_none(text: str) -> None:
    parsed = parse_date(text, JAKARTA)
    assert parsed is None or isinstance(parsed, date)


@given(days=st.lists(st.none() | DAYS, min_size=1))
def test_every_cell_of_a_column_is_parsed(days: list[date | None]) -> None:
    cells = pa.array([None if day is None else f"{day:%d/%m/%Y}" for day in days] + ["x"])
    dates, invalid = read_dates(cells, JAKARTA)
    assert dates.to_pylist() == [*days, None]
    assert invalid.tolist() == [False] * len(days) + [True]


@pytest.mark.parametrize(
    "text",
    [
        "1 Juli 2021 pukul 10.00 WIB",
        "1 Juli 2021 Pkl. 10.00",
        "1 Juli 2021 pkl 10.00 wib",
        "1 Juli 2021, jam 10:00 WIB.",
        "1 Juli 2021 - 10.00 WIB",
        "1 Juli 2021 pukul 10 WIB",
        "Kamis, 1 Juli 2021 10.00 (WIB)",
        "2021-07-01 10:00 WITA",
        "01/07/21 10:00 WIT",
        "01/07/21",
        "1/7/21",
        "2021.07.01",
        "01.07.2021 10.00 WIB",
        "1/7/2021 10:00 AM",
        "1/7/2021 10:00 p.m.",
        "Thu 1 Jul 2021",
        "2021-07-01Z",
        "1 Juli 2021 WIT",
    ],
)
def test_a_time_after_a_date_is_ignored_in_every_form(text: str) -> None:
    assert parse_date(text, JAKARTA) == date(2021, 7, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2 Juli 2021 pukul 00.30 WIT", date(2021, 7, 1)),
        ("2021-07-02 00:30 WITA", date(2021, 7, 1)),
        ("2021-07-02 00:30 WIB", date(2021, 7, 2)),
        ("2 Juli 2021 12.30 AM WIT", date(2021, 7, 1)),
        ("1/7/2021 11:30 PM +00:00", date(2021, 7, 2)),
    ],
)
def test_eastern_time_gives_the_day_in_the_city(text: str, day: date) -> None:
    assert parse_date(text, JAKARTA) == day


@pytest.mark.parametrize(
    "text",
    [
        "Tegal, 21 Juli 2021",
        "Semarang, 1/7/2021",
        "31/02/2021",
        "1/7/2021 10.00 XYZ",
        "7/13/21",
        "2021-13-07",
    ],
)
def test_a_date_after_a_place_and_an_invalid_date_are_rejected(text: str) -> None:
    assert parse_date(text, JAKARTA) is None
