"""Cells of text as numbers, ordinals, sixteen digits, plain text; a column at a time."""

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.records.parsing.findings import Mask
from geodata.text.cells import clean_column
from geodata.text.rt_rw import ordinal, pair_of

_BLANK: Final = frozenset(
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
_MANGLED: Final = r"^'?\d+([.,]\d+)?[eE]\+?\d+$"
_NOT_DIGITS: Final = r"[.,]0+$|\D"
_SIXTEEN_DIGITS: Final = r"^\d{16}$"
# A NIK or a phone number typed where it does not belong.
_SIXTEEN_TOGETHER: Final = r"\d{16,}"
_AREA_CODE: Final = r"^\d\d(\.\d\d(\.\d\d(\.\d{4}(-(\d{3}|x)(-\d{3})?)?)?)?)?$"
_GROUPED_NIK: Final = r"\b\d{6}[ .-]\d{6}[ .-]\d{4}\b"
_LONG_NUMBER: Final = r"\d(?:[ .-]?\d){15,}"
_PHONE: Final = r"(?:\+?62|\b0)[ .-]?8\d(?:[ .-]?\d){6,10}"


def mask(flags: pa.Array | pa.ChunkedArray) -> Mask:
    """Flags as NumPy; null is False."""
    return np.asarray(pc.fill_null(flags, fill_value=False).to_numpy(zero_copy_only=False))


def valid(column: pa.Array) -> Mask:
    """Where a column says something."""
    return np.asarray(column.is_valid().to_numpy(zero_copy_only=False))


def without_blanks(cells: pa.ChunkedArray) -> pa.Array:
    """Cells as one cleaned array; what stands for nothing (``-``, ``n/a``) becomes null."""
    array = clean_column(cells).combine_chunks()
    short = pc.less_equal(pc.utf8_length(array), max(map(len, _BLANK)))
    blank = pc.is_in(pc.utf8_lower(array), pa.array(sorted(_BLANK)))
    return pc.if_else(pc.and_(short, blank), None, array)


def replace(cells: pa.Array, pattern: str, by: str) -> pa.Array:
    """Text with what a pattern matches replaced.

    Looking is much quicker than replacing, and most columns hold nothing to replace.
    """
    if not pc.any(pc.match_substring_regex(cells, pattern)).as_py():
        return cells
    return pc.replace_substring_regex(cells, pattern, by)


def read_text(cells: pa.Array) -> pa.Array:
    """Text with single spaces, without long numbers and phone numbers."""
    return replace(scrub(cells), r"\s{2,}|[\t\r\n]", " ")


def scrub(cells: pa.Array) -> pa.Array:
    """Text in which a number of sixteen or more digits, or of a phone, is three dots."""
    # Together first: the house's number before it is no part of it.
    without = replace(cells, _SIXTEEN_TOGETHER, "...")
    without = replace(without, _LONG_NUMBER, "...")
    return replace(without, _PHONE, "...")


def read_area(cells: pa.Array) -> pa.Array:
    """Text, or the code of an area: an RT's has sixteen digits and is nobody's."""
    return pc.if_else(pc.match_substring_regex(cells, _AREA_CODE), cells, read_text(cells))


def read_contact(cells: pa.Array) -> pa.Array:
    """Text in which phone numbers stay: a place's are public; sixteen digits are three dots."""
    without = replace(replace(cells, _SIXTEEN_TOGETHER, "..."), _GROUPED_NIK, "...")
    return replace(without, r"\s{2,}|[\t\r\n]", " ")


def has_long_number(cells: pa.Array) -> Mask:
    """Where a text holds sixteen or more digits."""
    return mask(pc.match_substring_regex(cells, _LONG_NUMBER))


def read_degrees(cells: pa.Array) -> tuple[pa.Array, Mask]:
    """Numbers, with a decimal point or comma; and where there is text but no finite number."""
    pointed = replace(cells, _DECIMAL_COMMA, r"\1.\2")
    number = pc.match_substring_regex(pointed, _NUMBER)
    degrees = pc.if_else(number, pointed, None).cast(pa.float64())
    degrees = pc.if_else(pc.is_finite(degrees), degrees, None)
    return degrees, valid(cells) & ~valid(degrees)


def is_mangled(cells: pa.Array) -> Mask:
    """Where a spreadsheet has cut digits off a long number: ``3.374E+15``."""
    return mask(pc.match_substring_regex(cells, _MANGLED))


def read_sixteen_digits(cells: pa.Array) -> tuple[pa.Array, Mask, Mask]:
    """NIK or KK as sixteen digits.

    Returns
    -------
    pa.Array, ndarray, ndarray
        Digits or null; where a spreadsheet has cut digits off (``3.374E+15``); where there is
        something else that is no such number, or one digit sixteen times.
    """
    mangled = is_mangled(cells)
    digits = replace(cells, _NOT_DIGITS, "")
    sixteen = mask(pc.match_substring_regex(digits, _SIXTEEN_DIGITS))
    repeated = mask(pc.is_in(digits, pa.array([digit * 16 for digit in "0123456789"])))
    good = sixteen & ~repeated & ~mangled
    return pc.if_else(pa.array(good), digits, None), mangled, valid(cells) & ~good & ~mangled


def read_ordinals(cells: pa.Array) -> tuple[pa.Array, Mask]:
    """Numbers of RT or RW: ``002``, ``2``, ``RT 02``, ``II``; and where there is none in a text."""
    encoded = cells.dictionary_encode()
    numbers = [ordinal(text) for text in encoded.dictionary.to_pylist()]
    found = pa.array(numbers, type=pa.int64()).take(encoded.indices)
    return found, valid(cells) & ~valid(found)


def split_rt_rw(rt: pa.Array, rw: pa.Array) -> tuple[pa.Array, pa.Array]:
    """RT and RW where one cell says both (``003/005``) and the other says nothing else."""
    for cells, other in ((rt, rw), (rw, rt)):
        both = pc.and_(pc.is_valid(cells), pc.or_kleene(pc.is_null(other), pc.equal(cells, other)))
        encoded = pc.if_else(both, cells, None).dictionary_encode()
        pairs = [pair_of(text) for text in encoded.dictionary.to_pylist()]
        whole = [pair if None not in pair else (None, None) for pair in pairs]
        halves = [
            pa.array([None if n is None else str(n) for n in half], type=pa.string())
            for half in ([pair[0] for pair in whole], [pair[1] for pair in whole])
        ]
        own_rt, own_rw = (half.take(encoded.indices) for half in halves)
        told = own_rt.is_valid()
        rt, rw = pc.if_else(told, own_rt, rt), pc.if_else(told, own_rw, rw)
    return rt, rw
