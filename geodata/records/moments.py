"""Moments: a day and a time in the city, or with an offset of its own, as UTC."""

import re
from datetime import UTC, datetime, time
from typing import Final

import pyarrow as pa

from geodata.clock import city_timezone
from geodata.records.cells import valid
from geodata.records.dates import parse_date
from geodata.records.findings import Mask

_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*")
_TIME: Final = re.compile(r"^(?P<day>.*?\S)[T ,]+(?:pukul |jam )?(?P<h>\d{1,2})[:.](?P<m>\d{2})\b")
_ZONE: Final = re.compile(r"\s*\b(?:WIB|WITA|WIT)$", re.IGNORECASE)


def parse_moment(text: str) -> datetime | None:
    """The moment a text names, in UTC without a zone; None where it names none.

    A day alone is its beginning in the city. A time without an offset is the city's.
    """
    trimmed = _ZONE.sub("", text.strip())
    if _ISO.fullmatch(trimmed):
        try:
            return _in_utc(datetime.fromisoformat(trimmed))
        except (ValueError, OverflowError):
            return None
    parts = _TIME.match(trimmed)
    day = parse_date(trimmed) or (parse_date(parts["day"]) if parts else None)
    if day is None:
        return None
    try:
        clock = time(int(parts["h"]), int(parts["m"])) if parts else time()
    except ValueError:
        return None
    return _in_utc(datetime.combine(day, clock))


def read_moments(cells: pa.Array) -> tuple[pa.Array, Mask]:
    """Moments of a column of text; and where a text names none."""
    encoded = cells.dictionary_encode()
    found = [parse_moment(text) for text in encoded.dictionary.to_pylist()]
    moments = pa.array(found, type=pa.timestamp("us")).take(encoded.indices)
    return moments, valid(cells) & ~valid(moments)


def _in_utc(moment: datetime) -> datetime:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=city_timezone())
    return aware.astimezone(UTC).replace(tzinfo=None)
