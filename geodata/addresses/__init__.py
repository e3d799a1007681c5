"""Addresses: from a line of free text, or separate fields, to an area's code, never by a guess.

See docs/addresses.md for what is read, how certain, and how a person decides the rest.
"""

from geodata.addresses.columns import ColumnReader
from geodata.addresses.decisions import decide_address, decisions
from geodata.addresses.files import read_sheet
from geodata.addresses.reader import NONE_OF_THEM, AddressReader, Fields
from geodata.addresses.reading import Certainty, Doubt, Reading

__all__ = [
    "NONE_OF_THEM",
    "AddressReader",
    "Certainty",
    "ColumnReader",
    "Doubt",
    "Fields",
    "Reading",
    "decide_address",
    "decisions",
    "read_sheet",
]
