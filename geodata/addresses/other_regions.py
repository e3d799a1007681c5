"""Names of other provinces, regencies and kecamatan: they mark addresses outside the city.

Names and codes of all provinces, regencies and cities, and of the kecamatan of Central Java and
Yogyakarta, come from Kepmendagri 300.2.2-2138/2025 (facts, as listed in cahyadsn/wilayah); a few
common names (Solo, Jogja) are added. Kecamatan of other provinces are not listed.
"""

import csv
import re
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from geodata.text.area_names import fold_name

_KIND_PREFIX: Final = re.compile(r"^(kota administrasi|kota|kabupaten|kab\.?)\s+", re.IGNORECASE)
_PROVINCE, _REGENCY, _KECAMATAN = 0, 1, 2


class Region(NamedTuple):
    """A province, a regency or a city; ``is_city`` is True for a city only."""

    code: str
    is_city: bool


class OtherRegions(NamedTuple):
    """Folded names of regions outside one city.

    Attributes
    ----------
    own_names
        Names of the city itself and of its province.
    own_is_city
        Whether the city's own name begins with ``Kota``.
    regions
        Other provinces and regencies of each name.
    kecamatan
        Codes of other kecamatan of each name.
    """

    own_names: frozenset[str]
    own_is_city: bool
    regions: dict[str, list[Region]]
    kecamatan: dict[str, list[str]]

    def has_kecamatan(self, region: Region, kecamatan: str) -> bool | None:
        """Whether a region has a kecamatan of a folded name; None if it has no list."""
        codes_inside = [
            code for code in self.kecamatan.get(kecamatan, []) if _is_inside(code, region.code)
        ]
        has_list = any(
            _is_inside(c, region.code) for codes in self.kecamatan.values() for c in codes
        )
        return bool(codes_inside) if has_list else None


def other_regions(kota_code: str, kota_name: str) -> OtherRegions:
    """Regions outside the city of a code and a name."""
    regions: dict[str, list[Region]] = defaultdict(list)
    kecamatan: dict[str, list[str]] = defaultdict(list)
    own_names = {fold_name(bare_name(kota_name))}
    for code, name in _csv_rows():
        folded = fold_name(bare_name(name))
        if code == kota_code or _is_inside(kota_code, code):
            own_names.add(folded)
        elif code.count(".") == _KECAMATAN and not _is_inside(code, kota_code):
            kecamatan[folded].append(code)
        elif code.count(".") < _KECAMATAN:
            regions[folded].append(Region(code, is_city(name)))
    return OtherRegions(frozenset(own_names), is_city(kota_name), dict(regions), dict(kecamatan))


def bare_name(name: str) -> str:
    """Remove the kind from a regency's name: ``Kota Semarang`` becomes ``Semarang``."""
    return _KIND_PREFIX.sub("", name)


def is_city(name: str) -> bool:
    """Whether a name begins with ``Kota``."""
    return name.casefold().startswith("kota")


def _is_inside(code: str, parent: str) -> bool:
    return code.startswith(f"{parent}.")


@cache
def _csv_rows() -> tuple[tuple[str, str], ...]:
    text = files("geodata.addresses").joinpath("elsewhere.csv").read_text(encoding="utf-8")
    return tuple((row["code"], row["name"]) for row in csv.DictReader(text.splitlines()))
