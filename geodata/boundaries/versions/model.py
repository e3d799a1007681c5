"""Boundaries: areas of all levels of one version, with geometry.

Files are read in ``files``, polygons are repaired and assembled in ``coverage``.
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
    """Areas of all levels of one version of the boundaries of a city; `assemble` makes them.

    Attributes
    ----------
    id
        16 hexadecimal digits; equal areas in any order of rows have the same id.
    areas
        As in `AreaTable`, with ``geometry`` in EPSG:4326.
    """

    areas: gpd.GeoDataFrame

    @once
    def smallest_zones(self) -> gpd.GeoDataFrame:
        """Like `AreaTable.smallest_zones`, with geometry."""
        return cast("gpd.GeoDataFrame", self._rows(self.areas["level"] == self.smallest_level))

    @once
    def metres(self) -> pyproj.CRS:
        """UTM zone of the city, for lengths and areas."""
        return local_utm(self.areas.total_bounds)

    def level(self, level: Level) -> gpd.GeoDataFrame:
        """Like `AreaTable.level`, with geometry."""
        return cast("gpd.GeoDataFrame", super().level(level))

    def area(self, code: str) -> Area:
        """Like `AreaTable.area`, with geometry."""
        facts = self._facts(code)
        return Area(**facts, geometry=self.areas.geometry.iloc[self.row_of[code]])


def identity(areas: gpd.GeoDataFrame) -> str:
    """Hash of areas: 16 hexadecimal digits of SHA-256.

    Parameters
    ----------
    areas
        As in `Boundaries.areas`. Rings are normalised: the first vertex and the direction of a
        ring do not change the hash.
    """
    ordered = areas.sort_values("code", ignore_index=True)
    geometries = shapely.to_wkb(shapely.normalize(ordered.geometry.to_numpy()), byte_order=1)
    digest = hashlib.sha256()
    for row in zip(*(_texts(ordered[name]) for name in AREA_COLUMNS), geometries, strict=True):
        digest.update("\x1f".join(row[:-1]).encode())
        digest.update(row[-1])
    return digest.hexdigest()[:16]


def _texts(column: "pd.Series[Any]") -> list[str]:
    return ["" if pd.isna(cell) else str(cell) for cell in column.tolist()]
