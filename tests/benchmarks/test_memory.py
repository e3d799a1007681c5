"""The benchmark of memory: requests are answered, and growth of memory is detected."""

from itertools import islice

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from benchmarks.memory import RandomRequests, find_target, verdict
from zoning import City
from zoning.tiles.pyramid import Pyramid


def test_requests_are_distinct_and_answered(
    small_database: str, small_city: City, small_pyramid: Pyramid
) -> None:
    paths = list(islice(RandomRequests(find_target(small_city), 3).paths(), 120))
    assert len(set(paths)) == len(paths)
    settings = Settings(database=small_database, tiles=small_pyramid.folder)
    with TestClient(create_app(settings)) as client:
        statuses = {path: client.get(path).status_code for path in paths}
    assert set(statuses.values()) <= {200, 204, 404}
    assert {path for path, code in statuses.items() if code == 404} <= {
        path for path in paths if "known_at" in path or "/history" in path
    }


@pytest.mark.parametrize(
    ("megabytes_held", "good"),
    [
        ([300, 600, 800, 810, 805, 812, 809, 811], True),
        ([300, 400, 500, 600, 700, 800, 900, 1000], False),  # still grows
        ([1900, 1900, 1900, 1900], False),  # above what is allowed
        ([500], True),
    ],
)
def test_a_plateau_is_distinguished_from_growth(megabytes_held: list[float], good: bool) -> None:  # noqa: FBT001
    seen = [(10.0 * n, n, megabytes) for n, megabytes in enumerate(megabytes_held)]
    assert verdict(seen, 1500.0)[1] == good
