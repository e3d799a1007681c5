"""The parameter `datetime`: which days it means."""

import re
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from geodata.calendar import DayRange
from geodata.clock import city_day
from geodata.errors import InputError

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# GDAL writes a day without a time as 2021-07-15T.
_MOMENT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T(\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?"
)
_SUBSET: Final = re.compile(r"""datetime\((?:("[^"*/]+")|("[^"*/]+"|\*):("[^"*/]+"|\*))\)""")
_OPEN: Final = frozenset({"", ".."})
_ENDS: Final = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


def read_days(text: str, timezone: ZoneInfo) -> DayRange:
    """Days of ``2021-07-15``, ``2021-07-01/2021-07-15``, ``2021-07-01/..``, or of moments.

    A moment means the day it is in the city then; one without an offset is UTC.

    Parameters
    ----------
    timezone
        Time zone of the city.

    Raises
    ------
    InputError
        ``invalid-parameter``.
    """
    start, slash, end = text.partition("/")
    if not slash:
        day = _day(start, timezone)
        return DayRange(day, day)
    days = DayRange.between(
        *(None if text in _OPEN else _day(text, timezone) for text in (start, end))
    )
    if days.last < days.first:
        raise InputError(
            "invalid-parameter",
            "datetime: The end is before the start.",
            indonesian="datetime: Akhirnya mendahului awalnya.",
        )
    return days


def read_subset(text: str, timezone: ZoneInfo) -> DayRange:
    """Days of ``datetime("2021-07-15")`` or ``datetime("2021-07-01":*)``, as OGC Tiles has it.

    Raises
    ------
    InputError
        ``invalid-parameter``.
    """
    found = _SUBSET.fullmatch(text)
    if found is None:
        raise InputError(
            "invalid-parameter",
            'subset: One axis is taken, datetime("2021-07-15") or '
            'datetime("2021-07-01":"2021-07-15"); a star leaves an end open.',
            indonesian='subset: Hanya satu sumbu, datetime("2021-07-15") atau '
            'datetime("2021-07-01":"2021-07-15"); bintang berarti terbuka.',
        )
    ends = [end.strip('"').replace("*", "..") for end in found.groups() if end]
    return read_days("/".join(ends), timezone)


def read_moment(text: str) -> datetime | None:
    """A moment as RFC 3339 writes it, in UTC where it names no offset; None if it is none."""
    written = text.upper()
    if not _MOMENT.fullmatch(written):
        return None
    try:
        moment = datetime.fromisoformat(written.removesuffix("T"))
    except ValueError:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return _nearest_end(moment)


def read_day(text: str) -> date | None:
    """A day of the calendar, or None."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _city_day(moment: datetime, timezone: ZoneInfo) -> date:
    try:
        return city_day(moment, timezone)
    except OverflowError:
        return _nearest_end(moment).date()


def _nearest_end(moment: datetime) -> datetime:
    """Where the calendar ends, for what is hours beyond it in another offset."""
    return min(_ENDS, key=lambda end: abs(end.year - moment.year))


def _day(text: str, timezone: ZoneInfo) -> date:
    day = read_day(text.removesuffix("T"))
    if day is not None:
        return day
    moment = read_moment(text)
    if moment is not None:
        return _city_day(moment, timezone)
    raise InputError(
        "invalid-parameter",
        "datetime: A day like 2021-07-15, a moment like 2021-07-15T00:00:00Z, or two of them with "
        "a slash between; two dots leave an end open, like 2021-07-01/..",
        indonesian="datetime: Tulis hari seperti 2021-07-15, saat seperti 2021-07-15T00:00:00Z, "
        "atau dua di antaranya dengan garis miring; dua titik berarti terbuka, seperti "
        "2021-07-01/..",
    )
