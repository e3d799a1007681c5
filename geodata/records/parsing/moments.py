"""Moments: a day and a time in the city, or with an offset of its own, as UTC."""

import re
from datetime import UTC, datetime, time
from typing import Final

import pyarrow as pa

from geodata.clock import city_timezone
from geodata.records.parsing.cells import valid
from geodata.records.parsing.dates import clock_of, day_of, offset_of, parse_date, parts_of
from geodata.records.parsing.findings import Mask

_FRACTION: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}\.\d+.*")


_LONGEST: Final = 100


def parse_moment(text: str, *, month_first: bool = False) -> datetime | None:
    """The moment a text names, in UTC without a zone; None where it names none.

    A day alone is its beginning in the city. A time without an offset is the city's; WIB, WITA
    and WIT are offsets. ``month_first`` as in `geodata.records.parsing.dates.parse_date`.
    """
    trimmed = text.strip()
    if len(trimmed) > _LONGEST:
        return None
    try:
        if _FRACTION.fullmatch(trimmed):
            return _in_utc(datetime.fromisoformat(trimmed))
        parts = parts_of(trimmed, month_first=month_first)
        if parts is None:
            day = parse_date(trimmed)
            return None if day is None else _in_utc(datetime.combine(day, time()))
        day, offset = day_of(parts), offset_of(parts) if parts.get("time") else None
        if day is None:
            return None
        return _in_utc(datetime.fromisoformat(f"{day}T{clock_of(parts)}{offset or ''}"))
    except (ValueError, OverflowError):
        return None


def read_moments(cells: pa.Array, *, month_first: bool = False) -> tuple[pa.Array, Mask]:
    """Moments of a column of text; and where a text names none."""
    encoded = cells.dictionary_encode()
    found = [parse_moment(text, month_first=month_first) for text in encoded.dictionary.to_pylist()]
    moments = pa.array(found, type=pa.timestamp("us")).take(encoded.indices)
    return moments, valid(cells) & ~valid(moments)


def _in_utc(moment: datetime) -> datetime:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=city_timezone())
    return aware.astimezone(UTC).replace(tzinfo=None)
