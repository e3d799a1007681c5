"""The scheduled daily run inside a server: hour, days due, and failures that do not stop it."""

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from geodata.errors import MikrozonasiError
from geodata.store import Store, open_store
from tests.cities import small_city as city
from tests.databases import NewDatabase
from tests.zoning import ward
from tests.zoning.ward import Case
from zoning.days import nightly
from zoning.days.daily import run_days
from zoning.days.nightly import NightlyRunner, days_due, poll, run_nightly
from zoning.days.runs import published_days
from zoning.rules import Rulebook, built_in

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


@pytest.mark.parametrize(
    ("days_ago", "n_due"),
    [
        # the last published days, from old to new, and the number of days due
        ([200], 92),
        ([93], 92),
        ([92], 92),
        ([91], 91),
        ([300, 20, 15], 15),
        ([14], 14),
        ([13], 14),
        ([1, 0], 14),
        ([100, -1], 92),
        ([20, -1, -5], 20),
        ([-1], 14),
        ([], 14),
    ],
)
def test_fourteen_days_or_all_unpublished_days_are_due_but_at_most_ninety_two(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, days_ago: list[int], n_due: int
) -> None:
    published = [TODAY - timedelta(days=number) for number in days_ago]
    monkeypatch.setattr(nightly, "published_days", lambda _: published)
    with open_store(f"duckdb:///{tmp_path}/city.duckdb", create=True) as store:
        due = days_due(store, TODAY)
    assert due == [TODAY - timedelta(days=number) for number in reversed(range(n_due))]


def test_a_run_uses_the_rules_of_the_city_and_logs_the_number_of_published_days(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    rule = built_in().rule("inmendagri-7-2021")
    own = Rulebook({"own": rule.model_copy(update={"id": "own"})}, in_retrospect=True)
    run_days(store, None, ward.days(10, 13), today=TODAY, rules=own)
    with caplog.at_level(logging.INFO, nightly.__name__):
        results = NightlyRunner(store, TWO_O_CLOCK, own).run_if_due(moment_at(2))
    assert {result.rule for result in results} == {"own"}
    assert caplog.messages == ["The daily run of 2021-06-20: 10 of 14 days published"]


def test_a_server_runs_the_days_due_in_a_thread_until_it_stops(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments: list[datetime] = []
    threads: list[threading.Thread] = []
    called = threading.Event()

    def record(runner: NightlyRunner, moment: datetime) -> None:
        threads.append(threading.current_thread())
        moments.append(moment)
        called.set()
        with pytest.raises(MikrozonasiError):  # the rules of the runner are those of the server
            runner._run(date(2020, 1, 1))

    monkeypatch.setattr(NightlyRunner, "run_if_due", record)
    own = Rulebook({"own": built_in().rule("dkk-semarang")})
    with run_nightly(store, TWO_O_CLOCK, own):
        assert called.wait(60)
        assert threads[0].daemon
        assert threads[0].name == "daily-run"
    assert not threads[0].is_alive()
    assert [moment.tzinfo for moment in moments] == [store.settings.timezone]
    assert datetime.now(UTC) - moments[0] < timedelta(minutes=10)


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
    [message] = caplog.messages
    assert message.startswith("The daily run of 2021-06-20 failed: KeyError\n  File ")
    stack = message.splitlines()[1:]
    assert all(line.startswith("  ") for line in stack)
    assert stack[-2].endswith(", in fail")
    assert value not in caplog.text
    assert runner.run_if_due(moment_at(2, 9)) == []
    assert runner.run_if_due(moment_at(2, 10))[-1].date == TODAY


def test_a_database_without_records_is_logged_with_its_error_code(
    new_database: NewDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    with open_store(new_database()) as bare, caplog.at_level(logging.WARNING):
        assert NightlyRunner(bare, TWO_O_CLOCK).run_if_due(moment_at(2)) == []
    [message] = caplog.messages
    assert message.startswith("The daily run of 2021-06-20 failed: No case was ever loaded")
    assert message.endswith(" [no-records]")


def test_polling_continues_until_the_wait_ends_it() -> None:
    moments = [moment_at(1), moment_at(2), moment_at(3)]
    moments_seen: list[datetime] = []
    answers = iter([False, False, True])
    waits: list[float] = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return next(answers)

    poll(moments_seen.append, wait, lambda: moments[len(moments_seen)])
    assert moments_seen == moments
    assert waits == [20.0] * 3
