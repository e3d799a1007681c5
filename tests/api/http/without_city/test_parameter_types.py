"""The types of request parameters accept what they promise and reject the next value."""

import json
import math
from datetime import UTC, date, datetime
from typing import Annotated, Any

import numpy as np
import pandas as pd
import pytest
from fastapi import Depends, FastAPI
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from api.http.parameter_faults import fault_message
from api.http.parameters import (
    Box,
    Day,
    KnownAt,
    Latitude,
    Longitude,
    Near,
    OptionalDay,
    Paging,
    ShownArea,
    ShownDay,
    WholeNumber,
    check_finite,
    parse_number,
    read_known_at,
)
from tests.api.http.without_city.small_app import request, small_app

DAY_FORM = "date: Write a day like 2021-07-15."
DAY_UNKNOWN = "date: That day is not in the calendar; write a day like 2021-07-15."
BBOX_FORM = (
    "bbox: Write four numbers, west,south,east,north in degrees, like 110.40,-7.00,110.45,-6.95."
)
BBOX_FINITE = "bbox: All four numbers must be finite."
BBOX_LATITUDES = "bbox: Latitudes are the second and fourth number and lie between -90 and 90."
BBOX_LONGITUDES = "bbox: Longitudes are the first and third number and lie between -180 and 180."
BBOX_ORDER = "bbox: West must be less than east, and south less than north."
KNOWN_AT = (
    "known_at: This text is no moment. Write a moment like 2021-07-05T18:00, which is UTC, or "
    "2021-07-05T18:00+07:00."
)
NEAR = "near: Write longitude and latitude in degrees, like 110.42,-6.98."


@pytest.fixture(scope="module")
def app() -> FastAPI:
    app = small_app()

    @app.get("/day")
    def _day(day: OptionalDay = None) -> Any:
        return day

    @app.get("/shown")
    def _shown(day: ShownDay = None) -> Any:
        return day

    @app.get("/area")
    def _area(area: ShownArea = None) -> Any:
        return area

    @app.get("/whole")
    def _whole(n: WholeNumber) -> Any:
        return n

    @app.get("/point")
    def _point(lon: Longitude, lat: Latitude) -> Any:
        return [lon, lat]

    @app.get("/box")
    def _box(box: Box) -> Any:
        return box

    @app.get("/near")
    def _near(near: Near) -> Any:
        return near

    @app.get("/known")
    def _known(moment: KnownAt = None) -> Any:
        return moment

    @app.get("/page")
    def _page(paging: Annotated[Paging, Depends()]) -> Any:
        return [paging.limit, paging.offset]

    return app


def _value(app: FastAPI, target: str) -> Any:
    answer = request(app, target)
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def _message(app: FastAPI, target: str) -> str:
    answer = request(app, target)
    error = json.loads(answer.body)
    assert (answer.status, error["code"]) == (422, "invalid-parameter")
    return str(error["message"])


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ("/day", None),
        ("/day?date=2021-07-15", "2021-07-15"),
        ("/day?date=2020-02-29", "2020-02-29"),
        ("/shown?date=2021-07-15", "2021-07-15"),
        ("/shown?date=latest", None),
        ("/shown?date=", None),
        ("/shown", None),
        ("/area", None),
        ("/area?area=", None),
        ("/area?area=33.74", "33.74"),
        ("/whole?n=-14", -14),
        ("/whole?n=007", 7),
        ("/point?lon=-180&lat=90", [-180, 90]),
        ("/point?lon=1e2&lat=-6.5", [100, -6.5]),
        ("/box", None),
        ("/box?bbox=-180,-90,180,90", [-180, -90, 180, 90]),
        ("/box?bbox=110.4,-7,110.45,-6.95", [110.4, -7, 110.45, -6.95]),
        ("/near", None),
        ("/near?near=110.42,-6.98", [110.42, -6.98]),
        ("/near?near=-180,-90", [-180, -90]),
        ("/near?near=180,90", [180, 90]),
        ("/known", None),
        ("/known?known_at=2021-07-05T18:00Z", "2021-07-05T18:00:00"),
        # A plus sign that was not encoded arrives as a space.
        ("/known?known_at=2021-07-05T18:00+07:00", "2021-07-05T11:00:00"),
        ("/known?known_at=2021-07-05T18:00%2B07:00", "2021-07-05T11:00:00"),
        ("/page", [None, 0]),
        ("/page?limit=1&offset=0", [1, 0]),
        ("/page?limit=1000000&offset=1000000", [1_000_000, 1_000_000]),
    ],
)
def test_a_valid_value_is_read(app: FastAPI, target: str, value: Any) -> None:
    assert _value(app, target) == value


