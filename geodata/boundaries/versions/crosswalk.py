"""From one version of the boundaries to another: which RT became which, by area.

For figures that are known by RT alone and must be carried over. Cases need none: they are placed
anew in whichever boundaries are asked for.
"""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.boundaries.versions.model import Boundaries

SLIVER: Final = 0.001
"""Share of an RT below which an overlap is how two people drew one line, and no change."""


def crosswalk(old: Boundaries, new: Boundaries) -> pd.DataFrame:
    """Share of each old RT, and other area of its level, in each new one.

    Returns
    -------
    DataFrame
        ``from, from_name, to, to_name, share, population``: a row for each pair that overlaps,
        by code. An area whose polygon is the same has one row of share 1.0, whatever its code is
        now. Shares of an old area add up to 1; the part that lies in no new area has the ``to``
        null. ``population`` is the old area's, in proportion; NaN where it is not known.
    """
    before, after = (each.leaves.to_crs(old.metres) for each in (old, new))
    row, column = _same(old.leaves, new.leaves)
    rest = np.setdiff1d(np.arange(len(before)), row)
    pairs = pd.DataFrame({"row": row, "column": column, "share": 1.0})
    overlaps = _overlaps(before.geometry.to_numpy(), after.geometry.to_numpy(), rest)
    return _named(pd.concat([pairs, overlaps], ignore_index=True), old.leaves, new.leaves)


def _same(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of areas whose polygons are the same to the last bit, wherever their rings begin."""
    wkb = [shapely.to_wkb(shapely.normalize(each.geometry.to_numpy())) for each in (old, new)]
    found = pd.Index(wkb[1]).get_indexer(pd.Index(wkb[0]))
    rows = np.flatnonzero(found >= 0)
    return rows, found[rows]


def _overlaps(
    old: NDArray[np.object_], new: NDArray[np.object_], rows: NDArray[np.intp]
) -> pd.DataFrame:
    """``row, column, share`` of some old areas; column -1 for what lies in no new one."""
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


def _named(pairs: pd.DataFrame, old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> pd.DataFrame:
    known = pairs["column"] >= 0
    row, column = pairs["row"].to_numpy(), pairs["column"].to_numpy()
    names = {
        "from": old["code"].to_numpy(object)[row],
        "from_name": old["name"].to_numpy(object)[row],
        "to": pd.Series(new["code"].to_numpy(object)[column]).where(known, None),
        "to_name": pd.Series(new["name"].to_numpy(object)[column]).where(known, None),
        "share": pairs["share"],
        "population": old["population"].to_numpy()[row] * pairs["share"],
    }
    return pd.DataFrame(names).sort_values(["from", "to"], ignore_index=True)
