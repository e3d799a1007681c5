"""Houses: the house of an address, and whether two addresses in an RT are the same house."""

from geodata.houses.address import HouseAddress, HouseNumber, Name
from geodata.houses.reader import HouseReader
from geodata.houses.relation import compare_houses, shared_numbers
from geodata.houses.verdict import Verdict

__all__ = [
    "HouseAddress",
    "HouseNumber",
    "HouseReader",
    "Name",
    "Verdict",
    "compare_houses",
    "shared_numbers",
]
