"""Names of Indonesia's provinces, regencies and cities by their Kemendagri codes."""

import csv
from functools import cache
from importlib.resources import files
from typing import Final

_SHARED_CODE_PROVINCES: Final = ("33", "34")
"""Central Java and Yogyakarta: their regencies have the same codes at BPS and Kemendagri."""
_COLLOQUIAL_NAMES: Final = frozenset({"Kota Solo", "Kabupaten Ungaran"})
"""Names in common use that are not official."""


def regency_name(code: str) -> str | None:
    """Name of a regency or city: ``Kota Semarang`` for ``33.74``; None if the code is unknown.

    A code without dots may be a BPS code. BPS has other numbers for regencies in some provinces
    (``1101``), so such a code is looked up only in provinces with the same codes.
    """
    if len(code) == 4 and code.isdigit() and code[:2] in _SHARED_CODE_PROVINCES:
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
        if row["code"].count(".") == 1 and row["name"] not in _COLLOQUIAL_NAMES
    }


def _rows() -> list[dict[str, str]]:
    # Kepmendagri 300.2.2-2138/2025; see `geodata.addresses.other_regions`.
    text = files("geodata").joinpath("addresses/elsewhere.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
