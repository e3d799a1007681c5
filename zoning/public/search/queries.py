"""Read the text of a search: numbers of RT and RW, and words with the marks before them.

Knows no areas of a city. The script ``query.js`` reads in the same way.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from geodata.addresses.marker_words import expand_abbreviation, idle_words
from geodata.text.rt_rw import (
    Pair,
    combine_mentions,
    find_mentions,
    parse_number_cell,
    replace_mentions,
)

LONGEST: Final = 200
"""Characters; a longer text names no RT."""
Mark = Literal["kelurahan", "kecamatan", "kota", ""]
MARKS: Final[dict[str, Mark]] = {
    **dict.fromkeys(("kelurahan", "kel", "kl", "klh", "desa", "ds"), "kelurahan"),
    **dict.fromkeys(("kecamatan", "kec", "kc", "kcm"), "kecamatan"),
    **dict.fromkeys(("kota", "kotamadya"), "kota"),
}
"""Words before a name."""
_PIECE: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d\w*|[,;|()\[\]{}:\"]")
_BREAKS: Final = frozenset(',;|()[]{}:"')
_SHORT_PAIR: Final = re.compile(r"(?<![\w/.,-])([0-9]{1,3})\s?/\s?([0-9]{1,3})(?![\w/])")
"""``3/5``, which may also be the number of a house."""


class Word(NamedTuple):
    """A word with the mark before it, and the number of its phrase."""

    text: str
    mark: Mark
    phrase: int


class Query(NamedTuple):
    """A search.

    Attributes
    ----------
    words
        Words that may be names, without marks and idle words.
    pairs
        Numbers of RT and RW.
    kelurahan
        Code of a kelurahan that was chosen from a list; empty for none.
    is_exact
        Whether the numbers are certainly those of RT and RW.
    has_wrong_number
        Whether a field for a number has no number.
    is_blank
        Whether the search has no text.
    """

    words: tuple[Word, ...] = ()
    pairs: tuple[Pair, ...] = ()
    kelurahan: str = ""
    is_exact: bool = True
    has_wrong_number: bool = False
    is_blank: bool = False


def read_query(text: str, rw: str = "", rt: str = "", *, kelurahan: str = "") -> Query:
    """Read a search.

    Parameters
    ----------
    text
        The name of a kelurahan, with or without numbers of RT and RW.
    rw, rt
        Numbers in fields of their own; empty for none.
    kelurahan
        Code of a kelurahan that was chosen from a list.
    """
    is_blank = not fold(text[: LONGEST + 1]).strip()
    folded = fold(text) if len(text) <= LONGEST else ""
    mentions = find_mentions(folded)
    pairs: tuple[Pair, ...] = tuple(combine_mentions(mentions))
    rest, is_exact = replace_mentions(folded, mentions, " | "), True
    short = _SHORT_PAIR.search(rest)
    if not pairs and short is not None and int(short[1]) and int(short[2]):
        pairs, is_exact = ((int(short[1]), int(short[2])),), False
        rest = f"{rest[: short.start()]} | {rest[short.end() :]}"
    fields = rw.strip(), rt.strip()
    rw_number, rt_number = (parse_number_cell(fold(field)) for field in fields)
    if any(fields):
        first_rt, first_rw = pairs[0] if pairs else (None, None)
        pairs = ((rt_number or first_rt, rw_number or first_rw),)
        pairs = tuple(pair for pair in pairs if pair != (None, None))
    return Query(
        tuple(_words(rest)),
        pairs,
        kelurahan,
        is_exact,
        any(
            field and number is None
            for field, number in zip(fields, (rw_number, rt_number), strict=True)
        ),
        is_blank,
    )


def fold(text: str) -> str:
    """Casefold a text, normalise the width of letters (NFKC), remove invisible characters."""
    normalized = unicodedata.normalize("NFKC", text)
    visible = (
        " " if character.isspace() else character
        for character in normalized
        if character.isspace() or unicodedata.category(character) not in {"Cc", "Cf"}
    )
    return "".join(visible).lower()


def _words(folded: str) -> Iterator[Word]:
    mark: Mark = ""
    phrase = 0
    for piece in _PIECE.findall(folded):
        if piece in _BREAKS:
            mark, phrase = "", phrase + 1
        elif piece in MARKS:
            mark, phrase = MARKS[piece], phrase + 1
        elif piece not in idle_words():
            yield Word(expand_abbreviation(piece), mark, phrase)
