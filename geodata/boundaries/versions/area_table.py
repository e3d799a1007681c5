"""Boundaries without geometry: codes, names, parents, levels and kinds of areas.

Sufficient for counts, colours and explanations: a history over many versions of the boundaries
loads no geometry.
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
"""Pandas types of `AREA_COLUMNS`."""
_MEMORY_FACTOR: Final = 3
"""Approximate memory of the table and its derived values, as a multiple of the table."""


@dataclass(frozen=True)
class AreaFacts:
    """One area; ``rw``, ``rt``, ``parent`` and ``population`` are None for no value."""

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
    """Areas of all levels of one version of the boundaries, without geometry.

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
        """Approximate memory in bytes, derived values included."""
        columns = self.areas[[*AREA_COLUMNS]]
        return _MEMORY_FACTOR * int(columns.memory_usage(deep=True).sum())

    @once
    def smallest_zones(self) -> pd.DataFrame:
        """Smallest zones and areas of kind ``other``, in order of code.

        These are the areas of the level ``rt``, or ``rw`` in a city without RT boundaries. The row
        number of an area in this table is its id inside the engine.
        """
        return self._rows(self.areas["level"] == self.smallest_level)

    @once
    def smallest_level(self) -> Level:
        """Level of the smallest zones."""
        present_levels = set(self.areas["level"].tolist())
        return next(level for level in reversed(LEVELS) if level in present_levels)

    @once
    def smallest_zone(self) -> SmallestZone:
        """Kind of the smallest zones: ``rt`` as in the law, or the kind that the city has."""
        return smallest_kind(self.smallest_zones["kind"])

    def is_smallest(self, level: Level) -> bool:
        """Whether a level is the level of the smallest zones; ``rt`` always is."""
        return level in {"rt", self.smallest_level}

    def level(self, level: Level) -> pd.DataFrame:
        """Areas of one level in order of code, without areas of kind ``other``.

        The level ``rt`` gives the smallest zones, also in a city of RW or dusun.
        """
        area_level = self.smallest_level if level == "rt" else level
        return self._rows((self.areas["level"] == area_level) & (self.areas["kind"] != OTHER))

    def ancestors(self, level: Level) -> NDArray[np.object_]:
        """Code of the ancestor of every smallest zone at a level.

        Returns
        -------
        ndarray of object, shape ``(n,)``
            An area is its own ancestor at its own level. None if the area has no ancestor at the
            level: a market has a kelurahan, but no RW.
        """
        if level not in self._ancestors_by_level:
            self._ancestors_by_level[level] = self._find_ancestors(level)
        return self._ancestors_by_level[level].copy()

    @once
    def _ancestors_by_level(self) -> dict[Level, NDArray[np.object_]]:
        """Cache of `ancestors`, one array per level: a map of many days needs them repeatedly."""
        return {}

    def _find_ancestors(self, level: Level) -> NDArray[np.object_]:
        target_depth = LEVELS.index(level)
        # Lists, because iteration over Arrow strings is slow.
        codes, parents, level_names = (
            self.areas[name].tolist() for name in ("code", "parent", "level")
        )
        parent = dict(zip(codes, parents, strict=True))
        levels = dict(zip(codes, level_names, strict=True))
        ancestor_by_code: dict[str, str | None] = {}
        if level != "rt" and level == self.smallest_level:
            codes_or_none = self.smallest_zones["code"].to_numpy(dtype=object)
            codes_or_none[(self.smallest_zones["kind"] == OTHER).to_numpy()] = None
            return codes_or_none
        starts = self.smallest_zones["code" if level == "rt" else "parent"].tolist()
        for code in dict.fromkeys(starts):
            if level == "rt":
                ancestor_by_code[code] = code
                continue
            ancestor = code
            while LEVELS.index(levels[ancestor]) > target_depth:
                ancestor = parent[ancestor]
            ancestor_by_code[code] = ancestor if levels[ancestor] == level else None
        return np.array([ancestor_by_code[code] for code in starts], dtype=object)

    def area(self, code: str) -> AreaFacts:
        """Area with a code.

        Raises
        ------
        NotFoundError
            ``no-area``.
        """
        return AreaFacts(**self._facts(code))

    def above(self, code: str) -> list[AreaFacts]:
        """Ancestors of an area, from its parent to the kota.

        Raises
        ------
        NotFoundError
            ``no-area``.
        """
        ancestors: list[AreaFacts] = []
        parent_code = self.area(code).parent
        while parent_code is not None:
            ancestors.append(self.area(parent_code))
            parent_code = ancestors[-1].parent
        return ancestors

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
        facts = self.areas.iloc[row]
        return {
            "code": str(facts["code"]),
            "level": facts["level"],
            "kind": str(facts["kind"]),
            "name": str(facts["name"]),
            "parent": None if pd.isna(facts["parent"]) else str(facts["parent"]),
            "rw": None if pd.isna(facts["rw"]) else int(facts["rw"]),
            "rt": None if pd.isna(facts["rt"]) else int(facts["rt"]),
            "population": None if pd.isna(facts["population"]) else float(facts["population"]),
        }

    @once
    def row_of(self) -> dict[str, int]:
        """Row number in `areas` of each code."""
        return {code: row for row, code in enumerate(self.areas["code"])}

    @once
    def zone_row_of(self) -> dict[str, int]:
        """Row number in `smallest_zones` of each code."""
        return {code: row for row, code in enumerate(self.smallest_zones["code"])}

    def _rows(self, is_selected: "pd.Series[bool]") -> pd.DataFrame:
        return self.areas[is_selected].sort_values("code", ignore_index=True)


def smallest_kind(kinds: "pd.Series[str]") -> SmallestZone:
    """Kind of the smallest zones: ``rt``, unless an area has another kind of `SMALLEST_ZONES`."""
    present_kinds = set(kinds.tolist())
    return next((kind for kind in reversed(SMALLEST_ZONES) if kind in present_kinds), "rt")
