"""An empty database file, which the tests of the ledger fill without boundaries."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from geodata.store import Store, open_store
from tests.databases import FileDatabases


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> FileDatabases:
    return FileDatabases(tmp_path_factory)


@pytest.fixture
def store(databases: FileDatabases, tmp_path: Path) -> Iterator[Store]:
    with open_store(databases.new()) as opened:
        yield opened
