"""The rows that publishing writes: runs, their public part, versions and moments."""

from collections.abc import Iterator
from typing import Any

import pytest

from geodata.store import Store, now
from tests.cities import small_city as city
from tests.databases import NewDatabase
from tests.zoning import ward
from tests.zoning.days.ward_runs import run, table_rows
from tests.zoning.ward import Case, day, days
from zoning.days.planning import ENGINE
from zoning.days.publishing import newest_classes, public_ids, stored_runs
from zoning.days.runs import read_run
from zoning.rules import built_in

SQUARE, OTHER_SQUARE = (0, 1, 1), (3, 1, 1)
CASES = [Case(SQUARE, "a", 0, 9), Case(OTHER_SQUARE, "b", 1, 9), Case(None, None, 1, 3)]
LAW = built_in().rule("inmendagri-7-2021")


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    with ward.new_ward(new_database(), CASES) as opened:
        yield opened


def read(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in store.read(sql).to_pylist()]


def test_a_run_is_stored_with_its_inputs_its_counts_and_its_moment(store: Store) -> None:
    before = now()
    [result] = run(store, [day(1)])
    after = now()
    [row] = store.read("select * from run").to_pylist()
    moment = row.pop("computed_at")
    assert before <= moment <= after
    assert row.pop("records") not in (None, "")
    assert row == {
        "run": result.input_digest,
        "date": day(1),
        "rule": "inmendagri-7-2021",
        "rule_digest": LAW.digest,
        "boundaries": city.small_city().id,
        "engine": ENGINE,
        "green": 21,
        "yellow": 2,
        "orange": 0,
        "red": 0,
        "counts": None,
    }
    [public] = store.read("select * from public_run").to_pylist()
    assert public == {
        "public_id": result.run,
        **{name: row[name] for name in row if name not in ("run", "engine")},
    }
    assert result.to_dict() == {
        "date": day(1),
        "run": read_run(store, day(1)).public_id,
        "input_digest": result.input_digest,
        "rule": "inmendagri-7-2021",
        "retrospective": False,
        "state": "published",
        "green": 21,
        "yellow": 2,
        "orange": 0,
        "red": 0,
    }
    for table in ("published", "public_publication"):
        assert read(store, f"select published_at from {table}") == [(moment,)]  # noqa: S608


def test_zones_and_unplaced_cases_are_stored_for_each_run(store: Store) -> None:
    results = run(store, days(0, 2))
    ids = {result.date: result.input_digest for result in results}
    zones = "select run, code, risk, houses, houses_at_least, cases, active from run_zone"
    first, second = sorted([city.code(*SQUARE), city.code(*OTHER_SQUARE)])
    assert sorted(read(store, zones)) == sorted(
        [
            (ids[day(0)], city.code(*SQUARE), 1, 1, 1, 1, 1),
            *((ids[day(n)], code, 1, 1, 1, 1, 1) for n in (1, 2) for code in (first, second)),
        ]
    )
    unplaced = sorted(read(store, "select run, code, cases, active from run_unplaced"))
    assert unplaced == sorted((ids[day(n)], "33.74", 1, 1) for n in (1, 2))
    public_zones = sorted(read(store, "select public_id, code, risk from public_zone"))
    public = {result.date: result.run for result in results}
    assert public_zones == sorted(
        [
            (public[day(0)], city.code(*SQUARE), 1),
            *((public[day(n)], code, 1) for n in (1, 2) for code in (first, second)),
        ]
    )


VERSIONS = "select date, version, run from published order by date, version"
PUBLIC_VERSIONS = "select date, version, public_id from public_publication order by date, version"


def test_versions_of_a_day_count_from_one_and_only_of_changed_days(store: Store) -> None:
    """A correction without another colour is a new run, and not a new public version."""
    first = run(store, days(0, 1))
    ward.add_cases(store, [Case(SQUARE, "a", 1, 9)], first=9)  # the same house once more
    second = run(store, days(0, 2))
    ward.add_cases(store, [Case(SQUARE, house, 1, 9) for house in "xyz"], first=20)
    third = run(store, days(0, 1))
    ids = [[result.input_digest for result in results] for results in (first, second, third)]
    assert read(store, VERSIONS) == [
        (day(0), 1, ids[0][0]),
        (day(1), 1, ids[0][1]),
        (day(1), 2, ids[1][1]),
        (day(1), 3, ids[2][1]),
        (day(2), 1, ids[1][2]),
    ]
    assert len(set(ids[0] + ids[1] + ids[2])) == 5
    assert (first[1].run, third[1].run != first[1].run) == (second[1].run, True)
    assert read(store, PUBLIC_VERSIONS) == [
        (day(0), 1, first[0].run),
        (day(1), 1, first[1].run),
        (day(1), 2, third[1].run),
        (day(2), 1, second[2].run),
    ]


def test_a_day_with_former_colours_has_a_new_version_of_the_stored_public_run(store: Store) -> None:
    [first] = run(store, [day(1)])
    ward.add_cases(store, [Case(SQUARE, "a", 5, 9)], version=2)
    [second] = run(store, [day(1)])
    before = table_rows(store)
    ward.add_cases(store, [CASES[0]], version=3)
    run(store, [day(1)])
    after = table_rows(store)
    for name in ("run", "run_zone", "run_unplaced", "public_run", "public_zone"):
        assert after[name] == before[name]
    assert [row[1:] for row in read(store, PUBLIC_VERSIONS)] == [
        *((1, first.run), (2, second.run), (3, first.run)),
    ]
    assert public_ids(store, [day(1), day(2)]) == {day(1): first.run}


def test_days_are_published_in_one_moment_and_without_colours_have_no_public_zones(
    store: Store,
) -> None:
    results = run(store, days(-3, -1))
    moments = {row[0] for row in read(store, "select published_at from public_publication")}
    assert moments == {row[0] for row in read(store, "select published_at from published")}
    assert len(moments) == 1
    assert table_rows(store)["public_zone"] == table_rows(store)["run_zone"] == []
    assert len({result.run for result in results}) == 3


def test_a_stored_run_is_read_as_it_was_written(store: Store) -> None:
    results = run(store, days(0, 1))
    stored = stored_runs(store, [*(result.input_digest for result in results), "no such run"])
    assert {run_id: stored_run.of for run_id, stored_run in stored.items()} == {
        result.input_digest: result.of._replace(id=result.input_digest) for result in results
    }
    rows = {row[0]: row[1:] for row in read(store, "select run, records, engine from run")}
    assert {key: (value.records, value.engine) for key, value in stored.items()} == rows


def test_the_classes_are_those_of_the_stored_runs(store: Store) -> None:
    assert newest_classes(store) == set()
    run(store, [day(1)])
    assert newest_classes(store) == {("green", "yellow", "orange", "red")}
