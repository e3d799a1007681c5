"""Names of Indonesia's provinces, regencies and cities by their Kemendagri codes."""

import csv
from functools import cache
from importlib.resources import files
from typing import Final

_ALIKE: Final = ("33", "34")
"""Provinces (Central Java, Yogyakarta) whose regencies have one code at BPS and Kemendagri."""
_IN_USE: Final = frozenset({"Kota Solo", "Kabupaten Ungaran"})
"""Names people use for a city that is called otherwise."""


def regency_name(code: str) -> str | None:
    """Name of a regency or city: ``Kota Semarang`` of ``33.74``; None where it is not known.

    A code without dots may be of BPS, whose regencies have other numbers in some provinces
    (``1101``), so it is looked up only where the two agree.
    """
    if len(code) == 4 and code.isdigit() and code[:2] in _ALIKE:
        code = f"{code[:2]}.{code[2:]}"
    return _names().get(code)


@cache
def province_names() -> frozenset[str]:
    """Official names of the provinces."""
    return frozenset(row["name"] for row in _rows() if row["code"].isdigit())


@cache
def _names() -> dict[str, str]:
    """Official name of each code of a regency."""
    return {
        row["code"]: row["name"]
        for row in _rows()
        if row["code"].count(".") == 1 and row["name"] not in _IN_USE
    }


def _rows() -> list[dict[str, str]]:
    # Kepmendagri 300.2.2-2138/2025; see `geodata.addresses.other_regions`.
    text = files("geodata").joinpath("addresses/elsewhere.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
