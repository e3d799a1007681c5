"""Words and phrases of an address, before it is known what they say of a house."""

import re
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from geodata.houses.address import Name

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
    """A word, a number or a mark of a text, and where it begins and ends."""

    text: str
    start: int
    end: int

    @property
    def is_number(self) -> bool:
        """Whether it is digits."""
        return self.text.isdecimal()

    @property
    def is_word(self) -> bool:
        """Whether it is letters."""
        return self.text.isalpha()


@dataclass
class Phrase:
    """Words that belong together.

    Attributes
    ----------
    numbered
        Whether the house number stands in it or behind it.
    near
        For a remark: whether what follows only says where the house is.
    """

    kind: Kind
    words: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    numbered: bool = False
    near: bool = False

    @property
    def name(self) -> Name:
        """Its words and numbers as a name."""
        return Name(tuple(self.words), tuple(self.numbers))


def tokens_of(text: str) -> list[Token]:
    """Words, numbers and marks of a folded text."""
    return [Token(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)]
