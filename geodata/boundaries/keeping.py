"""Boundaries in the store: never changed once kept; those loaded last are in force."""

import json
from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pyarrow as pa
import shapely

from geodata.areas import LEVELS
from geodata.boundaries.model import AREA_COLUMNS, AREA_TYPES, WGS84, Boundaries
from geodata.errors import NotFoundError
from geodata.store import Store

_NEWEST: Final = "select boundaries from boundary_version order by recorded_at desc limit 1"
_KNOWN: Final = "select recorded_at from boundary_version where boundaries = $1 limit 1"
_ADD_VERSION: Final = "insert into boundary_version values ($1, $2, $3, $4)"
_ADD_AREAS: Final = """
insert into area (boundaries, code, level, kind, name, parent, rw, rt, population, geometry)
select boundaries, code, level, kind, name, parent, rw, rt, population, geometry
from stage order by code
"""
_AREAS: Final = """
select code, level, kind, name, parent, rw, rt, population, geometry
from area where boundaries = $1
"""


def save_boundaries(
    store: Store, boundaries: Boundaries, source: str, report: Mapping[str, Any]
) -> bool:
    """Keep a version of the boundaries; it becomes the one in force.

    Parameters
    ----------
    source
        Name of the file they came from.
    report
        What repair changed, in square metres; kept as JSON.

    Returns
    -------
    bool
        False where these boundaries are the newest already; nothing is written then.
    """
    with store.transaction() as work:
        newest = work.read(_NEWEST)["boundaries"].to_pylist()
        if newest == [boundaries.id]:
            return False
        known = work.read(_KNOWN, boundaries.id).num_rows > 0
        text = json.dumps(report, ensure_ascii=False, default=str)
        work.execute(_ADD_VERSION, boundaries.id, work.moment, source, text)
        if not known:
            work.append(_ADD_AREAS, _stage(boundaries))
    return True


def load_boundaries(store: Store, identity: str | None = None) -> Boundaries:
    """Boundaries as they were kept.

    Parameters
    ----------
    identity
        `Boundaries.id`; the newest where it is not given.

    Raises
    ------
    NotFoundError
        ``no-boundaries`` if there are none, or none of that id.
    """
    found = newest_boundaries(store) if identity is None else identity
    table = store.read(_AREAS, found)
    if table.num_rows == 0:
        raise _none()
    return Boundaries(found, _areas(table))


def newest_boundaries(store: Store) -> str:
    """Id of the boundaries in force.

    Raises
    ------
    NotFoundError
        ``no-boundaries`` if none were loaded yet.
    """
    found = store.read(_NEWEST)["boundaries"].to_pylist()
    if not found:
        raise _none()
    return str(found[0])


def _none() -> NotFoundError:
    return NotFoundError(
        "no-boundaries",
        "The database holds no such boundaries. Load them first: "
        "`mikrozonasi boundaries load FILE`.",
    )


def _stage(boundaries: Boundaries) -> pa.Table:
    areas = boundaries.areas
    columns = {name: pa.array(areas[name], from_pandas=True) for name in AREA_COLUMNS}
    for name in ("rw", "rt"):
        columns[name] = pa.array(areas[name].astype("Int64"), type=pa.int64(), from_pandas=True)
    columns["parent"] = pa.array(areas["parent"], type=pa.string(), from_pandas=True)
    columns["geometry"] = pa.array(shapely.to_wkb(areas.geometry.to_numpy()), type=pa.binary())
    columns["boundaries"] = pa.array([boundaries.id] * len(areas), type=pa.string())
    return pa.table(columns)


def _areas(table: pa.Table) -> gpd.GeoDataFrame:
    shapes = shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False))
    rows = table.drop_columns(["geometry"]).to_pandas()
    rows = rows.astype(AREA_TYPES)
    depth = rows["level"].map({level: depth for depth, level in enumerate(LEVELS)})
    order = np.lexsort([rows["code"].to_numpy(dtype=object).astype(str), depth.to_numpy()])
    areas = gpd.GeoDataFrame(rows, geometry=np.asarray(shapes), crs=WGS84).iloc[order]
    return areas.reset_index(drop=True)
