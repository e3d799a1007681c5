"""Store and load boundaries; stored boundaries never change. `timeline` knows their dates."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from geodata.areas import LEVELS
from geodata.boundaries.versions.area_table import AREA_COLUMNS, AREA_TYPES, AreaTable
from geodata.boundaries.versions.model import WGS84, Boundaries
from geodata.boundaries.versions.timeline import Version, boundaries_in_force, no_boundaries_error
from geodata.store import Reads, Store, Transaction

_IN_FORCE_FROM: Final = """
select boundaries from boundary_version where in_force is not distinct from cast($1 as date)
order by recorded_at desc limit 1
"""
_STORED: Final = "select recorded_at from boundary_version where boundaries = $1 limit 1"
_ADD_VERSION: Final = """
insert into boundary_version (boundaries, recorded_at, source, report, in_force)
values ($1, $2, $3, $4, $5)
"""
_ADD_AREAS: Final = """
insert into area (boundaries, code, level, kind, name, parent, rw, rt, population, geometry)
select boundaries, code, level, kind, name, parent, rw, rt, population, geometry
from stage order by code
"""
_AREAS: Final = """
select code, level, kind, name, parent, rw, rt, population, geometry
from area where boundaries = $1
"""

_AREAS_WITHOUT_GEOMETRY: Final = """
select code, level, kind, name, parent, rw, rt, population from area where boundaries = $1
"""


def save_boundaries(
    store: Store,
    boundaries: Boundaries,
    source: str,
    report: Mapping[str, Any],
    *,
    in_force: date | None = None,
) -> bool:
    """Store a version of the boundaries, in force from a date.

    Parameters
    ----------
    source
        Name of the boundary file.
    report
        Changes by the repair in square metres; stored as JSON.
    in_force
        First day in force; None for all days before the next version.

    Returns
    -------
    bool
        False if these boundaries are already in force from the date; nothing is written.
    """
    with store.transaction() as work:
        stored_ids = work.read(_IN_FORCE_FROM, in_force)["boundaries"].to_pylist()
        if stored_ids == [boundaries.id]:
            return False
        text = json.dumps(report, ensure_ascii=False, default=str)
        add_version(work, boundaries, Version(boundaries.id, in_force, work.moment, source), text)
    return True


def add_version(work: Transaction, boundaries: Boundaries, version: Version, report: str) -> None:
    """Store that boundaries are in force from a day, and store their areas if they are new.

    Parameters
    ----------
    version
        Its ``recorded_at`` is the moment of the transaction, except for the sample city; see
        `zoning.records.past.writing`.
    report
        JSON.
    """
    is_stored = work.read(_STORED, boundaries.id).num_rows > 0
    version_values = version.recorded_at, version.source, report, version.since
    work.execute(_ADD_VERSION, boundaries.id, *version_values)
    if not is_stored:
        work.append(_ADD_AREAS, _stage(boundaries))


def load_boundaries(reads: Reads, identity: str | None = None) -> Boundaries:
    """Load boundaries.

    Parameters
    ----------
    identity
        `Boundaries.id`; None for the boundaries in force today.

    Raises
    ------
    NotFoundError
        ``no-boundaries`` if the database has none, or none with the id.
    """
    boundaries_id = boundaries_in_force(reads) if identity is None else identity
    return boundaries_from_table(boundaries_id, areas_table(reads, boundaries_id))


def load_areas(reads: Reads, identity: str) -> AreaTable:
    """Load boundaries without geometry.

    Raises
    ------
    NotFoundError
        ``no-boundaries`` if there are none of that id.
    """
    rows, order = _sort_areas(_read_areas(reads, _AREAS_WITHOUT_GEOMETRY, identity))
    return AreaTable(identity, rows.iloc[order].reset_index(drop=True))


def areas_table(reads: Reads, identity: str) -> pa.Table:
    """Areas of boundaries as an Arrow table, to send to another process.

    Raises
    ------
    NotFoundError
        ``no-boundaries`` if there are none of that id.
    """
    return _read_areas(reads, _AREAS, identity)


def boundaries_from_table(identity: str, table: pa.Table) -> Boundaries:
    """Boundaries from the table of `areas_table`."""
    return Boundaries(identity, _areas(table))


def _read_areas(reads: Reads, sql: str, identity: str) -> pa.Table:
    table = reads.read(sql, identity)
    if table.num_rows == 0:
        raise no_boundaries_error()
    return table


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
    geometries = shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False))
    rows, order = _sort_areas(table.drop_columns(["geometry"]))
    areas = gpd.GeoDataFrame(rows, geometry=np.asarray(geometries), crs=WGS84).iloc[order]
    return areas.reset_index(drop=True)


def _sort_areas(table: pa.Table) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """Columns without geometry, and the row order of `AreaTable.areas`."""
    rows = table.to_pandas().astype(AREA_TYPES)
    depth = rows["level"].map({level: depth for depth, level in enumerate(LEVELS)})
    order = np.lexsort([rows["code"].to_numpy(dtype=object).astype(str), depth.to_numpy()])
    return rows, order
