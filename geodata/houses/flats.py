"""Flats, however they are written: the block or tower, and a number with the floor in it."""

import re
from typing import Final

from geodata.houses.address import HouseAddress, HouseNumber

PER_FLOOR: Final = 100
"""Numbers of flats that a floor has: floor 12, number 5 is 1205."""


def as_flat(house: HouseAddress) -> HouseAddress:
    """An address in a building: ``Tower B Lt 12 No 5``, ``B-1205`` and ``B/12/5`` are one."""
    house = _with_block(house)
    number = house.number
    unit = re.fullmatch(r"[a-z]*(\d+)([a-z]?)", house.unit)
    if unit and (number is None or house.street is not None):
        # With a street, the other number is the building's.
        number = HouseNumber(int(unit[1]), unit[2])
    elif number is not None and house.floor is None:
        house, number = _with_floor(house, number)
    if number is not None and house.floor is not None and number.first < PER_FLOOR:
        below = house.floor * PER_FLOOR
        last = None if number.last is None else below + number.last
        number = number._replace(first=below + number.first, last=last)
    return house._replace(number=number, unit="", floor=None if number else house.floor)


def _with_block(house: HouseAddress) -> HouseAddress:
    """``Rusun Pekunden C/III/9``: a letter behind the name is the block, a numeral the floor."""
    name = house.building
    if name is None:
        return house
    if not house.block and len(name.words) > 1 and len(name.words[-1]) == 1:
        house = house._replace(block=name.words[-1])
        name = name._replace(words=name.words[:-1])
    for kind in ("building", "gang"):
        numbered = name if kind == "building" else house.gang
        if numbered is not None and house.floor is None and len(numbered.numbers) == 1:
            house = house._replace(floor=int(re.sub(r"\D", "", numbered.numbers[0])))
            name = name._replace(numbers=())
            house = house if kind == "building" else house._replace(gang=None)
    return house._replace(building=name)


def _with_floor(house: HouseAddress, number: HouseNumber) -> tuple[HouseAddress, HouseNumber]:
    """``A/2/5`` and ``A2-05``: the floor before the number."""
    if slash := re.fullmatch(r"/(\d+)([a-z]?)", number.suffix):
        return house._replace(floor=number.first), HouseNumber(int(slash[1]), slash[2])
    block = re.fullmatch(r"([a-z])(\d{1,2})", house.block)
    if block and number.first < PER_FLOOR:
        return house._replace(block=block[1], floor=int(block[2])), number
    return house, number
