"""Words of Indonesian addresses: which part of an address a word begins."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from rapidfuzz.distance import OSA

from geodata.addresses.marker_words import expand_abbreviation as expand_area_abbreviation
from geodata.regions import province_names
from geodata.text import rt_rw
from geodata.text.area_names import fold_name

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
_ROMAN: Final = re.compile(r"([ivx]+)([a-d]?)")


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
    return expand_area_abbreviation(own)


@cache
def listed(name: str) -> frozenset[str]:
    """One of the lists of words: ``idle``, ``months``, ``titles``, ``parts``, ``near``, ..."""
    return frozenset(_file()["words"][name])


@cache
def provinces() -> frozenset[str]:
    """Names of provinces, official and short, folded."""
    return frozenset(map(fold_name, (*province_names(), *_file()["provinces"]["short"])))


def roman(word: str) -> str | None:
    """The number of a Roman numeral, a letter behind it kept: ``iiia`` is ``3a``."""
    found = _ROMAN.fullmatch(word)
    number = None if found is None else rt_rw.number(found[1])
    return None if found is None or number is None else f"{number}{found[2]}"


@cache
def _roles() -> dict[str, Role]:
    return {word: role for role, words in _file()["roles"].items() for word in words}


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(files("geodata.houses").joinpath("words.toml").read_text("utf-8"))
