"""Days across a change of boundaries: each on its own, and comparable when asked for."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.boundaries import Boundaries, assemble, repair, save_boundaries
from geodata.errors import NotFoundError
from geodata.store import Store, now, open_store
from tests.cities import small_city
from tests.cities.small_city import SIDE, code
from tests.databases import NewDatabase
from tests.zoning import ward
from tests.zoning.ward import TODAY, Case, day, days
from zoning import City
from zoning.days.daily import run_days

SPLIT, HALF = (0, 1, 1), "009"
CASES = [Case(SPLIT, house, 2, 30) for house in "abc"] + [Case((3, 1, 1), "d", 3, 30)]


@cache
def after() -> Boundaries:
    """The small city with the RT of most cases cut in two; the cases lie on the cut's east side."""
    leaves = small_city.small_city().leaves.copy()
    row = leaves.index[leaves["code"] == code(*SPLIT)][0]
    x, y = small_city.corner(*SPLIT)
    west, east = x, x + SIDE
    cut = x + SIDE * 0.4
    half = leaves.loc[[row]].copy()
    half["code"] = f"{code(*SPLIT)[:-3]}{HALF}"
    half["name"], half["rt"] = "RT 009 RW 001", 9
    half = half.set_geometry([shapely.box(cut, y, east, y + SIDE)], crs=leaves.crs)
    whole = leaves.geometry.to_numpy().copy()
    whole[row] = shapely.box(west, y, cut, y + SIDE)
    leaves["geometry"] = gpd.GeoSeries(whole, index=leaves.index, crs=leaves.crs)
    named = gpd.GeoDataFrame(
        pd.concat([leaves, half], ignore_index=True), geometry="geometry", crs=leaves.crs
    )
    above = small_city.small_city().areas.set_index("code")
    for level, depth in (("kelurahan", 13), ("kecamatan", 8), ("kota", 5)):
        named[f"{level}_code"] = named["code"].str[:depth]
        named[f"{level}_name"] = named[f"{level}_code"].map(above["name"])
    # The neighbours get a corner where the cut ends.
    mended, _ = repair(named)
    return assemble(mended)


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    with open_store(new_database()) as opened:
        save_boundaries(opened, small_city.small_city(), "before", {})
        save_boundaries(opened, after(), "after", {}, in_force=day(5))
        ward.add_cases(opened, CASES)
        run_days(opened, None, days(3, 7), today=TODAY)
        yield opened


def test_each_day_is_judged_on_the_boundaries_in_force_on_it(store: Store) -> None:
    city = City(store)
    assert [city.day(day(n)).boundaries for n in range(3, 8)] == [
        *[small_city.small_city().id] * 2,
        *[after().id] * 3,
    ]
    half = f"{code(*SPLIT)[:-3]}{HALF}"
    assert city.zones(day(4)).set_index("code")["houses"][code(*SPLIT)] == 3
    zones = city.zones(day(5)).set_index("code")["houses"]
    assert (zones[code(*SPLIT)], zones[half]) == (0, 3)
    assert len(city.boundaries("rt", day(4))) + 1 == len(city.boundaries("rt", day(5)))
    found = city.locate(*small_city.middle(*SPLIT), day(5))
    assert found is not None
    assert found.code == half


def test_a_series_as_published_has_each_days_own_areas(store: Store) -> None:
    series = City(store).series("rt").set_index(["date", "code"])["houses"]
    assert (str(day(4)), f"{code(*SPLIT)[:-3]}{HALF}") not in series.index
    assert series[(str(day(4)), code(*SPLIT))] == 3
    assert series[(str(day(5)), f"{code(*SPLIT)[:-3]}{HALF}")] == 3
    assert len(series) == 23 * 2 + 24 * 3


@pytest.mark.parametrize(("version", "holder", "rt"), [("latest", HALF, 24), ("old", "001", 23)])
def test_a_series_on_one_version_has_the_same_areas_on_all_days(
    store: Store, version: str, holder: str, rt: int
) -> None:
    chosen = small_city.small_city().id if version == "old" else version
    series = City(store).series("rt", boundaries=chosen).set_index(["date", "code"])["houses"]
    assert len(series) == rt * 5
    for number in range(3, 8):
        assert series[(str(day(number)), f"{code(*SPLIT)[:-3]}{holder}")] == 3
        assert series[(str(day(number)), code(3, 1, 1))] == 1


def test_levels_above_go_on_over_the_change(store: Store) -> None:
    series = City(store).series("kelurahan")
    own = series[series["code"] == small_city.VILLAGES[0].code]
    assert own["houses"].tolist() == [3] * 5
    green = own["green"] + own["yellow"] + own["orange"] + own["red"]
    assert green.tolist() == [6, 6, 7, 7, 7]


def test_history_has_the_days_on_which_the_area_was(store: Store) -> None:
    city = City(store)
    half = city.history(f"{code(*SPLIT)[:-3]}{HALF}")
    assert half["date"].tolist() == days(5, 7)
    assert len(city.history(code(*SPLIT))) == 5
    assert city.history(code(*SPLIT), end=day(1)).empty
    with pytest.raises(NotFoundError):
        city.history("33.74.99")


def test_boundaries_loaded_later_change_a_day_only_when_it_is_run_again(store: Store) -> None:
    city = City(store)
    first = city.day(day(4)).run
    before = now()
    save_boundaries(store, after(), "sooner", {}, in_force=day(4))
    assert city.day(day(4)).run == first
    [again] = run_days(store, None, [day(4)], today=TODAY)
    assert again.input_digest != first
    assert city.judged(day(4), before).run == first
    assert city.day(day(4), before + timedelta(microseconds=1)).run == first
