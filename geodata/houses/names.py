"""Compare names of streets and estates: same, different or unclear."""

import re
from typing import Final

from rapidfuzz.distance import OSA

from geodata.houses.address import Name
from geodata.houses.address_words import word_list
from geodata.houses.verdict import Verdict

_OLD_SPELLINGS: Final = (
    ("tj", "c"), ("dj", "j"), ("oe", "u"), ("dh", "d"), ("th", "t"), ("nj", "ny"), ("ij", "iy"),
    ("ch", "h"), ("ph", "f"), ("v", "f"),
)  # fmt: skip
_DOUBLED: Final = re.compile(r"([a-z])\1+")
_MAX_INITIALS: Final = 2
"""Letters of initials that people omit: ``MT Haryono``."""
_MIN_LETTERS_ONE_ERROR: Final = 5
"""Letters of the shortest name in which one wrong letter is a typing error."""
_MIN_LETTERS_TWO_ERRORS: Final = 10
"""Letters of the shortest name in which two wrong letters are a typing error."""


def compare_names(first: Name, second: Name) -> Verdict:
    """Whether two names in an RT mean the same street, gang or estate."""
    numbers = _compare_numbers(first.numbers, second.numbers)
    words = _compare_words(first.words, second.words)
    if words == Verdict.UNCLEAR and (first.is_person or second.is_person):
        words = _compare_persons(first.words, second.words)
    return Verdict(min(numbers, words))


def _compare_numbers(first: tuple[str, ...], second: tuple[str, ...]) -> Verdict:
    if first == second:
        return Verdict.SAME
    return Verdict.DIFFERENT if first and second else Verdict.UNCLEAR


def _compare_words(first: tuple[str, ...], second: tuple[str, ...]) -> Verdict:
    if _modern_spelling(first) == _modern_spelling(second) or sorted(first) == sorted(second):
        return Verdict.SAME
    if _are_initials(first, second) or _is_acronym(first, second) or _is_acronym(second, first):
        return Verdict.SAME
    extra = set(first) ^ set(second)
    if _is_main_road(first, second) or _is_main_road(second, first):
        return Verdict.SAME
    if not set(first) - set(second) or not set(second) - set(first):
        return (
            Verdict.SAME if all(len(word) <= _MAX_INITIALS for word in extra) else Verdict.UNCLEAR
        )
    return _compare_letters(first, second)


def _compare_persons(first: tuple[str, ...], second: tuple[str, ...]) -> Verdict:
    """Compare names of persons: ``Dr Wahidin`` is ``Dr Wahidin Sudirohusodo``."""
    shorter, longer = sorted((first, second), key=len)
    extra = set(longer) - set(shorter)
    is_prefix = shorter and longer[: len(shorter)] == shorter and not extra & word_list("parts")
    return Verdict.SAME if is_prefix else Verdict.UNCLEAR


def _are_initials(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Whether names differ only by initials: ``WR Supratman``, ``Wage Rudolf Supratman``."""
    shorter, longer = sorted((first, second), key=len)
    if (
        len(shorter) < len(longer)
        and len(shorter[:1] and shorter[0]) == len(longer) - len(shorter) + 1
    ):
        first, second = (*shorter[0], *shorter[1:]), longer
    return len(first) == len(second) > 1 and all(
        left == right or (min(len(left), len(right)) == 1 and left[0] == right[0])
        for left, right in zip(first, second, strict=True)
    )


def _is_main_road(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Whether the first name is ``Raya`` with the words of the second: ``Raya Semarang Boja``."""
    return len(first) > 2 and first[0] == "raya" and sorted(first[1:]) == sorted(second)


def _is_acronym(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Whether a name is the acronym of another: ``BKJ``, ``Bukit Kencana Jaya``."""
    return len(second) > 2 and first == ("".join(word[0] for word in second),)


def _compare_letters(first: tuple[str, ...], second: tuple[str, ...]) -> Verdict:
    """Compare names with different letters: a typing error, or two names."""
    left, right = _modern_spelling(first), _modern_spelling(second)
    distance = OSA.distance(left, right, score_cutoff=3)
    shortest = min(len(left), len(right))
    street_words = word_list("streets")
    if all(word in street_words for word in set(first) ^ set(second)):
        return Verdict.DIFFERENT
    differing = (set(first) - set(second), set(second) - set(first))
    if all(differing) and all(len(word) == 1 for word in set.union(*differing)):
        return Verdict.UNCLEAR  # `Bukit Barisan A`, `Bukit Barisan B`: two names
    if left.replace("o", "a") == right.replace("o", "a") and shortest >= _MIN_LETTERS_ONE_ERROR:
        return Verdict.SAME  # Pranata and Pranoto: Javanese uses both spellings
    if (distance == 1 and shortest >= _MIN_LETTERS_ONE_ERROR) or (
        distance == 2 and shortest >= _MIN_LETTERS_TWO_ERRORS
    ):
        return Verdict.SAME
    if distance <= 1 or (distance == 2 and shortest >= _MIN_LETTERS_ONE_ERROR):
        return Verdict.UNCLEAR
    return Verdict.DIFFERENT


def _modern_spelling(words: tuple[str, ...]) -> str:
    """Join words in modern spelling, without doubled letters."""
    spelling = "".join(words)
    for old, new in _OLD_SPELLINGS:
        spelling = spelling.replace(old, new)
    return _DOUBLED.sub(r"\1", spelling)
