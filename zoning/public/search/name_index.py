"""The index of names: kelurahan with their RT, in the order of the colour file.

Most codes and names follow from the numbers of RW and RT, so the document has only the numbers.
The document has the code and the name of every other zone, and of every area that is no zone.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.addresses.names import Names
from geodata.areas import (
    OTHER,
    RtNumber,
    SmallestZone,
    rt_code,
    rt_name,
    rw_code,
    rw_name,
)
from geodata.boundaries import AreaTable
from geodata.once import once
from geodata.text.area_names import fold_name, spelling_variants

FORMAT: Final = 1
"""Changes with the form of the document; the scripts read one form."""
_REST: Final = "+"
"""A code that begins with the code of its parent is written as this sign and the rest."""
_REMARK: Final = re.compile(r"\s*\([^)]*\)\s*$")
"""A remark after the name of a city: ``Kota Semarang (contoh)``."""
_BYTES_A_ZONE: Final = 400
"""Approximate memory of a zone with its name, code and numbers."""


class ZoneName(NamedTuple):
    """A zone, or an area that is no zone; ``row`` is its row in `AreaTable.smallest_zones`."""

    code: str
    name: str
    rw: int | None
    rt: int | None
    is_zone: bool
    row: int


class Parent(NamedTuple):
    """A kecamatan."""

    code: str
    name: str


@dataclass(frozen=True)
class Kelurahan:
    """A kelurahan and the positions of its zones in `NameIndex.zones`.

    Attributes
    ----------
    kecamatan
        Position in `NameIndex.kecamatan`.
    regular
        Number of its zones whose code and name follow from their numbers; these come first.
    """

    code: str
    name: str
    kecamatan: int
    zones: range
    regular: int


class NameIndex:
    """Names, codes and numbers of one version of the boundaries. Safe for many threads.

    Attributes
    ----------
    boundaries
        Id of the boundaries.
    smallest
        Kind of the smallest zones.
    cities
        Names of the city.
    kecamatan, kelurahan
        In order of code.
    zones
        Every zone, and every area that is no zone, in the order of the colour file.
    """

    def __init__(self, areas: AreaTable) -> None:
        self.boundaries = areas.id
        self.smallest: SmallestZone = areas.smallest_zone
        self.zones_are_rw = areas.smallest_level == "rw"
        self.cities = [_REMARK.sub("", name) for name in areas.level("kota")["name"]]
        kelurahan = areas.level("kelurahan")
        parents = list(dict.fromkeys(kelurahan["parent"].tolist()))
        self.kecamatan = [Parent(code, areas.area(code).name) for code in parents]
        self.kelurahan: list[Kelurahan] = []
        self.zones: list[ZoneName] = []
        zones_by_kelurahan = _zones_by_kelurahan(areas)
        position_of = {code: position for position, code in enumerate(parents)}
        for code, name, parent in zip(
            *(kelurahan[column].tolist() for column in ("code", "name", "parent")), strict=True
        ):
            zones = zones_by_kelurahan.get(code, [])
            regular = sorted((z for z in zones if self._is_regular(code, z)), key=_numbers)
            others = [zone for zone in zones if not self._is_regular(code, zone)]
            start = len(self.zones)
            self.zones += [*regular, *others]
            positions = range(start, len(self.zones))
            self.kelurahan.append(
                Kelurahan(code, name, position_of[parent], positions, len(regular))
            )

    @property
    def nbytes(self) -> int:
        """Approximate memory in bytes."""
        return (len(self.zones) + len(self.kelurahan)) * _BYTES_A_ZONE

    @once
    def rows(self) -> NDArray[np.intp]:
        """Row in `AreaTable.smallest_zones` of each zone."""
        return np.array([zone.row for zone in self.zones], dtype=np.intp)

    @once
    def kelurahan_names(self) -> Names:
        """Search for names of kelurahan."""
        return Names(kelurahan.name for kelurahan in self.kelurahan)

    @once
    def kecamatan_names(self) -> Names:
        """Search for names of kecamatan."""
        return Names(parent.name for parent in self.kecamatan)

    @once
    def kelurahan_rows(self) -> dict[str, int]:
        """Position of each kelurahan by its code."""
        return {kelurahan.code: row for row, kelurahan in enumerate(self.kelurahan)}

    def document(self) -> dict[str, Any]:
        """The index for the scripts; docs/portal.md describes its form."""
        return {
            "format": FORMAT,
            "boundaries": self.boundaries,
            "zone": "rw" if self.zones_are_rw else "rt",
            "city": self.cities,
            "kecamatan": [
                {
                    "code": parent.code,
                    "name": parent.name,
                    **_spellings(parent.name),
                    "kelurahan": [
                        self._entry(kelurahan, parent)
                        for kelurahan in self.kelurahan
                        if kelurahan.kecamatan == position
                    ],
                }
                for position, parent in enumerate(self.kecamatan)
            ],
        }

    def _entry(self, kelurahan: Kelurahan, parent: Parent) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "code": _within(kelurahan.code, parent.code),
            "name": kelurahan.name,
            **_spellings(kelurahan.name),
        }
        zones = [self.zones[position] for position in kelurahan.zones]
        entry["rt"] = self._numbers_by_rw(zones[: kelurahan.regular])
        if others := zones[kelurahan.regular :]:
            entry["more"] = [
                [_within(zone.code, kelurahan.code), zone.name, zone.rw, zone.rt, int(zone.is_zone)]
                for zone in others
            ]
        return entry

    def _numbers_by_rw(self, zones: list[ZoneName]) -> list[int | list[int]]:
        """RT of RW 1, 2, ...: the number n of RT 1 to n, or a list of the RT; 0 for no such RW."""
        rts_by_rw: dict[int, list[int]] = defaultdict(list)
        for zone in zones:
            rts_by_rw[zone.rw or 0].append(zone.rt or 1)
        numbers = [rts_by_rw.get(rw, []) for rw in range(1, max(rts_by_rw, default=0) + 1)]
        return [len(rts) if rts == list(range(1, len(rts) + 1)) else rts for rts in numbers]

    def _is_regular(self, kelurahan: str, zone: ZoneName) -> bool:
        if zone.rw is None or not zone.is_zone:
            return False
        if self.zones_are_rw:
            expected = rw_code(kelurahan, zone.rw), rw_name(zone.rw)
        elif zone.rt is None:
            return False
        else:
            number = RtNumber(rw=zone.rw, rt=zone.rt)
            expected = rt_code(kelurahan, number), rt_name(number)
        return (zone.code, zone.name) == expected


def _spellings(name: str) -> dict[str, list[str]]:
    """Other spellings of a name, if there are any."""
    folded = fold_name(name)
    spellings = sorted(spelling_variants(folded) - {folded})
    return {"also": spellings} if spellings else {}


def _zones_by_kelurahan(areas: AreaTable) -> dict[str, list[ZoneName]]:
    """The smallest zones of each kelurahan, in order of code."""
    table = areas.smallest_zones
    rws, rts = (
        [None if pd.isna(number) else int(number) for number in table[column]]
        for column in ("rw", "rt")
    )
    zones: dict[str, list[ZoneName]] = defaultdict(list)
    columns = zip(
        areas.ancestors("kelurahan").tolist(),
        table["code"].tolist(),
        table["name"].tolist(),
        rws,
        rts,
        (table["kind"] != OTHER).tolist(),
        strict=True,
    )
    for row, (kelurahan, code, name, rw, rt, is_zone) in enumerate(columns):
        zones[kelurahan].append(ZoneName(code, name, rw, rt, is_zone, row))
    return zones


def _numbers(zone: ZoneName) -> tuple[int, int]:
    return zone.rw or 0, zone.rt or 0


def _within(code: str, parent: str) -> str:
    """A code, without the code of its parent where it begins with that code."""
    rest = code.removeprefix(parent)
    return code if rest == code else f"{_REST}{rest}"
