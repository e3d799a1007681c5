"""The daily run inside a server: when, which days, and that nothing it meets ends the server."""

import logging
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest

from geodata.store import Store, open_store
from tests.cities import small_city as city
from tests.databases import NewDatabase
from tests.zoning import ward
from tests.zoning.ward import Case
from zoning.days import nightly
from zoning.days.daily import run_days
from zoning.days.nightly import Nightly, days_due, look_often
from zoning.days.runs import published_days

TODAY = date(2021, 6, 20)
TWO = time(2)
CASES = [Case((0, 1, 1), "a", 10, 30), Case((0, 1, 1), "b", 17, 30)]


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    with ward.new_ward(new_database(), CASES) as opened:
        yield opened


def at(hour: int, minute: int = 0, *, day: date = TODAY) -> datetime:
    return datetime.combine(day, time(hour, minute))


def test_it_waits_for_the_hour_runs_once_and_again_the_next_day(store: Store) -> None:
    runner = Nightly(store, TWO)
    assert runner.look(at(1, 59)) == []
    ran = runner.look(at(2))
    assert [one.date for one in ran][-1] == TODAY
    assert runner.look(at(2, 1)) == runner.look(at(23, 59)) == []
    tomorrow = TODAY + timedelta(days=1)
    assert runner.look(at(1, 59, day=tomorrow)) == []
    ran = runner.look(at(2, 0, day=tomorrow))
    assert [one.date for one in ran if one.state == "published"] == [tomorrow]
    assert published_days(store)[-1] == tomorrow


def test_a_server_started_after_the_hour_runs_at_once(store: Store) -> None:
    assert Nightly(store, TWO).look(at(9))[-1].date == TODAY


def test_late_records_change_the_days_they_bear_on(store: Store) -> None:
    Nightly(store, TWO).look(at(2))
    ward.add_cases(store, [Case((3, 1, 1), "z", 12, 30)], first=100)
    ran = Nightly(store, TWO).look(at(2))
    assert [one.date for one in ran if one.state == "published"] == ward.days(12, 19)


@pytest.mark.parametrize(
    ("last", "first_due"),
    [
        (None, TODAY - timedelta(days=13)),
        (TODAY, TODAY - timedelta(days=13)),
        (TODAY - timedelta(days=5), TODAY - timedelta(days=13)),
        (TODAY - timedelta(days=40), TODAY - timedelta(days=39)),
        (TODAY - timedelta(days=120), TODAY - timedelta(days=91)),
        (TODAY + timedelta(days=3), TODAY - timedelta(days=13)),
    ],
)
def test_due_are_the_last_days_and_those_since_the_last_published(
    store: Store, last: date | None, first_due: date
) -> None:
    if last is not None:
        run_days(store, city.small_city(), [last], today=ward.TODAY)
    due = days_due(store, TODAY)
    assert (due[0], due[-1]) == (first_due, TODAY)
    assert len(due) == (TODAY - first_due).days + 1


def test_what_fails_is_logged_without_what_was_said_and_tried_again(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    value = "3374010101010001"

    def fail(*_: object, **__: object) -> None:
        raise KeyError(value)

    runner = Nightly(store, TWO)
    with monkeypatch.context() as broken:
        broken.setattr(nightly, "run_days", fail)
        assert runner.look(at(2)) == []
    assert "KeyError" in caplog.text
    assert value not in caplog.text
    assert runner.look(at(2, 9)) == []
    assert runner.look(at(2, 10))[-1].date == TODAY


def test_a_database_that_cannot_be_run_yet_is_said_with_its_sentence(
    new_database: NewDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    with open_store(new_database()) as bare, caplog.at_level(logging.WARNING):
        assert Nightly(bare, TWO).look(at(2)) == []
    assert "[no-records]" in caplog.text


def test_it_looks_until_it_is_told_to_stop() -> None:
    moments = [at(1), at(2), at(3)]
    seen: list[datetime] = []
    answers = iter([False, False, True])
    look_often(seen.append, lambda _: next(answers), lambda: moments[len(seen)])
    assert seen == moments
