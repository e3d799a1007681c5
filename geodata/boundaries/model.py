"""What boundaries are once they are known: areas of every level, one version of them.

Nothing here reads a file or mends a polygon; see ``read``, ``repair`` and ``assemble``.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.areas import LEVELS, OTHER, SMALLEST_ZONES, Level, SmallestZone
from geodata.boundaries.projection import local_utm
from geodata.errors import NotFoundError

WGS84: Final = "EPSG:4326"
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
"""Columns of `Boundaries.areas` beside ``geometry``."""
AREA_TYPES: Final = {
    **dict.fromkeys(("code", "level", "kind", "name", "parent"), "str"),
    **dict.fromkeys(("rw", "rt"), "Int64"),
    "population": "float64",
}
"""Their types in pandas."""


class Area(NamedTuple):
    """One area; ``rw``, ``rt``, ``parent`` and ``population`` are None where there is none."""

    code: str
    level: Level
    kind: str
    name: str
    parent: str | None
    rw: int | None
    rt: int | None
    population: float | None
    geometry: BaseGeometry


@dataclass(frozen=True, eq=False)
class Boundaries:
    """One version of a city's areas, every level of them; made by `assemble`.

    Attributes
    ----------
    id
        16 hexadecimal digits, the same for the same areas whatever their order in a file.
    areas
        EPSG:4326, sorted by level (kota first), then code. Columns ``code``, ``level``, ``kind``
        (the level again, ``dusun``, ``sls``, or ``other``), ``name``, ``parent`` (null for the
        kota), ``rw``, ``rt`` (nullable integers), ``population`` (NaN unknown), ``geometry``.
    """

    id: str
    areas: gpd.GeoDataFrame

    @cached_property
    def leaves(self) -> gpd.GeoDataFrame:
        """Areas at the smallest level, the zones and areas of kind ``other``, by code.

        The smallest level is that of the RT, or of the RW where a city has no RT drawn. An area's
        row number here is its id inside the engine.
        """
        return self._rows(self.areas["level"] == self.smallest_level)

    @cached_property
    def smallest_level(self) -> Level:
        """Level of the leaves."""
        drawn = set(self.areas["level"].tolist())
        return next(level for level in reversed(LEVELS) if level in drawn)

    @cached_property
    def smallest_zone(self) -> SmallestZone:
        """Kind of the smallest zones: ``rt``, which the law means, or what is drawn instead."""
        return smallest_of(self.leaves["kind"])

    def is_smallest(self, level: Level) -> bool:
        """Whether a level is that of the smallest zones, which ``rt`` always is."""
        return level in {"rt", self.smallest_level}

    @cached_property
    def metres(self) -> pyproj.CRS:
        """The UTM zone the city lies in, for lengths and areas."""
        return local_utm(self.areas.total_bounds)

    def level(self, level: Level) -> gpd.GeoDataFrame:
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

    @cached_property
    def _above(self) -> dict[Level, NDArray[np.object_]]:
        """What `ancestors` found: a map of many days asks for each of them."""
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

    def area(self, code: str) -> Area:
        """One area.

        Raises
        ------
        NotFoundError
            If there is no area of that code.
        """
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
        return Area(
            code=str(found["code"]),
            level=found["level"],
            kind=str(found["kind"]),
            name=str(found["name"]),
            parent=None if pd.isna(found["parent"]) else str(found["parent"]),
            rw=None if pd.isna(found["rw"]) else int(found["rw"]),
            rt=None if pd.isna(found["rt"]) else int(found["rt"]),
            population=None if pd.isna(found["population"]) else float(found["population"]),
            geometry=found["geometry"],
        )

    def above(self, code: str) -> list[Area]:
        """The areas an area lies in, from its parent up.

        Raises
        ------
        NotFoundError
            If there is no area of that code.
        """
        found = []
        above = self.area(code).parent
        while above is not None:
            found.append(self.area(above))
            above = found[-1].parent
        return found

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Row number of each code in `areas`."""
        return {code: row for row, code in enumerate(self.areas["code"])}

    def _rows(self, chosen: "pd.Series[bool]") -> gpd.GeoDataFrame:
        return self.areas[chosen].sort_values("code", ignore_index=True)


def smallest_of(kinds: "pd.Series[str]") -> SmallestZone:
    """Kind of the smallest zones among leaves: RT, unless some leaf is another."""
    drawn = set(kinds.tolist())
    return next((kind for kind in reversed(SMALLEST_ZONES) if kind in drawn), "rt")


def identity(areas: gpd.GeoDataFrame) -> str:
    """Hash of what the areas are: 16 hexadecimal digits.

    Parameters
    ----------
    areas
        As in `Boundaries.areas`. Rings are normalised first: where a ring starts and which way
        it runs is no difference between two cities.
    """
    ordered = areas.sort_values("code", ignore_index=True)
    shapes = shapely.to_wkb(shapely.normalize(ordered.geometry.to_numpy()), byte_order=1)
    digest = hashlib.sha256()
    for row in zip(*(_texts(ordered[name]) for name in AREA_COLUMNS), shapes, strict=True):
        digest.update("\x1f".join(row[:-1]).encode())
        digest.update(row[-1])
    return digest.hexdigest()[:16]


def _texts(column: "pd.Series[Any]") -> list[str]:
    return ["" if pd.isna(cell) else str(cell) for cell in column.tolist()]
