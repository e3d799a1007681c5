"""Cities that were attacked: the usual one, what it answers, and others beside it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.attack.histories import History, build
from tests.attack.reading import Answers, everything
from zoning.tiles.pyramid import open_pyramid

Served = Callable[[str], AbstractContextManager[TestClient]]
"""Serves a database to a client."""
Built = Callable[[History], str]
"""Builds a history and gives the URL of its database."""


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """The tiles of the small city are prepared once for all databases."""
    tiles = tmp_path_factory.mktemp("tiles-of-twins")

    @contextmanager
    def opened(url: str) -> Iterator[TestClient]:
        app = create_app(Settings(database=url, tiles=tiles))
        with TestClient(app, raise_server_exceptions=False) as client:
            # A page says while tiles are being prepared, which has nothing to do with records.
            for version in set(app.state.public.city.published_runs()["boundaries"]):
                open_pyramid(app.state.public.city.ground_of(version), tiles)
            yield client

    return opened


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return lambda history: build(history, tmp_path_factory.mktemp("twin"))


@pytest.fixture(scope="session")
def usual(built: Built) -> str:
    """Database of the usual history."""
    return built(History())


@pytest.fixture(scope="session")
def known(served: Served, usual: str) -> Answers:
    """All that anyone can read of the usual history."""
    with served(usual) as client:
        return everything(client)
