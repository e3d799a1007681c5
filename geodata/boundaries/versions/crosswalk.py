"""Crosswalk between two versions of the boundaries: shares of old RT in new RT, by area.

For figures per RT that move to new boundaries. Cases need no crosswalk: they are placed again in
the requested boundaries.
"""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.boundaries.versions.model import Boundaries

SLIVER: Final = 0.001
"""Share of an RT below which an overlap is a drawing difference, not a change."""


def crosswalk(old: Boundaries, new: Boundaries) -> pd.DataFrame:
    """Share of each old smallest zone in each new smallest zone.

    Returns
    -------
    DataFrame
        ``from, from_name, to, to_name, share, population``: one row for each pair that overlaps,
        in order of code. An area with an unchanged polygon has one row of share 1.0, even with a
        new code. The shares of an old area add up to 1; ``to`` is null for the part outside all
        new areas. ``population`` is the share of the old population; NaN for unknown.
    """
    old_zones, new_zones = (
        boundaries.smallest_zones.to_crs(old.metres) for boundaries in (old, new)
    )
    row, column = _identical_areas(old.smallest_zones, new.smallest_zones)
    changed_rows = np.setdiff1d(np.arange(len(old_zones)), row)
    pairs = pd.DataFrame({"row": row, "column": column, "share": 1.0})
    overlaps = _overlaps(old_zones.geometry.to_numpy(), new_zones.geometry.to_numpy(), changed_rows)
    return _with_names(
        pd.concat([pairs, overlaps], ignore_index=True), old.smallest_zones, new.smallest_zones
    )


def _identical_areas(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of areas with identical polygons; the first vertex of a ring may differ."""
    wkb = [shapely.to_wkb(shapely.normalize(areas.geometry.to_numpy())) for areas in (old, new)]
    columns = pd.Index(wkb[1]).get_indexer(pd.Index(wkb[0]))
    rows = np.flatnonzero(columns >= 0)
    return rows, columns[rows]


def _overlaps(
    old: NDArray[np.object_], new: NDArray[np.object_], rows: NDArray[np.intp]
) -> pd.DataFrame:
    """``row, column, share`` of some old areas; column -1 for the part outside all new areas."""
    position, column = shapely.STRtree(new).query(old[rows], predicate="intersects")
    row = rows[position]
    share = shapely.area(shapely.intersection(old[row], new[column])) / shapely.area(old[row])
    pairs = pd.DataFrame({"row": row, "column": column, "share": share})
    pairs = pairs[pairs["share"] >= SLIVER]
    inside = pairs.groupby("row")["share"].sum().reindex(rows, fill_value=0.0)
    outside = inside[inside < 1 - SLIVER]
    lost = pd.DataFrame({"row": outside.index, "column": -1, "share": 1 - outside.to_numpy()})
    pairs = pd.concat([pairs, lost], ignore_index=True)
    pairs["share"] /= pairs.groupby("row")["share"].transform("sum")
    return pairs


def _with_names(pairs: pd.DataFrame, old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> pd.DataFrame:
    has_target = pairs["column"] >= 0
    row, column = pairs["row"].to_numpy(), pairs["column"].to_numpy()
    columns = {
        "from": old["code"].to_numpy(object)[row],
        "from_name": old["name"].to_numpy(object)[row],
        "to": pd.Series(new["code"].to_numpy(object)[column]).where(has_target, None),
        "to_name": pd.Series(new["name"].to_numpy(object)[column]).where(has_target, None),
        "share": pairs["share"],
        "population": old["population"].to_numpy()[row] * pairs["share"],
    }
    return pd.DataFrame(columns).sort_values(["from", "to"], ignore_index=True)
