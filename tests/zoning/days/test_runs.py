"""Published runs are read back unchanged, for any day and any later moment."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from geodata.errors import NotFoundError
from geodata.store import Store, now
from tests.cities import small_city as city
from tests.databases import NewDatabase
from tests.zoning import ward
from tests.zoning.ward import TODAY, Case, day
from zoning import City
from zoning.days.daily import run_days
from zoning.days.runs import find_run, latest_day, published_days, read_run


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    with ward.new_ward(new_database(), [Case((0, 1, 1), "a", 0, 9)]) as opened:
        yield opened


def test_published_days_are_in_order_and_distinct(store: Store) -> None:
    boundaries = city.small_city()
    run_days(store, boundaries, [day(5), day(1)], today=TODAY)
    run_days(store, boundaries, [day(3), day(1)], rule_id="dkk-semarang", today=TODAY)
    assert published_days(store) == [day(1), day(3), day(5)]
    assert latest_day(store) == day(5)


def test_every_published_day_is_listed_with_its_newest_run(store: Store) -> None:
    run_days(store, city.small_city(), [day(1), day(3)], today=TODAY)
    run_days(store, city.small_city(), [day(1)], rule_id="dkk-semarang", today=TODAY)
    rows = City(store).public().published_runs().to_dict("records")
    assert [row["date"] for row in rows] == [day(1), day(3)]
    for row in rows:
        published = read_run(store, row["date"])
        fields = {name: getattr(published, name) for name in ("date", "rule", "boundaries")}
        assert row == {**fields, **published.counts, "run": published.public_id}
        assert {"run", "rule", "boundaries", "green", "yellow", "orange", "red"} < set(row)


def test_without_published_days_the_error_says_what_to_do(store: Store) -> None:
    assert published_days(store) == []
    with pytest.raises(NotFoundError, match="zones run") as refused:
        latest_day(store)
    assert refused.value.code == "nothing-published"


def test_a_day_is_read_as_published_at_a_moment(store: Store) -> None:
    boundaries = city.small_city()
    [first] = run_days(store, boundaries, [day(1)], today=TODAY)
    between = now()
    [second] = run_days(store, boundaries, [day(1)], rule_id="dkk-semarang", today=TODAY)
    assert read_run(store, day(1), known_at=between).run == first.input_digest
    assert read_run(store, day(1), known_at=now()).run == second.input_digest
    assert read_run(store, day(1)).version == 2
    assert read_run(store, day(1)).boundaries == boundaries.id
    with pytest.raises(NotFoundError, match="as of 2020-01-01 00:00 UTC"):
        read_run(store, day(1), known_at=datetime(2020, 1, 1))  # noqa: DTZ001  (UTC, as the tables)


@pytest.mark.parametrize(("number", "version"), [(2, None), (1, 2), (1, 0)])
def test_a_day_or_version_that_was_not_published_is_not_found(
    store: Store, number: int, version: int | None
) -> None:
    run_days(store, city.small_city(), [day(1)], today=TODAY)
    with pytest.raises(NotFoundError) as refused:
        read_run(store, day(number), version=version)
    assert refused.value.code == "no-run"


def test_the_error_names_the_version_that_was_not_published(store: Store) -> None:
    with pytest.raises(NotFoundError) as refused:
        read_run(store, day(1), version=3)
    assert "2021-06-02 in version 3. " in refused.value.message
    assert "2 Juni 2021 dalam versi 3 tidak" in refused.value.indonesian


def test_days_are_listed_as_published_at_a_moment(store: Store) -> None:
    run_days(store, city.small_city(), [day(1)], today=TODAY)
    between = now()
    run_days(store, city.small_city(), [day(4)], today=TODAY)
    assert published_days(store, between) == [day(1)]
    assert latest_day(store, between) == day(1)
    assert latest_day(store) == day(4)
    with pytest.raises(NotFoundError):
        latest_day(store, datetime(2020, 1, 1))  # noqa: DTZ001  (UTC, as the tables)
    assert find_run(store, day(4), known_at=between) is None


def test_a_read_day_has_its_publication_its_zones_and_its_unplaced_cases(
    new_database: NewDatabase,
) -> None:
    cases = [Case((3, 1, 1), "a", 0, 30), Case((0, 1, 1), "b", 7, 30), Case(None, None, 7, 8)]
    with ward.new_ward(new_database(), cases) as store:
        before = now()
        [result] = run_days(store, city.small_city(), [day(7)], today=TODAY)
        zones = read_run(store, day(7))
        assert (zones.version, zones.published) == (1, True)
        assert zones.published_at is not None
        assert before <= zones.published_at <= now()
        # A green zone with an active case is stored, but not a part of the public id.
        coloured = {city.code(0, 1, 1): 1, city.code(3, 1, 1): 0}
        assert dict(zip(*zones.zones.select([0, 1]).to_pydict().values(), strict=True)) == coloured
        assert zones.public_id == result.run
        assert zones.run == result.input_digest
        assert zones.unplaced.to_pylist() == [{"code": "33.74", "cases": 1, "active": 1}]
        assert zones != replace(zones, of=zones.of._replace(id="another"))
        assert zones == replace(zones, version=5)
        assert zones != zones.run
        assert not replace(zones, published_at=None).published


def test_two_objects_of_one_run_are_equal_and_of_two_runs_are_not(store: Store) -> None:
    run_days(store, city.small_city(), [day(1), day(2)], today=TODAY)
    assert read_run(store, day(1)) == read_run(store, day(1))
    assert len({read_run(store, day(1)), read_run(store, day(1)), read_run(store, day(2))}) == 2
