"""Daily figures and newcomers by week in advance: no visitor waits for them after a publication."""

import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from geodata.errors import MikrozonasiError
from zoning.public.city import PublicCity

_POLL_SECONDS: Final = 2.0
_log = logging.getLogger(__name__)


@contextmanager
def figures_in_advance(city: PublicCity) -> Iterator[None]:
    """Compute the figures in a thread, now and after every publication, until the block ends.

    The figures of a city with 10,628 RT and 656 days take seconds of one core.
    """
    stopped = threading.Event()
    thread = threading.Thread(
        target=compute_until, args=(city, stopped.wait), name="daily-figures", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def compute_until(city: PublicCity, wait: Callable[[float], bool]) -> None:
    """Compute the figures every `_POLL_SECONDS` seconds until `wait` returns True.

    While nothing is published, the figures come from the cache.
    """
    while True:
        try:
            city.daily_figures()
            city.newcomer_weeks()
        except MikrozonasiError:
            pass  # A city without boundaries, or no database: a request gets the error.
        except Exception as error:  # noqa: BLE001  (the server must continue)
            # Without the message of the error, which may have a value of a record.
            stack = "".join(traceback.format_tb(error.__traceback__))
            _log.error("Daily figures in advance failed: %s\n%s", type(error).__name__, stack)
        if wait(_POLL_SECONDS):
            return
