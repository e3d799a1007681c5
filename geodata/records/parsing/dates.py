"""Parse dates in the forms of Indonesian people and programs.

The rules:

- the day comes first: ``03/04/2021`` is 3 April; ``04/13/2021`` is no date;
- a year first is ISO: ``2021-09-09``, ``2021/9/9``, ``20210909``; a time after the date is ignored;
- a time with an offset from UTC, or with WIB, WITA or WIT, gives the day in the city;
- names of months may be Indonesian or English, full or short, with or without the weekday;
- a year of two digits is in this century;
- a number of five digits from 36526 (the year 2000) to 73050 (2099) is a date of a spreadsheet.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pyarrow as pa

from geodata.records.parsing.cells import map_distinct, valid
from geodata.records.parsing.findings import Mask

_TIME: Final = (
    r"(?:(?:[T ,]+|\s+-\s+)(?:(?:pukul|pkl|pk|jam)\b[.:]?\s*)?"
    r"(?P<time>\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?)(?P<noon>\s*[AaPp]\.?[Mm]\b\.?)?)?"
    r"(?P<offset>\s*(?:Z|UTC|[+-]\d{2}:?\d{2}|\(?(?:WIB|WITA|WIT)\b\.?\)?))?"
)
ZONE_OFFSETS: Final = {"WIB": "+07:00", "WITA": "+08:00", "WIT": "+09:00"}
"""Western, central and eastern Indonesian time."""
_WEEKDAY: Final = (
    r"(?:(?:senin|selasa|rabu|kamis|jum'?\s?at|sabtu|minggu|ahad|monday|tuesday|wednesday|thursday"
    r"|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun|sen|sel|rab|kam|jum|sab|min)[,.]*\s+)?"
)
YEAR_FIRST: Final = re.compile(
    rf"{_WEEKDAY}(?P<y>\d{{4}})([-/.])(?P<m>\d{{1,2}})\2(?P<d>\d{{1,2}}){_TIME}", re.IGNORECASE
)
_COMPACT: Final = re.compile(r"(?P<y>20\d{2})(?P<m>\d{2})(?P<d>\d{2})")
DAY_FIRST: Final = re.compile(
    rf"{_WEEKDAY}(?P<d>\d{{1,2}})\s*([-/. ])\s*(?P<m>\d{{1,2}})\s*\2\s*(?P<y>\d{{4}}|\d{{2}})"
    rf"{_TIME}",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    rf"{_WEEKDAY}(?P<d>\d{{1,2}})[\s./-]*(?P<name>[^\W\d_]+)[\s.,/'-]*"
    rf"(?P<y>\d{{4}}|\d{{2}}){_TIME}",
    re.IGNORECASE,
)
_NAME_FIRST: Final = re.compile(
    rf"{_WEEKDAY}(?P<name>[^\W\d_]+)\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})"
    rf"{_TIME}",
    re.IGNORECASE,
)
_FORMS: Final = (YEAR_FIRST, DAY_FIRST, _COMPACT, _NAMED, _NAME_FIRST)
_HOUR: Final = re.compile(r"\b(?:pukul|pkl|jam)\b\.?\s*(\d{1,2})(?![\d:.])", re.IGNORECASE)
_SERIAL: Final = re.compile(r"(\d{5})(?:\.\d+)?")
_SERIALS: Final = range(36526, 73051)
_SERIAL_ZERO: Final = date(1899, 12, 30)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january",
            "feb februari pebruari february peb",
            "mar maret march mrt",
            "apr april",
            "mei may",
            "jun juni june",
            "jul juli july",
            "agu agustus agt ags agst aug august",
            "sep september sept",
            "okt oktober oct october",
            "nov november nop nopember",
            "des desember dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_MAX_CHARACTERS: Final = 100
"""Enough for a date with weekday, time and time zone; longer texts are not parsed."""


def parse_date(text: str, timezone: ZoneInfo, *, month_first: bool = False) -> date | None:
    """The day in a text, or None.

    Parameters
    ----------
    timezone
        Time zone of the city, for the day of a time with an offset.
    month_first
        Whether numeric dates with the year last are month, day, year (a source may set this).
    """
    if len(text) > _MAX_CHARACTERS:
        return None
    trimmed = text.strip()
    spreadsheet_day = _SERIAL.fullmatch(trimmed)
    if spreadsheet_day is not None:
        days = int(spreadsheet_day[1])
        return _SERIAL_ZERO + timedelta(days=days) if days in _SERIALS else None
    parts = parse_date_parts(text, month_first=month_first)
    return None if parts is None else _city_day(parts, timezone)


def parse_date_parts(text: str, *, month_first: bool = False) -> dict[str, str | None] | None:
    """The parts of a date by the group names in `_FORMS`; None if no form matches."""
    if len(text) > _MAX_CHARACTERS:
        return None
    trimmed = _HOUR.sub(r"\1:00", text.strip())
    for form in _FORMS:
        match = form.fullmatch(trimmed)
        if match is not None:
            parts = match.groupdict()
            if month_first and form is DAY_FIRST:
                parts["d"], parts["m"] = parts["m"], parts["d"]
            return parts
    return None


def read_dates(
    cells: pa.Array, timezone: ZoneInfo, *, month_first: bool = False
) -> tuple[pa.Array, Mask]:
    """Dates of a column of text.

    Parameters
    ----------
    cells
        ``n`` texts, null for a blank cell.
    timezone, month_first
        See `parse_date`.

    Returns
    -------
    pa.Array, ndarray
        date32 ``(n,)``, null for no date; bool ``(n,)``, where a text is no date.
    """
    dates = map_distinct(
        cells, lambda text: parse_date(text, timezone, month_first=month_first), pa.date32()
    )
    return dates, valid(cells) & ~valid(dates)


def date_from_parts(parts: Mapping[str, str | None]) -> date | None:
    """The day as written, without the offset; None for 31 February."""
    year_text = parts["y"] or ""
    year = int(year_text) + (2000 if len(year_text) == 2 else 0)
    month = _MONTHS.get((parts.get("name") or "").casefold(), int(parts.get("m") or 0))
    try:
        return date(year, month, int(parts["d"] or 0))
    except ValueError:
        return None


def offset_from_parts(parts: Mapping[str, str | None]) -> str | None:
    """The offset from UTC after a time, as ``+07:00`` or ``Z``."""
    offset = (parts.get("offset") or "").strip(" ().").upper()
    return ZONE_OFFSETS.get(offset) or offset.replace("UTC", "Z") or None


def time_from_parts(parts: Mapping[str, str | None]) -> time:
    """The time in the parts of a date; midnight if there is no time.

    Raises
    ------
    ValueError
        If the time is invalid.
    """
    hour, minute, second, *_ = (
        int(part) for part in [*re.split(r"[:.]", parts.get("time") or "0:0"), "0"]
    )
    half_day = re.sub(r"[^ap]", "", (parts.get("noon") or "").casefold())
    if half_day and not 1 <= hour <= 12:
        raise ValueError
    return time(hour % 12 + (12 if half_day == "p" else 0) if half_day else hour, minute, second)


def _city_day(parts: Mapping[str, str | None], timezone: ZoneInfo) -> date | None:
    day, offset = date_from_parts(parts), offset_from_parts(parts)
    if day is None or offset is None or not parts.get("time"):
        return day
    try:
        moment = datetime.fromisoformat(f"{day.isoformat()}T{time_from_parts(parts)}{offset}")
        return moment.astimezone(timezone).date()
    except (ValueError, OverflowError):
        return None
