"""Dates as people and programs write them in Indonesia.

The rules, so that nobody has to guess ours:

- the day comes first: ``03/04/2021`` is 3 April; ``04/13/2021`` is no date, rather than a guess;
- a year first is ISO: ``2021-09-09``, ``2021/9/9``, ``20210909``; a time behind it is left out;
- a time with an offset from UTC is brought to the city's own day;
- month names may be Indonesian or English, whole or short, with or without the weekday;
- a year of two digits is in this century;
- a number of five digits from 36526 (the year 2000) to 73050 (2099) is a spreadsheet's day.
"""

import re
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.clock import city_timezone

_TIME: Final = (
    r"(?:[T ,]+(?P<time>\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?)(?P<noon>\s*[AaPp][Mm])?)?"
)
_OFFSET: Final = r"(?P<offset>\s*(?:Z|UTC|[+-]\d{2}:?\d{2}))?"
_YEAR_FIRST: Final = re.compile(
    rf"(?P<y>\d{{4}})([-/.])(?P<m>\d{{1,2}})\2(?P<d>\d{{1,2}}){_TIME}{_OFFSET}"
)
_COMPACT: Final = re.compile(r"(?P<y>20\d{2})(?P<m>\d{2})(?P<d>\d{2})")
_DAY_FIRST: Final = re.compile(
    rf"(?P<d>\d{{1,2}})\s*([-/. ])\s*(?P<m>\d{{1,2}})\s*\2\s*(?P<y>\d{{4}}|\d{{2}}){_TIME}"
)
_NAMED: Final = re.compile(
    rf"(?:[^\W\d]+[,.]?\s+)?(?P<d>\d{{1,2}})[\s./-]*(?P<name>[^\W\d_]+)[\s.,/'-]*"
    rf"(?P<y>\d{{4}}|\d{{2}}){_TIME}"
)
_NAME_FIRST: Final = re.compile(
    rf"(?P<name>[^\W\d_]+)\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}}){_TIME}"
)
_FORMS: Final = (_YEAR_FIRST, _DAY_FIRST, _COMPACT, _NAMED, _NAME_FIRST)
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
EPOCH: Final = date(1970, 1, 1)


def parse_date(text: str, *, month_first: bool = False) -> date | None:
    """The day a text names, or None where it names none.

    Parameters
    ----------
    month_first
        Figures with the year last are month, day, year: a source may say so.
    """
    trimmed = text.strip()
    serial = _SERIAL.fullmatch(trimmed)
    if serial is not None:
        days = int(serial[1])
        return _SERIAL_ZERO + timedelta(days=days) if days in _SERIALS else None
    for form in _FORMS:
        found = form.fullmatch(trimmed)
        if found is not None:
            parts = found.groupdict()
            if month_first and form is _DAY_FIRST:
                parts["d"], parts["m"] = parts["m"], parts["d"]
            return _day(parts)
    return None


def read_dates(cells: pa.Array, *, month_first: bool = False) -> tuple[pa.Array, NDArray[np.bool_]]:
    """Dates of a column of text.

    Parameters
    ----------
    cells
        ``n`` texts, null where blank.
    month_first
        See `parse_date`.

    Returns
    -------
    pa.Array, ndarray
        date32 ``(n,)``, null where there is none; bool ``(n,)``, where text names no day.
    """
    encoded = cells.dictionary_encode()
    # A column has few different days however many rows: each is parsed once.
    days = [parse_date(text, month_first=month_first) for text in encoded.dictionary.to_pylist()]
    dates = pa.array(days, type=pa.date32()).take(encoded.indices)
    unread = dates.is_null().to_numpy(zero_copy_only=False)
    return dates, unread & cells.is_valid().to_numpy(zero_copy_only=False)


def _day(parts: dict[str, str | None]) -> date | None:
    year = int(parts["y"] or 0)
    month = _MONTHS.get((parts.get("name") or "").casefold(), int(parts.get("m") or 0))
    try:
        found = date(year + 2000 if year < 100 else year, month, int(parts["d"] or 0))
        return _in_the_city(found, parts) if parts.get("offset") else found
    except ValueError:
        return None


def _in_the_city(day: date, parts: dict[str, str | None]) -> date:
    offset = (parts["offset"] or "").strip().replace("UTC", "Z")
    clock = (parts["time"] or "00:00").replace(".", ":", 1)[:5].zfill(5)
    moment = datetime.fromisoformat(f"{day.isoformat()}T{clock}{offset}")
    return moment.astimezone(city_timezone()).date()
