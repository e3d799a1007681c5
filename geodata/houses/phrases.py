"""Tokens and phrases of an address, before their roles are known."""

import re
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

Kind = Literal[
    "street", "gang", "estate", "cluster", "kampung", "building", "free", "extra", "corner",
    "area", "remark",
]  # fmt: skip
BREAKS: Final = frozenset(',;|()[]{}\n"')
"""Marks that end a phrase."""
LONGEST_NUMBER: Final = 4
"""Digits of a house number; a postcode has five, a telephone number more."""
_TOKEN: Final = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|\n")


class Token(NamedTuple):
    """Word, number or mark of a text, with its start and end positions."""

    text: str
    start: int
    end: int

    @property
    def is_number(self) -> bool:
        """Whether the token has only digits."""
        return self.text.isdecimal()

    @property
    def is_word(self) -> bool:
        """Whether the token has only letters."""
        return self.text.isalpha()


@dataclass
class Phrase:
    """Words that belong together.

    Attributes
    ----------
    numbered
        Whether the house number is in the phrase or directly after the phrase.
    is_near_remark
        For a remark: whether the next name only describes the position of the house.
    """

    kind: Kind
    words: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    numbered: bool = False
    is_near_remark: bool = False


def tokenize(text: str) -> list[Token]:
    """Split a folded text into words, numbers and marks."""
    return [Token(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)]
