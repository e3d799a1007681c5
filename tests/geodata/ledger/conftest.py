"""A database of the small city for the tests of the ledger."""

from collections.abc import Iterator

import pytest

from geodata.boundaries import save_boundaries
from geodata.store import Store, open_store
from tests.cities.small_city import small_city
from tests.databases import NewDatabase


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    with open_store(new_database()) as opened:
        save_boundaries(opened, small_city(), "small.geojson", {})
        yield opened
