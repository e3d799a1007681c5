"""Parse moments, a day and a time in the city or with an offset, into UTC."""

import re
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import pyarrow as pa

from geodata.records.parsing.cells import map_distinct, valid
from geodata.records.parsing.dates import (
    date_from_parts,
    offset_from_parts,
    parse_date,
    parse_date_parts,
    time_from_parts,
)
from geodata.records.parsing.findings import Mask

_FRACTION: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}\.\d+.*")
_MAX_CHARACTERS: Final = 100


def parse_moment(text: str, timezone: ZoneInfo, *, month_first: bool = False) -> datetime | None:
    """The moment in a text, in UTC without a time zone; None for another text.

    A day without a time means midnight in the city. A time without an offset is in the time zone
    of the city; WIB, WITA and WIT are offsets. For ``timezone`` and ``month_first`` see
    `geodata.records.parsing.dates.parse_date`.
    """
    trimmed = text.strip()
    if len(trimmed) > _MAX_CHARACTERS:
        return None
    try:
        if _FRACTION.fullmatch(trimmed):
            return _in_utc(datetime.fromisoformat(trimmed), timezone)
        parts = parse_date_parts(trimmed, month_first=month_first)
        if parts is None:
            day = parse_date(trimmed, timezone)
            return None if day is None else _in_utc(datetime.combine(day, time()), timezone)
        day, offset = (
            date_from_parts(parts),
            offset_from_parts(parts) if parts.get("time") else None,
        )
        if day is None:
            return None
        return _in_utc(
            datetime.fromisoformat(f"{day}T{time_from_parts(parts)}{offset or ''}"), timezone
        )
    except (ValueError, OverflowError):
        return None


def read_moments(
    cells: pa.Array, timezone: ZoneInfo, *, month_first: bool = False
) -> tuple[pa.Array, Mask]:
    """Moments of a column of text; and where a text is no moment."""
    moments = map_distinct(
        cells,
        lambda text: parse_moment(text, timezone, month_first=month_first),
        pa.timestamp("us"),
    )
    return moments, valid(cells) & ~valid(moments)


def _in_utc(moment: datetime, timezone: ZoneInfo) -> datetime:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=timezone)
    return aware.astimezone(UTC).replace(tzinfo=None)
