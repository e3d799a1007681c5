"""The attacked cities: the base city with its answers, and functions for other cities."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.attack.histories import History, build
from tests.attack.reading import Answers, ask_all
from zoning.tiles.pyramid import open_pyramid

ServeDatabase = Callable[[str], AbstractContextManager[TestClient]]
"""Serves a database to a client."""
BuildDatabase = Callable[[History], str]
"""Builds a history and returns the URL of its database."""
DatabaseOf = Callable[[Callable[[], History]], str]
"""URL of the database of a difference, which is built once. No test may change the database."""


@pytest.fixture(scope="session")
def serve_database(tmp_path_factory: pytest.TempPathFactory) -> ServeDatabase:
    """Serves a database, with one folder of prepared tiles for all databases."""
    tiles = tmp_path_factory.mktemp("tiles-of-twins")

    @contextmanager
    def serve(url: str) -> Iterator[TestClient]:
        app = create_app(Settings(database=url, tiles=tiles))
        with TestClient(app, raise_server_exceptions=False) as client:
            # Pages have a note while tiles are being prepared, which does not depend on records.
            for version in set(app.state.public.city.published_runs()["boundaries"]):
                open_pyramid(app.state.public.city.ground_of(version), tiles)
            yield client

    return serve


@pytest.fixture(scope="session")
def build_database(tmp_path_factory: pytest.TempPathFactory) -> BuildDatabase:
    return lambda history: build(history, tmp_path_factory.mktemp("twin"))


@pytest.fixture(scope="session")
def database_of(build_database: BuildDatabase) -> DatabaseOf:
    """Gives the database of a hidden difference; pairs and planted leaks read the same database."""
    return cache(lambda difference: build_database(difference()))


@pytest.fixture(scope="session")
def base_database(build_database: BuildDatabase) -> str:
    """URL of the database of the base history."""
    return build_database(History())


@pytest.fixture(scope="session")
def base_answers(serve_database: ServeDatabase, base_database: str) -> Answers:
    """All public answers of the base history."""
    with serve_database(base_database) as client:
        return ask_all(client)
