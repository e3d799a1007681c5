"""Which house an address names, and whether two addresses in one RT name one house."""

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
