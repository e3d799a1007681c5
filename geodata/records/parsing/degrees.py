"""Parse a coordinate: decimal point or comma, degrees-minutes-seconds, hemisphere.

This module gives the value of a cell and its precision. `geodata.records.parsing.points` decides
whether the point lies in the city and which axis is which.
"""

import re
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.records.parsing.cells import mask, replace_pattern, valid
from geodata.records.parsing.findings import Mask

_PLAIN_NUMBER: Final = r"^[+-]?\d+(?:\.\d*)?$"
_DECIMAL_COMMA: Final = r"^([+-]?\d{1,3}),(\d+)$"
_SCIENTIFIC: Final = re.compile(r"[+-]?\d+(?:\.\d*)?[eE][+-]?\d{1,3}")
# A spreadsheet that reads the point as a thousands separator writes 1104203 as 1.104.203.
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:(?:\.\d{3}){2,}(?:,\d+)?|(?:,\d{3}){2,}(?:\.\d+)?)")
_SIDE: Final = (
    r"(lintang\s+selatan|lintang\s+utara|bujur\s+timur|bujur\s+barat|l\.?s|l\.?u|b\.?t|b\.?b"
    r"|[nsewutb])\.?"
)
_NEGATIVE_SIDES: Final = frozenset(["lintangselatan", "bujurbarat", "ls", "bb", "s", "w", "b"])
_DEGREES: Final = re.compile(
    rf"(?:{_SIDE}\s*)?([+-]?\d{{1,3}}(?:[.,]\d+)?)\s*[°º˚d]?\s*"
    r"(?:[\s:]?\s*(\d{1,2}(?:[.,]\d+)?)\s*['\u2019\u2032m:]?\s*"
    r"(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|''|\u201d|\u2033|\u2019\u2019)?)?)?"
    rf"\s*(?:{_SIDE})?"
)
_DECIMAL: Final = r"([+-]?\d{1,3}\.\d+)"
_LABEL: Final = r"(?:[^\W\d]{2,12}\s*[:=]\s*)?"
_COMMA_DECIMAL: Final = r"([+-]?\d{1,3},\d+)"
_LATITUDE_FIRST: Final = re.compile(
    # Copied from a map, in brackets or after a word; in the URL of a map; with decimal commas.
    rf"{_LABEL}[(\[]?\s*{_DECIMAL}\s*[,; ]\s*{_LABEL}{_DECIMAL}\s*[)\]]?"
    rf"|(?:https?:|geo:|www\.|maps?\.).*?(?:[?&/](?:q|ll|query|center|destination)=|@|geo:|loc:)"
    rf"\s*{_DECIMAL}(?:,|%2C)\+?\s*{_DECIMAL}(?![\d.]).*"
    rf"|[(\[]?\s*{_COMMA_DECIMAL}(?:\s*;\s*|,\s+|\s+){_COMMA_DECIMAL}\s*[)\]]?",
    re.IGNORECASE,
)
_LONGITUDE_FIRST: Final = re.compile(
    # Well-known text.
    rf"(?:SRID=4326;)?\s*POINT\s*Z?\s*\(\s*{_DECIMAL}\s+{_DECIMAL}(?:\s+[+-]?[\d.]+)?\s*\)",
    re.IGNORECASE,
)
_TWO_DECIMALS: Final = r"\d[.,]\d.*\d[.,]\d"
_EXACT_DECIMALS: Final = 9
_DECIMALS_OF_SECONDS: Final = 4
"""Decimal places that a second of arc (30 metres) counts as."""


class Coordinate(NamedTuple):
    """``n`` coordinates of one axis.

    Attributes
    ----------
    values
        float64, NaN for no coordinate.
    decimals
        int64: decimal places; an equivalent number for degrees, minutes and seconds.
    invalid
        bool: the text is no coordinate.
    sexagesimal
        bool: the text has minutes.
    """

    values: NDArray[np.float64]
    decimals: NDArray[np.int64]
    invalid: Mask
    sexagesimal: Mask


