"""Compare two house addresses in an RT: same, different or unclear.

Numbers decide first: a different house number, block, gang or floor is a different house. Names
decide next: a missing name is no difference, a different name is a different street. Other pairs
are unclear; nothing is guessed.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Final

from geodata.houses.address import HouseAddress, HouseNumber, Name
from geodata.houses.address_words import roman_to_digits
from geodata.houses.flats import PER_FLOOR
from geodata.houses.names import compare_names
from geodata.houses.verdict import Verdict

__all__ = ["Verdict", "compare_houses", "shared_numbers"]

_KINDS: Final = ("street", "gang", "estate", "cluster", "kampung", "building")


class _Comparison(IntEnum):
    """Result for one part of two addresses; the part may be missing in one or in both."""

    MISSING_IN_BOTH = -2
    MISSING_IN_ONE = -1
    DIFFERENT = int(Verdict.DIFFERENT)
    UNCLEAR = int(Verdict.UNCLEAR)
    SAME = int(Verdict.SAME)


def compare_houses(first: HouseAddress, second: HouseAddress) -> Verdict:
    """Whether two addresses in an RT are the same house.

    Returns
    -------
    Verdict
        ``SAME``, ``DIFFERENT``, or ``UNCLEAR`` if the text does not decide. Symmetric; an address
        is the same as itself.
    """
    if first == second:
        return Verdict.SAME
    first_addresses, second_addresses = _all_addresses(first), _all_addresses(second)
    return max(
        _compare_addresses(first_address, second_address)
        for first_address in first_addresses
        for second_address in second_addresses
    )


def _all_addresses(house: HouseAddress) -> list[HouseAddress]:
    """Addresses of one house: two for a corner house with two numbers."""
    if house.corner is None or house.corner_number is None:
        return [house]
    corner_address = house._replace(
        street=house.corner, number=house.corner_number, corner=None, corner_number=None, gang=None
    )
    return [house, corner_address]


def _compare_addresses(first: HouseAddress, second: HouseAddress) -> Verdict:
    both_free = first.free is not None and second.free is not None
    for assign_kind in (_assign_free_name, _assign_extra_name):
        first, second = assign_kind(first, second), assign_kind(second, first)
    number = _compare_numbers(first, second)
    block = _compare_blocks(first.block, second.block)
    names = {
        kind: _compare_name_parts(getattr(first, kind), getattr(second, kind)) for kind in _KINDS
    }
    if _Comparison.DIFFERENT in (number, block):
        return Verdict.DIFFERENT
    if _Comparison.DIFFERENT in names.values():
        return _classify_different_names(first, second, names)
    if (
        first.other_numbers
        and second.other_numbers
        and sorted(first.other_numbers) != sorted(second.other_numbers)
    ):
        return Verdict.UNCLEAR
    names["building"] = _unclear_as_same(names["building"])
    if block == _Comparison.SAME:
        certain_kinds = ("estate", "street") if both_free else ("estate",)
        names |= {kind: _unclear_as_same(names[kind]) for kind in certain_kinds}
    parts = (number, block, *names.values())
    if _Comparison.UNCLEAR in parts or _Comparison.MISSING_IN_ONE in (
        block,
        names["gang"],
        names["cluster"],
    ):
        return Verdict.UNCLEAR
    return _classify_equal_numbers(block, names)


def _unclear_as_same(part: _Comparison) -> _Comparison:
    """Take an unclear name as the same name: the other parts of the address agree."""
    return _Comparison.SAME if part == _Comparison.UNCLEAR else part


def _classify_different_names(
    first: HouseAddress, second: HouseAddress, names: Mapping[str, _Comparison]
) -> Verdict:
    """Verdict for addresses with different names; a corner house has two streets."""
    different_kinds = {kind for kind, part in names.items() if part == _Comparison.DIFFERENT}
    if different_kinds == {"street"} and (_is_corner(first, second) or _is_corner(second, first)):
        return Verdict.UNCLEAR
    if different_kinds == {"kampung"} and names["street"] == _Comparison.SAME:
        return Verdict.UNCLEAR
    return Verdict.DIFFERENT


def _is_corner(house: HouseAddress, other: HouseAddress) -> bool:
    """Whether the corner street of a house is the street of the other house."""
    return (
        house.corner is not None
        and other.street is not None
        and compare_names(house.corner, other.street) == Verdict.SAME
    )


def _classify_equal_numbers(block: _Comparison, names: Mapping[str, _Comparison]) -> Verdict:
    """Verdict for addresses with equal numbers and no different name."""
    same = _Comparison.SAME
    if same in (names["street"], names["gang"], block, names["building"]):
        return Verdict.SAME
    if names["street"] == _Comparison.MISSING_IN_ONE:
        return Verdict.UNCLEAR
    if same in names.values():
        return Verdict.SAME
    named_kinds = {kind for kind, part in names.items() if part != _Comparison.MISSING_IN_BOTH}
    return Verdict.SAME if named_kinds <= {"kampung"} else Verdict.UNCLEAR


def _compare_numbers(first: HouseAddress, second: HouseAddress) -> _Comparison:
    first_number, second_number = first.number, second.number
    if first_number is None or second_number is None:
        return _Comparison.DIFFERENT  # `HouseReader` gives no such address
    if first_number == second_number:
        return _compare_floors(first, second)
    if first.block and first.block == second.block and _may_be_same_flat(first, second):
        return _Comparison.UNCLEAR
    if (
        first_number.last is not None
        or second_number.last is not None
        or "/" in first_number.suffix + second_number.suffix
    ):
        return _compare_ranges(first_number, second_number)
    return _Comparison.DIFFERENT


def _compare_floors(first: HouseAddress, second: HouseAddress) -> _Comparison:
    if first.floor == second.floor:
        return _Comparison.SAME
    if None in (first.floor, second.floor):
        return _Comparison.UNCLEAR
    return _Comparison.DIFFERENT


def _may_be_same_flat(first: HouseAddress, second: HouseAddress) -> bool:
    """Whether one number is the flat on its floor (5) and the other includes the floor (1205)."""
    numbers = [house.number.first for house in (first, second) if house.number is not None]
    low, high = sorted(numbers)
    return low < PER_FLOOR <= high and high % PER_FLOOR == low


def _compare_ranges(first: HouseNumber, second: HouseNumber) -> _Comparison:
    """Compare ranges of numbers, and numbers with a slash, which are ambiguous."""
    if not _number_set(first) & _number_set(second) or _is_lettered(first) or _is_lettered(second):
        return _Comparison.DIFFERENT
    if (first.first, first.last) == (second.first, second.last) and first.suffix != second.suffix:
        return _Comparison.DIFFERENT
    return _Comparison.UNCLEAR


def _is_lettered(number: HouseNumber) -> bool:
    """Whether a number is single and has a letter: 162A is not in 160-162."""
    return number.last is None and number.suffix.isalpha()


def shared_numbers(house: HouseAddress) -> frozenset[int]:
    """Numbers of an address; addresses without a common number are different houses."""
    if house.number is None:
        return frozenset()
    numbers = _number_set(house.number)
    if house.corner_number is not None:
        numbers |= _number_set(house.corner_number)
    if house.block and house.number.first > PER_FLOOR:
        numbers.add(house.number.first % PER_FLOOR)
    return frozenset(numbers)


def _number_set(number: HouseNumber) -> set[int]:
    last = number.last
    if number.suffix.startswith("/"):
        digits = "".join(filter(str.isdigit, number.suffix))
        return {number.first, int(digits)} if digits else {number.first}
    return {number.first} if last is None else set(range(number.first, last + 1))


def _compare_blocks(first: str, second: str) -> _Comparison:
    """Compare blocks; V may be a letter or a Roman numeral, and AI may be A1."""
    pairs = ((first, second), (second, first))
    if (
        first
        and second
        and first != second
        and any(
            _letter_and_digits(left) == right or roman_to_digits(left) == right
            for left, right in pairs
        )
    ):
        return _Comparison.UNCLEAR
    return _compare_texts(first, second)


def _letter_and_digits(block: str) -> str | None:
    """Convert ``ai`` to ``a1``."""
    numeral = roman_to_digits(block[1:]) if block.isalpha() else None
    return None if numeral is None else f"{block[0]}{numeral}"


def _compare_texts(first: str, second: str) -> _Comparison:
    if not first and not second:
        return _Comparison.MISSING_IN_BOTH
    if not first or not second:
        return _Comparison.MISSING_IN_ONE
    return _Comparison.SAME if first == second else _Comparison.DIFFERENT


def _compare_name_parts(first: Name | None, second: Name | None) -> _Comparison:
    if first is None and second is None:
        return _Comparison.MISSING_IN_BOTH
    if first is None or second is None:
        return _Comparison.MISSING_IN_ONE
    return _Comparison(int(compare_names(first, second)))


def _assign_free_name(house: HouseAddress, other: HouseAddress) -> HouseAddress:
    """Give the free name of an address the kind that the name has in the other address."""
    house = _block_to_gang(_letter_to_suffix(house, other), other)
    house = _letter_to_gang(house, other)
    gang = house.gang
    numbered = other.gang is not None and not other.gang.words
    if gang is not None and gang.words and gang.numbers and not house.street and numbered:
        # `Gg Sadewa 2 No 5` is `Sadewa II No 5`
        house = house._replace(gang=Name((), gang.numbers), free=house.free or Name(gang.words))
    if house.free is not None:
        house = _assign_name(house, "free", other, (Verdict.SAME, Verdict.UNCLEAR))
    if house.kampung is not None and other.kampung is None:
        house = _assign_name(house, "kampung", other, (Verdict.SAME,))
    if house.free is not None and house.street is None:
        return house._replace(free=None, street=house.free)
    if house.free is not None and house.estate is None:
        return house._replace(free=None, estate=house.free)
    return house._replace(free=None)


def _assign_extra_name(house: HouseAddress, other: HouseAddress) -> HouseAddress:
    """Give a name after the number the kind that the same name has in the other address."""
    return house if house.extra is None else _assign_name(house, "extra", other, (Verdict.SAME,))


def _assign_name(
    house: HouseAddress, name: str, other: HouseAddress, verdicts: Sequence[Verdict]
) -> HouseAddress:
    """Move a name without a kind to the kind of the matching name in the other address."""
    name_value = getattr(house, name)
    for verdict in verdicts:
        for kind in _KINDS:
            other_name = getattr(other, kind)
            is_missing = getattr(house, kind) is None and other_name is not None
            if is_missing and compare_names(name_value, other_name) == verdict:
                return house._replace(**{name: None, kind: name_value})
    return house


def _block_to_gang(house: HouseAddress, other: HouseAddress) -> HouseAddress:
    """Write ``BPI Blok 12 No 3`` like ``BPI 12/3``: block 12 becomes gang 12."""
    numbered = other.gang is not None and not other.gang.words and not other.block
    block = roman_to_digits(house.block) or house.block
    if block.isdecimal() and house.gang is None and numbered:
        return house._replace(block="", gang=Name((), (block,)))
    return house


def _letter_to_gang(house: HouseAddress, other: HouseAddress) -> HouseAddress:
    """Write ``Mawar V A No 3`` like ``Mawar VA No 3``: the letter moves to the gang."""
    gang, other_gang = house.gang, other.gang
    if (
        gang is None
        or other_gang is None
        or not gang.numbers
        or other.block
        or not house.block.isalpha()
    ):
        return house
    lettered = (*gang.numbers[:-1], gang.numbers[-1] + house.block)
    if other_gang.numbers != lettered:
        return house
    return house._replace(block="", gang=gang._replace(numbers=lettered))


def _letter_to_suffix(house: HouseAddress, other: HouseAddress) -> HouseAddress:
    """Write ``A5`` as ``5/A`` if the other address has ``5A``: a typing error is possible."""
    number, other_number = house.number, other.number
    if number is None or other_number is None or other.block or number.suffix:
        return house
    if house.block and house.block == other_number.suffix and number.first == other_number.first:
        return house._replace(block="", number=number._replace(suffix=f"/{house.block}"))
    return house
