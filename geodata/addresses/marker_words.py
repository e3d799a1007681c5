"""Words of addresses: which say what follows them, which say nothing, which are written short."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from rapidfuzz.distance import OSA

Mark = Literal[
    "kelurahan", "kecamatan", "kabupaten", "kota", "provinsi", "street", "place", "house", "free"
]
_LONG: Final = ("kelurahan", "kecamatan", "kabupaten")
_TYPED: Final = 7
"""Letters a word must have to be read as one of `_LONG` with a letter or two amiss."""


@cache
def mark_of(word: str) -> Mark | None:
    """What a word says of the words after it."""
    known = _marks().get(word)
    if known is None and len(word) >= _TYPED:
        for long in _LONG:
            if word[:2] == long[:2] and OSA.distance(word, long, score_cutoff=2) <= 2:
                return _marks()[long]
    return known


def in_full(word: str) -> str:
    """A word written short in full: ``smg`` is ``semarang``."""
    return str(_file()["short"].get(word, word))


@cache
def qualifiers() -> frozenset[str]:
    """Words that make the name beside them an estate's or a street's."""
    return frozenset(_file()["words"]["qualifiers"])


@cache
def idle_words() -> frozenset[str]:
    """Words that say nothing."""
    return frozenset(_file()["words"]["idle"])


@cache
def _marks() -> dict[str, Mark]:
    return {word: mark for mark, words in _file()["marks"].items() for word in words}


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(files("geodata.addresses").joinpath("words.toml").read_text("utf-8"))
