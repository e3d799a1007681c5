"""What a city's areas are called, and what else is called so: one lookup for the reader.

Knows names of kelurahan and kecamatan, of the city itself and of other regencies; which words of
an address are names at all is not decided here.
"""

from functools import cached_property, lru_cache
from typing import Final, NamedTuple

import numpy as np

from geodata.addresses.elsewhere import Elsewhere, Region, elsewhere
from geodata.addresses.names import Names, Rows
from geodata.areas import OTHER
from geodata.boundaries import Boundaries
from geodata.text.area_names import fold_name

_NONE: Final[Rows] = frozenset()
_LONGEST: Final = 3
"""Words of the longest names."""
_MOST_RT: Final = 100
"""Numbers of RT, 0 for none said, that are taken for one of an RW where no RT is drawn."""


class Meaning(NamedTuple):
    """Everything a folded name can mean.

    Attributes
    ----------
    villages, districts
        Rows of kelurahan and kecamatan.
    own
        Whether it is our city's name, or its province's.
    regions
        Other regencies, cities and provinces.
    far_district
        Whether a kecamatan of another regency is called so.
    """

    villages: Rows
    districts: Rows
    own: bool
    regions: tuple[Region, ...]
    far_district: bool


class Gazetteer:
    """Names, codes and numbers of one version of the boundaries.

    Attributes
    ----------
    village_codes, village_names
        Of the kelurahan, by code.
    district_of
        Row of the kecamatan each kelurahan lies in.
    """

    def __init__(self, boundaries: Boundaries) -> None:
        villages, districts = boundaries.level("kelurahan"), boundaries.level("kecamatan")
        self.village_codes: list[str] = villages["code"].tolist()
        self.village_names: list[str] = villages["name"].tolist()
        self.district_codes: list[str] = districts["code"].tolist()
        self.district_names: list[str] = districts["name"].tolist()
        row_of = {code: row for row, code in enumerate(self.district_codes)}
        self.district_of = [row_of[code] for code in villages["parent"]]
        kota = boundaries.level("kota").iloc[0]
        self.elsewhere: Elsewhere = elsewhere(str(kota["code"]), str(kota["name"]))
        self.villages, self.districts = Names(self.village_names), Names(self.district_names)
        self._boundaries = boundaries
        # Short texts and small sets: some 10 MB, which `Ground.nbytes` counts.
        self.meaning = lru_cache(1 << 14)(self._meaning)
        self.within = lru_cache(1 << 10)(self._within)

    def _within(self, districts: Rows) -> Rows:
        """Rows of the kelurahan in some kecamatan."""
        return frozenset(r for r, above in enumerate(self.district_of) if above in districts)

    @property
    def zones_are_rw(self) -> bool:
        """Whether RW are the smallest zones: whoever names an RT of one lies in that."""
        return self._boundaries.smallest_level == "rw"

    @cached_property
    def rts(self) -> dict[tuple[int, int, int], int]:
        """Row in the leaves of each RT, by row of the kelurahan, RW and RT (0 for none said)."""
        leaves = self._boundaries.leaves
        row_of = {code: row for row, code in enumerate(self.village_codes)}
        above = self._boundaries.ancestors("kelurahan").tolist()
        is_rt = ((leaves["kind"] != OTHER) & leaves["rw"].notna()).to_numpy()
        numbers = leaves[["rw", "rt"]].fillna(0).astype("int64")
        rws, rts = (numbers[name].tolist() for name in ("rw", "rt"))
        found: dict[tuple[int, int, int], int] = {}
        for leaf in np.flatnonzero(is_rt).tolist():
            for rt in range(_MOST_RT) if self.zones_are_rw else (rts[leaf],):
                found.setdefault((row_of[above[leaf]], rws[leaf], rt), leaf)
        return found

    @cached_property
    def leaf_codes(self) -> list[str]:
        """Code of every leaf."""
        codes: list[str] = self._boundaries.leaves["code"].tolist()
        return codes

    @cached_property
    def rt_codes(self) -> frozenset[str]:
        """Codes of all RT."""
        return frozenset(self.leaf_codes[leaf] for leaf in self.rts.values())

    def longest(self, words: tuple[str, ...], start: int) -> tuple[Meaning, int] | None:
        """The longest name that begins at a word, and the word after it."""
        for count in range(min(_LONGEST, len(words) - start), 0, -1):
            found = self.meaning("".join(words[start : start + count]))
            if found is not None:
                return found, start + count
        return None

    def coded(self, text: str, codes: list[str]) -> Rows:
        """Rows of the area whose code a text is, dots or not."""
        digits = "".join(filter(str.isdigit, text))
        if not digits or text.strip(" .-0123456789"):
            return _NONE
        return frozenset(r for r, c in enumerate(codes) if c.replace(".", "") == digits)

    def _meaning(self, joined: str) -> Meaning | None:
        folded = fold_name(joined)
        far = self.elsewhere
        found = Meaning(
            self.villages.exact(folded),
            self.districts.exact(folded),
            folded in far.own,
            tuple(far.regions.get(folded, ())),
            folded in far.kecamatan,
        )
        return found if any(found) else None
