"""The scheduled daily run inside a server: hour, days due, and failures that do not stop it."""

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
from zoning.days.nightly import NightlyRunner, days_due, poll
from zoning.days.runs import published_days

TODAY = date(2021, 6, 20)
TWO_O_CLOCK = time(2)
CASES = [Case((0, 1, 1), "a", 10, 30), Case((0, 1, 1), "b", 17, 30)]


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    with ward.new_ward(new_database(), CASES) as opened:
        yield opened


def moment_at(hour: int, minute: int = 0, *, day: date = TODAY) -> datetime:
    return datetime.combine(day, time(hour, minute))


def test_the_days_due_run_once_a_day_after_the_hour(store: Store) -> None:
    runner = NightlyRunner(store, TWO_O_CLOCK)
    assert runner.run_if_due(moment_at(1, 59)) == []
    ran = runner.run_if_due(moment_at(2))
    assert [result.date for result in ran][-1] == TODAY
    assert runner.run_if_due(moment_at(2, 1)) == runner.run_if_due(moment_at(23, 59)) == []
    tomorrow = TODAY + timedelta(days=1)
    assert runner.run_if_due(moment_at(1, 59, day=tomorrow)) == []
    ran = runner.run_if_due(moment_at(2, 0, day=tomorrow))
    assert [result.date for result in ran if result.state == "published"] == [tomorrow]
    assert published_days(store)[-1] == tomorrow


def test_a_server_started_after_the_hour_runs_at_once(store: Store) -> None:
    assert NightlyRunner(store, TWO_O_CLOCK).run_if_due(moment_at(9))[-1].date == TODAY


def test_late_records_change_the_days_that_they_affect(store: Store) -> None:
    NightlyRunner(store, TWO_O_CLOCK).run_if_due(moment_at(2))
    ward.add_cases(store, [Case((3, 1, 1), "z", 12, 30)], first=100)
    ran = NightlyRunner(store, TWO_O_CLOCK).run_if_due(moment_at(2))
    assert [result.date for result in ran if result.state == "published"] == ward.days(12, 19)


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
def test_the_last_days_and_all_days_since_the_last_published_day_are_due(
    store: Store, last: date | None, first_due: date
) -> None:
    if last is not None:
        run_days(store, city.small_city(), [last], today=ward.TODAY)
    due = days_due(store, TODAY)
    assert (due[0], due[-1]) == (first_due, TODAY)
    assert len(due) == (TODAY - first_due).days + 1


def test_a_failed_run_is_logged_without_the_message_and_repeated_later(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    value = "3374010101010001"

    def fail(*_: object, **__: object) -> None:
        raise KeyError(value)

    runner = NightlyRunner(store, TWO_O_CLOCK)
    with monkeypatch.context() as patch:
        patch.setattr(nightly, "run_days", fail)
        assert runner.run_if_due(moment_at(2)) == []
    assert "KeyError" in caplog.text
    assert value not in caplog.text
    assert runner.run_if_due(moment_at(2, 9)) == []
    assert runner.run_if_due(moment_at(2, 10))[-1].date == TODAY


def test_a_database_without_records_is_logged_with_its_error_code(
    new_database: NewDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    with open_store(new_database()) as bare, caplog.at_level(logging.WARNING):
        assert NightlyRunner(bare, TWO_O_CLOCK).run_if_due(moment_at(2)) == []
    assert "[no-records]" in caplog.text


def test_polling_continues_until_the_wait_ends_it() -> None:
    moments = [moment_at(1), moment_at(2), moment_at(3)]
    moments_seen: list[datetime] = []
    answers = iter([False, False, True])
    poll(moments_seen.append, lambda _: next(answers), lambda: moments[len(moments_seen)])
    assert moments_seen == moments
