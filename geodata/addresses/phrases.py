"""An address cut into phrases: the words that belong together, and what the word before says.

``Jl. Tembalang Raya 5 Bulusan, Kec. Tembalang`` is a street's name, a free phrase (what comes
after a house's number), and a kecamatan's.
"""

import re
from typing import Final, NamedTuple

from geodata.addresses.marker_words import Mark, idle_words, in_full, mark_of

_PIECE: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d\w*|[^\w\s]|\n")
_BREAKS: Final = frozenset(',;|()[]{}\n"')
_AREAS: Final = ("kelurahan", "kecamatan", "kabupaten", "kota", "provinsi")
_ABBREVIATION: Final = 3


class Phrase(NamedTuple):
    """Words that stand together, casefolded and in full; what the word before says they are."""

    mark: Mark
    words: tuple[str, ...]


def phrases(folded: str) -> list[Phrase]:
    """Phrases of a casefolded text whose numbers of RT and RW are replaced by ``|``."""
    found: list[Phrase] = []
    mark: Mark = "free"
    words: list[str] = []
    before = ""
    for piece in _PIECE.findall(folded):
        said = _said(piece, before, mark, words)
        before = piece
        if said is not None:
            if words:
                found.append(Phrase(mark, tuple(words)))
            mark, words = said, []
        elif piece[0].isalpha() and piece not in idle_words():
            words.append(in_full(piece))
    if words:
        found.append(Phrase(mark, tuple(words)))
    return found


def _said(piece: str, before: str, mark: Mark, words: list[str]) -> Mark | None:
    """What begins with a piece, None where it goes on with the phrase."""
    if piece in _BREAKS or piece[0].isdigit():
        return "free"
    if piece in ".:":
        # After a mark or an abbreviation (``Kr. Kidul``) a point ends nothing.
        return "free" if words and len(before) > _ABBREVIATION else None
    said = mark_of(piece)
    if said == "place" and mark in _AREAS and not words:
        return None  # Kelurahan Pasar Kliwon
    return said
