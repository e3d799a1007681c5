"""Text folded for comparison: capitals, spaces and punctuation do not count."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache


def fold(text: str) -> str:
    """Keep letters and digits, in lower case: ``Tgl. A`` and ``tgl_a`` are equal."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)  # wide letters are letters
    return re.sub(r"[\W_]+", "", text.casefold())


@lru_cache(1 << 14)
def fold_heading(heading: str) -> str:
    """`fold` with a cache, for headings and their words: the same ones recur in every row."""
    return fold(heading)


def fold_all(spellings: Sequence[str]) -> tuple[str, ...]:
    """Each spelling folded."""
    return tuple(fold(spelling) for spelling in spellings)
