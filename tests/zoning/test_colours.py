"""Colours read without counts: those of the zones, at every level and day."""

import pytest

from geodata.areas import LEVELS, Level
from geodata.store import open_store
from tests.databases import NewDatabase
from tests.small_city import small_city as squares
from zoning import City
from zoning.colours import Colours
from zoning.runs import publications


@pytest.mark.parametrize("level", LEVELS)
def test_colours_are_those_of_the_zones(small_city: City, level: Level) -> None:
    colours = Colours(small_city.ground(small_city.published()).boundaries, level)
    days = small_city.published_days()
    for day in (days[0], days[len(days) // 2], days[-1]):
        run = small_city.published(day).run
        wanted = small_city.zones(day, level)["risk"].tolist()
        assert colours.of_run(small_city.store, run).tolist() == wanted
    assert max(wanted) > 0


def test_every_publication_is_counted(small_city: City) -> None:
    assert publications(small_city.store) == len(small_city.published_days())


def test_both_databases_know_of_no_run_before_there_is_one(new_database: NewDatabase) -> None:
    boundaries = squares()
    with open_store(new_database()) as store:
        assert publications(store) == 0
        found = Colours(boundaries, "rw").of_run(store, "none")
        assert found.tolist() == [0] * len(boundaries.level("rw"))
