"""What public code can read of a database: bands of counts, and nothing of the officials' cache."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pytest

from geodata.boundaries import assemble, save_boundaries
from geodata.runs import Run
from geodata.settings import SECRET
from geodata.store import Store
from geodata.tables import sheet_from_frame
from tests.cities import small_city as city
from tests.zoning.disclosure.published_days import add_unplaced, open_city
from zoning.caching import Cache
from zoning.city_data import CityData
from zoning.days.runs import DayZones
from zoning.disclosure.source import DisclosureSource, public_day
from zoning.placing.indexed_boundaries import boundaries_key
from zoning.placing.placements import ELSEWHERE
from zoning.public.source import PublicFigures
from zoning.records.intake import load_sheet
from zoning.rules import built_in

DAY, NEXT_DAY = date(2021, 7, 1), date(2021, 7, 2)
EARLY, LATER = (datetime.combine(date(2021, 8, day), time(12)) for day in (1, 2))
HERE = city.small_city().id
VILLAGE, OTHER_VILLAGE = city.VILLAGES[0].code, city.VILLAGES[1].code
KOTA = "33.74"


@pytest.fixture
def store(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    with open_city(f"duckdb:///{tmp_path_factory.mktemp('city')}/city.duckdb") as opened:
        yield opened


@pytest.fixture
def data(store: Store) -> CityData:
    return CityData(store, Cache(), built_in())


@pytest.fixture
def source(data: CityData) -> DisclosureSource:
    return DisclosureSource(data, 5)


def load_figures(store: Store, *rows: tuple[str, str, int, str]) -> None:
    frame = pd.DataFrame(list(rows), columns=["indikator", "wilayah", "nilai", "satuan"])
    sheet = sheet_from_frame(frame.astype(object).assign(tanggal=DAY.isoformat()))
    assert load_sheet(store, "indicators", sheet).rejected == 0


def test_cases_without_an_rt_are_published_in_bands_for_the_whole_city_at_a_moment(
    store: Store, data: CityData, source: DisclosureSource
) -> None:
    first = {VILLAGE: 3, OTHER_VILLAGE: 4, KOTA: 5, ELSEWHERE: 9}
    second = {KOTA: 2, ELSEWHERE: 3}
    add_unplaced(store, DAY, [first, second], [EARLY, LATER])
    add_unplaced(store, NEXT_DAY, [{VILLAGE: 40}], [EARLY])
    # 3 + 4 + 5 = 12 is in 10-14; 9 is in 5-9; 2 and 3 are in 1-4.
    assert source.figures(DAY, EARLY) == PublicFigures(unplaced=10, non_residents=5)
    assert source.figures(DAY, LATER) == PublicFigures(unplaced=None, non_residents=None)
    assert source.figures(DAY, None) == PublicFigures(unplaced=None, non_residents=None)
    assert source.figures(NEXT_DAY, None) == PublicFigures(unplaced=40, non_residents=0)
    nothing = PublicFigures(unplaced=0, non_residents=0)
    assert source.figures(DAY, EARLY - timedelta(microseconds=1)) == nothing
    assert source.figures(date(2021, 7, 3), None) == nothing
    exact = DisclosureSource(data, 1)
    assert exact.figures(DAY, None) == PublicFigures(unplaced=2, non_residents=3)
    wide = DisclosureSource(data, 10)
    assert wide.figures(DAY, EARLY) == PublicFigures(unplaced=10, non_residents=None)


def test_indicators_are_published_in_bands_and_follow_their_newest_figures(
    store: Store, data: CityData, source: DisclosureSource
) -> None:
    load_figures(store, ("tes positif", VILLAGE, 7, "orang"), ("bansos", VILLAGE, 7, "paket"))
    first = source.indicators()
    values = first.table.set_index(["indicator", "level"])["value"].to_dict()
    levels = ("kota", "kecamatan", "kelurahan")
    assert values == {
        **{("tests-positive", level): 5 for level in levels},
        **{("aid-parcels", level): 7 for level in levels},
    }
    assert source.indicators() is first
    assert len(first.stamp) == 16
    assert int(first.stamp, 16) >= 0
    exact = DisclosureSource(data, 1).indicators()
    assert exact.table.query("indicator == 'tests-positive'")["value"].tolist() == [7, 7, 7]
    assert exact.stamp != first.stamp
    # 9 is in the band of 7: the stamp must not tell them apart.
    load_figures(store, ("tes positif", VILLAGE, 9, "orang"))
    same = source.indicators()
    assert same is not first
    assert same == (same.table, first.stamp)
    load_figures(store, ("tes positif", VILLAGE, 2, "orang"))
    suppressed = source.indicators()
    assert suppressed.stamp != first.stamp
    assert suppressed.table.query("indicator == 'tests-positive'")["value"].isna().all()


def test_indicators_are_summed_over_the_boundaries_in_force_today(
    store: Store, source: DisclosureSource
) -> None:
    load_figures(store, ("tes positif", VILLAGE, 7, "orang"))
    before = source.indicators()
    rows = [row for row in city.square_rows() if row["kelurahan_code"] != OTHER_VILLAGE]
    smaller = assemble(gpd.GeoDataFrame(rows, crs="EPSG:4326"))
    save_boundaries(store, smaller, "by hand", {}, in_force=DAY)
    assert source.version_on(None) == smaller.id
    assert source.version_on(DAY) == smaller.id
    assert source.version_on(DAY - timedelta(days=1)) == HERE
    after = source.indicators()
    assert after is not before
    assert after.stamp == before.stamp
    assert source.ground(HERE).boundaries.id == HERE
    assert OTHER_VILLAGE in source.areas_of(HERE).row_of
    assert OTHER_VILLAGE not in source.areas_of(smaller.id).row_of
    for version in (HERE, smaller.id):
        codes = source.areas_table(version)["code"].to_pylist()
        assert set(codes) == set(source.areas_of(version).row_of)


def test_public_code_shares_boundaries_with_the_officials_cache_and_nothing_else(
    store: Store, data: CityData, source: DisclosureSource
) -> None:
    load_figures(store, ("tes positif", VILLAGE, 7, "orang"))
    secret = ("zones", "a run", "rt")
    data.cache.get_or_build(secret, lambda: "counts", len)
    assert data.cache.get(secret) == "counts"
    assert source.cache.get(secret) is None
    assert source.ground(HERE) is data.ground(HERE)
    assert source.cache.get(boundaries_key(HERE)) is data.ground(HERE)
    source.indicators()
    # Officials' figures and public figures are different values of the cache.
    assert set(data.cache.by_kind()) == {
        *("zones", "ground", "indicators"),
        "public public indicators",
    }
    assert data.indicators().query("level == 'kelurahan'")["value"].tolist() == [7]


def test_a_value_of_public_code_can_belong_to_its_boundaries(
    data: CityData, source: DisclosureSource
) -> None:
    source.ground(HERE)
    source.cache.get_or_build(("drawn", HERE), lambda: "a map", len, part_of=boundaries_key(HERE))
    assert source.cache.get(("drawn", HERE)) == "a map"
    data.cache.discard(boundaries_key(HERE))
    assert source.cache.get(("drawn", HERE)) is None


def test_places_are_public_as_they_are(data: CityData, source: DisclosureSource) -> None:
    assert source.places() is data.places()
    assert source.timezone == data.store.settings.timezone
    assert source.rules is data.rules


def test_the_public_part_of_a_day_has_its_public_id_and_its_coloured_zones_by_code() -> None:
    run = Run("internal", DAY, "inmendagri-7-2021", "d", HERE, {"green": 1, "red": 2})
    columns = {"houses": [9, 0, 7], "houses_at_least": [9, 0, 7], "cases": [9, 0, 8]}
    zones = pa.table({"code": ["b", "c", "a"], "risk": [3, 0, 1], **columns})
    unplaced = pa.table({"code": [KOTA], "cases": [4], "active": [2]})
    day = DayZones(run, 0, None, zones, unplaced)
    public = public_day(day)
    assert public.of == run._replace(id=day.public_id)
    assert public.run != day.run
    assert public.known_at is None
    assert public.zones.to_pylist() == [{"code": "a", "risk": 1}, {"code": "b", "risk": 3}]
