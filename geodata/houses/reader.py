"""The reader of houses: an address in, the house it names out.

Works from the names of the areas of any boundaries; what is peculiar to Indonesian addresses stands
in ``words.toml``. Whether two addresses name one house is decided in ``relation``.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from geodata.addresses.reader import fold
from geodata.boundaries import Boundaries
from geodata.houses.address import HouseAddress, Name
from geodata.houses.flats import as_flat
from geodata.houses.parser import Parser
from geodata.houses.phrases import Phrase
from geodata.houses.words import listed, provinces, role_of
from geodata.names import fold_name, spellings_of
from geodata.rt_rw import mentions, without

_REMEMBERED: Final = 1 << 17
_LONGEST: Final = 4
"""Words of the longest names of areas."""
_TYPED: Final = (
    (re.compile(r"\bj\s+l\b|\bj\.l\b"), "jl"),
    (re.compile(r"\bn[0o]\b|\bn\s+o\b(?=[\s.:]*\d)|#"), " no "),
    (re.compile(r"\bs\s*[/.]\s*d\b\.?"), " sd "),
    (re.compile(r"\ba\s*/\s*n\b"), " an "),
    (re.compile(r"\bd\s*/\s*a\b"), " alamat "),
    (re.compile(r"\brumah susun\b"), "rusun"),
    (re.compile(r"\baspol\b"), "asrama polri"),
    (re.compile(r"\bt[bw]\s?(?=\d)"), "twin blok "),
    (re.compile(r"\bk\.\s?(?=\d)"), " kamar "),
    (re.compile(r"\balun\s?-?2\b"), "alun alun"),
    (re.compile(r"\bi(?=0)"), "1"),
    (re.compile(r"(?<=\d)o(?![a-z])|(?<![a-z])o(?=\d)"), "0"),
    (re.compile(r"[\u2010-\u2015\u2212~]"), "-"),
    (re.compile(r"['`\u2018\u2019]"), ""),
    (re.compile(r"(?<![a-z])([a-z])\.\s?(?=[a-z]\.)"), r"\1"),
)
"""What typing does to words and numbers, and what was meant."""


class HouseReader:
    """Reads which house an address names.

    Parameters
    ----------
    area_names
        Names of the city and its areas: behind a house they say nothing of it.
    """

    def __init__(self, area_names: Iterable[str] = ()) -> None:
        own = {spelling for name in area_names for spelling in spellings_of(fold_name(name))}
        self._areas = frozenset(own) | provinces() | {"indonesia"}
        self.read = lru_cache(_REMEMBERED)(self._read)

    @classmethod
    def of(cls, boundaries: Boundaries) -> "HouseReader":
        """The reader of a city."""
        areas = boundaries.areas
        named = areas["level"].isin(("kota", "kecamatan", "kelurahan"))
        return cls(areas.loc[named, "name"].astype(str).tolist())

    def _read(self, address: str) -> HouseAddress | None:
        """The house an address names, None where it has no number of a house.

        A street alone is no house: taking it for one would make a street of cases one house.
        """
        folded = fold(address)
        text = without(folded, mentions(folded), " | ")
        for amiss, meant in _TYPED:
            text = amiss.sub(meant, text)
        house = self._house(Parser(text).parse())
        return None if house.number is None and not house.unit else house

    def _house(self, parsed: Parser) -> HouseAddress:
        names: dict[str, Name] = {}
        # The name that the number stands behind comes first.
        for phrase in sorted(parsed.phrases, key=lambda phrase: not phrase.numbered):
            name = self._name(phrase)
            if name is None or phrase.kind in ("area", "remark"):
                continue
            kind = "extra" if phrase.kind in names or _is_remark(phrase) else phrase.kind
            names.setdefault(kind, name)
        house = HouseAddress(
            **names,
            block="-".join(parsed.blocks),
            number=parsed.number,
            floor=parsed.floor,
            unit=parsed.unit,
        )
        house = _with_gang(house)
        return as_flat(house) if parsed.in_building else _without_rooms(house)

    def _name(self, phrase: Phrase) -> Name | None:
        """A phrase as a name: without titles, and without areas where it says where, not what."""
        words = tuple(phrase.words)
        if phrase.kind == "extra" or (phrase.kind == "free" and not phrase.numbered):
            left = self._without_areas(words)
            words = left if phrase.kind == "extra" or not left else words
        bare = tuple(word for word in words if word not in listed("titles"))
        if not (words or phrase.numbers):
            return None
        return Name(bare or words, tuple(phrase.numbers), is_person=bool(bare) and bare != words)

    def _without_areas(self, words: tuple[str, ...]) -> tuple[str, ...]:
        kept: list[str] = []
        at = 0
        while at < len(words):
            longest = range(min(_LONGEST, len(words) - at), 0, -1)
            length = next((n for n in longest if "".join(words[at : at + n]) in self._areas), 0)
            if not length:
                kept.append(words[at])
            at += length or 1
        return tuple(kept)


def _is_remark(phrase: Phrase) -> bool:
    """``Toko Jaya, Jl Mawar 5``: who is there, and no name of where."""
    first = next(iter(phrase.words), "")
    return phrase.kind == "free" and not phrase.numbered and role_of(first) is not None


def _with_gang(house: HouseAddress) -> HouseAddress:
    """``Mawar III`` and ``Mawar Gg III`` are one: the number of a street is a gang's."""
    street, free, gang = house.street, house.free, house.gang
    if gang is None and street is not None and street.numbers and street.words:
        return house._replace(gang=Name((), street.numbers), street=Name(street.words))
    if gang is None and free is not None and free.numbers and free.words:
        return house._replace(gang=Name((), free.numbers), free=Name(free.words))
    if gang is not None and gang.words and gang.numbers and not (street or free):
        return house._replace(gang=Name((), gang.numbers), free=Name(gang.words))
    return house


def _without_rooms(house: HouseAddress) -> HouseAddress:
    """A house without its floors and rooms, if it has a number: it is one house."""
    return house if house.number is None else house._replace(floor=None, unit="")
