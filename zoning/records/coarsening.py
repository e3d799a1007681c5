"""Coarse locations of records, which identify no house: a point of the RT, or only RT and RW.

A coarse location must place the record in the same RT and area, in every version of the boundaries.
Of several candidates the first that does so is used.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from zoning.placing.placements import Placer

_FIELDS: Final = ("rt", "rw", "kelurahan", "kecamatan")
_ALWAYS_CLEARED: Final = ("lon", "lat", "point_reading", "address")


class Locations(NamedTuple):
    """RT and smallest area of ``n`` records in each of ``v`` versions of the boundaries.

    Both have shape ``(v, n)``.
    """

    rt: NDArray[np.int32]
    area: NDArray[np.object_]


def coarse_locations(rows: pa.Table, placers: Sequence[Placer]) -> tuple[dict[str, pa.Array], int]:
    """Coarse locations of records.

    Parameters
    ----------
    placers
        One for each version of the boundaries.

    Returns
    -------
    dict, int
        Columns ``rt, rw, kelurahan, kecamatan, lon, lat`` that replace the columns of the records;
        and the number of records that no candidate places in the same RT and area.
    """
    before = _locate(rows, placers)
    lon, lat = _points_in_common(rows, placers)
    candidates = [
        _with_location(rows),
        _with_location(rows, point=(lon, lat)),
        _with_location(rows, point=(lon, lat), fields=False),
        _with_location(rows, area=before.area[0]),
    ]
    choice = np.full(rows.num_rows, -1)
    for k, candidate in enumerate(candidates):
        after = _locate(candidate, placers)
        is_same = (after.rt == before.rt).all(axis=0) & (after.area == before.area).all(axis=0)
        choice[(choice < 0) & is_same] = k
    n_changed = int(np.count_nonzero(choice < 0))
    choice[choice < 0] = len(candidates) - 1
    names = (*_FIELDS, "lon", "lat")
    columns = {
        name: _select([candidate[name] for candidate in candidates], choice) for name in names
    }
    return columns, n_changed


def _locate(rows: pa.Table, placers: Sequence[Placer]) -> Locations:
    placements = [placer.place(rows) for placer in placers]
    return Locations(
        np.array([placement.rt for placement in placements]),
        np.array([placement.area for placement in placements], dtype=object),
    )


def _points_in_common(
    rows: pa.Table, placers: Sequence[Placer]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A point in the intersection of the zones of each record in all versions; NaN where empty.

    Returns
    -------
    ndarray, ndarray
        Longitude and latitude, degrees, EPSG:4326.
    """
    intersections: NDArray[np.object_] | None = None
    for placer in placers:
        shapes = placer.boundaries.smallest_zones.geometry.to_numpy()
        zone = placer.place(rows).zone
        zone_shapes = shapes[np.maximum(zone, 0)]
        zone_shapes[zone < 0] = None
        if intersections is None:
            intersections = zone_shapes
        else:
            intersections = shapely.intersection(intersections, zone_shapes)
    points = shapely.point_on_surface(intersections)
    return np.asarray(shapely.get_x(points)), np.asarray(shapely.get_y(points))


def _with_location(
    rows: pa.Table,
    *,
    point: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
    fields: bool = True,
    area: NDArray[np.object_] | None = None,
) -> pa.Table:
    """The rows located only by their RT and RW fields, a point, or the code of an area."""
    columns = {name: rows[name] for name in rows.column_names}
    cleared = _ALWAYS_CLEARED if fields and area is None else (*_ALWAYS_CLEARED, *_FIELDS)
    for name in cleared:
        columns[name] = pa.nulls(rows.num_rows, rows[name].type)
    if point is not None:
        for name, values in zip(("lon", "lat"), point, strict=True):
            columns[name] = pa.array(values, pa.float64(), from_pandas=True)
    if area is not None:
        columns["kelurahan"] = pa.array(list(area), pa.string())
    return pa.table(columns)


def _select(columns: Sequence[pa.ChunkedArray], choice: NDArray[np.int64]) -> pa.Array:
    lists = [column.to_pylist() for column in columns]
    values = [lists[k][row] for row, k in enumerate(choice)]
    return pa.array(values, columns[0].type)