def read_coordinate(cells: pa.Array) -> Coordinate:
    """Parse the coordinates of one axis.

    Parameters
    ----------
    cells
        ``n`` texts, null for a blank cell.
    """
    with_points = replace_pattern(cells, _DECIMAL_COMMA, r"\1.\2")
    is_plain = mask(pc.match_substring_regex(with_points, _PLAIN_NUMBER))
    numbers = pc.if_else(pa.array(is_plain), with_points, None)
    values = np.array(pc.fill_null(numbers.cast(pa.float64()), np.nan))
    point = pc.find_substring(numbers, ".")
    decimal_places = pc.subtract(pc.subtract(pc.utf8_length(numbers), point), 1)
    decimals = np.array(
        pc.fill_null(pc.if_else(pc.less(point, 0), 0, decimal_places), 0), dtype=np.int64
    )
    sexagesimal = np.zeros(len(values), dtype=bool)
    for row in np.flatnonzero(valid(cells) & ~is_plain):
        parsed = parse_coordinate(cells[row].as_py())
        if parsed is not None:
            values[row], decimals[row], sexagesimal[row] = parsed
    is_impossible = ~(np.abs(values) < 1e12)
    values[is_impossible] = np.nan
    return Coordinate(values, decimals, valid(cells) & is_impossible, sexagesimal)


def split_pairs(lon: pa.Array, lat: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Split a pair of coordinates in one cell, as web maps copy them.

    The latitude is first in ``-7.05, 110.42``, also in brackets, after a word or in the URL of a
    map. The longitude is first in well-known text, ``POINT (110.42 -7.05)``.
    """
    for cells in (lat, lon):
        other = lon if cells is lat else lat
        has_pair = mask(pc.match_substring_regex(cells, _TWO_DECIMALS))
        # The same text in both columns is one pair.
        has_pair &= ~valid(other) | mask(pc.equal(cells, other))
        pairs = {row: parse_pair(cells[int(row)].as_py()) for row in np.flatnonzero(has_pair)}
        complete_pairs = {int(row): pair for row, pair in pairs.items() if pair is not None}
        if complete_pairs:
            columns = [column.to_pylist() for column in (lon, lat)]
            for row, pair in complete_pairs.items():
                for texts, text in zip(columns, pair, strict=True):
                    texts[row] = text
            lon, lat = (pa.array(texts, type=pa.string()) for texts in columns)
    return lon, lat


def parse_pair(text: str) -> tuple[str, str] | None:
    """Longitude and latitude of a cell with both, as text; None for another text."""
    point = _LONGITUDE_FIRST.fullmatch(text.strip())
    if point is not None:
        return point[1], point[2]
    pair = _LATITUDE_FIRST.fullmatch(text.strip())
    if pair is None:
        return None
    lat, lon = (number for number in pair.groups() if number is not None)
    return lon, lat


def parse_coordinate(text: str) -> tuple[float, int, bool] | None:
    """Value, decimal places, and whether with minutes, of a text that is no plain number."""
    trimmed = text.strip()
    if _SCIENTIFIC.fullmatch(trimmed):
        return float(trimmed), _EXACT_DECIMALS, False
    if _GROUPED.fullmatch(trimmed):
        return _parse_grouped(trimmed), _EXACT_DECIMALS, False
    match = _DEGREES.fullmatch(trimmed.casefold())
    if match is None or (match[1] and match[5]):
        return None
    degrees, minutes, seconds = (_parse_number(part) for part in match.group(2, 3, 4))
    if minutes >= 60 or seconds >= 60 or (match[3] and not degrees.is_integer()):
        return None
    absolute = abs(degrees) + minutes / 60 + seconds / 3600
    side = re.sub(r"\W", "", match[1] or match[5] or "")
    is_negative = match[2].startswith("-") or side in _NEGATIVE_SIDES
    return (
        (-absolute if is_negative else absolute),
        _decimals(*match.group(2, 3, 4)),
        match[3] is not None,
    )


def _decimals(degrees: str, minutes: str | None, seconds: str | None) -> int:
    if seconds is not None:
        return _DECIMALS_OF_SECONDS + _decimal_places(seconds)
    return _decimal_places(degrees) if minutes is None else 2 + _decimal_places(minutes)


def _decimal_places(number: str) -> int:
    return len(re.sub(r"^[^.,]*[.,]?", "", number))


def _parse_number(text: str | None) -> float:
    return float((text or "0").replace(",", "."))


def _parse_grouped(text: str) -> float:
    thousands, point = (".", ",") if text.count(".") > 1 else (",", ".")
    return float(text.replace(thousands, "").replace(point, "."))
