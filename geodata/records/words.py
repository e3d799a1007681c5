"""Words for a status, an outcome, a test result, in Indonesian and English, as one of ours."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from geodata.records.headings import plain

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


def read_word(
    vocabulary: Vocabulary, text: str, own: Mapping[str, str] | None = None
) -> str | None:
    """Our word for what a cell says.

    Parameters
    ----------
    text
        A bracketed addition is left aside where the whole is not known:
        ``"Konfirmasi (simptomatik)"``.
    own
        What a source writes, as `plain` text: before the words known here.

    Returns
    -------
    str or None
        ``"none"`` for a word that says there is none yet; None for a word not known.
    """
    words = {**_words(vocabulary), **own} if own else _words(vocabulary)
    return words.get(plain(text)) or words.get(plain(text.partition("(")[0]))


@cache
def _words(vocabulary: Vocabulary) -> dict[str, str]:
    text = files("geodata.records").joinpath("words.toml").read_text(encoding="utf-8")
    table: dict[str, list[str]] = tomllib.loads(text)[vocabulary]
    return {plain(spelling): ours for ours, spellings in table.items() for spelling in spellings}
