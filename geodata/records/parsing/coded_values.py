"""Words for a status, an outcome, a test result, in Indonesian and English, as one of ours."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from geodata.records.parsing.folding import fold
from geodata.records.parsing.statuses import goes_with, is_plain, read_status, split_brackets

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


_LONGEST: Final = 300
"""Characters of a status with all that is said beside it; longer texts are no word."""
_NO_CASE: Final = ("discarded", "withdrawn")


def read_word(
    vocabulary: Vocabulary, text: str, own: Mapping[str, str] | None = None
) -> str | None:
    """Our word for what a cell says.

    Parameters
    ----------
    text
        A bracketed addition is left aside where the whole is not known: ``"Sembuh (RSUD)"``. A
        status is understood from its parts; see `geodata.records.parsing.statuses`.
    own
        What a source writes, as `plain` text: before the words known here.

    Returns
    -------
    str or None
        ``"none"`` for a word that says there is none yet; None for a word not known.
    """
    if len(text) > _LONGEST:
        return None
    told = None if own is None else _listed(own, text)
    if told is not None:
        return told
    if vocabulary in ("status", "outcome_in_status"):
        return _status(vocabulary, text)
    return _listed(_words(vocabulary), text)


def known_words(vocabulary: Vocabulary, each: int = 3) -> str:
    """Our words, each with the first that files write for it, as a sentence may list them."""
    listed = []
    for ours, spellings in _table(vocabulary).items():
        others = [spelling for spelling in spellings if fold(spelling) != fold(ours)][:each]
        listed.append(f"{ours} ({', '.join(others)})" if others else ours)
    return ", ".join(listed)


def _listed(words: Mapping[str, str], text: str) -> str | None:
    return words.get(fold(text)) or words.get(fold(text.partition("(")[0]))


def _status(vocabulary: Vocabulary, text: str) -> str | None:
    """A status, or the outcome it tells: listed as a whole, or understood from its parts."""
    words = _words(vocabulary)
    whole = words.get(fold(text))
    # "Suspek (negatif)" is listed; the dash of "Positif (-)" is no letter, and says much.
    if whole is not None and (is_plain(text) or (whole in _NO_CASE and "?" not in text)):
        return whole
    parts = read_status(text)
    if parts is not None:
        return parts.status if vocabulary == "status" else parts.outcome
    if "?" in text:
        return None
    bare, added = split_brackets(text)
    listed = words.get(fold(bare)) or words.get(fold(text.replace("(-)", "")))
    return listed if listed in _NO_CASE or (listed and goes_with(listed, added)) else None


@cache
def _words(vocabulary: Vocabulary) -> dict[str, str]:
    table = _table(vocabulary)
    return {fold(spelling): ours for ours, spellings in table.items() for spelling in spellings}


@cache
def _table(vocabulary: Vocabulary) -> dict[str, list[str]]:
    text = files("geodata.records").joinpath("words.toml").read_text(encoding="utf-8")
    table: dict[str, list[str]] = tomllib.loads(text)[vocabulary]
    return table
