"""The time from the start of a command to the first page that its server answers."""

import http.client
import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Final

from api.cli.terminal.language import format_number
from api.cli.terminal.output import print_message

_TIMEOUT_SECONDS: Final = 600.0
_RETRY_SECONDS: Final = 0.1
_JOIN_SECONDS: Final = 1.0
"""How long the end of the server waits for a request that is not answered yet."""
_IMPORTED_AT: Final = monotonic()
_START_FIELD: Final = 19
"""Index of the start of the process, in ticks, in ``/proc/self/stat`` after the name."""
_LOOPBACK: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (compared, not bound)


def seconds_since_start() -> float:
    """Seconds since this process started; on other systems than Linux since the import."""
    try:
        ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[_START_FIELD])
        return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    except (AttributeError, OSError, ValueError, IndexError):  # not Linux
        return monotonic() - _IMPORTED_AT


def announce_first_page(
    host: str,
    port: int,
    warm_up: Callable[[], object],
    is_preparing: Callable[[], bool] = lambda: False,
) -> Callable[[], None]:
    """Request the map in a thread until the server answers; print the time since the start.

    The request also fills the caches, so that the first visitor does not wait.

    Parameters
    ----------
    warm_up
        Called after the answer, in the same thread.
    is_preparing
        Whether tiles are still being prepared.

    Returns
    -------
    callable
        Ends the thread.
    """
    address, stopped = _LOOPBACK.get(host, host), Event()
    thread = Thread(
        target=_request_map,
        args=(address, port, warm_up, is_preparing, stopped),
        name="first page",
        daemon=True,
    )
    thread.start()

    def stop() -> None:
        stopped.set()
        thread.join(_JOIN_SECONDS)

    return stop


def _request_map(
    host: str,
    port: int,
    warm_up: Callable[[], object],
    is_preparing: Callable[[], bool],
    stopped: Event,
) -> None:
    start = monotonic()
    while monotonic() - start < _TIMEOUT_SECONDS and not stopped.is_set():
        connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT_SECONDS)
        try:
            connection.request("GET", "/map")
            response = connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException):
            stopped.wait(_RETRY_SECONDS)
        else:
            if response.status == 200:
                seconds = format_number(seconds_since_start(), 1)
                print_message(
                    f"Halaman pertama terbuka {seconds} detik setelah mulai.",
                    f"The first page was answered {seconds} s after the start.",
                )
                if is_preparing():
                    print_message(
                        "Peta dapat dipakai; tile-nya masih disiapkan, jadi peta masih lambat.",
                        "The map can be used; its tiles are still being prepared, so the map is "
                        "slow for now.",
                    )
                warm_up()
            return
        finally:
            connection.close()
