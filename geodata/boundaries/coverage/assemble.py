"""From named polygons to boundaries: parents are dissolved from the leaves, never drawn twice.

The polygons must already be a coverage; see ``repair``.
"""

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import LEVELS, Level, rw_name
from geodata.boundaries.coverage.topology import united
from geodata.boundaries.files.columns import CANONICAL, Columns
from geodata.boundaries.files.naming import name_areas
from geodata.boundaries.files.smallest_zones import LEVEL_OF
from geodata.boundaries.versions.area_table import AREA_COLUMNS, AREA_TYPES, smallest_of
from geodata.boundaries.versions.model import WGS84, Boundaries, identity
from geodata.errors import BoundaryError

_PARENTS: Final[tuple[Level, ...]] = LEVELS[:-1]


def assemble(frame: gpd.GeoDataFrame, columns: Columns = CANONICAL) -> Boundaries:
    """Areas of every level from polygons of the RT that already are a coverage.

    Parameters
    ----------
    frame
        EPSG:4326, as `read_polygons` gives it.
    columns
        Which column says what.

    Raises
    ------
    BoundaryError
        If a column is missing or codes do not nest; see `name_areas`.
    """
    return gather(name_areas(frame, columns))


def gather(leaves: gpd.GeoDataFrame) -> Boundaries:
    """Areas of every level from leaves that have their codes and names; see `name_areas`.

    Leaves lie at the level of their kind: a city whose smallest zones are RW has no areas below.

    Rows of the same code become one area; see `merged_codes`.
    """
    whole = _merge(leaves)
    level = LEVEL_OF[smallest_of(whole["kind"])]
    own = whole.assign(level=level, parent=whole["rw_code"].fillna(whole["kelurahan_code"]))
    above = [one for one in _PARENTS if one != level]
    parts = [_dissolve(whole, one) for one in above if whole[f"{one}_code"].notna().any()] + [own]
    areas = pd.concat([part[[*AREA_COLUMNS, "geometry"]] for part in parts], ignore_index=True)
    _refuse_shared_codes(areas["code"])
    framed = gpd.GeoDataFrame(areas.astype(AREA_TYPES), geometry="geometry", crs=WGS84)
    return Boundaries(identity(framed), framed)


def merged_codes(leaves: gpd.GeoDataFrame) -> dict[str, int]:
    """RT drawn in several rows, and in how many.

    They become one area: a code names one zone with one colour, programs that export one part a
    row write an RT of two parts like that, and refusing would keep a whole city out for one
    label. A slip of the pen looks the same, so whoever loads boundaries reports these.
    """
    counts = leaves["code"].value_counts()
    return {str(code): int(n) for code, n in counts[counts > 1].sort_index().items()}


def _merge(leaves: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One row a code, by code."""
    ordered = leaves.sort_values("code", kind="stable", ignore_index=True)
    if ordered["code"].is_unique:
        return ordered
    groups = ordered.groupby("code", sort=True)
    merged = groups.first().drop(columns="geometry")
    merged["population"] = groups["population"].sum(min_count=1)
    shapes = _unions(ordered, groups.indices)
    return gpd.GeoDataFrame(merged.reset_index(), geometry=shapes, crs=WGS84)


def _dissolve(leaves: gpd.GeoDataFrame, level: Level) -> gpd.GeoDataFrame:
    """Areas of one level above the leaves, by code."""
    inside = leaves[leaves["rw_code"].notna()] if level == "rw" else leaves
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
    above = LEVELS[LEVELS.index(level) - 1]
    return [str(code) for code in first[f"{above}_code"]]


def _unions(frame: gpd.GeoDataFrame, groups: Mapping[Any, Any]) -> NDArray[np.object_]:
    """One union a group of row numbers, in the order of the groups' keys."""
    shapes = frame.geometry.to_numpy()
    unions = [united(shapes[groups[key]]) for key in sorted(groups)]
    found = np.empty(len(unions), dtype=object)
    found[:] = unions
    return found


def _refuse_shared_codes(codes: "pd.Series[str]") -> None:
    twice = sorted(codes[codes.duplicated()].unique())
    if twice:
        raise BoundaryError(
            "shared-code",
            f"{len(twice)} codes name two areas of different levels, {twice[0]} for one. "
            "Give every level codes of its own, with --kota-code, --kecamatan-code or "
            "--kelurahan-code.",
            indonesian=f"{len(twice)} kode menamai dua wilayah yang berbeda tingkat, misalnya "
            f"{twice[0]}. Beri setiap tingkat kodenya sendiri dengan --kota-code, "
            "--kecamatan-code atau --kelurahan-code.",
        )
