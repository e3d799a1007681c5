"""Normalize addresses of flats: block or tower, and a number that includes the floor."""

import re
from typing import Final

from geodata.houses.address import HouseAddress, HouseNumber

PER_FLOOR: Final = 100
"""Flat numbers per floor: floor 12, number 5 is 1205."""


def normalize_flat(house: HouseAddress) -> HouseAddress:
    """Normalize a flat: ``Tower B Lt 12 No 5``, ``B-1205`` and ``B/12/5`` become equal."""
    house = _split_building_name(house)
    number = house.number
    unit_match = re.fullmatch(r"[a-z]*(\d+)([a-z]?)", house.unit)
    if unit_match and (number is None or house.street is not None):
        # In an address with a street, the other number is the building's.
        number = HouseNumber(int(unit_match[1]), unit_match[2])
    elif number is not None and house.floor is None:
        house, number = _split_floor(house, number)
    if number is not None and house.floor is not None and number.first < PER_FLOOR:
        floor_start = house.floor * PER_FLOOR
        last = None if number.last is None else floor_start + number.last
        number = number._replace(first=floor_start + number.first, last=last)
    return house._replace(number=number, unit="", floor=None if number else house.floor)


def _split_building_name(house: HouseAddress) -> HouseAddress:
    """Split ``Rusun Pekunden C/III/9``: the letter after the name is the block, III the floor."""
    name = house.building
    if name is None:
        return house
    if not house.block and len(name.words) > 1 and len(name.words[-1]) == 1:
        house = house._replace(block=name.words[-1])
        name = name._replace(words=name.words[:-1])
    for kind in ("building", "gang"):
        numbered_name = name if kind == "building" else house.gang
        if numbered_name is not None and house.floor is None and len(numbered_name.numbers) == 1:
            house = house._replace(floor=int(re.sub(r"\D", "", numbered_name.numbers[0])))
            name = name._replace(numbers=())
            house = house if kind == "building" else house._replace(gang=None)
    return house._replace(building=name)


def _split_floor(house: HouseAddress, number: HouseNumber) -> tuple[HouseAddress, HouseNumber]:
    """Split ``A/2/5`` and ``A2-05``: the floor comes before the number."""
    if slash := re.fullmatch(r"/(\d+)([a-z]?)", number.suffix):
        return house._replace(floor=number.first), HouseNumber(int(slash[1]), slash[2])
    block = re.fullmatch(r"([a-z])(\d{1,2})", house.block)
    if block and number.first < PER_FLOOR:
        return house._replace(block=block[1], floor=int(block[2])), number
    return house, number
