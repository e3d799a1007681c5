"""Moments: a day and a time in the city, or with an offset of its own, as UTC."""

import re
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import pyarrow as pa

from geodata.records.parsing.cells import valid
from geodata.records.parsing.dates import clock_of, day_of, offset_of, parse_date, parts_of
from geodata.records.parsing.findings import Mask

_FRACTION: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}\.\d+.*")


_LONGEST: Final = 100


def parse_moment(text: str, timezone: ZoneInfo, *, month_first: bool = False) -> datetime | None:
    """The moment a text names, in UTC without a zone; None where it names none.

    A day alone is its beginning in the city. A time without an offset is the city's; WIB, WITA
    and WIT are offsets. For ``timezone`` and ``month_first`` see
    `geodata.records.parsing.dates.parse_date`.
    """
    trimmed = text.strip()
    if len(trimmed) > _LONGEST:
        return None
    try:
        if _FRACTION.fullmatch(trimmed):
            return _in_utc(datetime.fromisoformat(trimmed), timezone)
        parts = parts_of(trimmed, month_first=month_first)
        if parts is None:
            day = parse_date(trimmed, timezone)
            return None if day is None else _in_utc(datetime.combine(day, time()), timezone)
        day, offset = day_of(parts), offset_of(parts) if parts.get("time") else None
        if day is None:
            return None
        return _in_utc(datetime.fromisoformat(f"{day}T{clock_of(parts)}{offset or ''}"), timezone)
    except (ValueError, OverflowError):
        return None


def read_moments(
    cells: pa.Array, timezone: ZoneInfo, *, month_first: bool = False
) -> tuple[pa.Array, Mask]:
    """Moments of a column of text; and where a text names none."""
    encoded = cells.dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    parsed = [parse_moment(text, timezone, month_first=month_first) for text in texts]
    moments = pa.array(parsed, type=pa.timestamp("us")).take(encoded.indices)
    return moments, valid(cells) & ~valid(moments)


def _in_utc(moment: datetime, timezone: ZoneInfo) -> datetime:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=timezone)
    return aware.astimezone(UTC).replace(tzinfo=None)
