"""Address reader: text in, reading out.

Uses the names and numbers of the boundaries. ``words.toml`` has the words of Indonesian addresses,
``elsewhere.csv`` the regions outside the city, ``spellings.csv`` the variants of names.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from copy import copy
from functools import lru_cache, partial
from typing import Final, NamedTuple

from geodata.addresses.deciding import decide
from geodata.addresses.evidence import MARKED, Claim, collect_evidence
from geodata.addresses.gazetteer import Gazetteer
from geodata.addresses.phrases import Phrase, phrases
from geodata.addresses.reading import DECIDED, AddressReading, Certainty
from geodata.boundaries import Boundaries
from geodata.text.rt_rw import (
    Mention,
    Pair,
    combine_mentions,
    find_mentions,
    parse_number_cell,
    parse_pair_cell,
    replace_mentions,
)

NONE_OF_THEM: Final = "none"
"""Decision of a person: the address means no area."""
_STREET_MARKS: Final = ("street", "place", "house")


class Fields(NamedTuple):
    """An address in columns, as text; None for an empty cell.

    ``rt`` may have both numbers (``003/005``); ``address`` is free text.
    """

    address: str | None = None
    rt: str | None = None
    rw: str | None = None
    kelurahan: str | None = None
    kecamatan: str | None = None


class AddressReader:
    """Reads addresses of one city.

    Parameters
    ----------
    boundaries
        Only names, codes and numbers of the areas are used, no geometry.
    decisions
        Decisions of people on ambiguous addresses: `AddressReading.area_part` to a code or
        `NONE_OF_THEM`. A code that is not in these boundaries is ignored.
    """

    def __init__(self, boundaries: Boundaries, decisions: Mapping[str, str] | None = None) -> None:
        self.gazetteer = Gazetteer(boundaries)
        # Streets differ from line to line, but the area phrases repeat. About 10 MB, which
        # `IndexedBoundaries.nbytes` includes; a city has about as many RT.
        self._read_phrases = lru_cache(1 << 14)(partial(_decide_phrases, self.gazetteer))
        self._decisions = decisions or {}

    def with_decisions(self, decisions: Mapping[str, str]) -> "AddressReader":
        """The same reader with other decisions."""
        reader = copy(self)
        reader._decisions = decisions  # noqa: SLF001  (same class)
        return reader

    def read(self, text: str) -> AddressReading:
        """Read one line of free text."""
        folded = fold(text)
        mentions = find_mentions(folded)
        return self._apply_decision(
            self._read_phrases(
                self._area_phrases(folded, mentions), tuple(combine_mentions(mentions))
            )
        )

    def read_fields(self, fields: Fields) -> AddressReading:
        """Read an address in columns; free text fills the gaps."""
        columns = (("kelurahan", fields.kelurahan), ("kecamatan", fields.kecamatan))
        area_texts = [f"{mark} {fold(cell)}" for mark, cell in columns if cell]
        folded = " | ".join([*area_texts, fold(fields.address or "")])
        mentions = find_mentions(folded)
        area_phrases, numbers = (
            self._area_phrases(folded, mentions),
            _numbers(fields, combine_mentions(mentions)),
        )
        if not _is_coded(fields):
            return self._apply_decision(self._read_phrases(area_phrases, tuple(numbers)))
        evidence = collect_evidence(area_phrases, self.gazetteer)
        if coded := self.gazetteer.coded(fields.kelurahan or "", self.gazetteer.kelurahan_codes):
            evidence.kelurahan.append(Claim(coded, MARKED))
        if coded := self.gazetteer.coded(fields.kecamatan or "", self.gazetteer.kecamatan_codes):
            evidence.kecamatan.append(Claim(coded, MARKED))
        return self._apply_decision(decide(evidence, numbers, self.gazetteer))

    def _area_phrases(self, folded: str, mentions: Sequence[Mention]) -> tuple[Phrase, ...]:
        """Phrases of a line, without streets and estates that contain no name of an area."""
        return tuple(
            phrase
            for phrase in phrases(replace_mentions(folded, mentions, " | "))
            if phrase.mark not in _STREET_MARKS
            or any(
                self.gazetteer.longest(phrase.words, start) for start in range(1, len(phrase.words))
            )
        )

    def _apply_decision(self, reading: AddressReading) -> AddressReading:
        """Apply the decision of a person to an ambiguous reading, if there is a decision."""
        if reading.certainty is not Certainty.AMBIGUOUS or not self._decisions:
            return reading
        code = self._decisions.get(reading.area_part)
        if code == NONE_OF_THEM:
            return reading._replace(certainty=Certainty.UNKNOWN, note=DECIDED)
        if code is None:
            return reading
        kelurahan_code = next(
            (prefix for prefix in self.gazetteer.kelurahan_codes if code.startswith(prefix)),
            None,
        )
        if code in self.gazetteer.rt_codes:
            return reading._replace(
                code=code, certainty=Certainty.CERTAIN, kelurahan_code=kelurahan_code, note=DECIDED
            )
        if code == kelurahan_code:
            return reading._replace(
                code=code, certainty=Certainty.PARTIAL, kelurahan_code=kelurahan_code, note=DECIDED
            )
        return reading


def _decide_phrases(
    gazetteer: Gazetteer, area_phrases: tuple[Phrase, ...], numbers: tuple[Pair, ...]
) -> AddressReading:
    return decide(collect_evidence(area_phrases, gazetteer), numbers, gazetteer)


def _is_coded(fields: Fields) -> bool:
    """Whether a column has a code instead of a name."""
    return any(cell and cell[0].isdigit() for cell in (fields.kelurahan, fields.kecamatan))


def fold(text: str) -> str:
    """Casefold a text, normalize the width of letters (NFKC), remove invisible characters."""
    normalized = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if not normalized.isprintable():
        normalized = "".join(
            character for character in normalized if character.isprintable() or character.isspace()
        )
    return normalized.casefold()


def _numbers(fields: Fields, text_pairs: Sequence[Pair]) -> list[Pair]:
    """RT and RW of the columns, else of the text; text completes a single number of the columns."""
    rt, rw = parse_number_cell(fields.rt or ""), parse_number_cell(fields.rw or "")
    if rt is None or rw is None:
        cell_pairs = [parse_pair_cell(cell) for cell in (fields.rt, fields.rw) if cell]
        rt, rw = next((pair for pair in cell_pairs if None not in pair), (rt, rw))
    if rt is not None and rw is not None:
        return [(rt, rw)]
    if rt is None and rw is None:
        return list(text_pairs)
    matching_pairs = [
        (rt or text_pair[0], rw or text_pair[1])
        for text_pair in text_pairs
        if rt in (None, text_pair[0]) or text_pair[0] is None
        if rw in (None, text_pair[1]) or text_pair[1] is None
    ]
    return matching_pairs or [(rt, rw)]
