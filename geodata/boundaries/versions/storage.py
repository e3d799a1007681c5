"""Boundaries in the store: never changed once kept. Which are in force: see ``versions``."""

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
from geodata.boundaries.versions.timeline import Version, boundaries_in_force, no_boundaries
from geodata.store import Reads, Store, Transaction

_SAID: Final = """
select boundaries from boundary_version where in_force is not distinct from cast($1 as date)
order by recorded_at desc limit 1
"""
_KNOWN: Final = "select recorded_at from boundary_version where boundaries = $1 limit 1"
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

_LIGHT: Final = """
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
    """Keep a version of the boundaries; it is in force from its date on.

    Parameters
    ----------
    source
        Name of the file they came from.
    report
        What repair changed, in square metres; kept as JSON.
    in_force
        The first day; in force on all days before the next where not given.

    Returns
    -------
    bool
        False where these boundaries are in force from that date already; nothing is written then.
    """
    with store.transaction() as work:
        said = work.read(_SAID, in_force)["boundaries"].to_pylist()
        if said == [boundaries.id]:
            return False
        text = json.dumps(report, ensure_ascii=False, default=str)
        add_version(work, boundaries, Version(boundaries.id, in_force, work.moment, source), text)
    return True


def add_version(work: Transaction, boundaries: Boundaries, version: Version, report: str) -> None:
    """Say that boundaries are in force from a day on, and keep their areas where they are new.

    Parameters
    ----------
    version
        Recorded at the moment of the transaction, except in a city that is made up; see
        `zoning.records.past.writing`.
    report
        JSON.
    """
    known = work.read(_KNOWN, boundaries.id).num_rows > 0
    said = version.recorded_at, version.source, report, version.since
    work.execute(_ADD_VERSION, boundaries.id, *said)
    if not known:
        work.append(_ADD_AREAS, _stage(boundaries))


def load_boundaries(reads: Reads, identity: str | None = None) -> Boundaries:
    """Boundaries as they were kept.

    Parameters
    ----------
    identity
        `Boundaries.id`; those in force today where it is not given.

    Raises
    ------
    NotFoundError
        ``no-boundaries`` if there are none, or none of that id.
    """
    found = boundaries_in_force(reads) if identity is None else identity
    return boundaries_from(found, areas_table(reads, found))


def load_areas(reads: Reads, identity: str) -> AreaTable:
    """The light part of boundaries as they were kept: no geometry is read.

    Raises
    ------
    NotFoundError
        ``no-boundaries`` if there are none of that id.
    """
    rows, order = _sorted(_found(reads, _LIGHT, identity))
    return AreaTable(identity, rows.iloc[order].reset_index(drop=True))


def areas_table(reads: Reads, identity: str) -> pa.Table:
    """The areas of some boundaries as they lie in the store, to be handed to another process.

    Raises
    ------
    NotFoundError
        ``no-boundaries`` if there are none of that id.
    """
    return _found(reads, _AREAS, identity)


def boundaries_from(identity: str, table: pa.Table) -> Boundaries:
    """Boundaries from what `areas_table` gave."""
    return Boundaries(identity, _areas(table))


def _found(reads: Reads, sql: str, identity: str) -> pa.Table:
    table = reads.read(sql, identity)
    if table.num_rows == 0:
        raise no_boundaries()
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
    shapes = shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False))
    rows, order = _sorted(table.drop_columns(["geometry"]))
    areas = gpd.GeoDataFrame(rows, geometry=np.asarray(shapes), crs=WGS84).iloc[order]
    return areas.reset_index(drop=True)


def _sorted(table: pa.Table) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """The columns without geometry, and the order of `AreaTable.areas`."""
    rows = table.to_pandas().astype(AREA_TYPES)
    depth = rows["level"].map({level: depth for depth, level in enumerate(LEVELS)})
    order = np.lexsort([rows["code"].to_numpy(dtype=object).astype(str), depth.to_numpy()])
    return rows, order
