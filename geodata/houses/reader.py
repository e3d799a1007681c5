"""The reader of houses: an address in, the house it names out.

Works from the names of the areas of any boundaries; what is peculiar to Indonesian addresses stands
in ``words.toml``. Whether two addresses name one house is decided in ``relation``.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from geodata.addresses.reader import fold
from geodata.boundaries import Boundaries
from geodata.houses.address import HouseAddress, Name
from geodata.houses.address_words import listed, provinces, role_of
from geodata.houses.flats import as_flat
from geodata.houses.parser import Parser
from geodata.houses.phrases import Phrase
from geodata.text.area_names import fold_name, spellings_of
from geodata.text.rt_rw import mentions, without

_REMEMBERED: Final = 1 << 14
"""Addresses: some 9 MB, which `zoning.placing.indexed_boundaries.Ground.nbytes` counts."""
_LONGEST: Final = 4
"""Words of the longest names of areas."""
_LONGEST_ADDRESS: Final = 500
_RAISED: Final = str.maketrans({"²": "", "³": "", "¹": "", "½": "/2", "¼": "/4", "¾": "/4"})
"""Signs that Unicode takes for digits: `5²` is not 52, `5½` not 51/2."""
_RUN_TOGETHER: Final = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_TYPED: Final = (
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
    def of(cls, *versions: Boundaries) -> "HouseReader":
        """The reader of a city, from one or more versions of its boundaries."""
        named = ("kota", "kecamatan", "kelurahan")
        names = [v.areas.loc[v.areas["level"].isin(named), "name"].astype(str) for v in versions]
        return cls(name for each in names for name in each)

    def _read(self, address: str) -> HouseAddress | None:
        """The house an address names, None where it has no number of a house.

        A street alone is no house: taking it for one would make a street of cases one house. Nor
        is a room without the number of its house. Nor is a text that is longer than any address.
        """
        if len(address) > _LONGEST_ADDRESS:
            return None
        folded = fold(_RUN_TOGETHER.sub(" ", address.translate(_RAISED)))
        text = without(folded, mentions(folded), " | ")
        for amiss, meant in _TYPED:
            text = amiss.sub(meant, text)
        house = self._house(Parser(text).parse())
        return None if house.number is None else house

    def _house(self, parsed: Parser) -> HouseAddress:
        names: dict[str, Name] = {}
        # The name that the number stands behind comes first.
        for phrase in sorted(parsed.phrases, key=lambda phrase: not phrase.numbered):
            name = self._name(phrase)
            if name is None or phrase.kind in ("area", "remark"):
                continue
            names.setdefault(self._kind(phrase, name, names), name)
        house = HouseAddress(
            **names,
            block="-".join(parsed.blocks),
            number=parsed.number,
            corner_number=parsed.corner_number,
            floor=parsed.floor,
            unit=parsed.unit,
            rest=(*parsed.rest, *_lone_letters(parsed)),
        )
        house = _with_gang(house)
        return as_flat(house) if parsed.in_building else _without_rooms(house)

    def _name(self, phrase: Phrase) -> Name | None:
        """A phrase as a name: without titles, and without areas where it says where, not what."""
        words = tuple(phrase.words)
        if phrase.kind in ("extra", "building"):
            words = self._without_areas(words) or (words if phrase.kind == "building" else ())
        elif phrase.kind == "free" and not phrase.numbered and self._is_area(words):
            words = ()
        bare = tuple(word for word in words if word not in listed("titles"))
        if not (words or phrase.numbers):
            return None
        return Name(bare or words, tuple(phrase.numbers), is_person=bool(bare) and bare != words)

    def _kind(self, phrase: Phrase, name: Name, names: Mapping[str, Name]) -> str:
        """What a phrase names; a second name of a kind is an extra one."""
        kind: str = phrase.kind
        if kind == "free" and not name.numbers and self._is_area(name.words):
            kind = "kampung"  # `Ngadirgo No 18` in Ngadirgo
        return "extra" if kind in names or _is_remark(phrase) else kind

    def _is_area(self, words: tuple[str, ...]) -> bool:
        """Whether words are names of areas and nothing else."""
        return self._first_of_areas(words) == 0

    def _without_areas(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Words without the names of areas at their end."""
        return words[: self._first_of_areas(words)]

    def _first_of_areas(self, words: tuple[str, ...]) -> int:
        """The first word from which on all are names of areas."""
        # From the end on: each place is asked once, however many ways lead to it.
        ends = {len(words)}
        for k in reversed(range(len(words))):
            lengths = range(1, min(_LONGEST, len(words) - k) + 1)
            if any(k + n in ends and "".join(words[k : k + n]) in self._areas for n in lengths):
                ends.add(k)
        return min(ends)


def _lone_letters(parsed: Parser) -> list[str]:
    """Letters, ``kiri`` and ``kanan`` behind the number: ``Mawar 5 (A)``."""
    extra = [phrase for phrase in parsed.phrases if phrase.kind == "extra"]
    words = [phrase.words[0] for phrase in extra if len(phrase.words) == 1]
    return [word for word in words if len(word) == 1 or word in listed("sides")]


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
    estate = house.estate
    if gang is None and estate is not None and estate.numbers and not (street or house.block):
        return house._replace(gang=Name((), estate.numbers), estate=Name(estate.words))
    return house


def _without_rooms(house: HouseAddress) -> HouseAddress:
    """A house without its floors and rooms, if it has a number: it is one house."""
    return house if house.number is None else house._replace(floor=None, unit="")
