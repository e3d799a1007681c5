"""Says when the first page is there: how long a command took from its start to an answer."""

import http.client
from threading import Thread
from time import monotonic, sleep
from typing import Final

from api.cli.output import say

_LONGEST: Final = 600.0
_EVERY: Final = 0.1
"""Seconds."""
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (compared, not bound)


def say_when_answered(host: str, port: int, started: float) -> None:
    """Ask for the map until it is answered, in a thread, and say how long after the start.

    It also computes what the first visitor would wait for.
    """
    at = _EVERYWHERE.get(host, host)
    Thread(target=_ask, args=(at, port, started), name="first page", daemon=True).start()


def _ask(host: str, port: int, started: float) -> None:
    while monotonic() - started < _LONGEST:
        asked = http.client.HTTPConnection(host, port, timeout=_LONGEST)
        try:
            asked.request("GET", "/map")
            answer = asked.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            sleep(_EVERY)
        else:
            if answer.status == 200:
                say(f"The first page was answered {monotonic() - started:.1f} s after the start.")
            return
        finally:
            asked.close()
