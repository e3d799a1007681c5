"""Points of a file placed: its own columns, and the area that holds each."""

from collections.abc import Sequence
from typing import Final, NamedTuple

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

_ADDED: Final = ("code", "name", "placed")


class PlacedPoints(NamedTuple):
    """Points with the area of each.

    Attributes
    ----------
    table
        The file's columns, then ``code``, ``name``, ``placed``; with ``area_`` in front where
        the file has a column of that name.
    ways
        How many points by how they were placed.
    impossible
        How many of the unplaced have coordinates that are no place on Earth.
    """

    table: pa.Table
    ways: dict[str, int]
    impossible: int


def place_sheet(sheet: Sheet, boundaries: Boundaries, *, lon: str, lat: str) -> PlacedPoints:
    """Place every point of a sheet.

    Parameters
    ----------
    lon, lat
        Headings of the columns.

    Raises
    ------
    RecordError
        ``no-column``; ``coordinates-not-numbers`` where there is not one point;
        ``swapped-axes`` where most points have their axes exchanged; ``no-place-on-earth`` where
        no point is a place on Earth.
    """
    x, y = _degrees(sheet, lon), _degrees(sheet, lat)
    points = np.isfinite(x) & np.isfinite(y)
    if not points.any():
        raise RecordError(
            "coordinates-not-numbers",
            "No row of the file has two coordinates that are numbers. Degrees are wanted, like "
            "110.4203 and -6.9932; say with --lon and --lat which columns hold them.",
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
            "--lat; nothing was written.",
            indonesian="Bujur dan lintang tertukar di sebagian besar baris berkas ini. Tukar "
            "--lon dan --lat; tidak ada yang ditulis.",
        )
    impossible = points & ~on_earth(x, y)
    if np.array_equal(impossible, points):
        raise RecordError(
            "no-place-on-earth",
            "No point of the file is a place on Earth: a longitude lies between -180 and 180, a "
            "latitude between -90 and 90. Degrees are wanted, like 110.4203 and -6.9932; convert "
            "metres first, or say with --lon and --lat which columns hold the degrees.",
            indonesian="Tidak ada titik di berkas ini yang terletak di Bumi: bujur terletak "
            "antara -180 dan 180, lintang antara -90 dan 90. Tulis derajat, seperti 110.4203 "
            "dan -6.9932; ubah meter menjadi derajat dahulu, atau sebutkan kolom derajat "
            "dengan --lon dan --lat.",
        )
    leaf, how = Placer(boundaries, prefer="coordinates").place_points(x, y)
    leaves = boundaries.leaves
    codes, names = (_at(leaves[column].tolist(), leaf) for column in ("code", "name"))
    table = _cells(sheet, (lon, lat), (x, y))
    for title, column in zip(_ADDED, (codes, names, pa.array(how, pa.string())), strict=True):
        taken = title in sheet.cells.column_names
        table = table.append_column(f"area_{title}" if taken else title, column)
    ways = {way: int(np.count_nonzero(how == way)) for way in (COORDINATES, NEAREST, UNPLACED)}
    return PlacedPoints(table, ways, int(np.count_nonzero(impossible)))


def _cells(
    sheet: Sheet, titles: tuple[str, str], degrees: tuple[NDArray[np.float64], ...]
) -> pa.Table:
    """The file's columns; coordinates as numbers where all of them are."""
    table = sheet.cells
    for title, numbers in zip(titles, degrees, strict=True):
        position = table.column_names.index(title)
        if np.isfinite(numbers).all():
            table = table.set_column(position, title, pa.array(numbers))
    return table


def _degrees(sheet: Sheet, title: str) -> NDArray[np.float64]:
    if title not in sheet.cells.column_names:
        raise RecordError(
            "no-column",
            f"{sheet.name} has no column {title}; it has "
            f"{describe_headings(sheet.cells.column_names)}. Say with --lon and --lat which "
            "columns hold longitude and latitude.",
            indonesian=f"{sheet.name} tidak punya kolom {title}; berkas itu punya "
            f"{describe_headings(sheet.cells.column_names, language='id')}. Sebutkan kolom "
            "bujur dan lintang dengan --lon dan --lat.",
        )
    position = sheet.cells.column_names.index(title)
    degrees, _ = read_degrees(sheet.cells.column(position).combine_chunks())
    return np.asarray(degrees.to_numpy(zero_copy_only=False), dtype=np.float64)


def _at(values: Sequence[str], rows: NDArray[np.int32]) -> pa.Array:
    return pa.array([values[row] if row >= 0 else None for row in rows], type=pa.string())
