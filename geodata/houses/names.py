"""Names of streets and estates compared: one name written twice, two names, or not to be told."""

import re
from typing import Final

from rapidfuzz.distance import OSA

from geodata.houses.address import Name
from geodata.houses.address_words import listed
from geodata.houses.verdict import Verdict

_OLD_SPELLINGS: Final = (
    ("tj", "c"), ("dj", "j"), ("oe", "u"), ("dh", "d"), ("th", "t"), ("nj", "ny"), ("ij", "iy"),
    ("ch", "h"), ("ph", "f"), ("v", "f"),
)  # fmt: skip
_DOUBLED: Final = re.compile(r"([a-z])\1+")
_INITIALS: Final = 2
"""Letters of initials that people leave out: ``MT Haryono``."""
_SHORTEST_TYPED: Final = 5
"""Letters of a name in which one wrong letter is a typing error."""
_LONG: Final = 10
"""Letters of a name in which two wrong letters are."""


def compare_names(one: Name, other: Name) -> Verdict:
    """Whether two names in one RT are of one street, gang or estate."""
    numbers = _compare_numbers(one.numbers, other.numbers)
    words = _compare_words(one.words, other.words)
    if words == Verdict.UNCLEAR and (one.is_person or other.is_person):
        words = _compare_persons(one.words, other.words)
    return Verdict(min(numbers, words))


def _compare_numbers(one: tuple[str, ...], other: tuple[str, ...]) -> Verdict:
    if one == other:
        return Verdict.SAME
    return Verdict.DIFFERENT if one and other else Verdict.UNCLEAR


def _compare_words(one: tuple[str, ...], other: tuple[str, ...]) -> Verdict:
    if _spelled(one) == _spelled(other) or sorted(one) == sorted(other):
        return Verdict.SAME
    if _are_initials(one, other) or _is_acronym(one, other) or _is_acronym(other, one):
        return Verdict.SAME
    extra = set(one) ^ set(other)
    if _is_main_road(one, other) or _is_main_road(other, one):
        return Verdict.SAME
    if not set(one) - set(other) or not set(other) - set(one):
        return Verdict.SAME if all(len(word) <= _INITIALS for word in extra) else Verdict.UNCLEAR
    return _compare_letters(one, other)


def _compare_persons(one: tuple[str, ...], other: tuple[str, ...]) -> Verdict:
    """``Dr Wahidin`` is ``Dr Wahidin Sudirohusodo``."""
    short, long = sorted((one, other), key=len)
    extra = set(long) - set(short)
    whole = short and long[: len(short)] == short and not extra & listed("parts")
    return Verdict.SAME if whole else Verdict.UNCLEAR


def _are_initials(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether names differ by initials alone: ``WR Supratman``, ``Wage Rudolf Supratman``."""
    short, long = sorted((one, other), key=len)
    if len(short) < len(long) and len(short[:1] and short[0]) == len(long) - len(short) + 1:
        one, other = (*short[0], *short[1:]), long
    return len(one) == len(other) > 1 and all(
        left == right or (min(len(left), len(right)) == 1 and left[0] == right[0])
        for left, right in zip(one, other, strict=True)
    )


def _is_main_road(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a name is the main road of another: ``Raya Semarang Boja``, ``Semarang Boja``."""
    return len(one) > 2 and one[0] == "raya" and sorted(one[1:]) == sorted(other)


def _is_acronym(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a name is the initials of another: ``BKJ``, ``Bukit Kencana Jaya``."""
    return len(other) > 2 and one == ("".join(word[0] for word in other),)


def _compare_letters(one: tuple[str, ...], other: tuple[str, ...]) -> Verdict:
    """Names with other letters: a typing error, or two names."""
    left, right = _spelled(one), _spelled(other)
    amiss = OSA.distance(left, right, score_cutoff=3)
    shortest = min(len(left), len(right))
    known = listed("streets")
    if all(word in known for word in set(one) ^ set(other)):
        return Verdict.DIFFERENT
    differing = (set(one) - set(other), set(other) - set(one))
    if all(differing) and all(len(word) == 1 for word in set.union(*differing)):
        return Verdict.UNCLEAR  # `Bukit Barisan A`, `Bukit Barisan B`: no typing error
    if left.replace("o", "a") == right.replace("o", "a") and shortest >= _SHORTEST_TYPED:
        return Verdict.SAME  # Pranata and Pranoto: Javanese writes both
    if (amiss == 1 and shortest >= _SHORTEST_TYPED) or (amiss == 2 and shortest >= _LONG):
        return Verdict.SAME
    if amiss <= 1 or (amiss == 2 and shortest >= _SHORTEST_TYPED):
        return Verdict.UNCLEAR
    return Verdict.DIFFERENT


def _spelled(words: tuple[str, ...]) -> str:
    """Words together, in today's spelling, no letter twice."""
    joined = "".join(words)
    for old, new in _OLD_SPELLINGS:
        joined = joined.replace(old, new)
    return _DOUBLED.sub(r"\1", joined)
