"""Words of Indonesian addresses and the parts of an address that they begin."""

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
_LONG_MARKERS: Final = (
    "perumahan",
    "kelurahan",
    "kecamatan",
    "kabupaten",
    "apartemen",
    "lingkungan",
    "rusunawa",
)
_MIN_MISSPELLED_LETTERS: Final = 7
"""Letters of the shortest word that is matched with `_LONG_MARKERS`, up to two letters wrong."""
_ROMAN: Final = re.compile(r"([ivx]+)([a-d]?)")


@cache
def find_role(word: str) -> Role | None:
    """Part of an address that begins with a word; None for a word of a name."""
    role = _roles().get(word)
    if role is None and len(word) >= _MIN_MISSPELLED_LETTERS:
        for marker in _LONG_MARKERS:
            if word[:2] == marker[:2] and OSA.distance(word, marker, score_cutoff=2) <= 2:
                return _roles()[marker]
    return role


@cache
def expand_abbreviation(word: str) -> str:
    """Expand an abbreviation: ``dlm`` is ``dalam``."""
    full_word = str(_file()["short"].get(word, word))
    return expand_area_abbreviation(full_word)


@cache
def word_list(list_name: str) -> frozenset[str]:
    """List of words, for example ``idle``, ``months``, ``titles`` or ``streets``."""
    return frozenset(_file()["words"][list_name])


@cache
def provinces() -> frozenset[str]:
    """Folded names of provinces, official and short."""
    return frozenset(map(fold_name, (*province_names(), *_file()["provinces"]["short"])))


def roman_to_digits(word: str) -> str | None:
    """Convert a Roman numeral, with a letter after it, to digits: ``iiia`` is ``3a``."""
    match = _ROMAN.fullmatch(word)
    number = None if match is None else rt_rw.parse_number(match[1])
    return None if match is None or number is None else f"{number}{match[2]}"


@cache
def _roles() -> dict[str, Role]:
    return {word: role for role, words in _file()["roles"].items() for word in words}


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(files("geodata.houses").joinpath("words.toml").read_text("utf-8"))
