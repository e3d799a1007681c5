"""Colours read without counts: those of the zones, at every level and day."""

import pytest
from zoning.zones.colours import Colours

from geodata.areas import LEVELS, Level
from geodata.store import open_store
from tests.databases import NewDatabase
from tests.small_city import small_city as squares
from zoning import City
from zoning.days.runs import last_publication, publications


@pytest.mark.parametrize("level", LEVELS)
def test_colours_are_those_of_the_zones(small_city: City, level: Level) -> None:
    colours = Colours(small_city.ground(small_city.published()).boundaries, level)
    days = small_city.published_days()
    some = (days[-1], days[0], days[len(days) // 2])
    runs = [small_city.published(day).run for day in some]
    wanted = [small_city.zones(day, level)["risk"].tolist() for day in some]
    assert colours.of_runs(small_city.store, runs).tolist() == wanted
    assert len({tuple(risks) for risks in wanted}) > 1


def test_every_publication_is_counted(small_city: City) -> None:
    assert publications(small_city.store) == len(small_city.published_days())


def test_both_databases_know_of_no_run_before_there_is_one(new_database: NewDatabase) -> None:
    boundaries = squares()
    with open_store(new_database()) as store:
        assert publications(store) == 0
        assert last_publication(store) is None
        found = Colours(boundaries, "rw").of_runs(store, ["none", "neither"])
        assert found.tolist() == [[0] * len(boundaries.level("rw"))] * 2
