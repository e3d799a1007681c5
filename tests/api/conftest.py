"""What the tests of the faces share: the small city behind HTTP."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings


@pytest.fixture(scope="session")
def small_settings(small_database: str) -> Settings:
    """Settings over the small city."""
    return Settings(database=small_database, picture_width=600)


@pytest.fixture(scope="session")
def client(small_settings: Settings) -> Iterator[TestClient]:
    """A client of the small city; an error inside becomes an answer, as for real clients."""
    with TestClient(create_app(small_settings), raise_server_exceptions=False) as opened:
        yield opened
