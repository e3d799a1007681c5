"""What a city keeps: boundaries loaded once for all who ask, and their geometry only to draw."""

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
from zoning import city_data as module
from zoning.caching import Cache
from zoning.days.daily import every_day, run_days
from zoning.locating.locator import Locator
from zoning.placing import indexed_boundaries as ground_module

VERSIONS = 6


def test_threads_that_ask_a_cold_city_load_the_boundaries_and_build_their_index_once(
    small_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []
    indexed: list[int] = []
    ready = Barrier(8)

    def loading(store: Store, version: str) -> Boundaries:
        loaded.append(version)
        return load_boundaries(store, version)

    def indexing(shapes: Sequence[object]) -> Locator:
        indexed.append(len(shapes))
        return Locator(shapes)

    monkeypatch.setattr(module, "load_boundaries", loading)
    monkeypatch.setattr(ground_module, "Locator", indexing)
    with open_city(small_database) as city, ThreadPoolExecutor(8) as threads:

        def ask(_n: int) -> int:
            ready.wait(60)
            city.locate(110.42, -6.98)
            return id(city.ground())

        assert len(set(threads.map(ask, range(8)))) == 1
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


class Watched:
    """A store that notes which queries read geometry."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.settings = store.settings
        self.shapes: list[str] = []

    def read(self, sql: str, *parameters: object) -> pa.Table:
        if "geometry" in sql:
            self.shapes.append(sql)
        return self._store.read(sql, *parameters)


def test_colours_of_many_versions_are_told_without_any_geometry(many_versions: str) -> None:
    code = "33.74.01.1010"
    with open_store(many_versions) as store:
        watched = Watched(store)
        city = City(watched)  # type: ignore[arg-type]
        assert len(city.public().published_runs()["boundaries"].unique()) == VERSIONS
        public = city.public()
        history = public.history(code)
        days = city.published_days()
        assert len(history) == len(days)
        series = city.series("kelurahan")
        for day in days:
            summary = city.summary(day, "kelurahan").set_index("code").loc[code]
            zone = city.zone(code, day)
            [counted] = series[(series["date"] == str(day)) & (series["code"] == code)].to_dict(
                "records"
            )
            [said] = history[history["date"].astype(str) == str(day)].to_dict("records")
            for colour in ("green", "yellow", "orange", "red"):
                assert summary[colour] == counted[colour] == said[colour]
            assert zone.risk == said["risk"]
            assert len(public.risks(day)) == summary_size(city, day)
            assert public.zone(code, day).risk == zone.risk
            assert public.summary(day, "kelurahan")["green"].sum() == (public.risks(day) == 0).sum()
        assert watched.shapes == []
        city.ground()
        assert len(watched.shapes) == 1


def summary_size(city: City, day: object) -> int:
    return len(city.data.areas_of(city.published(str(day)).boundaries).leaves)


def test_the_light_part_is_what_the_boundaries_say_and_small(many_versions: str) -> None:
    with open_store(many_versions) as store:
        versions = City(store).public().published_runs()["boundaries"].unique()
        for version in versions:
            whole, light = load_boundaries(store, version), load_areas(store, version)
            assert light.areas.equals(whole.areas.drop(columns="geometry"))
            assert light.leaves.equals(whole.leaves.drop(columns="geometry"))
            for level in ("kota", "kecamatan", "kelurahan", "rw", "rt"):
                assert light.ancestors(level).tolist() == whole.ancestors(level).tolist()
            for code in ("33.74", "33.74.01.1010", light.leaves["code"].iloc[3]):
                facts = vars(whole.area(code))
                assert vars(light.area(code)) == {k: v for k, v in facts.items() if k != "geometry"}
            assert light.nbytes < 2_000 * len(light.areas)


def test_a_city_keeps_no_more_than_its_cache_may_hold(many_versions: str) -> None:
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
        # A version is larger: handed out, and not kept, nor what refers to it.
        assert "ground" not in kinds
        assert "zones" not in kinds
