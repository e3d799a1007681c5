"""Split an address into phrases: words that belong together, with the marker before them.

``Jl. Tembalang Raya 5 Bulusan, Kec. Tembalang`` has the name of a street, a free phrase (the words
after a house number) and the name of a kecamatan.
"""

import re
from typing import Final, NamedTuple

from geodata.addresses.marker_words import Mark, expand_abbreviation, find_mark, idle_words

_PIECE: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d\w*|[^\w\s]|\n")
_BREAKS: Final = frozenset(',;|()[]{}\n"')
_AREA_MARKS: Final = ("kelurahan", "kecamatan", "kabupaten", "kota", "provinsi")
_MAX_ABBREVIATION_LETTERS: Final = 3


class Phrase(NamedTuple):
    """Casefolded words without abbreviations; ``mark`` is the kind from the word before them."""

    mark: Mark
    words: tuple[str, ...]


def phrases(folded: str) -> list[Phrase]:
    """Split a casefolded text; its numbers of RT and RW are already replaced by ``|``."""
    phrase_list: list[Phrase] = []
    mark: Mark = "free"
    words: list[str] = []
    previous = ""
    for piece in _PIECE.findall(folded):
        next_mark = _next_mark(piece, previous, mark, words)
        previous = piece
        if next_mark is not None:
            if words:
                phrase_list.append(Phrase(mark, tuple(words)))
            mark, words = next_mark, []
        elif piece[0].isalpha() and piece not in idle_words():
            words.append(expand_abbreviation(piece))
    if words:
        phrase_list.append(Phrase(mark, tuple(words)))
    return phrase_list


def _next_mark(piece: str, previous: str, mark: Mark, words: list[str]) -> Mark | None:
    """Mark of the phrase that begins at a piece; None if the piece continues the phrase."""
    if piece in _BREAKS or piece[0].isdigit():
        return "free"
    if piece in ".:":
        # A point after a marker or an abbreviation (``Kr. Kidul``) does not end the phrase.
        return "free" if words and len(previous) > _MAX_ABBREVIATION_LETTERS else None
    mark_of_piece = find_mark(piece)
    if mark_of_piece == "place" and mark in _AREA_MARKS and not words:
        return None  # Kelurahan Pasar Kliwon
    return mark_of_piece
