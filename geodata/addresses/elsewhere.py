"""Other regencies and their kecamatan, so that a village of theirs is not taken for one of ours.

Names and codes of all provinces, regencies and cities, and of the kecamatan of Central Java and
Yogyakarta, are those of Kepmendagri 300.2.2-2138/2025 (facts, found in cahyadsn/wilayah), and a
few names in use (Solo, Jogja). Kecamatan of other provinces are not known here.
"""

import csv
import re
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from geodata.text.area_names import fold_name

_KIND: Final = re.compile(r"^(kota administrasi|kota|kabupaten|kab\.?)\s+", re.IGNORECASE)
_PROVINCE, _REGENCY, _KECAMATAN = 0, 1, 2


class Region(NamedTuple):
    """A province, a regency or a city; ``is_city`` is False for the others."""

    code: str
    is_city: bool


class Elsewhere(NamedTuple):
    """Folded names of what is not our city.

    Attributes
    ----------
    own
        Names that mean our own city or its province.
    regions
        Provinces and regencies of a name, ours not among them.
    kecamatan
        Codes of kecamatan of a name, ours not among them.
    """

    own: frozenset[str]
    own_is_city: bool
    regions: dict[str, list[Region]]
    kecamatan: dict[str, list[str]]

    def holds(self, region: Region, kecamatan: str) -> bool | None:
        """Whether a region has a kecamatan of that folded name; None where that is not known."""
        inside = [code for code in self.kecamatan.get(kecamatan, []) if _in(code, region.code)]
        known = any(_in(c, region.code) for codes in self.kecamatan.values() for c in codes)
        return bool(inside) if known else None


def elsewhere(kota_code: str, kota_name: str) -> Elsewhere:
    """All that is not the city of that code and name."""
    regions: dict[str, list[Region]] = defaultdict(list)
    kecamatan: dict[str, list[str]] = defaultdict(list)
    own = {fold_name(bare_name(kota_name))}
    for code, name in _rows():
        folded = fold_name(bare_name(name))
        if code == kota_code or _in(kota_code, code):
            own.add(folded)
        elif code.count(".") == _KECAMATAN and not _in(code, kota_code):
            kecamatan[folded].append(code)
        elif code.count(".") < _KECAMATAN:
            regions[folded].append(Region(code, is_city(name)))
    return Elsewhere(frozenset(own), is_city(kota_name), dict(regions), dict(kecamatan))


def bare_name(name: str) -> str:
    """A regency's name without what kind it is: ``Kota Semarang`` and ``Kab. Semarang`` alike."""
    return _KIND.sub("", name)


def is_city(name: str) -> bool:
    """Whether a name says it is a city's."""
    return name.casefold().startswith("kota")


def _in(code: str, parent: str) -> bool:
    return code.startswith(f"{parent}.")


@cache
def _rows() -> tuple[tuple[str, str], ...]:
    text = files("geodata.addresses").joinpath("elsewhere.csv").read_text(encoding="utf-8")
    return tuple((row["code"], row["name"]) for row in csv.DictReader(text.splitlines()))
