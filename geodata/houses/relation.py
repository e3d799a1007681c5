"""Whether two addresses in one RT are of one house: same, different, or not to be told.

Numbers decide first: another house number, block, gang or floor is another house. Then names:
a name that is missing says nothing, another name is another street. What remains unclear is said
to be so; nothing is guessed.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Final

from geodata.houses.address import HouseAddress, HouseNumber, Name
from geodata.houses.address_words import roman
from geodata.houses.flats import PER_FLOOR
from geodata.houses.names import compare_names
from geodata.houses.verdict import Verdict

__all__ = ["Verdict", "compare_houses", "shared_numbers"]

_KINDS: Final = ("street", "gang", "estate", "cluster", "kampung", "building")


class _Part(IntEnum):
    """How a part of two addresses compares; a part may be missing in both or in one."""

    NOWHERE = -2
    IN_ONE = -1
    DIFFERENT = int(Verdict.DIFFERENT)
    UNCLEAR = int(Verdict.UNCLEAR)
    SAME = int(Verdict.SAME)


def compare_houses(first: HouseAddress, second: HouseAddress) -> Verdict:
    """Whether two addresses in one RT are of one house.

    Returns
    -------
    Verdict
        ``SAME``, ``DIFFERENT``, or ``UNCLEAR`` where the text alone cannot tell. Symmetric; an
        address is the same as itself.
    """
    if first == second:
        return Verdict.SAME
    first_ways, second_ways = _ways_to_say(first), _ways_to_say(second)
    return max(_compare_ways(one, other) for one in first_ways for other in second_ways)


def _ways_to_say(house: HouseAddress) -> list[HouseAddress]:
    """A corner house with two numbers has two addresses."""
    if house.corner is None or house.corner_number is None:
        return [house]
    other = house._replace(
        street=house.corner, number=house.corner_number, corner=None, corner_number=None, gang=None
    )
    return [house, other]


def _compare_ways(first: HouseAddress, second: HouseAddress) -> Verdict:
    both_free = first.free is not None and second.free is not None
    for settle in (_with_free_name, _with_extra_name):
        first, second = settle(first, second), settle(second, first)
    number = _compare_numbers(first, second)
    block = _compare_blocks(first.block, second.block)
    names = {kind: _compare(getattr(first, kind), getattr(second, kind)) for kind in _KINDS}
    if _Part.DIFFERENT in (number, block):
        return Verdict.DIFFERENT
    if _Part.DIFFERENT in names.values():
        return _verdict_of_other_names(first, second, names)
    if first.rest and second.rest and sorted(first.rest) != sorted(second.rest):
        return Verdict.UNCLEAR
    names["building"] = _whole(names["building"])
    if block == _Part.SAME:
        whole = ("estate", "street") if both_free else ("estate",)
        names |= {kind: _whole(names[kind]) for kind in whole}
    parts = (number, block, *names.values())
    if _Part.UNCLEAR in parts or _Part.IN_ONE in (block, names["gang"], names["cluster"]):
        return Verdict.UNCLEAR
    return _by_names(block, names)


def _whole(part: _Part) -> _Part:
    """A name that may be the other taken for it: the rest of the address says as much."""
    return _Part.SAME if part == _Part.UNCLEAR else part


def _verdict_of_other_names(
    first: HouseAddress, second: HouseAddress, names: Mapping[str, _Part]
) -> Verdict:
    """The verdict where some names are other ones: a corner house has two streets."""
    others = {kind for kind, part in names.items() if part == _Part.DIFFERENT}
    if others == {"street"} and (_is_corner(first, second) or _is_corner(second, first)):
        return Verdict.UNCLEAR
    if others == {"kampung"} and names["street"] == _Part.SAME:
        return Verdict.UNCLEAR
    return Verdict.DIFFERENT


def _is_corner(house: HouseAddress, other: HouseAddress) -> bool:
    """Whether a house stands at the corner of the other's street."""
    return (
        house.corner is not None
        and other.street is not None
        and compare_names(house.corner, other.street) == Verdict.SAME
    )


def _by_names(block: _Part, names: Mapping[str, _Part]) -> Verdict:
    """The verdict where numbers agree and no name is another one."""
    same = _Part.SAME
    if same in (names["street"], names["gang"], block, names["building"]):
        return Verdict.SAME
    if names["street"] == _Part.IN_ONE:
        return Verdict.UNCLEAR
    if same in names.values():
        return Verdict.SAME
    said = {kind for kind, part in names.items() if part != _Part.NOWHERE}
    return Verdict.SAME if said <= {"kampung"} else Verdict.UNCLEAR


def _compare_numbers(first: HouseAddress, second: HouseAddress) -> _Part:
    one, other = first.number, second.number
    if one is None or other is None:
        return _Part.DIFFERENT  # no house, see `HouseReader`
    if one == other:
        return _compare_floors(first, second)
    if first.block and first.block == second.block and _is_flat(first, second):
        return _Part.UNCLEAR
    if one.last is not None or other.last is not None or "/" in one.suffix + other.suffix:
        return _compare_ranges(one, other)
    return _Part.DIFFERENT


def _compare_floors(first: HouseAddress, second: HouseAddress) -> _Part:
    if first.floor == second.floor:
        return _Part.SAME
    if None in (first.floor, second.floor):
        return _Part.UNCLEAR
    return _Part.DIFFERENT


def _is_flat(first: HouseAddress, second: HouseAddress) -> bool:
    """Whether one number is a flat's on its floor and the other says it with the floor."""
    numbers = [house.number.first for house in (first, second) if house.number is not None]
    low, high = sorted(numbers)
    return low < PER_FLOOR <= high and high % PER_FLOOR == low


