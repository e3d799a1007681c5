"""Days and moments. A day begins at midnight in the city's time zone; see `geodata.settings`.

A moment is in UTC. A moment without an offset is UTC too.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from geodata.errors import InputError


def city_day(moment: datetime, timezone: ZoneInfo) -> date:
    """The day in a time zone at a moment; a moment without a zone is UTC."""
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(timezone).date()


def in_utc(moment: datetime) -> datetime:
    """A moment in the form of the database: in UTC, without a zone."""
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


def read_moment(text: str) -> datetime:
    """Parse a past moment: ``2021-07-05T18:00``, which is UTC, or with an offset.

    Returns
    -------
    datetime
        UTC, without a zone.

    Raises
    ------
    InputError
        ``moment`` if the text is no moment, ``moment-in-future`` if the moment is in the future:
        nobody knows yet which records will be known then.
    """
    try:
        moment = in_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise InputError(
            "moment",
            "This text is no moment. Write a moment like 2021-07-05T18:00, which is UTC, or "
            "2021-07-05T18:00+07:00.",
            indonesian="Teks ini bukan saat. Tulis saat seperti 2021-07-05T18:00, yaitu UTC, "
            "atau 2021-07-05T18:00+07:00.",
        ) from None
    if moment > datetime.now(UTC).replace(tzinfo=None):
        raise InputError(
            "moment-in-future",
            f"The moment {moment:%Y-%m-%d %H:%M} UTC is yet to come. A moment without an offset "
            "is UTC. For local time write the offset, like 2021-07-05T18:00+07:00.",
            indonesian=f"Saat {moment:%Y-%m-%d %H:%M} UTC belum tiba. Saat tanpa selisih waktu "
            "berarti UTC. Untuk waktu setempat tulis selisihnya, seperti 2021-07-05T18:00+07:00.",
        )
    return moment
