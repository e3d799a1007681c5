"""Caching of a city: boundaries load once for all threads, and geometry loads only to draw."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pyarrow as pa
import pytest

from geodata.boundaries import Boundaries, assemble, load_areas, load_boundaries, save_boundaries
from geodata.sample_city import SampleCity
from geodata.store import Store, open_store
from tests.conftest import FIRST, LAST
from tests.databases import copy_of
from zoning import City, open_city
from zoning import city_data as city_data_module
from zoning.caching import Cache
from zoning.days.daily import every_day, run_days
from zoning.locating.locator import Locator
from zoning.placing import indexed_boundaries as ground_module

VERSIONS = 6


def test_concurrent_threads_load_boundaries_and_build_their_index_once(
    small_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []
    indexed: list[int] = []
    ready = Barrier(8)

    def record_load(store: Store, version: str) -> Boundaries:
        loaded.append(version)
        return load_boundaries(store, version)

    def record_index(shapes: Sequence[object]) -> Locator:
        indexed.append(len(shapes))
        return Locator(shapes)

    monkeypatch.setattr(city_data_module, "load_boundaries", record_load)
    monkeypatch.setattr(ground_module, "Locator", record_index)
    with open_city(small_database) as city, ThreadPoolExecutor(8) as threads:

        def locate(_n: int) -> int:
            ready.wait(60)
            city.locate(110.42, -6.98)
            return id(city.ground())

        assert len(set(threads.map(locate, range(8)))) == 1
    assert len(loaded) == len(indexed) == 1


@pytest.fixture(scope="module")
def many_versions(
    small_sample: SampleCity, small_database: str, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """A city whose days lie on six versions of the boundaries, one after the other."""
    url = copy_of(small_database, tmp_path_factory.mktemp("versions"))
    with open_store(url) as store:
        for number in range(1, VERSIONS):
            names = small_sample.rt["kelurahan_name"] + f" {number}"
            changed = assemble(small_sample.rt.assign(kelurahan_name=names))
            day = FIRST + timedelta(days=5 * number)
            save_boundaries(store, changed, f"version {number}", {}, in_force=day)
        run_days(store, None, every_day(FIRST, LAST))
    return url


class WatchedStore:
    """A store that records the queries that read geometry."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.settings = store.settings
        self.shapes: list[str] = []

    def read(self, sql: str, *parameters: object) -> pa.Table:
        if "geometry" in sql:
            self.shapes.append(sql)
        return self._store.read(sql, *parameters)


def test_colours_on_many_versions_of_boundaries_read_no_geometry(many_versions: str) -> None:
    code = "33.74.01.1010"
    with open_store(many_versions) as store:
        watched_store = WatchedStore(store)
        city = City(watched_store)  # type: ignore[arg-type]
        assert len(city.public().published_runs()["boundaries"].unique()) == VERSIONS
        public = city.public()
        history = public.history(code)
        days = city.published_days()
        assert len(history) == len(days)
        series = city.series("kelurahan")
        for day in days:
            summary = city.summary(day, "kelurahan").set_index("code").loc[code]
            zone = city.zone(code, day)
            [series_row] = series[(series["date"] == str(day)) & (series["code"] == code)].to_dict(
                "records"
            )
            [history_row] = history[history["date"].astype(str) == str(day)].to_dict("records")
            for colour in ("green", "yellow", "orange", "red"):
                assert summary[colour] == series_row[colour] == history_row[colour]
            assert zone.risk == history_row["risk"]
            assert len(public.risks(day)) == summary_size(city, day)
            assert public.zone(code, day).risk == zone.risk
            assert public.summary(day, "kelurahan")["green"].sum() == (public.risks(day) == 0).sum()
        assert watched_store.shapes == []
        city.ground()
        assert len(watched_store.shapes) == 1


def summary_size(city: City, day: object) -> int:
    return len(city.data.areas_of(city.published(str(day)).boundaries).smallest_zones)


def test_areas_without_geometry_equal_those_with_geometry_and_are_small(many_versions: str) -> None:
    with open_store(many_versions) as store:
        versions = City(store).public().published_runs()["boundaries"].unique()
        for version in versions:
            boundaries, areas = load_boundaries(store, version), load_areas(store, version)
            assert areas.areas.equals(boundaries.areas.drop(columns="geometry"))
            assert areas.smallest_zones.equals(boundaries.smallest_zones.drop(columns="geometry"))
            for level in ("kota", "kecamatan", "kelurahan", "rw", "rt"):
                assert areas.ancestors(level).tolist() == boundaries.ancestors(level).tolist()
            for code in ("33.74", "33.74.01.1010", areas.smallest_zones["code"].iloc[3]):
                facts = vars(boundaries.area(code))
                assert vars(areas.area(code)) == {k: v for k, v in facts.items() if k != "geometry"}
            assert areas.nbytes < 2_000 * len(areas.areas)


def test_the_cache_of_a_city_stays_within_its_limit(many_versions: str) -> None:
    with open_store(many_versions) as store:
        cache = Cache(3)
        city = City(store, cache)
        for day in city.published_days():
            for level in ("rt", "kelurahan"):
                assert len(city.zones(day, level))
            city.history("33.74.01.1010", day, day)
            assert cache.bytes <= cache.limit
        kinds = cache.by_kind()
        assert "areas" in kinds
        # A version is larger than the limit, so it is not cached, nor the values that refer to it.
        assert "ground" not in kinds
        assert "zones" not in kinds