def _compare_ranges(one: HouseNumber, other: HouseNumber) -> _Part:
    """Houses of several numbers, or of a number with a slash, that may mean two things."""
    if not _numbers_of(one) & _numbers_of(other) or _is_lettered(one) or _is_lettered(other):
        return _Part.DIFFERENT
    if (one.first, one.last) == (other.first, other.last) and one.suffix != other.suffix:
        return _Part.DIFFERENT
    return _Part.UNCLEAR


def _is_lettered(number: HouseNumber) -> bool:
    """Whether it is a single house with a letter: 162A is not in 160-162."""
    return number.last is None and number.suffix.isalpha()


def shared_numbers(house: HouseAddress) -> frozenset[int]:
    """Numbers of an address: two addresses without one in common are different houses."""
    if house.number is None:
        return frozenset()
    numbers = _numbers_of(house.number)
    if house.corner_number is not None:
        numbers |= _numbers_of(house.corner_number)
    if house.block and house.number.first > PER_FLOOR:
        numbers.add(house.number.first % PER_FLOOR)
    return frozenset(numbers)


def _numbers_of(number: HouseNumber) -> set[int]:
    last = number.last
    if number.suffix.startswith("/"):
        digits = "".join(filter(str.isdigit, number.suffix))
        return {number.first, int(digits)} if digits else {number.first}
    return {number.first} if last is None else set(range(number.first, last + 1))


def _compare_blocks(one: str, other: str) -> _Part:
    """Blocks; V may be a letter or a Roman numeral, and AI may be A1."""
    pairs = ((one, other), (other, one))
    if (
        one
        and other
        and one != other
        and any(_in_figures(a) == b or roman(a) == b for a, b in pairs)
    ):
        return _Part.UNCLEAR
    return _compare_texts(one, other)


def _in_figures(block: str) -> str | None:
    """``ai`` as ``a1``."""
    numeral = roman(block[1:]) if block.isalpha() else None
    return None if numeral is None else f"{block[0]}{numeral}"


def _compare_texts(one: str, other: str) -> _Part:
    if not one and not other:
        return _Part.NOWHERE
    if not one or not other:
        return _Part.IN_ONE
    return _Part.SAME if one == other else _Part.DIFFERENT


def _compare(one: Name | None, other: Name | None) -> _Part:
    if one is None and other is None:
        return _Part.NOWHERE
    if one is None or other is None:
        return _Part.IN_ONE
    return _Part(int(compare_names(one, other)))


def _with_free_name(house: HouseAddress, other: HouseAddress) -> HouseAddress:
    """An address whose free name is taken for what the other address says it is."""
    house = _with_block_as_gang(_with_letter_as_suffix(house, other), other)
    house = _with_letter_of_gang(house, other)
    gang = house.gang
    numbered = other.gang is not None and not other.gang.words
    if gang is not None and gang.words and gang.numbers and not house.street and numbered:
        # `Gg Sadewa 2 No 5` is `Sadewa II No 5`
        house = house._replace(gang=Name((), gang.numbers), free=house.free or Name(gang.words))
    if house.free is not None:
        house = _placed_name(house, "free", other, (Verdict.SAME, Verdict.UNCLEAR))
    if house.kampung is not None and other.kampung is None:
        house = _placed_name(house, "kampung", other, (Verdict.SAME,))
    if house.free is not None and house.street is None:
        return house._replace(free=None, street=house.free)
    if house.free is not None and house.estate is None:
        return house._replace(free=None, estate=house.free)
    return house._replace(free=None)


def _with_extra_name(house: HouseAddress, other: HouseAddress) -> HouseAddress:
    """The same for a name behind the number, where the other has that very name."""
    return house if house.extra is None else _placed_name(house, "extra", other, (Verdict.SAME,))


def _placed_name(
    house: HouseAddress, name: str, other: HouseAddress, verdicts: Sequence[Verdict]
) -> HouseAddress:
    """An address whose name of no kind has the kind of the other's name that it is like."""
    own = getattr(house, name)
    for verdict in verdicts:
        for kind in _KINDS:
            named = getattr(other, kind)
            is_open = getattr(house, kind) is None and named is not None
            if is_open and compare_names(own, named) == verdict:
                return house._replace(**{name: None, kind: own})
    return house


def _with_block_as_gang(house: HouseAddress, other: HouseAddress) -> HouseAddress:
    """``BPI Blok 12 No 3`` as ``BPI 12/3`` has it."""
    numbered = other.gang is not None and not other.gang.words and not other.block
    block = roman(house.block) or house.block
    if block.isdecimal() and house.gang is None and numbered:
        return house._replace(block="", gang=Name((), (block,)))
    return house


def _with_letter_of_gang(house: HouseAddress, other: HouseAddress) -> HouseAddress:
    """``Mawar V A No 3`` as ``Mawar VA No 3`` has it."""
    own, theirs = house.gang, other.gang
    if own is None or theirs is None or not own.numbers or other.block or not house.block.isalpha():
        return house
    lettered = (*own.numbers[:-1], own.numbers[-1] + house.block)
    if theirs.numbers != lettered:
        return house
    return house._replace(block="", gang=own._replace(numbers=lettered))


def _with_letter_as_suffix(house: HouseAddress, other: HouseAddress) -> HouseAddress:
    """``A5`` where the other is ``5A``: it may be typed for it, so both keep a doubtful form."""
    number, theirs = house.number, other.number
    if number is None or theirs is None or other.block or number.suffix:
        return house
    if house.block and house.block == theirs.suffix and number.first == theirs.first:
        return house._replace(block="", number=number._replace(suffix=f"/{house.block}"))
    return house
