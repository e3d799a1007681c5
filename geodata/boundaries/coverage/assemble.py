"""Assemble boundaries from named polygons: parents are dissolved from the smallest zones.

The polygons must already be a coverage; see ``repair``.
"""

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import LEVELS, Level, rw_name
from geodata.boundaries.coverage.topology import union_coverage
from geodata.boundaries.files.columns import CANONICAL, Columns
from geodata.boundaries.files.naming import name_areas
from geodata.boundaries.files.smallest_zones import LEVEL_OF
from geodata.boundaries.versions.area_table import AREA_COLUMNS, AREA_TYPES, smallest_kind
from geodata.boundaries.versions.model import WGS84, Boundaries, identity
from geodata.errors import BoundaryError

_PARENT_LEVELS: Final[tuple[Level, ...]] = LEVELS[:-1]


def assemble(frame: gpd.GeoDataFrame, columns: Columns = CANONICAL) -> Boundaries:
    """Areas of all levels from polygons of RT; the polygons must be a coverage.

    Parameters
    ----------
    frame
        EPSG:4326, from `read_polygons`.
    columns
        Names of the columns.

    Raises
    ------
    BoundaryError
        For a missing column or codes that do not nest; see `name_areas`.
    """
    return build_boundaries(name_areas(frame, columns))


def build_boundaries(zones: gpd.GeoDataFrame) -> Boundaries:
    """Areas of all levels from smallest zones with codes and names; see `name_areas`.

    The kind of the smallest zones gives their level: a city of RW has no areas below. Rows of the
    same code become one area; see `merged_codes`.
    """
    merged = _merge(zones)
    level = LEVEL_OF[smallest_kind(merged["kind"])]
    smallest = merged.assign(level=level, parent=merged["rw_code"].fillna(merged["kelurahan_code"]))
    parent_levels = [parent_level for parent_level in _PARENT_LEVELS if parent_level != level]
    level_frames = [
        _dissolve(merged, parent_level)
        for parent_level in parent_levels
        if merged[f"{parent_level}_code"].notna().any()
    ] + [smallest]
    areas = pd.concat(
        [level_frame[[*AREA_COLUMNS, "geometry"]] for level_frame in level_frames],
        ignore_index=True,
    )
    _check_shared_codes(areas["code"])
    frame = gpd.GeoDataFrame(areas.astype(AREA_TYPES), geometry="geometry", crs=WGS84)
    return Boundaries(identity(frame), frame)


def merged_codes(zones: gpd.GeoDataFrame) -> dict[str, int]:
    """Codes with several rows, and the number of rows.

    The rows become one area: a code names one zone with one colour, and some programs export an RT
    of two parts as two rows. An error would keep out a whole city for one label. But a wrong label
    looks the same, so the commands that load boundaries report these codes.
    """
    counts = zones["code"].value_counts()
    return {str(code): int(count) for code, count in counts[counts > 1].sort_index().items()}


def _merge(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Merge rows with the same code; rows in order of code."""
    ordered = zones.sort_values("code", kind="stable", ignore_index=True)
    if ordered["code"].is_unique:
        return ordered
    groups = ordered.groupby("code", sort=True)
    merged = groups.first().drop(columns="geometry")
    merged["population"] = groups["population"].sum(min_count=1)
    geometries = _unions(ordered, groups.indices)
    return gpd.GeoDataFrame(merged.reset_index(), geometry=geometries, crs=WGS84)


def _dissolve(zones: gpd.GeoDataFrame, level: Level) -> gpd.GeoDataFrame:
    """Areas of one level above the smallest zones, in order of code."""
    inside = zones[zones["rw_code"].notna()] if level == "rw" else zones
    inside = inside.reset_index(drop=True)
    groups = inside.groupby(f"{level}_code", sort=True)
    first = groups.first()
    rows = pd.DataFrame(
        {
            "code": first.index.to_numpy(),
            "level": level,
            "kind": level,
            "name": _names(first, level),
            "parent": _parents(first, level),
            "rw": first["rw"].to_numpy() if level == "rw" else None,
            "rt": None,
            "population": groups["population"].sum(min_count=1).to_numpy(),
        }
    )
    return gpd.GeoDataFrame(rows, geometry=_unions(inside, groups.indices), crs=WGS84)


def _names(first: pd.DataFrame, level: Level) -> list[str]:
    if level == "rw":
        return [rw_name(int(rw)) for rw in first["rw"]]
    return [str(name) for name in first[f"{level}_name"]]


def _parents(first: pd.DataFrame, level: Level) -> list[str | None]:
    if level == "kota":
        return [None] * len(first)
    parent_level = LEVELS[LEVELS.index(level) - 1]
    return [str(code) for code in first[f"{parent_level}_code"]]


def _unions(frame: gpd.GeoDataFrame, groups: Mapping[Any, Any]) -> NDArray[np.object_]:
    """Union of each group of row numbers, in order of the keys."""
    geometries = frame.geometry.to_numpy()
    unions = [union_coverage(geometries[groups[key]]) for key in sorted(groups)]
    array = np.empty(len(unions), dtype=object)
    array[:] = unions
    return array


def _check_shared_codes(codes: "pd.Series[str]") -> None:
    shared = sorted(codes[codes.duplicated()].unique())
    if shared:
        raise BoundaryError(
            "shared-code",
            f"{len(shared)} codes name two areas of different levels, for example {shared[0]}. "
            "Give every level its own codes, with --kota-code, --kecamatan-code or "
            "--kelurahan-code.",
            indonesian=f"{len(shared)} kode menamai dua wilayah yang berbeda tingkat, misalnya "
            f"{shared[0]}. Beri setiap tingkat kodenya sendiri dengan --kota-code, "
            "--kecamatan-code atau --kelurahan-code.",
        )
