"""The daily run by itself: at one hour of the city's clock, inside a server.

Running days again is idempotent, so nothing is lost where a run is cut off, made twice, or made
by several servers of one database: what was computed from the same stays as it is.
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
from zoning.days.daily import RanDay, every_day, run_days
from zoning.days.runs import published_days
from zoning.rules import Rulebook

LATE_DAYS: Final = 14
"""Days that are judged again each time, so that late and corrected records count."""
FURTHEST_DAYS: Final = 92
"""Days that are caught up at most after a pause; older ones are for `mikrozonasi zones run`."""
_PAUSE: Final = timedelta(minutes=10)
_LOOK_EVERY: Final = 20.0

_log = logging.getLogger(__name__)


def days_due(store: Store, today: date) -> list[date]:
    """The last fourteen days, and days since the last published one, no more than 92 in all."""
    published = [day for day in published_days(store) if day <= today]
    unpublished = published[-1] + timedelta(days=1) if published else today
    late = today - timedelta(days=LATE_DAYS - 1)
    furthest = today - timedelta(days=FURTHEST_DAYS - 1)
    return every_day(max(min(unpublished, late), furthest), today)


class Nightly:
    """Runs the days due once a day, when the hour has come.

    Parameters
    ----------
    at
        The hour by the city's clock. Where the server starts later than that, it runs at once.
    rules
        The city's; those of the project where not given.
    """

    def __init__(self, store: Store, at: time, rules: Rulebook | None = None) -> None:
        self._store = store
        self._rules = rules
        self._at = at
        self._done: date | None = None
        self._not_before: datetime | None = None

    def look(self, moment: datetime) -> list[RanDay]:
        """Run the days due if it is time; a failure is logged and tried again later.

        Parameters
        ----------
        moment
            What the city's clock shows.

        Returns
        -------
        list of RanDay
            What was run, empty where it was not time or did not succeed.
        """
        today = moment.date()
        waits = self._not_before is not None and moment < self._not_before
        if waits or today == self._done or moment.time() < self._at:
            return []
        try:
            ran = self._run(today)
        except MikrozonasiError as error:
            _log.warning("The daily run of %s failed: %s [%s]", today, error.message, error.code)
        except Exception as error:  # noqa: BLE001  (the server lives on, and says what happened)
            # Where it happened, not what was said: that may hold a record's value.
            where = "".join(traceback.format_tb(error.__traceback__))
            _log.error("The daily run of %s failed: %s\n%s", today, type(error).__name__, where)
        else:
            self._done, self._not_before = today, None
            return ran
        self._not_before = moment + _PAUSE
        return []

    def _run(self, today: date) -> list[RanDay]:
        days = days_due(self._store, today)
        ran = run_days(self._store, None, days, today=today, rules=self._rules)
        fresh = sum(one.state == "published" for one in ran)
        _log.info("The daily run of %s: %d of %d days published", today, fresh, len(ran))
        return ran


@contextmanager
def nightly(store: Store, at: time, rules: Rulebook | None = None) -> Iterator[None]:
    """Run the days due at that hour of every day, in a thread, until the block ends."""
    stopped = threading.Event()
    runner = Nightly(store, at, rules)
    thread = threading.Thread(
        target=look_often,
        args=(runner.look, stopped.wait, lambda: datetime.now(store.settings.timezone)),
        name="daily-run",
        daemon=True,
    )
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def look_often(
    look: Callable[[datetime], object],
    wait: Callable[[float], bool],
    clock: Callable[[], datetime],
) -> None:
    """Look again and again until the waiting says that it is over.

    In short steps: a clock that is set, or a machine that slept, makes no run late by more.

    Parameters
    ----------
    clock
        Tells the time in the city.
    """
    while True:
        look(clock())
        if wait(_LOOK_EVERY):
            return
