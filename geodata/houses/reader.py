"""House reader: address in, house address out.

Uses the names of the areas of the boundaries, and ``words.toml`` for the words of Indonesian
addresses. ``relation`` compares two house addresses.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from geodata.addresses.reader import fold
from geodata.boundaries import Boundaries
from geodata.houses.address import HouseAddress, Name
from geodata.houses.address_words import find_role, provinces, word_list
from geodata.houses.flats import normalize_flat
from geodata.houses.parser import Parser
from geodata.houses.phrases import Phrase
from geodata.text.area_names import fold_name, spelling_variants
from geodata.text.rt_rw import find_mentions, replace_mentions

_CACHE_SIZE: Final = 1 << 14
"""Addresses in the cache, about 9 MB: `IndexedBoundaries.nbytes` counts it."""
_MAX_WORDS: Final = 4
"""Words of the longest names of areas."""
_MAX_LETTERS: Final = 500
_SUPERSCRIPTS: Final = str.maketrans({"²": "", "³": "", "¹": "", "½": "/2", "¼": "/4", "¾": "/4"})
"""Superscripts and fractions, which NFKC turns into digits: `5²` is not 52, `5½` not 51/2."""
_MISSING_SPACE: Final = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_CORRECTIONS: Final = (
    (re.compile(r"\bj\s+l\b|\bj\.l\b"), "jl"),
    (re.compile(r"\b(jln|jl|gg)(?=[a-z]{3,})(?!jlan\b|jlnn\b)"), r"\1 "),
    (re.compile(r"\b(blok(?=[a-z]{1,2}\b)|(?:blok|blk)(?=[a-z]{1,2}\d))"), r"\1 "),
    (re.compile(r"\bn[0o]\b|\bn\s+o\b(?=[\s.:]*\d)|#"), " no "),
    (re.compile(r"\bs\s*[/.]\s*d\b\.?"), " sd "),
    (re.compile(r"\ba\s*/\s*n\b"), " an "),
    (re.compile(r"\bd\s*/\s*a\b"), " alamat "),
    (re.compile(r"\brumah susun\b"), "rusun"),
    (re.compile(r"\baspol\b"), "asrama polri"),
    (re.compile(r"\bt[bw]\s?(?=\d)"), "twin blok "),
    (re.compile(r"(?<=\d)\s?\bk\.\s?(?=\d)"), " kamar "),
    (re.compile(r"\balun\s?-?2\b"), "alun alun"),
    (re.compile(r"\bi(?=0)"), "1"),
    (re.compile(r"(?<=\d)o(?![a-z])|(?<![a-z])o(?=\d)"), "0"),
    (re.compile(r"[\u2010-\u2015\u2212~]"), "-"),
    (re.compile(r"['`\u2018\u2019]"), ""),
    (re.compile(r"(?<![a-z])([a-z])\.\s?(?=[a-z]\.)"), r"\1"),
)
"""Frequent typing errors and their corrections."""


class HouseReader:
    """Reads which house an address names.

    Parameters
    ----------
    area_names
        Names of the city and its areas; after a house number they do not identify the house.
    """

    def __init__(self, area_names: Iterable[str] = ()) -> None:
        own_names = {
            spelling for name in area_names for spelling in spelling_variants(fold_name(name))
        }
        self._areas = frozenset(own_names) | provinces() | {"indonesia"}
        self.read = lru_cache(_CACHE_SIZE)(self._read)

    @classmethod
    def of(cls, *versions: Boundaries) -> "HouseReader":
        """Reader of a city, from one or more versions of its boundaries."""
        levels = ("kota", "kecamatan", "kelurahan")
        names = [
            version.areas.loc[version.areas["level"].isin(levels), "name"].astype(str)
            for version in versions
        ]
        return cls(name for version_names in names for name in version_names)

    def _read(self, address: str) -> HouseAddress | None:
        """House address of a text; None for a text without a house number.

        A street without a number is not a house: all its cases would count as one house. A room
        without a house number and a text of more than 500 letters give None too.
        """
        if len(address) > _MAX_LETTERS:
            return None
        folded = fold(_MISSING_SPACE.sub(" ", address.translate(_SUPERSCRIPTS)))
        text = replace_mentions(folded, find_mentions(folded), " | ")
        for pattern, replacement in _CORRECTIONS:
            text = pattern.sub(replacement, text)
        house = self._build_address(Parser(text).parse())
        return None if house.number is None else house

    def _build_address(self, parser: Parser) -> HouseAddress:
        names: dict[str, Name] = {}
        # The phrase with the house number comes first.
        for phrase in sorted(parser.phrases, key=lambda phrase: not phrase.numbered):
            name = self._phrase_name(phrase)
            if name is None or phrase.kind in ("area", "remark"):
                continue
            names.setdefault(self._phrase_kind(phrase, name, names), name)
        house = HouseAddress(
            **names,
            block="-".join(parser.blocks),
            number=parser.number,
            corner_number=parser.corner_number,
            floor=parser.floor,
            unit=parser.unit,
            other_numbers=(*parser.other_numbers, *_lone_letters(parser)),
        )
        house = _split_gang_number(house)
        return normalize_flat(house) if parser.in_building else _without_rooms(house)

    def _phrase_name(self, phrase: Phrase) -> Name | None:
        """Name of a phrase without titles, and without names of areas that give a place only."""
        words = tuple(phrase.words)
        if phrase.kind in ("extra", "building"):
            words = self._without_areas(words) or (words if phrase.kind == "building" else ())
        elif phrase.kind == "free" and not phrase.numbered and self._is_area(words):
            words = ()
        without_titles = tuple(word for word in words if word not in word_list("titles"))
        if not (words or phrase.numbers):
            return None
        return Name(
            without_titles or words,
            tuple(phrase.numbers),
            is_person=bool(without_titles) and without_titles != words,
        )

    def _phrase_kind(self, phrase: Phrase, name: Name, names: Mapping[str, Name]) -> str:
        """Kind of a phrase; a second name of a kind is an extra name."""
        kind: str = phrase.kind
        if kind == "free" and not name.numbers and self._is_area(name.words):
            kind = "kampung"  # `Ngadirgo No 18` in Ngadirgo
        return "extra" if kind in names or _is_remark(phrase) else kind

    def _is_area(self, words: tuple[str, ...]) -> bool:
        """Whether all words belong to names of areas."""
        return self._area_suffix_start(words) == 0

    def _without_areas(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Remove names of areas from the end of the words."""
        return words[: self._area_suffix_start(words)]

    def _area_suffix_start(self, words: tuple[str, ...]) -> int:
        """Position from which on all words belong to names of areas."""
        # Backwards, so that each position is tested once for any number of splits.
        ends = {len(words)}
        for start in reversed(range(len(words))):
            lengths = range(1, min(_MAX_WORDS, len(words) - start) + 1)
            if any(
                start + length in ends and "".join(words[start : start + length]) in self._areas
                for length in lengths
            ):
                ends.add(start)
        return min(ends)


