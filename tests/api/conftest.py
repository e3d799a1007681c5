"""What the tests of the faces share: the small city behind HTTP."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from geodata.sample_city import SampleCity
from tests.api.hostile import make_database


@pytest.fixture(scope="session")
def small_settings(small_database: str) -> Settings:
    """Settings over the small city."""
    return Settings(database=small_database, picture_width=600)


@pytest.fixture(scope="session")
def hostile_database(small_sample: SampleCity, tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of the small city with names that try to become code, and a market in it."""
    return make_database(small_sample, tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="session")
def client(small_settings: Settings) -> Iterator[TestClient]:
    """A client of the small city; an error inside becomes an answer, as for real clients."""
    with TestClient(create_app(small_settings), raise_server_exceptions=False) as opened:
        yield opened
