"""The scheduled daily run inside a server, at a fixed hour of the city.

Running days again is idempotent: a run may stop half way, run twice, or run on several servers of
one database. A day with unchanged inputs stays as it is.
"""

import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Final

from geodata.errors import MikrozonasiError
from geodata.store import Store
from zoning.days.daily import DayResult, every_day, run_days
from zoning.days.runs import published_days
from zoning.rules import Rulebook

LATE_DAYS: Final = 14
"""Days that each scheduled run computes again, so that late and corrected records count."""
FURTHEST_DAYS: Final = 92
"""Most days of a scheduled run after a pause; `mikrozonasi zones run` computes older days."""
_RETRY_AFTER: Final = timedelta(minutes=10)
_POLL_SECONDS: Final = 20.0

_log = logging.getLogger(__name__)


def days_due(store: Store, today: date) -> list[date]:
    """The last `LATE_DAYS` days and days since the last published day; at most `FURTHEST_DAYS`."""
    published = [day for day in published_days(store) if day <= today]
    unpublished = published[-1] + timedelta(days=1) if published else today
    late = today - timedelta(days=LATE_DAYS - 1)
    furthest = today - timedelta(days=FURTHEST_DAYS - 1)
    return every_day(max(min(unpublished, late), furthest), today)


class NightlyRunner:
    """Runs the days due once a day, at a fixed hour.

    Parameters
    ----------
    time_of_day
        Time of day in the timezone of the city. A server that starts later runs the days at once.
    rules
        The rules of the city. Default: the rules of the project.
    """

    def __init__(self, store: Store, time_of_day: time, rules: Rulebook | None = None) -> None:
        self._store = store
        self._rules = rules
        self._time = time_of_day
        self._last_run: date | None = None
        self._not_before: datetime | None = None

    def run_if_due(self, moment: datetime) -> list[DayResult]:
        """Run the days due after the hour has come; a failed run is logged and repeated later.

        Parameters
        ----------
        moment
            The current time in the timezone of the city.

        Returns
        -------
        list of DayResult
            The days of the run; empty before the hour, after today's run, or after a failure.
        """
        today = moment.date()
        is_waiting = self._not_before is not None and moment < self._not_before
        if is_waiting or today == self._last_run or moment.time() < self._time:
            return []
        try:
            results = self._run(today)
        except MikrozonasiError as error:
            _log.warning("The daily run of %s failed: %s [%s]", today, error.message, error.code)
        except Exception as error:  # noqa: BLE001  (the server must continue)
            # Without the message of the error, which may have a value of a record.
            stack = "".join(traceback.format_tb(error.__traceback__))
            _log.error("The daily run of %s failed: %s\n%s", today, type(error).__name__, stack)
        else:
            self._last_run, self._not_before = today, None
            return results
        self._not_before = moment + _RETRY_AFTER
        return []

    def _run(self, today: date) -> list[DayResult]:
        days = days_due(self._store, today)
        results = run_days(self._store, None, days, today=today, rules=self._rules)
        n_published = sum(result.state == "published" for result in results)
        _log.info("The daily run of %s: %d of %d days published", today, n_published, len(results))
        return results


@contextmanager
def run_nightly(store: Store, time_of_day: time, rules: Rulebook | None = None) -> Iterator[None]:
    """Run the days due at an hour of every day, in a thread, until the block ends."""
    stopped = threading.Event()
    runner = NightlyRunner(store, time_of_day, rules)
    thread = threading.Thread(
        target=poll,
        args=(runner.run_if_due, stopped.wait, lambda: datetime.now(store.settings.timezone)),
        name="daily-run",
        daemon=True,
    )
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def poll(
    run_if_due: Callable[[datetime], object],
    wait: Callable[[float], bool],
    clock: Callable[[], datetime],
) -> None:
    """Call `run_if_due` every `_POLL_SECONDS` seconds until `wait` returns True.

    Short steps: after a change of the clock or a suspended machine, a run is late by one step.

    Parameters
    ----------
    clock
        Returns the current time in the city.
    """
    while True:
        run_if_due(clock())
        if wait(_POLL_SECONDS):
            return
