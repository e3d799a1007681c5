"""Points of a file, each with its area: the columns of the file, then the columns of the area."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.boundaries import Boundaries
from geodata.earth import on_earth
from geodata.errors import RecordError
from geodata.records.layout.headings import describe_headings
from geodata.records.parsing.cells import read_degrees
from geodata.records.parsing.swapped_axes import axes_swapped
from geodata.tables import Sheet
from zoning.placing.placements import COORDINATES, NEAREST, UNPLACED, Placer


class PlacedPoints(NamedTuple):
    """Points with the area of each.

    Attributes
    ----------
    table
        The columns of the file, then ``code``, ``name``, ``placed``; with the prefix ``area_``
        where the file has a column of that name.
    counts_by_method
        Number of points by placing method: coordinates, nearest, unplaced.
    impossible
        Number of unplaced points whose coordinates are no place on Earth.
    """

    table: pa.Table
    counts_by_method: dict[str, int]
    impossible: int


def place_sheet(sheet: Sheet, boundaries: Boundaries, *, lon: str, lat: str) -> PlacedPoints:
    """Place every point of a sheet.

    Parameters
    ----------
    lon, lat
        Headings of the columns of longitude and latitude, in degrees (EPSG:4326).

    Raises
    ------
    RecordError
        ``no-column``; ``coordinates-not-numbers`` if no row has a point; ``swapped-axes`` if most
        points have longitude and latitude exchanged; ``no-place-on-earth`` if no point is a place
        on Earth.
    """
    x, y = _degrees(sheet, lon), _degrees(sheet, lat)
    points = np.isfinite(x) & np.isfinite(y)
    if not points.any():
        raise RecordError(
            "coordinates-not-numbers",
            "No row of the file has two coordinates that are numbers. Write degrees, like "
            "110.4203 and -6.9932; name the columns of the coordinates with --lon and --lat.",
            indonesian="Tidak ada baris di berkas ini yang kedua koordinatnya berupa angka. "
            "Tulis derajat, seperti 110.4203 dan -6.9932; sebutkan kolom koordinat dengan "
            "--lon dan --lat.",
        )
    west, south, east, north = boundaries.areas.total_bounds
    swapped = axes_swapped(x, y, (west, south, east, north))
    if np.count_nonzero(swapped) * 2 > np.count_nonzero(points):
        raise RecordError(
            "swapped-axes",
            "Longitude and latitude are exchanged in most rows of this file. Exchange --lon and "
            "--lat. Nothing was written.",
            indonesian="Bujur dan lintang tertukar di sebagian besar baris berkas ini. Tukar "
            "--lon dan --lat. Tidak ada yang ditulis.",
        )
    impossible = points & ~on_earth(x, y)
    if np.array_equal(impossible, points):
        raise RecordError(
            "no-place-on-earth",
            "No point of the file is a place on Earth: a longitude lies between -180 and 180, a "
            "latitude between -90 and 90. Write degrees, like 110.4203 and -6.9932; convert metres "
            "to degrees first, or name the columns of the degrees with --lon and --lat.",
            indonesian="Tidak ada titik di berkas ini yang terletak di Bumi: bujur terletak "
            "antara -180 dan 180, lintang antara -90 dan 90. Tulis derajat, seperti 110.4203 "
            "dan -6.9932; ubah meter menjadi derajat dahulu, atau sebutkan kolom derajat "
            "dengan --lon dan --lat.",
        )
    rows, methods = Placer(boundaries, prefer="coordinates").place_points(x, y)
    zones = boundaries.smallest_zones
    added = {name: _values_at_rows(zones[name].tolist(), rows) for name in ("code", "name")}
    added["placed"] = pa.array(methods)
    table = _with_degrees(sheet, {lon: x, lat: y})
    for title, column in added.items():
        is_taken = title in sheet.cells.column_names
        table = table.append_column(f"area_{title}" if is_taken else title, column)
    counts = {
        method: int(np.count_nonzero(methods == method))
        for method in (COORDINATES, NEAREST, UNPLACED)
    }
    return PlacedPoints(table, counts, int(np.count_nonzero(impossible)))


def _with_degrees(sheet: Sheet, degrees: Mapping[str, NDArray[np.float64]]) -> pa.Table:
    """The columns of the file; a column of coordinates becomes numeric if all its cells are."""
    table = sheet.cells
    for title, numbers in degrees.items():
        position = table.column_names.index(title)
        if np.isfinite(numbers).all():
            table = table.set_column(position, title, pa.array(numbers))
    return table


def _degrees(sheet: Sheet, title: str) -> NDArray[np.float64]:
    if title not in sheet.cells.column_names:
        raise RecordError(
            "no-column",
            f"{sheet.name} has no column {title}; it has "
            f"{describe_headings(sheet.cells.column_names)}. Name the columns of longitude and "
            "latitude with --lon and --lat.",
            indonesian=f"{sheet.name} tidak punya kolom {title}; berkas itu punya "
            f"{describe_headings(sheet.cells.column_names, language='id')}. Sebutkan kolom "
            "bujur dan lintang dengan --lon dan --lat.",
        )
    position = sheet.cells.column_names.index(title)
    degrees, _ = read_degrees(sheet.cells.column(position).combine_chunks())
    return np.asarray(degrees)


def _values_at_rows(values: Sequence[str], rows: NDArray[np.int32]) -> pa.Array:
    return pa.array([values[row] if row >= 0 else None for row in rows], type=pa.string())
