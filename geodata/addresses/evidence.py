"""Evidence of the area of an address: what each phrase of the address names.

`collect_evidence` collects all evidence first; ``deciding`` decides afterwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from geodata.addresses.gazetteer import Gazetteer, Meaning
from geodata.addresses.marker_words import qualifiers
from geodata.addresses.names import Rows
from geodata.addresses.other_regions import Region
from geodata.addresses.phrases import Phrase

MARKED: Final = 3
"""Strength of a name after ``Kel.`` or ``Kec.``"""
FREE: Final = 2
"""Strength of a name that is a phrase of its own."""
WEAK: Final = 1
"""Strength of a name at the end of a street's or an estate's name, or beside an unknown word."""
_NONE: Final[Rows] = frozenset()
_MIN_MISSPELLED_LETTERS: Final = 8


class Claim(NamedTuple):
    """Areas that a name may mean, and how strongly the address claims them."""

    rows: Rows
    strength: int


class SharedName(NamedTuple):
    """A name of both a kelurahan and its kecamatan."""

    kelurahan: Rows
    kecamatan: Rows
    strength: int


@dataclass
class Evidence:
    """Evidence of one address; see `collect_evidence`."""

    kelurahan: list[Claim] = field(default_factory=list)
    kecamatan: list[Claim] = field(default_factory=list)
    shared_names: list[SharedName] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    names_own_city: bool = False
    """Whether the address names this city together with its kind (``Kota Semarang``)."""
    unknown_regency: bool = False
    """Whether the address names a regency that is not in the list."""
    other_kecamatan: list[int] = field(default_factory=list)
    """Strength of each kecamatan of another regency."""
    unknown_kelurahan: bool = False
    unknown_kecamatan: bool = False
    misspelled: list[tuple[tuple[str, ...], int]] = field(default_factory=list)
    """Words that may be a misspelled kelurahan, with strength; read when the kecamatan is known."""


def collect_evidence(phrases: Sequence[Phrase], gazetteer: Gazetteer) -> Evidence:
    """Collect the evidence of all phrases of an address."""
    evidence = Evidence()
    for phrase in phrases:
        if phrase.mark == "kelurahan":
            _read_kelurahan(phrase.words, gazetteer, evidence)
        elif phrase.mark == "kecamatan":
            _read_kecamatan(phrase.words, gazetteer, evidence)
        elif phrase.mark in ("kabupaten", "kota", "provinsi"):
            _read_region(phrase, gazetteer, evidence)
        elif phrase.mark == "free":
            _read_free_words(phrase.words, gazetteer, evidence)
        else:
            _read_street(phrase.words, gazetteer, evidence)
    _match_misspelled(gazetteer, evidence)
    return evidence


def _read_kelurahan(words: tuple[str, ...], gazetteer: Gazetteer, evidence: Evidence) -> None:
    for count in (3, 2):
        rows = gazetteer.kelurahan.exact("".join(words[:count])) if len(words) >= count else _NONE
        if rows:
            return _add_kelurahan(rows, words[count:], gazetteer, evidence)
    if len(words) > 1 and gazetteer.longest(words, 1) is None:
        within = frozenset(range(len(gazetteer.kelurahan_names)))
        if gazetteer.kelurahan.nearest("".join(words[:2]), within):
            evidence.misspelled.append((words[:2], MARKED))
            return _read_free_words(words[2:], gazetteer, evidence)
    rows = gazetteer.kelurahan.exact(words[0])
    if rows:
        return _add_kelurahan(rows, words[1:], gazetteer, evidence)
    evidence.misspelled.append((words[:1], MARKED))
    return _read_free_words(words[1:], gazetteer, evidence)


def _add_kelurahan(
    rows: Rows, words_after: tuple[str, ...], gazetteer: Gazetteer, evidence: Evidence
) -> None:
    evidence.kelurahan.append(Claim(rows, MARKED))
    _read_free_words(words_after, gazetteer, evidence)


def _read_kecamatan(words: tuple[str, ...], gazetteer: Gazetteer, evidence: Evidence) -> None:
    match = gazetteer.longest(words, 0)
    if match is not None and (match[0].kecamatan or match[0].is_other_kecamatan or match[0].is_own):
        meaning, end = match
        if meaning.kecamatan:
            evidence.kecamatan.append(Claim(meaning.kecamatan, MARKED))
        elif meaning.is_other_kecamatan:
            evidence.other_kecamatan.append(MARKED)
        return _read_free_words(words[end:], gazetteer, evidence)
    all_kecamatan = frozenset(range(len(gazetteer.kecamatan_names)))
    for count in (2, 1):
        rows = gazetteer.kecamatan.nearest("".join(words[:count]), all_kecamatan)
        if len(rows) == 1:
            evidence.kecamatan.append(Claim(rows, MARKED))
            return _read_free_words(words[count:], gazetteer, evidence)
    evidence.unknown_kecamatan = True
    return _read_free_words(words[1:], gazetteer, evidence)


def _read_region(phrase: Phrase, gazetteer: Gazetteer, evidence: Evidence) -> None:
    match = gazetteer.longest(phrase.words, 0)
    is_city = phrase.mark == "kota"
    regions: list[Region] = []
    words_after = phrase.words[1:]
    if match is not None:
        meaning, end = match
        words_after = phrase.words[end:]
        if phrase.mark == "provinsi":
            regions = [region for region in meaning.regions if "." not in region.code]
        elif meaning.is_own and is_city == gazetteer.other_regions.own_is_city:
            evidence.names_own_city = True
            return _read_free_words(words_after, gazetteer, evidence)
        else:
            regions = [
                region
                for region in meaning.regions
                if "." in region.code and region.is_city == is_city
            ]
    evidence.regions += regions
    if phrase.mark == "kabupaten" and not regions:
        evidence.unknown_regency = True
    return _read_free_words(words_after, gazetteer, evidence)


class _NameMatch(NamedTuple):
    meaning: Meaning
    start: int
    end: int


def _name_matches(words: tuple[str, ...], gazetteer: Gazetteer) -> Iterator[_NameMatch]:
    start = 0
    while start < len(words):
        match = gazetteer.longest(words, start)
        if match is None:
            start += 1
            continue
        yield _NameMatch(match[0], start, match[1])
        start = match[1]


def _read_free_words(words: tuple[str, ...], gazetteer: Gazetteer, evidence: Evidence) -> None:
    if not words:
        return
    items = list(_name_matches(words, gazetteer))
    if not items:
        _read_unknown_words(words, gazetteer, evidence)
    for index, item in enumerate(items):
        following = items[index + 1] if index + 1 < len(items) else None
        if (
            item.end < len(words)
            and words[item.end] in qualifiers()
            and (following is None or following.start > item.end)
        ):
            continue
        no_word_before = item.start == 0 or (index > 0 and items[index - 1].end == item.start)
        no_word_after = item.end == len(words) or (
            following is not None and following.start == item.end
        )
        lies_in_next = (
            following is not None and no_word_after and _lies_in(item, following, gazetteer)
        )
        # In an address outside the city, the regency comes last, after any other words.
        is_certain = no_word_after and (
            no_word_before or lies_in_next or not (item.meaning.kelurahan or item.meaning.kecamatan)
        )
        _add_claim(item.meaning, FREE if is_certain else WEAK, evidence)


def _read_unknown_words(words: tuple[str, ...], gazetteer: Gazetteer, evidence: Evidence) -> None:
    """Read a free phrase without a known name: the first word of several names, or an error."""
    if len(words) == 1 and len(gazetteer.kelurahan.sharing_first_word(words[0])) > 1:
        evidence.kelurahan.append(Claim(gazetteer.kelurahan.sharing_first_word(words[0]), FREE))
    elif len(words) <= 2 and len("".join(words)) >= _MIN_MISSPELLED_LETTERS:
        evidence.misspelled.append((words, FREE))


def _read_street(words: tuple[str, ...], gazetteer: Gazetteer, evidence: Evidence) -> None:
    """Read a street, an estate or a landmark: only a name at its end may mean an area."""
    items = list(_name_matches(words, gazetteer))
    for index, item in enumerate(items):
        last_items = items[index:]
        if item.start == 0 or any(left.end != right.start for left, right in pairwise(last_items)):
            continue
        if last_items[-1].end != len(words):
            continue
        lies_in_next = len(last_items) > 1 and _lies_in(item, last_items[1], gazetteer)
        for following_item in last_items:
            _add_claim(following_item.meaning, FREE if lies_in_next else WEAK, evidence)
        return


def _lies_in(item: _NameMatch, following: _NameMatch, gazetteer: Gazetteer) -> bool:
    kecamatan_of_item = {gazetteer.kecamatan_rows[row] for row in item.meaning.kelurahan}
    return bool(kecamatan_of_item & following.meaning.kecamatan)


def _add_claim(meaning: Meaning, strength: int, evidence: Evidence) -> None:
    """Add a claim; areas of this city come before other regions of the same name."""
    if meaning.is_own:
        return
    if meaning.kelurahan and meaning.kecamatan:
        evidence.shared_names.append(SharedName(meaning.kelurahan, meaning.kecamatan, strength))
    elif meaning.kelurahan:
        evidence.kelurahan.append(Claim(meaning.kelurahan, strength))
    elif meaning.kecamatan:
        evidence.kecamatan.append(Claim(meaning.kecamatan, strength))
    elif strength > WEAK and meaning.regions:
        evidence.regions += meaning.regions
    elif strength > WEAK and meaning.is_other_kecamatan:
        evidence.other_kecamatan.append(strength)


def _match_misspelled(gazetteer: Gazetteer, evidence: Evidence) -> None:
    """Match misspelled words with kelurahan, inside the named kecamatan if there is one."""
    strongest = max((claim.strength for claim in evidence.kecamatan), default=0)
    kecamatan = [
        claim.rows
        for claim in evidence.kecamatan
        if claim.strength == strongest and strongest > WEAK
    ]
    kecamatan += [
        shared_name.kecamatan
        for shared_name in evidence.shared_names
        if not kecamatan and shared_name.strength > WEAK
    ]
    kelurahan_rows = gazetteer.within(frozenset().union(*kecamatan)) if kecamatan else None
    for words, strength in evidence.misspelled:
        joined = "".join(words)
        rows = gazetteer.kelurahan.sharing_first_word(joined) or gazetteer.kelurahan.nearest(
            joined, kelurahan_rows
        )
        is_certain = strength == MARKED or kelurahan_rows is not None
        if strength == MARKED and not rows and not gazetteer.kecamatan.exact(joined):
            rows = gazetteer.kelurahan.starting_with(joined)
            # A beginning of only one name is weak evidence.
            is_certain = len(rows) > 1
            evidence.unknown_kelurahan |= not rows
        if rows:
            evidence.kelurahan.append(Claim(rows, strength if is_certain else WEAK))
