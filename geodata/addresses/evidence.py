"""What the phrases of an address say about where it is, each by itself.

Evidence is gathered in full before anything is decided; see ``deciding``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from geodata.addresses.elsewhere import Region
from geodata.addresses.gazetteer import Gazetteer, Meaning
from geodata.addresses.marker_words import qualifiers
from geodata.addresses.names import Rows
from geodata.addresses.phrases import Phrase

MARKED: Final = 3
"""After ``Kel.`` or ``Kec.``"""
FREE: Final = 2
"""A name that stands for itself."""
WEAK: Final = 1
"""A name at the end of a street's or an estate's, or beside a word nobody knows."""
_NONE: Final[Rows] = frozenset()
_SHORTEST_TYPED: Final = 8


class Claim(NamedTuple):
    """Areas that a name may mean, and how much it says that it is meant."""

    rows: Rows
    strength: int


class Both(NamedTuple):
    """A name that a kelurahan shares with its kecamatan."""

    villages: Rows
    districts: Rows
    strength: int


@dataclass
class Evidence:
    """What was found; see `gather`."""

    villages: list[Claim] = field(default_factory=list)
    districts: list[Claim] = field(default_factory=list)
    both: list[Both] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    own_city: bool = False
    """Whether our city is named with what it is (``Kota Semarang``)."""
    far_regency: bool = False
    """Whether a regency is named that nobody knows."""
    far_districts: list[int] = field(default_factory=list)
    """Strength of each kecamatan of another regency."""
    strange_village: bool = False
    strange_district: bool = False
    typed: list[tuple[tuple[str, ...], int]] = field(default_factory=list)
    """Words that may be a mistyped kelurahan: compared when the kecamatan is known."""


def gather(phrases: Sequence[Phrase], places: Gazetteer) -> Evidence:
    """Evidence of all phrases of an address."""
    found = Evidence()
    for phrase in phrases:
        if phrase.mark == "kelurahan":
            _village(phrase.words, places, found)
        elif phrase.mark == "kecamatan":
            _district(phrase.words, places, found)
        elif phrase.mark in ("kabupaten", "kota", "provinsi"):
            _region(phrase, places, found)
        elif phrase.mark == "free":
            _free(phrase.words, places, found)
        else:
            _named_after(phrase.words, places, found)
    _mistyped(places, found)
    return found


def _village(words: tuple[str, ...], places: Gazetteer, found: Evidence) -> None:
    for count in (3, 2):
        rows = places.villages.exact("".join(words[:count])) if len(words) >= count else _NONE
        if rows:
            return _claim_village(rows, words[count:], places, found)
    if len(words) > 1 and places.longest(words, 1) is None:
        within = frozenset(range(len(places.village_names)))
        if places.villages.near("".join(words[:2]), within):
            found.typed.append((words[:2], MARKED))
            return _free(words[2:], places, found)
    rows = places.villages.exact(words[0])
    if rows:
        return _claim_village(rows, words[1:], places, found)
    found.typed.append((words[:1], MARKED))
    return _free(words[1:], places, found)


def _claim_village(rows: Rows, rest: tuple[str, ...], places: Gazetteer, found: Evidence) -> None:
    found.villages.append(Claim(rows, MARKED))
    _free(rest, places, found)


def _district(words: tuple[str, ...], places: Gazetteer, found: Evidence) -> None:
    known = places.longest(words, 0)
    if known is not None and (known[0].districts or known[0].far_district or known[0].own):
        meaning, end = known
        if meaning.districts:
            found.districts.append(Claim(meaning.districts, MARKED))
        elif meaning.far_district:
            found.far_districts.append(MARKED)
        return _free(words[end:], places, found)
    everywhere = frozenset(range(len(places.district_names)))
    for count in (2, 1):
        rows = places.districts.near("".join(words[:count]), everywhere)
        if len(rows) == 1:
            found.districts.append(Claim(rows, MARKED))
            return _free(words[count:], places, found)
    found.strange_district = True
    return _free(words[1:], places, found)


def _region(phrase: Phrase, places: Gazetteer, found: Evidence) -> None:
    known = places.longest(phrase.words, 0)
    city = phrase.mark == "kota"
    regions: list[Region] = []
    rest = phrase.words[1:]
    if known is not None:
        meaning, end = known
        rest = phrase.words[end:]
        if phrase.mark == "provinsi":
            regions = [region for region in meaning.regions if "." not in region.code]
        elif meaning.own and city == places.elsewhere.own_is_city:
            found.own_city = True
            return _free(rest, places, found)
        else:
            regions = [r for r in meaning.regions if "." in r.code and r.is_city == city]
    found.regions += regions
    if phrase.mark == "kabupaten" and not regions:
        found.far_regency = True
    return _free(rest, places, found)


class _Item(NamedTuple):
    meaning: Meaning
    start: int
    end: int


def _items(words: tuple[str, ...], places: Gazetteer) -> Iterator[_Item]:
    start = 0
    while start < len(words):
        known = places.longest(words, start)
        if known is None:
            start += 1
            continue
        yield _Item(known[0], start, known[1])
        start = known[1]


def _free(words: tuple[str, ...], places: Gazetteer, found: Evidence) -> None:
    if not words:
        return
    items = list(_items(words, places))
    if not items:
        _unknown(words, places, found)
    for nth, item in enumerate(items):
        following = items[nth + 1] if nth + 1 < len(items) else None
        if (
            item.end < len(words)
            and words[item.end] in qualifiers()
            and (following is None or following.start > item.end)
        ):
            continue
        before = item.start == 0 or (nth > 0 and items[nth - 1].end == item.start)
        last = item.end == len(words) or (following is not None and following.start == item.end)
        below = following is not None and last and _lies_in(item, following, places)
        # Where somebody lives far away, the regency comes last, whatever stands before it.
        sure = last and (before or below or not (item.meaning.villages or item.meaning.districts))
        _take(item.meaning, FREE if sure else WEAK, found)


def _unknown(words: tuple[str, ...], places: Gazetteer, found: Evidence) -> None:
    """A free phrase without a name: the first word of several kelurahan, or a typing error."""
    if len(words) == 1 and len(places.villages.family(words[0])) > 1:
        found.villages.append(Claim(places.villages.family(words[0]), FREE))
    elif len(words) <= 2 and len("".join(words)) >= _SHORTEST_TYPED:
        found.typed.append((words, FREE))


def _named_after(words: tuple[str, ...], places: Gazetteer, found: Evidence) -> None:
    """A street, an estate, a landmark: only a name at its very end may mean an area."""
    items = list(_items(words, places))
    for nth, item in enumerate(items):
        rest = items[nth:]
        if item.start == 0 or any(a.end != b.start for a, b in pairwise(rest)):
            continue
        if rest[-1].end != len(words):
            continue
        below = len(rest) > 1 and _lies_in(item, rest[1], places)
        for each in rest:
            _take(each.meaning, FREE if below else WEAK, found)
        return


def _lies_in(item: _Item, following: _Item, places: Gazetteer) -> bool:
    above = {places.district_of[row] for row in item.meaning.villages}
    return bool(above & following.meaning.districts)


def _take(meaning: Meaning, strength: int, found: Evidence) -> None:
    """Names of ours before names elsewhere."""
    if meaning.own:
        return
    if meaning.villages and meaning.districts:
        found.both.append(Both(meaning.villages, meaning.districts, strength))
    elif meaning.villages:
        found.villages.append(Claim(meaning.villages, strength))
    elif meaning.districts:
        found.districts.append(Claim(meaning.districts, strength))
    elif strength > WEAK and meaning.regions:
        found.regions += meaning.regions
    elif strength > WEAK and meaning.far_district:
        found.far_districts.append(strength)


def _mistyped(places: Gazetteer, found: Evidence) -> None:
    """Compare words with the names of kelurahan, those in a named kecamatan where there is one."""
    known = max((claim.strength for claim in found.districts), default=0)
    districts = [c.rows for c in found.districts if c.strength == known and known > WEAK]
    districts += [both.districts for both in found.both if not districts and both.strength > WEAK]
    within = places.within(frozenset().union(*districts)) if districts else None
    for words, strength in found.typed:
        joined = "".join(words)
        rows = places.villages.family(joined) or places.villages.near(joined, within)
        sure = strength == MARKED or within is not None
        if strength == MARKED and not rows and not places.districts.exact(joined):
            rows = places.villages.begun(joined)
            # A beginning that only one name has is little to go by.
            sure = len(rows) > 1
            found.strange_village |= not rows
        if rows:
            found.villages.append(Claim(rows, strength if sure else WEAK))
