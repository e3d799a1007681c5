"""The city's own time: a day begins at its midnight, Asia/Jakarta unless set otherwise."""

import os
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from geodata.errors import InputError

DEFAULT: Final = "Asia/Jakarta"


def city_timezone() -> ZoneInfo:
    """The time zone named by ``MIKROZONASI_TIMEZONE``.

    Raises
    ------
    InputError
        If there is no time zone of that name.
    """
    name = os.environ.get("MIKROZONASI_TIMEZONE") or DEFAULT
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InputError(
            "unknown-timezone",
            "MIKROZONASI_TIMEZONE names no time zone. Write one like Asia/Jakarta.",
        ) from None


def city_today() -> date:
    """The day it is in the city."""
    return datetime.now(city_timezone()).date()
