"""Gazetteer of a city: every meaning of a name, for the address reader.

Has the names of kelurahan and kecamatan, of the city itself and of other regencies. Does not
decide which words of an address are names.
"""

from functools import cached_property, lru_cache
from typing import Final, NamedTuple

import numpy as np

from geodata.addresses.names import Names, Rows
from geodata.addresses.other_regions import OtherRegions, Region, other_regions
from geodata.areas import OTHER
from geodata.boundaries import Boundaries
from geodata.text.area_names import fold_name

_NONE: Final[Rows] = frozenset()
_MAX_WORDS: Final = 3
"""Words of the longest names of areas."""
_RT_NUMBERS: Final = 100
"""RT numbers 0 to 99 mean their RW in a city without RT boundaries; 0 stands for no number."""


class Meaning(NamedTuple):
    """All meanings of a folded name.

    Attributes
    ----------
    kelurahan, kecamatan
        Rows of kelurahan and kecamatan.
    is_own
        Whether the name is the name of this city or of its province.
    regions
        Other regencies, cities and provinces.
    is_other_kecamatan
        Whether a kecamatan of another regency has the name.
    """

    kelurahan: Rows
    kecamatan: Rows
    is_own: bool
    regions: tuple[Region, ...]
    is_other_kecamatan: bool


class Gazetteer:
    """Names, codes and numbers of one version of the boundaries.

    Attributes
    ----------
    kelurahan_codes, kelurahan_names
        Codes and names of the kelurahan, in order of code.
    kecamatan_rows
        Row of the kecamatan of each kelurahan.
    """

    def __init__(self, boundaries: Boundaries) -> None:
        kelurahan, kecamatan = boundaries.level("kelurahan"), boundaries.level("kecamatan")
        self.kelurahan_codes: list[str] = kelurahan["code"].tolist()
        self.kelurahan_names: list[str] = kelurahan["name"].tolist()
        self.kecamatan_codes: list[str] = kecamatan["code"].tolist()
        self.kecamatan_names: list[str] = kecamatan["name"].tolist()
        row_by_code = {code: row for row, code in enumerate(self.kecamatan_codes)}
        self.kecamatan_rows = [row_by_code[code] for code in kelurahan["parent"]]
        city = boundaries.level("kota").iloc[0]
        self.other_regions: OtherRegions = other_regions(str(city["code"]), str(city["name"]))
        self.kelurahan, self.kecamatan = Names(self.kelurahan_names), Names(self.kecamatan_names)
        self._boundaries = boundaries
        # Short texts and small sets: about 10 MB, which `IndexedBoundaries.nbytes` includes.
        self.meaning = lru_cache(1 << 14)(self._meaning)
        self.within = lru_cache(1 << 10)(self._within)

    def _within(self, kecamatan: Rows) -> Rows:
        """Rows of the kelurahan in the given kecamatan."""
        return frozenset(
            row
            for row, kecamatan_row in enumerate(self.kecamatan_rows)
            if kecamatan_row in kecamatan
        )

    @property
    def zones_are_rw(self) -> bool:
        """Whether RW are the smallest zones; an address with an RT number then lies in its RW."""
        return self._boundaries.smallest_level == "rw"

    @cached_property
    def rts(self) -> dict[tuple[int, int, int], int]:
        """Row of each RT in the smallest zones, by row of the kelurahan, RW and RT (0 for none)."""
        zones = self._boundaries.smallest_zones
        row_by_code = {code: row for row, code in enumerate(self.kelurahan_codes)}
        kelurahan_by_zone = self._boundaries.ancestors("kelurahan").tolist()
        has_numbers = ((zones["kind"] != OTHER) & zones["rw"].notna()).to_numpy()
        numbers = zones[["rw", "rt"]].fillna(0).astype("int64")
        rws, rts = (numbers[name].tolist() for name in ("rw", "rt"))
        row_by_numbers: dict[tuple[int, int, int], int] = {}
        for zone in np.flatnonzero(has_numbers).tolist():
            for rt in range(_RT_NUMBERS) if self.zones_are_rw else (rts[zone],):
                row_by_numbers.setdefault(
                    (row_by_code[kelurahan_by_zone[zone]], rws[zone], rt), zone
                )
        return row_by_numbers

    @cached_property
    def zone_codes(self) -> list[str]:
        """Codes of the smallest zones."""
        codes: list[str] = self._boundaries.smallest_zones["code"].tolist()
        return codes

    @cached_property
    def rt_codes(self) -> frozenset[str]:
        """Codes of all RT."""
        return frozenset(self.zone_codes[zone] for zone in self.rts.values())

    def longest(self, words: tuple[str, ...], start: int) -> tuple[Meaning, int] | None:
        """Find the longest name that begins at a word; return its meaning and the next position."""
        for count in range(min(_MAX_WORDS, len(words) - start), 0, -1):
            meaning = self.meaning("".join(words[start : start + count]))
            if meaning is not None:
                return meaning, start + count
        return None

    def coded(self, text: str, codes: list[str]) -> Rows:
        """Rows of the area whose code the text is, with or without dots."""
        digits = "".join(filter(str.isdigit, text))
        if not digits or text.strip(" .-0123456789"):
            return _NONE
        return frozenset(
            row for row, area_code in enumerate(codes) if area_code.replace(".", "") == digits
        )

    def _meaning(self, joined: str) -> Meaning | None:
        folded = fold_name(joined)
        others = self.other_regions
        meaning = Meaning(
            self.kelurahan.exact(folded),
            self.kecamatan.exact(folded),
            folded in others.own_names,
            tuple(others.regions.get(folded, ())),
            folded in others.kecamatan,
        )
        return meaning if any(meaning) else None
