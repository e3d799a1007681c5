"""Dates as people and programs write them in Indonesia.

The rules, so that nobody has to guess ours:

- the day comes first: ``03/04/2021`` is 3 April; ``04/13/2021`` is no date, rather than a guess;
- a year first is ISO: ``2021-09-09``, ``2021/9/9``, ``20210909``; a time behind it is left out;
- a time with an offset from UTC, or with WIB, WITA or WIT, is brought to the city's own day;
- month names may be Indonesian or English, whole or short, with or without the weekday;
- a year of two digits is in this century;
- a number of five digits from 36526 (the year 2000) to 73050 (2099) is a spreadsheet's day.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_TIME: Final = (
    r"(?:(?:[T ,]+|\s+-\s+)(?:(?:pukul|pkl|pk|jam)\b[.:]?\s*)?"
    r"(?P<time>\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?)(?P<noon>\s*[AaPp]\.?[Mm]\b\.?)?)?"
    r"(?P<offset>\s*(?:Z|UTC|[+-]\d{2}:?\d{2}|\(?(?:WIB|WITA|WIT)\b\.?\)?))?"
)
ZONES: Final = {"WIB": "+07:00", "WITA": "+08:00", "WIT": "+09:00"}
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
_LONGEST: Final = 100
"""Characters of a date with its weekday, time and timezone; longer texts are not looked at."""


def parse_date(text: str, timezone: ZoneInfo, *, month_first: bool = False) -> date | None:
    """The day a text names, or None where it names none.

    Parameters
    ----------
    timezone
        Time zone of the city: a time with an offset is brought to its day.
    month_first
        Figures with the year last are month, day, year: a source may say so.
    """
    if len(text) > _LONGEST:
        return None
    trimmed = text.strip()
    serial = _SERIAL.fullmatch(trimmed)
    if serial is not None:
        days = int(serial[1])
        return _SERIAL_ZERO + timedelta(days=days) if days in _SERIALS else None
    found = parts_of(text, month_first=month_first)
    return None if found is None else _in_the_city(found, timezone)


def parts_of(text: str, *, month_first: bool = False) -> dict[str, str | None] | None:
    """The parts of a date by their names in the forms above; None where it has no such form."""
    if len(text) > _LONGEST:
        return None
    whole = _HOUR.sub(r"\1:00", text.strip())
    for form in _FORMS:
        found = form.fullmatch(whole)
        if found is not None:
            parts = found.groupdict()
            if month_first and form is DAY_FIRST:
                parts["d"], parts["m"] = parts["m"], parts["d"]
            return parts
    return None


def read_dates(
    cells: pa.Array, timezone: ZoneInfo, *, month_first: bool = False
) -> tuple[pa.Array, NDArray[np.bool_]]:
    """Dates of a column of text.

    Parameters
    ----------
    cells
        ``n`` texts, null where blank.
    timezone, month_first
        See `parse_date`.

    Returns
    -------
    pa.Array, ndarray
        date32 ``(n,)``, null where there is none; bool ``(n,)``, where text names no day.
    """
    encoded = cells.dictionary_encode()
    # A column has few different days however many rows: each is parsed once.
    texts = encoded.dictionary.to_pylist()
    days = [parse_date(text, timezone, month_first=month_first) for text in texts]
    dates = pa.array(days, type=pa.date32()).take(encoded.indices)
    unread = dates.is_null().to_numpy(zero_copy_only=False)
    return dates, unread & cells.is_valid().to_numpy(zero_copy_only=False)


def day_of(parts: Mapping[str, str | None]) -> date | None:
    """The day as it is written, whatever offset stands behind it; None for 31 February."""
    written = parts["y"] or ""
    year = int(written) + (2000 if len(written) == 2 else 0)
    month = _MONTHS.get((parts.get("name") or "").casefold(), int(parts.get("m") or 0))
    try:
        return date(year, month, int(parts["d"] or 0))
    except ValueError:
        return None


def offset_of(parts: Mapping[str, str | None]) -> str | None:
    """The offset from UTC that is written behind a time, as ``+07:00`` or ``Z``."""
    said = (parts.get("offset") or "").strip(" ().").upper()
    return ZONES.get(said) or said.replace("UTC", "Z") or None


def clock_of(parts: Mapping[str, str | None]) -> time:
    """The time that the parts of a date say; midnight where they say none.

    Raises
    ------
    ValueError
        Where there is no such time.
    """
    hour, minute, second, *_ = (
        int(part) for part in [*re.split(r"[:.]", parts.get("time") or "0:0"), "0"]
    )
    noon = re.sub(r"[^ap]", "", (parts.get("noon") or "").casefold())
    if noon and not 1 <= hour <= 12:
        raise ValueError
    return time(hour % 12 + (12 if noon == "p" else 0) if noon else hour, minute, second)


def _in_the_city(parts: Mapping[str, str | None], timezone: ZoneInfo) -> date | None:
    day, offset = day_of(parts), offset_of(parts)
    if day is None or offset is None or not parts.get("time"):
        return day
    try:
        moment = datetime.fromisoformat(f"{day.isoformat()}T{clock_of(parts)}{offset}")
        return moment.astimezone(timezone).date()
    except (ValueError, OverflowError):
        return None
