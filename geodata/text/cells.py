"""The one cleaning of a cell of text, for records and for the columns of boundaries alike.

Removes what people do not see or do not mean: invisible characters, marks of a spreadsheet that
say "this is text", wide forms of digits and letters, typographic dashes. Does not know what a
cell means: numbers, dates and names are read elsewhere, from the cleaned text.
"""

import re
import unicodedata
from functools import cache
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

_SUSPICIOUS: Final = r"[^\x20-\x7e]|^['=\"`]|^ | $"
_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_BLANKS: Final = "\u3164\u2800\u115f\u1160\uffa0"
"""Letters and signs that show nothing."""
_KEPT: Final = "\t\n\r"
_WIDE: Final = range(0xFF01, 0xFF5F)
_TO_NARROW: Final = 0xFEE0
_CHOICES: Final = range(0xFE00, 0xFE10)
"""They choose how the sign before them is drawn."""
_BY_CATEGORY: Final = {"Zl": "\n", "Zp": "\n", "Zs": " ", "Cf": "", "Cc": ""}
_APOSTROPHES: Final = re.compile(r"'+|[`\u2018\u2019\u00b4]+(?=[\d+=\"-])")
_QUOTED: Final = re.compile(r"=?\"([^\"]*)\"|'([^']*)'")
_MOST_MARKS: Final = 4
_WHOLE: Final = r"^([+-]?\d+)[.,]0+$"


def clean_text(text: str) -> str | None:
    r"""A cell as it is meant.

    Parameters
    ----------
    text
        As it came.

    Returns
    -------
    str or None
        Without characters that show nothing (zero width, byte order mark, direction marks, soft
        hyphen, NUL); every blank (no-break, wide) a space; wide digits and letters
        and other scripts' digits as ASCII; every dash and minus sign (U+2212) as ``-``; without a
        spreadsheet's marks of text (``'001``, ``="001"``, ``"001"``); trimmed. None where nothing
        is left. Cleaning twice changes nothing more.
    """
    cleaned = unicodedata.normalize("NFC", text).translate(_Meant())
    for _ in range(_MOST_MARKS):
        cleaned, before = _without_marks(cleaned.strip()), cleaned
        if cleaned == before:
            break
    return cleaned or None


def clean_column(column: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    """`clean_text` of a column of text; only cells that need it are touched."""
    chunked = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    found = pc.fill_null(pc.match_substring_regex(chunked, _SUSPICIOUS), fill_value=False)
    if not pc.any(found).as_py():
        return chunked
    whole, suspicious = chunked.combine_chunks(), found.combine_chunks()
    encoded = whole.filter(suspicious).dictionary_encode()
    each = pa.array([clean_text(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return pa.chunked_array([pc.replace_with_mask(whole, suspicious, each.take(encoded.indices))])


def whole_numbers(column: pa.Array) -> pa.Array:
    """Text in which a whole number has no decimals: ``1,0`` and ``3374010001.0`` lose them."""
    if not pc.any(pc.match_substring_regex(column, _WHOLE)).as_py():
        return column
    return pc.replace_substring_regex(column, _WHOLE, r"\1")


def _without_marks(text: str) -> str:
    quoted = _QUOTED.fullmatch(text)
    if quoted is not None:
        return quoted[1] if quoted[1] is not None else quoted[2]
    mark = _APOSTROPHES.match(text)
    return text if mark is None else text[mark.end() :]


class _Meant(dict[int, str]):
    """What each character means, asked of `str.translate`."""

    def __missing__(self, code: int) -> str:
        return _meant(code)


@cache
def _meant(code: int) -> str:
    character = chr(code)
    if character in _DASHES:
        return "-"
    if character in _BLANKS:
        return " "
    if code in _WIDE:
        return chr(code - _TO_NARROW)
    if code in _CHOICES:
        return ""
    kind = unicodedata.category(character)
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    return character if character in _KEPT else _BY_CATEGORY.get(kind, character)
