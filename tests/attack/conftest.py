"""The attacked cities: the base city with its answers, functions for other cities, the sample."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fastapi.testclient import TestClient
from numpy.typing import NDArray

from api.app import create_app
from api.settings import Settings
from geodata.sample_city import FIRST_DAY, LAST_DAY, REDIVIDED, SampleCity
from tests.attack.histories import History, build
from tests.attack.reading import Answers, ask_all
from tests.attack.sample_history import write_city_and_twin
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


@pytest.fixture(scope="session")
def urls(small_sample: SampleCity, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    return write_city_and_twin(small_sample, tmp_path_factory)


@pytest.fixture(scope="session")
def reader(urls: tuple[str, str], serve_database: ServeDatabase) -> Iterator[TestClient]:
    with serve_database(urls[0]) as client:
        yield client


@pytest.fixture(scope="session")
def runs(reader: TestClient) -> pd.DataFrame:
    """The answer of ``/days``."""
    frame = pd.DataFrame(reader.get("/days").json()["days"])
    assert len(frame) == (LAST_DAY - FIRST_DAY).days + 1
    return frame


@pytest.fixture(scope="session")
def coloured(reader: TestClient) -> pd.DataFrame:
    """Every coloured RT of every day, from all pages."""
    address = "/ogc/collections/zones-rt/items"
    query: dict[str, Any] = {"datetime": "../..", "filter": "risk >= 1", "limit": 10000}
    rows: list[dict[str, Any]] = []
    while True:
        page = reader.get(address, params={**query, "offset": len(rows)}).json()
        rows += [feature["properties"] for feature in page["features"]]
        if len(rows) >= page["numberMatched"]:
            return pd.DataFrame(rows)


@pytest.fixture(scope="session")
def colours(reader: TestClient, coloured: pd.DataFrame) -> dict[str, NDArray[np.uint8]]:
    """Risks of all RT by day, for the days before and since the new boundaries."""
    risks_by_period = {}
    days = pd.date_range(FIRST_DAY, LAST_DAY)
    for name, period in (
        ("before", days[days < pd.Timestamp(REDIVIDED)]),
        ("since", days[days >= pd.Timestamp(REDIVIDED)]),
    ):
        zones = reader.get("/zones", params={"date": period[0].date().isoformat()}).json()[
            "features"
        ]
        rt = pd.Index([zone["properties"]["code"] for zone in zones])
        risk = np.zeros((len(period), len(rt)), dtype=np.uint8)
        rows = coloured[pd.to_datetime(coloured["date"]).isin(period)]
        risk[period.get_indexer(pd.DatetimeIndex(rows["date"])), rt.get_indexer(rows["code"])] = (
            rows["risk"]
        )
        risks_by_period[name] = risk
    return risks_by_period
