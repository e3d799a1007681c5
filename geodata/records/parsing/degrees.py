"""One coordinate as people write it: decimal point or comma, degrees-minutes-seconds, a side.

Knows the number a cell says and how finely it says it; whether that lies in the city, and which
axis it belongs to, is decided in `geodata.records.parsing.points`.
"""

import re
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.records.parsing.cells import mask, replace, valid
from geodata.records.parsing.findings import Mask

_PLAIN: Final = r"^[+-]?\d+(?:\.\d*)?$"
_DECIMAL_COMMA: Final = r"^([+-]?\d{1,3}),(\d+)$"
_POWER: Final = re.compile(r"[+-]?\d+(?:\.\d*)?[eE][+-]?\d{1,3}")
# A spreadsheet that takes the point for a thousands' mark writes 1104203 as 1.104.203.
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
_N: Final = r"([+-]?\d{1,3}\.\d+)"
_LABEL: Final = r"(?:[^\W\d]{2,12}\s*[:=]\s*)?"
_COMMA: Final = r"([+-]?\d{1,3},\d+)"
_LATITUDE_FIRST: Final = re.compile(
    # As maps copy them, in brackets or behind a word; in an address of a map; with commas.
    rf"{_LABEL}[(\[]?\s*{_N}\s*[,; ]\s*{_LABEL}{_N}\s*[)\]]?"
    rf"|(?:https?:|geo:|www\.|maps?\.).*?(?:[?&/](?:q|ll|query|center|destination)=|@|geo:|loc:)"
    rf"\s*{_N}(?:,|%2C)\+?\s*{_N}(?![\d.]).*"
    rf"|[(\[]?\s*{_COMMA}(?:\s*;\s*|,\s+|\s+){_COMMA}\s*[)\]]?",
    re.IGNORECASE,
)
_LONGITUDE_FIRST: Final = re.compile(
    # Well-known text.
    rf"(?:SRID=4326;)?\s*POINT\s*Z?\s*\(\s*{_N}\s+{_N}(?:\s+[+-]?[\d.]+)?\s*\)",
    re.IGNORECASE,
)
_PAIRED: Final = r"\d[.,]\d.*\d[.,]\d"
_FINE: Final = 9
_SECONDS: Final = 4
"""Decimals that a whole second of arc (30 metres) is taken for."""


class Coordinate(NamedTuple):
    """``n`` cells of one axis.

    Attributes
    ----------
    values
        float64, NaN where there is none.
    decimals
        int64: places behind the point; what degrees, minutes and seconds amount to.
    unread
        bool: there is text, but no number in it.
    sexagesimal
        bool: written with minutes.
    """

    values: NDArray[np.float64]
    decimals: NDArray[np.int64]
    unread: Mask
    sexagesimal: Mask


def read_coordinate(cells: pa.Array) -> Coordinate:
    """Numbers of one axis.

    Parameters
    ----------
    cells
        ``n`` texts, null where blank.
    """
    pointed = replace(cells, _DECIMAL_COMMA, r"\1.\2")
    plain = mask(pc.match_substring_regex(pointed, _PLAIN))
    numbers = pc.if_else(pa.array(plain), pointed, None)
    # Parsed from NumPy's side: a column of floats with NaN for what is missing.
    values = np.array(pc.fill_null(numbers.cast(pa.float64()), np.nan))
    point = pc.find_substring(numbers, ".")
    behind = pc.subtract(pc.subtract(pc.utf8_length(numbers), point), 1)
    decimals = np.array(pc.fill_null(pc.if_else(pc.less(point, 0), 0, behind), 0), dtype=np.int64)
    sexagesimal = np.zeros(len(values), dtype=bool)
    for row in np.flatnonzero(valid(cells) & ~plain):
        found = written(cells[row].as_py())
        if found is not None:
            values[row], decimals[row], sexagesimal[row] = found
    wild = ~(np.abs(values) < 1e12)
    values[wild] = np.nan
    return Coordinate(values, decimals, valid(cells) & wild, sexagesimal)


def split_pairs(lon: pa.Array, lat: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Two coordinates in one cell, as maps on the web copy them: the latitude first.

    ``-7.05, 110.42``, also in brackets, behind a word or in the address of a map; or as well-known
    text, ``POINT (110.42 -7.05)``, the longitude first.
    """
    for cells in (lat, lon):
        other = lon if cells is lat else lat
        paired = mask(pc.match_substring_regex(cells, _PAIRED))
        # The same text in both columns is one pair, said twice.
        paired &= ~valid(other) | mask(pc.equal(cells, other))
        pairs = {row: pair_in(cells[int(row)].as_py()) for row in np.flatnonzero(paired)}
        found = {int(row): pair for row, pair in pairs.items() if pair is not None}
        if found:
            halves = [column.to_pylist() for column in (lon, lat)]
            for row, pair in found.items():
                for half, text in zip(halves, pair, strict=True):
                    half[row] = text
            lon, lat = (pa.array(half, type=pa.string()) for half in halves)
    return lon, lat


def pair_in(text: str) -> tuple[str, str] | None:
    """Longitude and latitude of a cell that holds both, as text; None where it does not."""
    point = _LONGITUDE_FIRST.fullmatch(text.strip())
    if point is not None:
        return point[1], point[2]
    pair = _LATITUDE_FIRST.fullmatch(text.strip())
    if pair is None:
        return None
    lat, lon = (each for each in pair.groups() if each is not None)
    return lon, lat


def written(text: str) -> tuple[float, int, bool] | None:
    """Value, decimals, and whether with minutes, of a coordinate that is no plain number."""
    trimmed = text.strip()
    if _POWER.fullmatch(trimmed):
        return float(trimmed), _FINE, False
    if _GROUPED.fullmatch(trimmed):
        return _grouped(trimmed), _FINE, False
    found = _DEGREES.fullmatch(trimmed.casefold())
    if found is None or (found[1] and found[5]):
        return None
    degrees, minutes, seconds = (_number(part) for part in found.group(2, 3, 4))
    if minutes >= 60 or seconds >= 60 or (found[3] and not degrees.is_integer()):
        return None
    size = abs(degrees) + minutes / 60 + seconds / 3600
    side = re.sub(r"\W", "", found[1] or found[5] or "")
    below = found[2].startswith("-") or side in _NEGATIVE_SIDES
    return (-size if below else size), _decimals(*found.group(2, 3, 4)), found[3] is not None


def _decimals(degrees: str, minutes: str | None, seconds: str | None) -> int:
    if seconds is not None:
        return _SECONDS + _places(seconds)
    return _places(degrees) if minutes is None else 2 + _places(minutes)


def _places(number: str) -> int:
    return len(re.sub(r"^[^.,]*[.,]?", "", number))


def _number(text: str | None) -> float:
    return float((text or "0").replace(",", "."))


def _grouped(text: str) -> float:
    thousands, point = (".", ",") if text.count(".") > 1 else (",", ".")
    return float(text.replace(thousands, "").replace(point, "."))
