"""The parameter `datetime`: days, moments and intervals."""

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

    A moment becomes the day in the city at that moment; a moment without an offset is UTC.

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
            "datetime: The end is before the start. Exchange them.",
            indonesian="datetime: Akhirnya mendahului awalnya. Tukar keduanya.",
        )
    return days


def read_subset(text: str, timezone: ZoneInfo) -> DayRange:
    """Days of ``datetime("2021-07-15")`` or ``datetime("2021-07-01":*)``, as in OGC API Tiles.

    Raises
    ------
    InputError
        ``invalid-parameter``.
    """
    match = _SUBSET.fullmatch(text)
    if match is None:
        raise InputError(
            "invalid-parameter",
            'subset: The only axis is datetime. Write datetime("2021-07-15") or '
            'datetime("2021-07-01":"2021-07-15"); a star means an open end.',
            indonesian='subset: Satu-satunya sumbu ialah datetime. Tulis datetime("2021-07-15") '
            'atau datetime("2021-07-01":"2021-07-15"); bintang berarti ujung terbuka.',
        )
    ends = [end.strip('"').replace("*", "..") for end in match.groups() if end]
    return read_days("/".join(ends), timezone)


def read_moment(text: str) -> datetime | None:
    """A moment in the format of RFC 3339, UTC without an offset; None for any other text."""
    upper = text.upper()
    if not _MOMENT.fullmatch(upper):
        return None
    try:
        moment = datetime.fromisoformat(upper.removesuffix("T"))
    except ValueError:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return _nearest_end(moment)


def read_day(text: str) -> date | None:
    """A day of the calendar; None for any other text."""
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
    """The nearest end of the calendar, for a moment that is outside the calendar in UTC."""
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
        "datetime: Write a day like 2021-07-15, a moment like 2021-07-15T00:00:00Z, or two of them "
        "with a slash between; two dots mean an open end, like 2021-07-01/..",
        indonesian="datetime: Tulis hari seperti 2021-07-15, saat seperti 2021-07-15T00:00:00Z, "
        "atau dua di antaranya dengan garis miring; dua titik berarti ujung terbuka, seperti "
        "2021-07-01/..",
    )
