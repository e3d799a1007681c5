"""Normal form of record numbers, for comparison.

A number is stored as it was first written. Files, spreadsheets and people write the same number
in different ways (``A-1``, ``a - 1``; ``1``, ``1.0``). Two numbers name the same record if their
normal forms are equal. Every comparison of record numbers uses this module.
"""

import re
import unicodedata
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

# Invisible characters (zero-width signs, direction marks, byte order marks) and all spaces.
_INVISIBLE_ASCII: Final = r"[\s\x00-\x1f\x7f]"
_DASHES: Final = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d")
_INVISIBLE_LETTERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u034f\u2800")
# A spreadsheet marks a number as text in two ways: '001 and ="001".
_TEXT_MARKS: Final = r"""^(?:=?")(.*)"$|^'(.+)$"""
# A number as a float: 1.0 and 1,0 are 1. Three zeros are thousands: 1.000 is not 1.
_FLOAT: Final = r"^(\d+)[.,]0{1,2}$"
_LEADING_ZEROS: Final = r"(^|[^\d.,])0+(\d)"


def normal_id(text: str) -> str:
    """The normal form of a record number.

    Unicode NFKC, case folded, without invisible characters and spaces; every dash is ``-``;
    ``1.0`` is ``1``.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    # NFKC may change a text again after case folding.
    folded = unicodedata.normalize("NFKC", folded)
    visible = "".join(_normal_character(character) for character in folded)
    return re.sub(_FLOAT, r"\1", re.sub(_TEXT_MARKS, r"\1\2", visible))


def normal_ids(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`normal_id` of a column; null stays null."""
    column = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    column = column.cast(pa.string())
    if pc.all(pc.string_is_ascii(column)).as_py() is False:
        normal_forms = [None if text is None else normal_id(text) for text in column.to_pylist()]
        return pa.array(normal_forms, pa.string())
    lowered = pc.replace_substring_regex(pc.ascii_lower(column), _INVISIBLE_ASCII, "")
    unmarked = pc.replace_substring_regex(lowered, _TEXT_MARKS, r"\1\2")
    return pc.replace_substring_regex(unmarked, _FLOAT, r"\1")


def without_leading_zeros(normal: pa.Array) -> pa.Array:
    """Normal forms without leading zeros: ``001`` and ``1`` may be the same number or not."""
    return pc.replace_substring_regex(normal, _LEADING_ZEROS, r"\1\2")


def _normal_character(character: str) -> str:
    if character in _DASHES or unicodedata.category(character) == "Pd":
        return "-"
    category = unicodedata.category(character)
    is_invisible = category in {"Cf", "Cc", "Zs", "Zl", "Zp"} or character in _INVISIBLE_LETTERS
    # Variation selectors (U+FE00 to U+FE0F) change only the glyph of the character before them.
    return "" if is_invisible or 0xFE00 <= ord(character) <= 0xFE0F else character
