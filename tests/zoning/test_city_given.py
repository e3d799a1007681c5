"""City takes a day, a moment and a level as a notebook has them, the same in every method."""

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
WRITTEN: list[Day] = ["2021-07-10", pd.Timestamp(DAY), np.datetime64("2021-07-10")]
OF_A_DAY: dict[str, Callable[[City, Any], Any]] = {
    "ground": lambda city, on: city.ground(on).boundaries.id,
    "boundaries": lambda city, on: city.boundaries("kelurahan", on),
    "locate": lambda city, on: city.locate(110.42, -6.99, on),
    "within": lambda city, on: city.within((110, -8, 111, -6), "kelurahan", on).tolist(),
    "published": lambda city, on: city.published(on),
    "day": lambda city, on: city.day(on),
    "day known": lambda city, on: city.day(on, datetime.now(UTC)),
    "judged": lambda city, on: city.judged(on),
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
OF_A_LEVEL: dict[str, Callable[[City, Any], Any]] = {
    "boundaries": lambda city, level: city.boundaries(level),
    "within": lambda city, level: city.within((110, -8, 111, -6), level),
    "zones": lambda city, level: city.zones(level=level),
    "officials": lambda city, level: city.zones_for_officials(level=level),
    "summary": lambda city, level: city.summary(level=level),
    "series": lambda city, level: city.series(level),
    "indicators": lambda city, level: city.indicators(level=level),
}


def same(one: Any, other: Any) -> bool:
    return one.equals(other) if isinstance(one, pd.DataFrame | gpd.GeoDataFrame) else one == other


@pytest.mark.parametrize("name", OF_A_DAY)
def test_each_method_takes_a_day_as_a_notebook_has_it(small_city: City, name: str) -> None:
    asked = OF_A_DAY[name]
    wanted = asked(small_city, DAY)
    for written in WRITTEN:
        assert same(asked(small_city, written), wanted)


@pytest.mark.parametrize("name", [*OF_A_DAY, "map"])
def test_each_method_refuses_what_is_no_day(small_city: City, name: str) -> None:
    asked = {**OF_A_DAY, "map": City.map}[name]
    for nothing in (datetime(2021, 7, 10, 12), "kemarin", 20210710):  # noqa: DTZ001
        with pytest.raises(InputError, match="A day looks like 2021-07-15"):
            asked(small_city, nothing)


@pytest.mark.parametrize("name", OF_A_LEVEL)
def test_each_method_refuses_what_is_no_level(small_city: City, name: str) -> None:
    with pytest.raises(InputError, match="A level is one of kota"):
        OF_A_LEVEL[name](small_city, "x")


def test_a_moment_may_be_a_text(small_city: City) -> None:
    now = datetime.now(UTC)
    for written in (now.isoformat(), pd.Timestamp(now)):
        assert small_city.cases(written).equals(small_city.cases(now))


def test_a_map_takes_a_day_as_a_notebook_has_it(small_city: City) -> None:
    wanted = small_city.map(DAY, days=1).get_root().render()
    for written in WRITTEN:
        assert small_city.map(written, days=1).get_root().render() == wanted


def test_ancestors_asked_again_are_the_same_and_ones_own(small_city: City) -> None:
    boundaries = small_city.ground().boundaries
    first = boundaries.ancestors("kelurahan")
    first[:] = None
    again = boundaries.ancestors("kelurahan")
    leaves = boundaries.leaves["code"]
    assert [code[:13] for code in leaves] == again.tolist()
