"""Kill loads and runs at random moments a few times; `benchmarks.kills` does it a hundred times."""

import random
from pathlib import Path

import pytest

from benchmarks import kills
from benchmarks.kills import Faulty, kill_once, small_city, undisturbed
from tests.zoning import ward
from tests.zoning.ward import Case

CASE = Case((0, 1, 1), "a", 3, 9)


@pytest.mark.parametrize("database", ["duckdb", "postgresql"])
def test_a_killed_step_is_complete_or_absent_and_a_rerun_ends_the_same(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if database == "postgresql":
        request.getfixturevalue("postgres_server")  # or skip with a reason
    choice = random.Random(7)  # noqa: S311  (moments of kills, not secrets)
    with small_city(tmp_path, database, 3_000) as city:
        expected = undisturbed(city)
        assert expected.rows["case_version"] > 2_900
        assert expected.rows["published"] == len(kills.DAYS)
        states = {kill_once(city, expected, choice) for _ in range(5)}
    assert states <= {"nothing", "records", "everything"}


def test_half_of_a_step_is_detected() -> None:
    complete = {"case_version": 9, "rejected": 1, "batch": 1, "run": 2, "published": 2}
    assert kills._left(complete | {"run": 0, "published": 0}, complete) == "records"
    for change in ({"case_version": 8}, {"rejected": 0}, {"published": 1}, {"batch": 2}):
        with pytest.raises(Faulty, match="half"):
            kills._left(complete | change, complete)


def test_a_different_end_is_detected(tmp_path: Path) -> None:
    with ward.open_ward(tmp_path, [CASE]) as store, ward.open_ward(tmp_path, [], "two") as second:
        ward.add_cases(second, [CASE])
        assert kills._digest(store) == kills._digest(second)
        with second.transaction() as transaction:
            transaction.execute("update case_version set lon = lon + 0.0000001")
        assert kills._digest(store) != kills._digest(second)
