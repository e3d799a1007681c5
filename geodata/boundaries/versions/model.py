"""What boundaries are once they are known: areas of every level, one version of them.

Nothing here reads a file or mends a polygon; see ``read``, ``repair`` and ``assemble``.
"""

import hashlib
from dataclasses import dataclass
from typing import Any, Final, cast

import geopandas as gpd
import pandas as pd
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.areas import Level
from geodata.boundaries.projection import local_utm
from geodata.boundaries.versions.area_table import AREA_COLUMNS, AreaFacts, AreaTable
from geodata.once import once

WGS84: Final = "EPSG:4326"


@dataclass(frozen=True)
class Area(AreaFacts):
    """One area with its geometry."""

    geometry: BaseGeometry


@dataclass(frozen=True, eq=False)
class Boundaries(AreaTable):
    """One version of a city's areas, every level of them; made by `assemble`.

    Attributes
    ----------
    id
        16 hexadecimal digits, the same for the same areas whatever their order in a file.
    areas
        EPSG:4326: as in `AreaTable`, and ``geometry``.
    """

    areas: gpd.GeoDataFrame

    @once
    def leaves(self) -> gpd.GeoDataFrame:
        """As `AreaTable.leaves`, with their geometry."""
        return cast("gpd.GeoDataFrame", self._rows(self.areas["level"] == self.smallest_level))

    @once
    def metres(self) -> pyproj.CRS:
        """The UTM zone the city lies in, for lengths and areas."""
        return local_utm(self.areas.total_bounds)

    def level(self, level: Level) -> gpd.GeoDataFrame:
        """As `AreaTable.level`, with their geometry."""
        return cast("gpd.GeoDataFrame", super().level(level))

    def area(self, code: str) -> Area:
        """As `AreaTable.area`, with its geometry."""
        facts = self._facts(code)
        return Area(**facts, geometry=self.areas.geometry.iloc[self.row_of[code]])


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
