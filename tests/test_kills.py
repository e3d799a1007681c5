"""Loads and runs killed at random moments, a few times; `benchmarks.kills` does it a hundred."""

import random
from collections.abc import Iterator

import pytest

from benchmarks import kills
from benchmarks.kills import City, Expected, Faulty, kill_once, small_city, undisturbed
from geodata.store import open_store


@pytest.fixture(scope="module", params=["duckdb", "postgresql"])
def city(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[City]:
    if request.param == "postgresql":
        request.getfixturevalue("postgres_server")  # or a skip that says why there is none
    with small_city(tmp_path_factory.mktemp("kills"), request.param, 3_000) as made:
        yield made


@pytest.fixture(scope="module")
def expected(city: City) -> Expected:
    return undisturbed(city)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_killed_is_whole_or_not_there_and_the_next_time_ends_the_same(
    city: City, expected: Expected, seed: int
) -> None:
    choice = random.Random(seed)  # noqa: S311  (moments of kills, not secrets)
    assert expected.rows["case_version"] > 2_900
    assert kill_once(city, expected, choice) in {"nothing", "records", "everything"}


def test_half_a_step_or_another_end_would_be_seen(
    city: City, expected: Expected, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Faulty, match="half"):
        kills._left(expected.rows | {"case_version": 5}, expected.rows)
    url = city.new()
    kills.work(url, city.file, lambda _: None)
    with open_store(url) as store:
        assert kills._digest(store) == expected.digest
        with store.transaction() as work:
            work.execute(
                "update case_version set rt = 9 "
                "where case_id in (select min(case_id) from case_version)"
            )
        assert kills._digest(store) != expected.digest
