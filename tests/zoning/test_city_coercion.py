"""Every method of City accepts a day, a moment and a level in the forms of a notebook."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geodata.coercion import Day
from geodata.errors import InputError
from zoning import City

DAY = date(2021, 7, 10)
DAY_FORMS: list[Day] = ["2021-07-10", pd.Timestamp(DAY), np.datetime64("2021-07-10")]
CALLS_BY_DAY: dict[str, Callable[[City, Any], Any]] = {
    "ground": lambda city, on: city.ground(on).boundaries.id,
    "boundaries": lambda city, on: city.boundaries("kelurahan", on),
    "locate": lambda city, on: city.locate(110.42, -6.99, on),
    "within": lambda city, on: city.within((110, -8, 111, -6), "kelurahan", on).tolist(),
    "published": lambda city, on: city.published(on),
    "day": lambda city, on: city.day(on),
    "day known": lambda city, on: city.day(on, datetime.now(UTC)),
    "compute_day": lambda city, on: city.compute_day(on),
    "zones": lambda city, on: city.zones(on, "kecamatan"),
    "officials": lambda city, on: city.zones_for_officials(on, "kecamatan"),
    "zone": lambda city, on: city.zone("33.74", on),
    "history": lambda city, on: city.history("33.74", on, on),
    "summary": lambda city, on: city.summary(on),
    "risks": lambda city, on: city.public().risks(on).tolist(),
    "rejudge": lambda city, on: city.rejudge("dkk-semarang", on, on),
    "series": lambda city, on: city.series("kota", on, on),
    "newcomers": lambda city, on: city.newcomers(on=on),
    "indicators": lambda city, on: city.indicators(start=on, end=on),
    "arrivals": lambda city, on: city.arrivals(on),
}
CALLS_BY_LEVEL: dict[str, Callable[[City, Any], Any]] = {
    "boundaries": lambda city, level: city.boundaries(level),
    "within": lambda city, level: city.within((110, -8, 111, -6), level),
    "zones": lambda city, level: city.zones(level=level),
    "officials": lambda city, level: city.zones_for_officials(level=level),
    "summary": lambda city, level: city.summary(level=level),
    "series": lambda city, level: city.series(level),
    "indicators": lambda city, level: city.indicators(level=level),
}


def are_equal(first: Any, second: Any) -> bool:
    return (
        first.equals(second)
        if isinstance(first, pd.DataFrame | gpd.GeoDataFrame)
        else first == second
    )


@pytest.mark.parametrize("name", CALLS_BY_DAY)
def test_each_method_accepts_the_days_of_a_notebook(small_city: City, name: str) -> None:
    call = CALLS_BY_DAY[name]
    expected = call(small_city, DAY)
    for day_form in DAY_FORMS:
        assert are_equal(call(small_city, day_form), expected)


@pytest.mark.parametrize("name", [*CALLS_BY_DAY, "map"])
def test_each_method_rejects_a_value_that_is_no_day(small_city: City, name: str) -> None:
    call = {**CALLS_BY_DAY, "map": City.map}[name]
    for no_day in (datetime(2021, 7, 10, 12), "kemarin", 20210710):  # noqa: DTZ001
        with pytest.raises(InputError, match="A day looks like 2021-07-15"):
            call(small_city, no_day)


@pytest.mark.parametrize("name", CALLS_BY_LEVEL)
def test_each_method_rejects_an_unknown_level(small_city: City, name: str) -> None:
    with pytest.raises(InputError, match="A level is one of kota"):
        CALLS_BY_LEVEL[name](small_city, "x")


def test_a_moment_may_be_text_or_a_timestamp(small_city: City) -> None:
    now = datetime.now(UTC)
    for moment in (now.isoformat(), pd.Timestamp(now)):
        assert small_city.cases(moment).equals(small_city.cases(now))


def test_a_map_accepts_the_days_of_a_notebook(small_city: City) -> None:
    expected = small_city.map(DAY, days=1).get_root().render()
    for day_form in DAY_FORMS:
        assert small_city.map(day_form, days=1).get_root().render() == expected


def test_changing_returned_ancestors_does_not_change_the_next(small_city: City) -> None:
    boundaries = small_city.ground().boundaries
    first = boundaries.ancestors("kelurahan")
    first[:] = None
    second = boundaries.ancestors("kelurahan")
    codes = boundaries.smallest_zones["code"]
    assert [code[:13] for code in codes] == second.tolist()
