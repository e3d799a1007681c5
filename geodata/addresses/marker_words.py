"""Special words of addresses: markers, qualifiers, idle words and abbreviations."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from rapidfuzz.distance import OSA

Mark = Literal[
    "kelurahan", "kecamatan", "kabupaten", "kota", "provinsi", "street", "place", "house", "free"
]
_LONG_MARKERS: Final = ("kelurahan", "kecamatan", "kabupaten")
_MIN_MISSPELLED_LETTERS: Final = 7
"""Letters of the shortest word that is matched with `_LONG_MARKERS`, up to two letters wrong."""


@cache
def find_mark(word: str) -> Mark | None:
    """Kind of the words after a word; None if the word is no marker."""
    mark = _marks().get(word)
    if mark is None and len(word) >= _MIN_MISSPELLED_LETTERS:
        for marker in _LONG_MARKERS:
            if word[:2] == marker[:2] and OSA.distance(word, marker, score_cutoff=2) <= 2:
                return _marks()[marker]
    return mark


def expand_abbreviation(word: str) -> str:
    """Expand an abbreviation: ``smg`` is ``semarang``."""
    return str(_file()["short"].get(word, word))


@cache
def qualifiers() -> frozenset[str]:
    """Words beside a name that make it the name of an estate or a street."""
    return frozenset(_file()["words"]["qualifiers"])


@cache
def idle_words() -> frozenset[str]:
    """Words without a meaning for the area."""
    return frozenset(_file()["words"]["idle"])


@cache
def _marks() -> dict[str, Mark]:
    return {word: mark for mark, words in _file()["marks"].items() for word in words}


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(files("geodata.addresses").joinpath("words.toml").read_text("utf-8"))
