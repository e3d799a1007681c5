"""Words of Indonesian addresses: which part of an address a word begins."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from rapidfuzz.distance import OSA

from geodata.addresses.words import in_full as area_word_in_full

Role = Literal[
    "street",
    "gang",
    "estate",
    "cluster",
    "kampung",
    "building",
    "block",
    "tower",
    "plot",
    "number",
    "floor",
    "unit",
    "kilometre",
    "area",
    "remark",
    "remark_behind",
]
_LONG: Final = (
    "perumahan",
    "kelurahan",
    "kecamatan",
    "kabupaten",
    "apartemen",
    "lingkungan",
    "rusunawa",
)
_TYPED: Final = 7
"""Letters a word must have to be read as one of `_LONG` with a letter or two amiss."""
_ROMAN: Final = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10,
    "xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15, "xvi": 16, "xvii": 17, "xviii": 18,
    "xix": 19, "xx": 20,
}  # fmt: skip


@cache
def role_of(word: str) -> Role | None:
    """The part of an address that a word begins; None for part of a name."""
    role = _roles().get(word)
    if role is None and len(word) >= _TYPED:
        for long in _LONG:
            if word[:2] == long[:2] and OSA.distance(word, long, score_cutoff=2) <= 2:
                return _roles()[long]
    return role


@cache
def in_full(word: str) -> str:
    """A word written short in full: ``dlm`` is ``dalam``."""
    own = str(_file()["short"].get(word, word))
    return area_word_in_full(own)


@cache
def listed(name: str) -> frozenset[str]:
    """One of the lists of words: ``idle``, ``months``, ``titles``, ``parts``, ``near``, ..."""
    return frozenset(_file()["words"][name])


@cache
def provinces() -> frozenset[str]:
    """Names of provinces, written together."""
    return frozenset(name.replace(" ", "") for name in _file()["provinces"]["names"])


def roman(word: str) -> str | None:
    """The number of a Roman numeral up to 20, a letter behind it kept: ``iiia`` is ``3a``."""
    if word in _ROMAN:
        return str(_ROMAN[word])
    number = _ROMAN.get(word[:-1])
    return f"{number}{word[-1]}" if number is not None and word[-1] in "abcd" else None


@cache
def _roles() -> dict[str, Role]:
    return {word: role for role, words in _file()["roles"].items() for word in words}


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(files("geodata.houses").joinpath("words.toml").read_text("utf-8"))
