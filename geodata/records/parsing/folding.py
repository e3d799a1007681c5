"""Fold text for comparison without case, spaces and punctuation."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache


def fold(text: str) -> str:
    """Keep letters and digits, in lower case: ``Tgl. A`` and ``tgl_a`` are equal."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)  # full-width letters equal ASCII letters
    return re.sub(r"[\W_]+", "", text.casefold())


@lru_cache(1 << 14)
def fold_heading(heading: str) -> str:
    """`fold` with a cache, for headings and their words, which repeat in many rows."""
    return fold(heading)


def fold_all(spellings: Sequence[str]) -> tuple[str, ...]:
    """Fold each spelling."""
    return tuple(fold(spelling) for spelling in spellings)
