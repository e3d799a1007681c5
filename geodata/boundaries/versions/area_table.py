"""The light part of boundaries: codes, names, parents, levels and kinds; no geometry.

Enough for counts, colours and explanations: a history over many versions of the boundaries loads
this alone.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import LEVELS, OTHER, SMALLEST_ZONES, Level, SmallestZone
from geodata.errors import NotFoundError
from geodata.once import once

AREA_COLUMNS: Final = (
    "code",
    "level",
    "kind",
    "name",
    "parent",
    "rw",
    "rt",
    "population",
)
"""Columns of `AreaTable.areas`."""
AREA_TYPES: Final = {
    **dict.fromkeys(("code", "level", "kind", "name", "parent"), "str"),
    **dict.fromkeys(("rw", "rt"), "Int64"),
    "population": "float64",
}
"""Their types in pandas."""
_DERIVED: Final = 3
"""Times the table's own bytes that it takes with all that is derived from it, about."""


@dataclass(frozen=True)
class AreaFacts:
    """One area; ``rw``, ``rt``, ``parent`` and ``population`` are None where there is none."""

    code: str
    level: Level
    kind: str
    name: str
    parent: str | None
    rw: int | None
    rt: int | None
    population: float | None


@dataclass(frozen=True, eq=False)
class AreaTable:
    """The areas of one version of the boundaries, every level of them, without their geometry.

    Attributes
    ----------
    id
        See `geodata.boundaries.Boundaries`.
    areas
        Sorted by level (kota first), then code. Columns ``code``, ``level``, ``kind`` (the level
        again, ``dusun``, ``sls``, or ``other``), ``name``, ``parent`` (null for the kota), ``rw``,
        ``rt`` (nullable integers), ``population`` (NaN unknown).
    """

    id: str
    areas: pd.DataFrame

    @property
    def nbytes(self) -> int:
        """Memory with what is derived from it, in bytes, about."""
        columns = self.areas[[*AREA_COLUMNS]]
        return _DERIVED * int(columns.memory_usage(deep=True).sum())

    @once
    def leaves(self) -> pd.DataFrame:
        """Areas at the smallest level, the zones and areas of kind ``other``, by code.

        The smallest level is that of the RT, or of the RW where a city has no RT drawn. An area's
        row number here is its id inside the engine.
        """
        return self._rows(self.areas["level"] == self.smallest_level)

    @once
    def smallest_level(self) -> Level:
        """Level of the leaves."""
        drawn = set(self.areas["level"].tolist())
        return next(level for level in reversed(LEVELS) if level in drawn)

    @once
    def smallest_zone(self) -> SmallestZone:
        """Kind of the smallest zones: ``rt``, which the law means, or what is drawn instead."""
        return smallest_of(self.leaves["kind"])

    def is_smallest(self, level: Level) -> bool:
        """Whether a level is that of the smallest zones, which ``rt`` always is."""
        return level in {"rt", self.smallest_level}

    def level(self, level: Level) -> pd.DataFrame:
        """Areas of one level by code, without those of kind ``other``.

        At level ``rt`` the smallest zones, also where these are RW or dusun.
        """
        drawn = self.smallest_level if level == "rt" else level
        return self._rows((self.areas["level"] == drawn) & (self.areas["kind"] != OTHER))

    def ancestors(self, level: Level) -> NDArray[np.object_]:
        """Codes of every leaf's ancestor.

        Returns
        -------
        ndarray of object, shape ``(leaves,)``
            An area's own code at its own level; None where it belongs to no area of that level
            (a market belongs to a kelurahan, to no RW).
        """
        if level not in self._above:
            self._above[level] = self._climb(level)
        return self._above[level].copy()

    @once
    def _above(self) -> dict[Level, NDArray[np.object_]]:
        """What `ancestors` found: a map of many days asks for each of them. One for each level."""
        return {}

    def _climb(self, level: Level) -> NDArray[np.object_]:
        depth = LEVELS.index(level)
        # As lists: a column of Arrow strings is slow to walk.
        codes, parents, found_at = (self.areas[c].tolist() for c in ("code", "parent", "level"))
        parent = dict(zip(codes, parents, strict=True))
        levels = dict(zip(codes, found_at, strict=True))
        above: dict[str, str | None] = {}
        if level != "rt" and level == self.smallest_level:
            own = self.leaves["code"].to_numpy(dtype=object)
            own[(self.leaves["kind"] == OTHER).to_numpy()] = None
            return own
        starts = self.leaves["code" if level == "rt" else "parent"].tolist()
        for code in dict.fromkeys(starts):
            if level == "rt":
                above[code] = code
                continue
            found = code
            while LEVELS.index(levels[found]) > depth:
                found = parent[found]
            above[code] = found if levels[found] == level else None
        return np.array([above[code] for code in starts], dtype=object)

    def area(self, code: str) -> AreaFacts:
        """One area.

        Raises
        ------
        NotFoundError
            If there is no area of that code.
        """
        return AreaFacts(**self._facts(code))

    def above(self, code: str) -> list[AreaFacts]:
        """The areas an area lies in, from its parent up.

        Raises
        ------
        NotFoundError
            If there is no area of that code.
        """
        found: list[AreaFacts] = []
        above = self.area(code).parent
        while above is not None:
            found.append(self.area(above))
            above = found[-1].parent
        return found

    def _facts(self, code: str) -> dict[str, Any]:
        row = self.row_of.get(code)
        if row is None:
            raise NotFoundError(
                "no-area",
                "There is no area of that code here. Codes look like 33.74.06.1010 for a "
                "kelurahan and 33.74.06.1010-014-002 for an RT; /zones lists them all.",
                indonesian="Tidak ada wilayah dengan kode itu di sini. Kode kelurahan ditulis "
                "seperti 33.74.06.1010, kode RT seperti 33.74.06.1010-014-002; semuanya ada di "
                "/zones.",
            )
        found = self.areas.iloc[row]
        return {
            "code": str(found["code"]),
            "level": found["level"],
            "kind": str(found["kind"]),
            "name": str(found["name"]),
            "parent": None if pd.isna(found["parent"]) else str(found["parent"]),
            "rw": None if pd.isna(found["rw"]) else int(found["rw"]),
            "rt": None if pd.isna(found["rt"]) else int(found["rt"]),
            "population": None if pd.isna(found["population"]) else float(found["population"]),
        }

    @once
    def row_of(self) -> dict[str, int]:
        """Row number of each code in `areas`."""
        return {code: row for row, code in enumerate(self.areas["code"])}

    def _rows(self, chosen: "pd.Series[bool]") -> pd.DataFrame:
        return self.areas[chosen].sort_values("code", ignore_index=True)


def smallest_of(kinds: "pd.Series[str]") -> SmallestZone:
    """Kind of the smallest zones among leaves: RT, unless some leaf is another."""
    drawn = set(kinds.tolist())
    return next((kind for kind in reversed(SMALLEST_ZONES) if kind in drawn), "rt")
