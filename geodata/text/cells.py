"""Clean text cells of records and of boundary files in the same way.

Removes invisible characters and a spreadsheet's marks for text; replaces fullwidth digits and
letters and typographic dashes by ASCII. Numbers, dates and names are parsed elsewhere, from the
cleaned text.
"""

import re
import unicodedata
from functools import cache
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

_SUSPICIOUS: Final = r"[^\x20-\x7e]|^['=\"`]|^ | $"
_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_INVISIBLE_LETTERS: Final = "\u3164\u2800\u115f\u1160\uffa0"
"""Letters and signs without a visible shape."""
_WHITESPACE: Final = "\t\n\r"
_FULLWIDTH: Final = range(0xFF01, 0xFF5F)
_FULLWIDTH_OFFSET: Final = 0xFEE0
_VARIATION_SELECTORS: Final = range(0xFE00, 0xFE10)
_CATEGORY_REPLACEMENTS: Final = {"Zl": "\n", "Zp": "\n", "Zs": " ", "Cf": "", "Cc": ""}
_APOSTROPHES: Final = re.compile(r"'+|[`\u2018\u2019\u00b4]+(?=[\d+=\"-])")
_QUOTED: Final = re.compile(r"=?\"([^\"]*)\"|'([^']*)'")
_MAX_NESTED_MARKS: Final = 4
_ZERO_DECIMALS: Final = r"^([+-]?\d+)[.,]0+$"


def clean_text(text: str) -> str | None:
    r"""Clean one cell.

    Returns
    -------
    str or None
        The text without invisible characters (zero width, byte order mark, direction marks, soft
        hyphen, NUL), with every blank (no-break, wide) as a space, fullwidth letters and the
        digits of all scripts as ASCII, every dash and minus sign (U+2212) as ``-``, without a
        spreadsheet's marks for text (``'001``, ``="001"``, ``"001"``), trimmed. None for an
        empty result. Cleaning a cleaned text changes nothing.
    """
    cleaned = unicodedata.normalize("NFC", text).translate(_CharacterMap())
    for _ in range(_MAX_NESTED_MARKS):
        cleaned, before = _strip_mark(cleaned.strip()), cleaned
        if cleaned == before:
            break
    return cleaned or None


def clean_column(column: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    """Apply `clean_text` to a text column; clean only the cells that need cleaning."""
    chunked = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    suspicious = pc.fill_null(pc.match_substring_regex(chunked, _SUSPICIOUS), fill_value=False)
    if not pc.any(suspicious).as_py():
        return chunked
    cells, mask = chunked.combine_chunks(), suspicious.combine_chunks()
    encoded = cells.filter(mask).dictionary_encode()
    cleaned = pa.array([clean_text(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return pa.chunked_array([pc.replace_with_mask(cells, mask, cleaned.take(encoded.indices))])


def drop_zero_decimals(column: pa.Array) -> pa.Array:
    """Remove zero decimals from text cells: ``3374010001.0`` becomes ``3374010001``."""
    if not pc.any(pc.match_substring_regex(column, _ZERO_DECIMALS)).as_py():
        return column
    return pc.replace_substring_regex(column, _ZERO_DECIMALS, r"\1")


def _strip_mark(text: str) -> str:
    quoted = _QUOTED.fullmatch(text)
    if quoted is not None:
        return quoted[1] if quoted[1] is not None else quoted[2]
    mark = _APOSTROPHES.match(text)
    return text if mark is None else text[mark.end() :]


class _CharacterMap(dict[int, str]):
    """Plain character for each code point, computed on demand for `str.translate`."""

    def __missing__(self, code: int) -> str:
        return _plain_character(code)


@cache
def _plain_character(code: int) -> str:
    character = chr(code)
    if character in _DASHES:
        return "-"
    if character in _INVISIBLE_LETTERS:
        return " "
    if code in _FULLWIDTH:
        return chr(code - _FULLWIDTH_OFFSET)
    if code in _VARIATION_SELECTORS:
        return ""
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return (
        character if character in _WHITESPACE else _CATEGORY_REPLACEMENTS.get(category, character)
    )
