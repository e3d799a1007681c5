"""Says when the first page is there: how long a command took from its start to an answer."""

import http.client
import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Final

from api.cli.terminal.language import number
from api.cli.terminal.output import say

_LONGEST: Final = 600.0
_EVERY: Final = 0.1
"""Seconds."""
_PATIENCE: Final = 1.0
"""Seconds to wait for an answer that is under way when the server ends."""
_IMPORTED: Final = monotonic()
_BEGAN: Final = 19
"""Which of the numbers after a process's name in ``/proc/self/stat`` is its start, in ticks."""
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (compared, not bound)


def since_start() -> float:
    """Seconds since this process began; since this module was imported where that is not known."""
    try:
        began = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[_BEGAN])
        return time.clock_gettime(time.CLOCK_BOOTTIME) - began / os.sysconf("SC_CLK_TCK")
    except (AttributeError, OSError, ValueError, IndexError):  # not Linux
        return monotonic() - _IMPORTED


def say_when_answered(
    host: str,
    port: int,
    then: Callable[[], object],
    preparing: Callable[[], bool] = lambda: False,
) -> Callable[[], None]:
    """Ask for the map until it is answered, in a thread, and say how long after the start.

    It also computes what the first visitor would wait for.

    Parameters
    ----------
    then
        What is done after that, in the same thread.
    preparing
        Whether tiles are still being prepared.

    Returns
    -------
    callable
        Ends the asking.
    """
    at, ended = _EVERYWHERE.get(host, host), Event()
    thread = Thread(
        target=_ask, args=(at, port, then, preparing, ended), name="first page", daemon=True
    )
    thread.start()

    def end() -> None:
        ended.set()
        thread.join(_PATIENCE)

    return end


def _ask(
    host: str,
    port: int,
    then: Callable[[], object],
    preparing: Callable[[], bool],
    ended: Event,
) -> None:
    began = monotonic()
    while monotonic() - began < _LONGEST and not ended.is_set():
        asked = http.client.HTTPConnection(host, port, timeout=_LONGEST)
        try:
            asked.request("GET", "/map")
            answer = asked.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            ended.wait(_EVERY)
        else:
            if answer.status == 200:
                seconds = number(since_start(), 1)
                say(
                    f"Halaman pertama terbuka {seconds} detik setelah mulai.",
                    f"The first page was answered {seconds} s after the start.",
                )
                if preparing():
                    say(
                        "Peta dapat dipakai; tile-nya masih disiapkan, jadi peta masih lambat.",
                        "The map can be used; its tiles are still being prepared, so the map is "
                        "slow for now.",
                    )
                then()
            return
        finally:
            asked.close()
