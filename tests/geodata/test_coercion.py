"""Days, moments, levels and numbers from user input."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.areas import LEVELS
from geodata.coercion import read_count, read_day, read_known_at, read_level
from geodata.errors import InputError


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_every_form_of_a_day_gives_the_same_day(day: date) -> None:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001
    for form in (
        day,
        f"{day:%Y-%m-%d}",
        midnight,
        pd.Timestamp(midnight),
        pd.Timestamp(midnight, tz="Asia/Jakarta"),
        np.datetime64(f"{day:%Y-%m-%d}"),
        np.datetime64(f"{day:%Y-%m-%d}T00:00:00", "ns"),
    ):
        parsed = read_day(form)
        assert type(parsed) is date
        assert parsed == day


def test_no_day_stays_none() -> None:
    assert read_day(None) is None
    assert read_known_at(None) is None


@pytest.mark.parametrize(
    "value",
    [
        *("kemarin", "15/07/2021", "2021-07", "", 20210715, 1.5, True, [date(2021, 7, 15)], {}),
        *(pd.NaT, np.datetime64("NaT"), np.datetime64("2021-07"), pd.Period("2021-07-15", "D")),
    ],
    ids=repr,
)
def test_a_value_that_is_no_day_is_rejected(value: Any) -> None:
    with pytest.raises(InputError, match="A day looks like 2021-07-15") as raised:
        read_day(value)
    assert raised.value.code == "invalid-day"


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2021, 7, 15, 12, tzinfo=UTC),
        pd.Timestamp("2021-07-15 12:00"),
        np.datetime64("2021-07-15T12:00"),
        "2021-07-15T12:00",
    ],
    ids=repr,
)
def test_a_moment_of_a_day_is_no_day(moment: Any) -> None:
    with pytest.raises(InputError, match="2021-07-15 12:00 is a moment of a day"):
        read_day(moment)


def test_every_form_of_a_moment_gives_the_same_moment_in_utc() -> None:
    expected = datetime(2021, 7, 15, 11)  # noqa: DTZ001
    jakarta = timezone(timedelta(hours=7))
    for form in (
        expected,
        datetime(2021, 7, 15, 18, tzinfo=jakarta),
        pd.Timestamp("2021-07-15 11:00"),
        pd.Timestamp("2021-07-15 18:00", tz="Asia/Jakarta"),
        np.datetime64("2021-07-15T11:00"),
        "2021-07-15T18:00+07:00",
    ):
        parsed = read_known_at(form)
        assert type(parsed) is datetime
        assert parsed == expected
    with pytest.raises(InputError, match="Write a moment like"):
        read_known_at(pd.NaT)  # type: ignore[arg-type]  # what a notebook may hold
    with pytest.raises(InputError, match="Write a moment like"):
        read_known_at(20210715)  # type: ignore[arg-type]


def test_a_level_is_one_of_five() -> None:
    assert [read_level(level) for level in LEVELS] == list(LEVELS)
    for value in ("x", "", "RT", None, 3, np.array(["rt", "rw"])):
        with pytest.raises(InputError, match="kota, kecamatan, kelurahan, rw, rt") as raised:
            read_level(value)  # type: ignore[arg-type]
        assert raised.value.code == "invalid-level"


def test_a_count_must_be_a_whole_number_of_at_least_one() -> None:
    assert [read_count(value, "days") for value in (1, np.int64(14), 10**6)] == [1, 14, 10**6]
    for value in (0, -1, True, 2.5, 14.0, "14", None):
        with pytest.raises(InputError, match="number of days must be a whole number") as raised:
            read_count(value, "days")  # type: ignore[arg-type]
        assert raised.value.code == "invalid-days"
