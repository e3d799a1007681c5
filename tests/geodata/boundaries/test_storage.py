"""Boundaries in a database are read back unchanged."""

import json
from collections.abc import Iterator

import geopandas.testing
import pytest

from geodata.boundaries import assemble, load_boundaries, save_boundaries
from geodata.errors import NotFoundError
from geodata.store import Store, open_store
from tests.cities.drawn_city import drawn_city
from tests.databases import NewDatabase


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    with open_store(new_database()) as store:
        yield store


def test_stored_boundaries_are_read_back_unchanged(store: Store) -> None:
    frame = drawn_city(1)
    frame["kind"] = ["other"] * 2 + ["rt"] * 14
    frame["population"] = [None, *range(15)]
    saved = assemble(frame)
    assert save_boundaries(store, saved, "rt.gpkg", {"repaired_m2": 0.0})
    loaded = load_boundaries(store)
    assert loaded.id == saved.id
    geopandas.testing.assert_geodataframe_equal(loaded.areas, saved.areas)
    assert loaded.areas.geometry.to_wkb().tolist() == saved.areas.geometry.to_wkb().tolist()


def test_the_same_boundaries_twice_change_nothing(store: Store) -> None:
    assert save_boundaries(store, assemble(drawn_city(1)), "a", {})
    before = store.read("select * from boundary_version")
    assert not save_boundaries(store, assemble(drawn_city(1)), "b", {})
    assert store.read("select * from boundary_version").equals(before)


def test_the_newest_boundaries_are_in_force_and_older_ones_are_read_by_id(store: Store) -> None:
    old, new = assemble(drawn_city(1)), assemble(drawn_city(2))
    save_boundaries(store, old, "a", {})
    save_boundaries(store, new, "b", {})
    assert load_boundaries(store).id == new.id
    assert load_boundaries(store, old.id).id == old.id


def test_earlier_boundaries_can_be_in_force_again(store: Store) -> None:
    for seed in (1, 2, 1):
        assert save_boundaries(store, assemble(drawn_city(seed)), "a", {})
    assert load_boundaries(store).id == assemble(drawn_city(1)).id
    assert load_boundaries(store).areas["code"].is_unique


def test_source_and_report_are_stored(store: Store) -> None:
    save_boundaries(store, assemble(drawn_city(1)), "rt.gpkg", {"repaired_m2": 12.5})
    version = store.read("select source, report from boundary_version").to_pylist()[0]
    assert version["source"] == "rt.gpkg"
    assert json.loads(version["report"]) == {"repaired_m2": 12.5}


@pytest.mark.parametrize("identity", [None, "0123456789abcdef"])
def test_missing_boundaries_raise_an_error(store: Store, identity: str | None) -> None:
    with pytest.raises(NotFoundError) as raised:
        load_boundaries(store, identity)
    assert raised.value.code == "no-boundaries"
