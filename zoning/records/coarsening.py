"""Where a record lies, said so that it names no house: a point of the RT, or the RT's own numbers.

What is said instead must place the record where it lay, on every version of the boundaries; the
first way that does is taken.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from zoning.placing.placements import Placer

_FIELDS: Final = ("rt", "rw", "kelurahan", "kecamatan")
_SILENT: Final = ("lon", "lat", "point_reading", "address")


class Where(NamedTuple):
    """RT and smallest area of ``n`` records on each of some boundaries."""

    rt: NDArray[np.int32]
    area: NDArray[np.object_]


def coarsened(rows: pa.Table, placers: Sequence[Placer]) -> tuple[dict[str, pa.Array], int]:
    """Columns ``rt, rw, kelurahan, kecamatan, lon, lat`` to put in place of the records' own.

    Returns
    -------
    dict, int
        And how many records none of the ways places where they lay.
    """
    before = _where(rows, placers)
    lon, lat = _common_points(rows, placers)
    ways = [
        _saying(rows),
        _saying(rows, point=(lon, lat)),
        _saying(rows, point=(lon, lat), fields=False),
        _saying(rows, area=before.area[0]),
    ]
    best = np.full(rows.num_rows, -1)
    for number, way in enumerate(ways):
        after = _where(way, placers)
        same = (after.rt == before.rt).all(axis=0) & (after.area == before.area).all(axis=0)
        best[(best < 0) & same] = number
    lost = int(np.count_nonzero(best < 0))
    best[best < 0] = len(ways) - 1
    names = (*_FIELDS, "lon", "lat")
    return {name: _chosen([way[name] for way in ways], best) for name in names}, lost


def _where(rows: pa.Table, placers: Sequence[Placer]) -> Where:
    placed = [placer.place(rows) for placer in placers]
    return Where(np.array([p.rt for p in placed]), np.array([p.area for p in placed], dtype=object))


def _common_points(
    rows: pa.Table, placers: Sequence[Placer]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A point inside the areas that hold each record on all boundaries; NaN where none is."""
    shared: NDArray[np.object_] | None = None
    for placer in placers:
        shapes = placer.boundaries.leaves.geometry.to_numpy()
        leaf = placer.place(rows).leaf
        own = shapes[np.maximum(leaf, 0)]
        own[leaf < 0] = None
        shared = own if shared is None else shapely.intersection(shared, own)
    points = shapely.point_on_surface(shared)
    return np.asarray(shapely.get_x(points)), np.asarray(shapely.get_y(points))


def _saying(
    rows: pa.Table,
    *,
    point: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
    fields: bool = True,
    area: NDArray[np.object_] | None = None,
) -> pa.Table:
    """The rows with where they lie said by some of their fields, a point, or an area's code."""
    said = {name: rows[name] for name in rows.column_names}
    gone = _SILENT if fields and area is None else (*_SILENT, *_FIELDS)
    for name in gone:
        said[name] = pa.nulls(rows.num_rows, rows[name].type)
    if point is not None:
        for name, values in zip(("lon", "lat"), point, strict=True):
            said[name] = pa.array(values, pa.float64(), from_pandas=True)
    if area is not None:
        said["kelurahan"] = pa.array(list(area), pa.string())
    return pa.table(said)


def _chosen(columns: Sequence[pa.ChunkedArray], best: NDArray[np.int64]) -> pa.Array:
    lists = [column.to_pylist() for column in columns]
    found = [lists[way][row] for row, way in enumerate(best)]
    return pa.array(found, columns[0].type)
