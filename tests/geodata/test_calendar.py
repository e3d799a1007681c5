"""Day numbers, ranges of days, and the moment `FOR_EVER`."""

import ast
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.addresses import read_decisions
from geodata.calendar import ALL_DAYS, NO_DAY, DayRange, day_number, day_numbers
from geodata.errors import InputError
from geodata.store import open_store
from tests.databases import NewDatabase

_DECIDE = "insert into address_decision values ('rt 1 rw 2', '33.74', $1, 'office')"
_SOURCES = [
    path
    for package in ("geodata", "zoning", "api")
    for path in (Path(__file__).resolve().parents[2] / package).rglob("*.py")
]


@given(st.dates())
def test_a_day_number_equals_the_number_of_numpy(day: date) -> None:
    assert day_number(day) == np.datetime64(day).astype("datetime64[D]").astype(np.int64)


@given(st.lists(st.none() | st.dates()))
def test_a_column_has_the_day_number_of_every_date_and_no_day_for_a_null(
    days: list[date | None],
) -> None:
    column = pa.chunked_array([pa.array(days, pa.date32())])
    expected = [NO_DAY if day is None else day_number(day) for day in days]
    assert day_numbers(column).tolist() == day_numbers(column.combine_chunks()).tolist() == expected


@given(st.dates(), st.integers(0, 500), st.dates())
def test_a_range_contains_exactly_the_days_it_lists(first: date, more: int, day: date) -> None:
    try:
        last = first + timedelta(days=more)
    except OverflowError:
        last = date.max
    days = DayRange(first, last)
    assert days.holds(day) == (day in days.dates())
    assert [day_number(listed_day) for listed_day in days.dates()] == list(
        range(days.numbers.first, days.numbers.last + 1)
    )


@given(st.dates())
def test_a_range_without_ends_contains_every_day(day: date) -> None:
    assert ALL_DAYS.holds(day)
    assert DayRange.between(None, None) == ALL_DAYS
    assert DayRange.between(day, None).holds(date.max)
    assert DayRange.between(None, day).holds(date.min)


@given(st.dates(), st.dates())
def test_a_range_that_ends_before_it_begins_is_rejected(first: date, last: date) -> None:
    if first <= last:
        DayRange(first, last).check_order()
        return
    with pytest.raises(InputError) as raised:
        DayRange(first, last).check_order()
    assert raised.value.code == "days-order"


@pytest.mark.parametrize("moment", [datetime(2021, 7, 1), datetime(9999, 6, 1), datetime.max])  # noqa: DTZ001, DTZ901
def test_a_decision_of_any_moment_is_known_now(new_database: NewDatabase, moment: datetime) -> None:
    with open_store(new_database()) as store:
        with store.transaction() as work:
            work.execute(_DECIDE, moment)
        assert read_decisions(store) == {"rt 1 rw 2": "33.74"}


def test_only_the_calendar_defines_the_newest_moment_and_the_first_day() -> None:
    """The newest moment, the first day, and the number for an unknown day are written only once."""
    expressions = {"datetime.max", "date(1970, 1, 1)", "np.iinfo(np.int32).min"}
    expression_by_file = {
        path.as_posix().split("/")[-2] + "/" + path.name: ast.unparse(node)
        for path in _SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.expr) and ast.unparse(node) in expressions
    }
    assert set(expression_by_file) == {"geodata/calendar.py", "ogc/times.py"}
    assert (
        expression_by_file["ogc/times.py"] == "datetime.max"
    )  # the end of the calendar, with a time zone
