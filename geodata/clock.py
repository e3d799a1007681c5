"""The city's own time: a day begins at its midnight, Asia/Jakarta unless set otherwise.

A day is the city's; a moment is UTC, and where it is said without an offset UTC is meant.
"""

import os
from datetime import UTC, date, datetime
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
            indonesian="MIKROZONASI_TIMEZONE tidak menyebut zona waktu. Tulis misalnya "
            "Asia/Jakarta.",
        ) from None


def city_today() -> date:
    """The day it is in the city."""
    return datetime.now(city_timezone()).date()


def city_day(moment: datetime) -> date:
    """The day it is in the city at a moment."""
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(city_timezone()).date()


def in_utc(moment: datetime) -> datetime:
    """A moment as the database keeps it: in UTC, without a zone."""
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


def read_moment(text: str) -> datetime:
    """A past moment as people write it: ``2021-07-05T18:00``, UTC, or with its own offset.

    Returns
    -------
    datetime
        UTC, without a zone.

    Raises
    ------
    InputError
        ``moment`` if it is none, ``moment-in-future`` if it is yet to come: what will be known
        then cannot be said.
    """
    try:
        moment = in_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise InputError(
            "moment",
            "A moment looks like 2021-07-05T18:00, which is UTC, or 2021-07-05T18:00+07:00.",
            indonesian="Saat ditulis seperti 2021-07-05T18:00, yaitu UTC, atau "
            "2021-07-05T18:00+07:00.",
        ) from None
    if moment > datetime.now(UTC).replace(tzinfo=None):
        raise InputError(
            "moment-in-future",
            f"The moment {moment:%Y-%m-%d %H:%M} UTC is yet to come. A moment without an offset is "
            "UTC; for the city's own time write one, like 2021-07-05T18:00+07:00.",
            indonesian=f"Saat {moment:%Y-%m-%d %H:%M} UTC belum tiba. Saat tanpa selisih waktu "
            "berarti UTC; untuk waktu setempat tulis selisihnya, seperti "
            "2021-07-05T18:00+07:00.",
        )
    return moment
