"""Record numbers in the one form in which they are compared.

A number is stored as it was first written. Files, spreadsheets and people write the same number
in different ways (``A-1``, ``a - 1``; ``1``, ``1.0``): two numbers are the same record's
where their normal forms are equal. Every comparison of record numbers uses this module.
"""

import re
import unicodedata
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

# Invisible characters (zero-width signs, direction marks, byte order marks) and all spaces.
_UNSEEN_ASCII: Final = r"[\s\x00-\x1f\x7f]"
_DASHES: Final = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d")
_UNSEEN_LETTERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u034f\u2800")
# A spreadsheet's way to say that a number is text: '001 and ="001".
_TEXT_SIGNS: Final = r"""^(?:=?")(.*)"$|^'(.+)$"""
# The number of a float: 1.0 and 1,0 are 1. Three zeros are thousands: 1.000 is not 1.
_FLOAT: Final = r"^(\d+)[.,]0{1,2}$"
_ZEROS: Final = r"(^|[^\d.,])0+(\d)"


def normal_id(text: str) -> str:
    """The normal form of a record number.

    Unicode NFKC; without invisible characters and spaces; without the case of letters; every dash
    is ``-``; ``1.0`` is ``1``.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    # Case folding may leave a form that NFKC changes once more.
    folded = unicodedata.normalize("NFKC", folded)
    seen = "".join(_plain(character) for character in folded)
    return re.sub(_FLOAT, r"\1", re.sub(_TEXT_SIGNS, r"\1\2", seen))


def normal_ids(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`normal_id` of a column; null stays null."""
    column = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    column = column.cast(pa.string())
    if pc.all(pc.string_is_ascii(column)).as_py() is False:
        found = [None if text is None else normal_id(text) for text in column.to_pylist()]
        return pa.array(found, pa.string())
    lowered = pc.replace_substring_regex(pc.ascii_lower(column), _UNSEEN_ASCII, "")
    plain = pc.replace_substring_regex(lowered, _TEXT_SIGNS, r"\1\2")
    return pc.replace_substring_regex(plain, _FLOAT, r"\1")


def without_zeros(normal: pa.Array) -> pa.Array:
    """Normal forms without leading zeros: ``001`` and ``1`` may be one number, or two."""
    return pc.replace_substring_regex(normal, _ZEROS, r"\1\2")


def _plain(character: str) -> str:
    if character in _DASHES or unicodedata.category(character) == "Pd":
        return "-"
    kind = unicodedata.category(character)
    unseen = kind in {"Cf", "Cc", "Zs", "Zl", "Zp"} or character in _UNSEEN_LETTERS
    # Variation selectors choose a picture of the character before them.
    return "" if unseen or 0xFE00 <= ord(character) <= 0xFE0F else character
