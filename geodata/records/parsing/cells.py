"""Parse columns of text: numbers, ordinals, sixteen digits, plain text."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.records.parsing.findings import Mask
from geodata.text.cells import clean_column
from geodata.text.rt_rw import parse_number_cell, parse_pair_cell

_BLANK_WORDS: Final = frozenset(
    [
        "-",
        "--",
        "---",
        ".",
        "..",
        "?",
        "na",
        "nan",
        "nat",
        "n/a",
        "#n/a",
        "#ref!",
        "#value!",
        "null",
        "none",
        "nil",
        "kosong",
        "unknown",
        "tidak ada",
        "tidak tahu",
        "tidak diketahui",
        "belum ada",
    ]
)
_NUMBER: Final = r"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$"
_DECIMAL_COMMA: Final = r"^([+-]?\d{1,3}),(\d+)$"
_ROUNDED_NUMBER: Final = r"^'?\d+([.,]\d+)?[eE]\+?\d+$"
_NOT_DIGITS: Final = r"[.,]0+$|\D"
_SIXTEEN_DIGITS: Final = r"^\d{16}$"
# A NIK or a phone number in a cell of another field.
_SIXTEEN_DIGITS_OR_MORE: Final = r"\d{16,}"
_AREA_CODE: Final = r"^\d\d(\.\d\d(\.\d\d(\.\d{4}(-(\d{3}|x)(-\d{3})?)?)?)?)?$"
_GROUPED_NIK: Final = r"\b\d{6}[ .-]\d{6}[ .-]\d{4}\b"
_LONG_NUMBER: Final = r"\d(?:[ .-]?\d){15,}"
_PHONE: Final = r"(?:\+?62|\b0)[ .-]?8\d(?:[ .-]?\d){6,10}"


def mask(flags: pa.Array | pa.ChunkedArray) -> Mask:
    """Flags as NumPy; null is False."""
    return np.asarray(pc.fill_null(flags, fill_value=False).to_numpy(zero_copy_only=False))


def valid(column: pa.Array) -> Mask:
    """Where a column is not null."""
    return np.asarray(column.is_valid().to_numpy(zero_copy_only=False))


def map_distinct(
    cells: pa.Array, function: Callable[[str], object], data_type: pa.DataType
) -> pa.Array:
    """Apply a function to a column of text, once for each distinct text; null stays null."""
    encoded = cells.dictionary_encode()
    values = [function(text) for text in encoded.dictionary.to_pylist()]
    return pa.array(values, type=data_type).take(encoded.indices)


def without_blanks(cells: pa.ChunkedArray) -> pa.Array:
    """Cells as one cleaned array; a word for a blank cell (``-``, ``n/a``) becomes null."""
    cleaned = clean_column(cells).combine_chunks()
    is_short = pc.less_equal(pc.utf8_length(cleaned), max(map(len, _BLANK_WORDS)))
    is_blank = pc.is_in(pc.utf8_lower(cleaned), pa.array(sorted(_BLANK_WORDS)))
    return pc.if_else(pc.and_(is_short, is_blank), None, cleaned)


def replace_pattern(cells: pa.Array, pattern: str, replacement: str) -> pa.Array:
    """Replace the matches of a pattern in a column of text.

    A search is much faster than a replacement, and most columns have no match.
    """
    if not pc.any(pc.match_substring_regex(cells, pattern)).as_py():
        return cells
    return pc.replace_substring_regex(cells, pattern, replacement)


def read_text(cells: pa.Array) -> pa.Array:
    """Text with single spaces, without long numbers and phone numbers."""
    return replace_pattern(redact_numbers(cells), r"\s{2,}|[\t\r\n]", " ")


def redact_numbers(cells: pa.Array) -> pa.Array:
    """Text with three dots for each number of sixteen or more digits and each phone number."""
    # First the digits without separators, so that a house number before them stays.
    redacted = replace_pattern(cells, _SIXTEEN_DIGITS_OR_MORE, "...")
    redacted = replace_pattern(redacted, _LONG_NUMBER, "...")
    return replace_pattern(redacted, _PHONE, "...")


def read_area(cells: pa.Array) -> pa.Array:
    """Text with redacted numbers, or the code of an area: the code of an RT has sixteen digits."""
    return pc.if_else(pc.match_substring_regex(cells, _AREA_CODE), cells, read_text(cells))


def read_contact(cells: pa.Array) -> pa.Array:
    """Text with phone numbers, which are public for a place; three dots for sixteen digits."""
    redacted = replace_pattern(
        replace_pattern(cells, _SIXTEEN_DIGITS_OR_MORE, "..."), _GROUPED_NIK, "..."
    )
    return replace_pattern(redacted, r"\s{2,}|[\t\r\n]", " ")


def has_long_number(cells: pa.Array) -> Mask:
    """Where a text has sixteen or more digits."""
    return mask(pc.match_substring_regex(cells, _LONG_NUMBER))


def read_degrees(cells: pa.Array) -> tuple[pa.Array, Mask]:
    """Numbers with a decimal point or comma; and where a text is no finite number."""
    with_points = replace_pattern(cells, _DECIMAL_COMMA, r"\1.\2")
    is_number = pc.match_substring_regex(with_points, _NUMBER)
    degrees = pc.if_else(is_number, with_points, None).cast(pa.float64())
    degrees = pc.if_else(pc.is_finite(degrees), degrees, None)
    return degrees, valid(cells) & ~valid(degrees)


def is_rounded_number(cells: pa.Array) -> Mask:
    """Where a spreadsheet has rounded a long number: ``3.374E+15``."""
    return mask(pc.match_substring_regex(cells, _ROUNDED_NUMBER))


def read_sixteen_digits(cells: pa.Array) -> tuple[pa.Array, Mask, Mask]:
    """NIK or KK as sixteen digits.

    Returns
    -------
    pa.Array, ndarray, ndarray
        Digits or null; where a spreadsheet has rounded the number (``3.374E+15``); where another
        text is no such number, or repeats one digit sixteen times.
    """
    is_rounded = is_rounded_number(cells)
    digits = replace_pattern(cells, _NOT_DIGITS, "")
    is_sixteen_digits = mask(pc.match_substring_regex(digits, _SIXTEEN_DIGITS))
    is_one_digit = mask(pc.is_in(digits, pa.array([digit * 16 for digit in "0123456789"])))
    is_usable = is_sixteen_digits & ~is_one_digit & ~is_rounded
    return (
        pc.if_else(pa.array(is_usable), digits, None),
        is_rounded,
        valid(cells) & ~is_usable & ~is_rounded,
    )


def read_ordinals(cells: pa.Array) -> tuple[pa.Array, Mask]:
    """Numbers of RT or RW: ``002``, ``2``, ``RT 02``, ``II``; and where a text has no number."""
    numbers = map_distinct(cells, parse_number_cell, pa.int64())
    return numbers, valid(cells) & ~valid(numbers)


def split_rt_rw(rt: pa.Array, rw: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Split a cell with RT and RW (``003/005``) if the other cell is blank or equal."""
    for cells, other in ((rt, rw), (rw, rt)):
        holds_pair = pc.and_(
            pc.is_valid(cells), pc.or_kleene(pc.is_null(other), pc.equal(cells, other))
        )
        encoded = pc.if_else(holds_pair, cells, None).dictionary_encode()
        pairs = [parse_pair_cell(text) for text in encoded.dictionary.to_pylist()]
        complete_pairs = [pair if None not in pair else (None, None) for pair in pairs]
        numbers = [
            pa.array([None if n is None else str(n) for n in column], type=pa.string())
            for column in (
                [pair[0] for pair in complete_pairs],
                [pair[1] for pair in complete_pairs],
            )
        ]
        pair_rt, pair_rw = (column.take(encoded.indices) for column in numbers)
        has_pair = pair_rt.is_valid()
        rt, rw = pc.if_else(has_pair, pair_rt, rt), pc.if_else(has_pair, pair_rw, rw)
    return rt, rw
