"""Days across a change of boundaries: each day with its own, or all days with one version."""

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
def boundaries_after_split() -> Boundaries:
    """The small city with the RT of most cases split; the cases lie in the eastern part."""
    zones = small_city.small_city().smallest_zones.copy()
    row = zones.index[zones["code"] == code(*SPLIT)][0]
    x, y = small_city.corner(*SPLIT)
    west, east = x, x + SIDE
    cut = x + SIDE * 0.4
    new_zone = zones.loc[[row]].copy()
    new_zone["code"] = f"{code(*SPLIT)[:-3]}{HALF}"
    new_zone["name"], new_zone["rt"] = "RT 009 RW 001", 9
    new_zone = new_zone.set_geometry([shapely.box(cut, y, east, y + SIDE)], crs=zones.crs)
    shapes = zones.geometry.to_numpy().copy()
    shapes[row] = shapely.box(west, y, cut, y + SIDE)
    zones["geometry"] = gpd.GeoSeries(shapes, index=zones.index, crs=zones.crs)
    frame = gpd.GeoDataFrame(
        pd.concat([zones, new_zone], ignore_index=True), geometry="geometry", crs=zones.crs
    )
    areas = small_city.small_city().areas.set_index("code")
    for level, depth in (("kelurahan", 13), ("kecamatan", 8), ("kota", 5)):
        frame[f"{level}_code"] = frame["code"].str[:depth]
        frame[f"{level}_name"] = frame[f"{level}_code"].map(areas["name"])
    # The neighbouring RT get a vertex at each end of the cut.
    repaired, _ = repair(frame)
    return assemble(repaired)


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    with open_store(new_database()) as opened:
        save_boundaries(opened, small_city.small_city(), "before", {})
        save_boundaries(opened, boundaries_after_split(), "after", {}, in_force=day(5))
        ward.add_cases(opened, CASES)
        run_days(opened, None, days(3, 7), today=TODAY)
        yield opened


def test_each_day_uses_the_boundaries_in_force_on_the_day(store: Store) -> None:
    city = City(store)
    assert [city.day(day(n)).boundaries for n in range(3, 8)] == [
        *[small_city.small_city().id] * 2,
        *[boundaries_after_split().id] * 3,
    ]
    new_code = f"{code(*SPLIT)[:-3]}{HALF}"
    assert city.zones(day(4)).set_index("code")["houses"][code(*SPLIT)] == 3
    zones = city.zones(day(5)).set_index("code")["houses"]
    assert (zones[code(*SPLIT)], zones[new_code]) == (0, 3)
    assert len(city.boundaries("rt", day(4))) + 1 == len(city.boundaries("rt", day(5)))
    zone_at_point = city.locate(*small_city.middle(*SPLIT), day(5))
    assert zone_at_point is not None
    assert zone_at_point.code == new_code


def test_a_published_series_has_the_areas_in_force_on_each_day(store: Store) -> None:
    series = City(store).series("rt").set_index(["date", "code"])["houses"]
    assert (str(day(4)), f"{code(*SPLIT)[:-3]}{HALF}") not in series.index
    assert series[(str(day(4)), code(*SPLIT))] == 3
    assert series[(str(day(5)), f"{code(*SPLIT)[:-3]}{HALF}")] == 3
    assert len(series) == 23 * 2 + 24 * 3


@pytest.mark.parametrize(
    ("version", "rt_number", "n_rt"), [("latest", HALF, 24), ("old", "001", 23)]
)
def test_a_series_on_one_version_has_the_same_areas_on_all_days(
    store: Store, version: str, rt_number: str, n_rt: int
) -> None:
    boundaries = small_city.small_city().id if version == "old" else version
    series = City(store).series("rt", boundaries=boundaries).set_index(["date", "code"])["houses"]
    assert len(series) == n_rt * 5
    for number in range(3, 8):
        assert series[(str(day(number)), f"{code(*SPLIT)[:-3]}{rt_number}")] == 3
        assert series[(str(day(number)), code(3, 1, 1))] == 1


def test_levels_above_the_rt_continue_over_the_change(store: Store) -> None:
    series = City(store).series("kelurahan")
    kelurahan = series[series["code"] == small_city.VILLAGES[0].code]
    assert kelurahan["houses"].tolist() == [3] * 5
    n_rt = kelurahan["green"] + kelurahan["yellow"] + kelurahan["orange"] + kelurahan["red"]
    assert n_rt.tolist() == [6, 6, 7, 7, 7]


def test_history_has_the_days_on_which_the_area_existed(store: Store) -> None:
    city = City(store)
    history = city.history(f"{code(*SPLIT)[:-3]}{HALF}")
    assert history["date"].tolist() == days(5, 7)
    assert len(city.history(code(*SPLIT))) == 5
    assert city.history(code(*SPLIT), end=day(1)).empty
    with pytest.raises(NotFoundError):
        city.history("33.74.99")


def test_boundaries_loaded_later_change_a_day_only_after_a_new_run(store: Store) -> None:
    city = City(store)
    first = city.day(day(4)).run
    before = now()
    save_boundaries(store, boundaries_after_split(), "sooner", {}, in_force=day(4))
    assert city.day(day(4)).run == first
    [result] = run_days(store, None, [day(4)], today=TODAY)
    assert result.input_digest != first
    assert city.compute_day(day(4), before).run == first
    assert city.day(day(4), before + timedelta(microseconds=1)).run == first