@pytest.mark.parametrize(
    ("target", "message"),
    [
        *((f"/day?date={text}", DAY_FORM)
          for text in ("", "latest", "2021-7-15", "20210715", "2021-07-15x", "x2021-07-15")),
        ("/day?date=2021-02-29", DAY_UNKNOWN),
        ("/day?date=0000-01-01", DAY_UNKNOWN),
        ("/shown?date=Latest", DAY_FORM),
        ("/shown?date=2021-13-01", DAY_UNKNOWN),
        *((f"/whole?n={text}", "n: Write a whole number, like 14.")
          for text in ("", "1_000", "1.0", "+1", "--1", "1e3", "1x")),
        ("/point?lon=1_0&lat=0", "lon: Write a number."),
        ("/point?lon=0&lat=1_0", "lat: Write a number."),
        ("/point?lon=nan&lat=0", "lon: Write a finite number."),
        ("/box?bbox=", BBOX_FORM),
        ("/box?bbox=1,2,3", BBOX_FORM),
        ("/box?bbox=1,2,3,4,5", BBOX_FORM),
        ("/box?bbox=1,2,3,a", BBOX_FORM),
        ("/box?bbox=1,2,3,1_0", BBOX_FORM),
        *((f"/box?bbox={text}", BBOX_FINITE)
          for text in ("nan,1,2,3", "0,nan,2,3", "0,1,inf,3", "0,1,2,-inf")),
        ("/box?bbox=0,-90.001,1,0", BBOX_LATITUDES),
        ("/box?bbox=0,0,1,90.001", BBOX_LATITUDES),
        ("/box?bbox=-180.001,0,1,1", BBOX_LONGITUDES),
        ("/box?bbox=0,0,180.001,1", BBOX_LONGITUDES),
        ("/box?bbox=100,0,100,1", BBOX_ORDER),
        ("/box?bbox=101,0,100,1", BBOX_ORDER),
        ("/box?bbox=0,1,2,1", BBOX_ORDER),
        ("/box?bbox=0,2,2,1", BBOX_ORDER),
        *((f"/near?near={text}", NEAR)
          for text in ("", "1", "1,2,3", "a,1", "1_0,1", "180.001,0", "-180.001,0", "0,90.001",
                       "0,-90.001", "nan,0", "0,nan", "inf,0")),
        ("/known?known_at=yesterday", KNOWN_AT),
        ("/page?limit=0", "limit: Input should be greater than or equal to 1."),
        ("/page?offset=-1", "offset: Input should be greater than or equal to 0."),
    ],
)  # fmt: skip
def test_an_invalid_value_is_rejected_with_the_form_that_is_wanted(
    app: FastAPI, target: str, message: str
) -> None:
    assert _message(app, target) == message


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        (Day, "kemarin", "Tulis hari seperti 2021-07-15."),
        (Day, "2021-02-29", "Hari itu tidak ada di kalender; tulis hari seperti 2021-07-15."),
        (WholeNumber, "1_000", "Tulis bilangan bulat."),
        (Longitude, "1_0", "Tulis bilangan."),
    ],
)
def test_a_fault_has_an_indonesian_sentence(kind: Any, value: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(dict[str, kind]).validate_python({"name": value})
    assert fault_message(raised.value.errors()).id == f"name: {sentence}"


def test_a_moment_that_is_a_moment_stays() -> None:
    moment = datetime(2021, 7, 5, tzinfo=UTC)
    assert read_known_at(moment) is moment
    assert read_known_at(None) is None


def test_a_day_that_is_a_day_stays() -> None:
    day = date(2021, 7, 15)
    assert TypeAdapter(Day).validate_python(day) == day
    shown = TypeAdapter[date | None](ShownDay)
    assert [shown.validate_python(value) for value in (None, day)] == [None, day]
    with pytest.raises(ValidationError, match="write a day like"):
        TypeAdapter(Day).validate_python(20210715)


@pytest.mark.parametrize("text", ["", "a", "1_0", "_1", "1,0", "0x10"])
def test_a_text_that_is_no_number_is_rejected(text: str) -> None:
    with pytest.raises(ValueError, match=r"^write a number$|^could not convert"):
        parse_number(text)


@given(st.floats(allow_nan=False))
def test_a_number_is_read_exactly(number: float) -> None:
    assert parse_number(repr(number)) == number
    if math.isfinite(number):
        assert check_finite(number) == number
    else:
        with pytest.raises(ValueError, match=r"^write a finite number$"):
            check_finite(number)


@given(
    st.integers(0, 30),
    st.none() | st.integers(1, 30),
    st.integers(0, 30),
)
def test_a_page_has_the_matches_after_the_skipped_matches(
    count: int, limit: int | None, offset: int
) -> None:
    paging = Paging(limit, offset)
    wanted = [
        row for row in range(count) if row >= offset and (limit is None or row - offset < limit)
    ]
    assert paging.select(pd.DataFrame({"row": range(count)}))["row"].tolist() == wanted
    assert paging.select_rows(np.arange(count, dtype=np.intp)).tolist() == wanted
