"""Addresses: area codes from free text or from separate fields, never by a guess.

docs/addresses.md describes what the reader reads, how certain the result is, and how a person
decides ambiguous addresses.
"""

from geodata.addresses.columns import ColumnReader
from geodata.addresses.decisions import read_decisions, store_decision
from geodata.addresses.files import read_address_sheet
from geodata.addresses.reader import NONE_OF_THEM, AddressReader, Fields
from geodata.addresses.reading import AddressDoubt, AddressReading, Certainty

__all__ = [
    "NONE_OF_THEM",
    "AddressDoubt",
    "AddressReader",
    "AddressReading",
    "Certainty",
    "ColumnReader",
    "Fields",
    "read_address_sheet",
    "read_decisions",
    "store_decision",
]
