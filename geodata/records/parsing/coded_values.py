"""Translate Indonesian and English words for a status, an outcome and so on into coded values."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from geodata.records.parsing.folding import fold
from geodata.records.parsing.statuses import (
    has_no_signs,
    is_compatible,
    read_status,
    split_brackets,
)

Vocabulary = Literal[
    "status",
    "outcome",
    "test_result",
    "outcome_in_status",
    "status_in_outcome",
    "place_kind",
    "health_letter",
    "origin_risk",
    "reported_by",
]
_MAX_CHARACTERS: Final = 300
"""Enough for a status with remarks; longer texts have no coded value."""
_NOT_CASES: Final = ("discarded", "withdrawn")


def parse_word(
    vocabulary: Vocabulary, text: str, source_words: Mapping[str, str] | None = None
) -> str | None:
    """The coded value of a text.

    Parameters
    ----------
    text
        A remark in brackets is ignored if the whole text is unknown: ``"Sembuh (RSUD)"``. A status
        is parsed word by word; see `geodata.records.parsing.statuses`.
    source_words
        Coded values by folded words of a source, which take precedence.

    Returns
    -------
    str or None
        ``"none"`` for a word that means "none yet"; None for an unknown word.
    """
    if len(text) > _MAX_CHARACTERS:
        return None
    source_word = None if source_words is None else _look_up(source_words, text)
    if source_word is not None:
        return source_word
    if vocabulary in ("status", "outcome_in_status"):
        return _parse_status(vocabulary, text)
    return _look_up(_words(vocabulary), text)


def describe_vocabulary(vocabulary: Vocabulary, max_spellings: int = 3) -> str:
    """Coded values of a vocabulary with some words for each, for a sentence."""
    listed = []
    for word, spellings in _table(vocabulary).items():
        others = [spelling for spelling in spellings if fold(spelling) != fold(word)][
            :max_spellings
        ]
        listed.append(f"{word} ({', '.join(others)})" if others else word)
    return ", ".join(listed)


def _look_up(words: Mapping[str, str], text: str) -> str | None:
    return words.get(fold(text)) or words.get(fold(text.partition("(")[0]))


def _parse_status(vocabulary: Vocabulary, text: str) -> str | None:
    """A status, or its outcome: from the list of words, or parsed word by word."""
    words = _words(vocabulary)
    listed_word = words.get(fold(text))
    # "Suspek (negatif)" is in the list. Folding drops the dash of "Positif (-)", which matters.
    if listed_word is not None and (
        has_no_signs(text) or (listed_word in _NOT_CASES and "?" not in text)
    ):
        return listed_word
    status = read_status(text)
    if status is not None:
        return status.status if vocabulary == "status" else status.outcome
    if "?" in text:
        return None
    outside_brackets, in_brackets = split_brackets(text)
    bare_word = words.get(fold(outside_brackets)) or words.get(fold(text.replace("(-)", "")))
    return (
        bare_word
        if bare_word in _NOT_CASES or (bare_word and is_compatible(bare_word, in_brackets))
        else None
    )


@cache
def _words(vocabulary: Vocabulary) -> dict[str, str]:
    table = _table(vocabulary)
    return {fold(spelling): word for word, spellings in table.items() for spelling in spellings}


@cache
def _table(vocabulary: Vocabulary) -> dict[str, list[str]]:
    text = files("geodata.records").joinpath("words.toml").read_text(encoding="utf-8")
    table: dict[str, list[str]] = tomllib.loads(text)[vocabulary]
    return table
