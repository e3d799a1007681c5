"""Days and moments: a day begins at the city's own midnight; see `geodata.settings`.

A day is the city's; a moment is UTC, and where it is said without an offset UTC is meant.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from geodata.errors import InputError


def city_day(moment: datetime, timezone: ZoneInfo) -> date:
    """The day it is in a time zone at a moment, which is UTC where it names no zone."""
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(timezone).date()


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