def _lone_letters(parser: Parser) -> list[str]:
    """Single letters, ``kiri`` and ``kanan`` after the number: ``Mawar 5 (A)``."""
    extra = [phrase for phrase in parser.phrases if phrase.kind == "extra"]
    words = [phrase.words[0] for phrase in extra if len(phrase.words) == 1]
    return [word for word in words if len(word) == 1 or word in word_list("sides")]


def _is_remark(phrase: Phrase) -> bool:
    """Whether a phrase is a remark: ``Toko Jaya`` in ``Toko Jaya, Jl Mawar 5``."""
    first = next(iter(phrase.words), "")
    return phrase.kind == "free" and not phrase.numbered and find_role(first) is not None


def _split_gang_number(house: HouseAddress) -> HouseAddress:
    """Move the number of a street to the gang: ``Mawar III`` and ``Mawar Gg III`` are equal."""
    street, free, gang = house.street, house.free, house.gang
    if gang is None and street is not None and street.numbers and street.words:
        return house._replace(gang=Name((), street.numbers), street=Name(street.words))
    if gang is None and free is not None and free.numbers and free.words:
        return house._replace(gang=Name((), free.numbers), free=Name(free.words))
    estate = house.estate
    if gang is None and estate is not None and estate.numbers and not (street or house.block):
        return house._replace(gang=Name((), estate.numbers), estate=Name(estate.words))
    return house


def _without_rooms(house: HouseAddress) -> HouseAddress:
    """Remove floor and room of a house with a number: all its rooms are one house."""
    return house if house.number is None else house._replace(floor=None, unit="")
