"""Read polygons from the usual file formats and any coordinate system into EPSG:4326.

``check`` finds the faults of single polygons.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError

from geodata.boundaries.files.bps import convert_source
from geodata.boundaries.files.columns import CANONICAL, Columns
from geodata.boundaries.files.excluding import NO_CODE, exclude_rows
from geodata.boundaries.files.formats import BROKEN, open_polygons
from geodata.boundaries.files.polygons import check_polygons_exist, extract_polygons
from geodata.boundaries.files.relabelling import read_labels, relabel
from geodata.boundaries.files.rows import list_rows
from geodata.boundaries.versions.model import WGS84
from geodata.errors import BoundaryError
from geodata.language import Bilingual


@dataclass(frozen=True)
class ReadOptions:
    """Options for reading a boundary file.

    Attributes
    ----------
    crs
        Coordinate system of the file, for example ``EPSG:32749`` for UTM 49S; replaces the
        coordinate system in the file. A GeoJSON without one is in degrees (RFC 7946).
    layer
        Layer of a file with several layers.
    encoding
        Text encoding of a Shapefile; replaces the encoding in its ``.cpg``.
    leave_out
        Rules for excluded rows; see `exclude_rows`.
    source
        Known set of columns, ``bps``; see `convert_source`.
    labels
        Table with numbers for unreadable labels; see `read_labels`.
    """

    crs: str | None = None
    layer: str | None = None
    encoding: str | None = None
    leave_out: tuple[str, ...] = ()
    source: str | None = None
    labels: Path | None = None


DEFAULT_OPTIONS: Final = ReadOptions()


class PolygonFile(NamedTuple):
    """Polygons of a file, and remarks on excluded rows and assumptions.

    ``frame``: EPSG:4326, float64, two dimensions, the columns of the file. Its index is the
    number of each row in the file, from 0. Coordinates of a file in EPSG:4326 do not change a bit.
    """

    frame: gpd.GeoDataFrame
    remarks: tuple[Bilingual, ...]


def read_polygons(
    path: Path | str, crs: str | None = None, layer: str | None = None
) -> gpd.GeoDataFrame:
    """Polygons of a file in EPSG:4326; see `read_file`, `ReadOptions`, `PolygonFile`.

    Raises
    ------
    BoundaryError
        See `read_file`.
    """
    return read_file(path, ReadOptions(crs, layer)).frame


def read_file(
    path: Path | str, reading: ReadOptions = DEFAULT_OPTIONS, columns: Columns = CANONICAL
) -> PolygonFile:
    """Polygons of a file in EPSG:4326, with remarks on the reading.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, Shapefile (``.shp``, or one in a ``.zip``) or GeoParquet.
    columns
        Names of the columns, for ``--leave-out no-code``.

    Raises
    ------
    BoundaryError
        ``no-file``, ``unreadable``, ``empty``, ``several-layers``, ``not-polygons``, ``no-crs``,
        ``unknown-crs``, ``wrong-crs``, ``swapped-axes``, ``bad-coordinates``,
        ``unknown-encoding``, ``wrong-encoding``, ``leave-out``, ``missing-column``,
        ``not-bps``, ``bad-code``, ``labels-table``.
    """
    path = Path(path)
    given_crs = None if reading.crs is None else _parse_crs(reading.crs)
    opened = open_polygons(path, reading.layer, reading.encoding)
    polygon_rows = extract_polygons(opened.rows, path)
    remarks = list(polygon_rows.remarks)
    if bool(opened.closed.any()):
        remarks.append(
            Bilingual(
                "Garis tepi yang terbuka ditutup dengan garis lurus: "
                f"{list_rows(polygon_rows.frame, opened.closed, language='id')}.",
                "Open rings were closed by a straight line: "
                f"{list_rows(polygon_rows.frame, opened.closed)}.",
            )
        )
    # Exclude by code after the conversion of the source, which makes the codes.
    code_rules = tuple(rule for rule in reading.leave_out if rule == NO_CODE)
    other_rules = tuple(rule for rule in reading.leave_out if rule != NO_CODE)
    remaining = exclude_rows(polygon_rows.frame, other_rules, columns, polygon_rows.lacking)
    frame = convert_source(remaining.frame, reading.source)
    remaining_with_code = exclude_rows(frame, code_rules, columns)
    check_polygons_exist(
        remaining_with_code.frame, polygon_rows.lacking[remaining_with_code.frame.index], path
    )
    remarks += [*remaining.remarks, *remaining_with_code.remarks]
    frame = remaining_with_code.frame
    if reading.labels is not None:
        frame, label_remarks = relabel(frame, columns, read_labels(reading.labels))
        remarks += label_remarks
    return PolygonFile(_to_degrees(frame, given_crs, path), tuple(remarks))


def _parse_crs(text: str) -> pyproj.CRS:
    try:
        return pyproj.CRS.from_user_input(text)
    except CRSError:
        raise BoundaryError(
            "unknown-crs",
            "The coordinate system of --crs is not known. Write it like EPSG:4326 for longitude "
            "and latitude or EPSG:32749 for UTM 49S.",
            indonesian="Sistem koordinat pada --crs tidak dikenal. Tulis misalnya EPSG:4326 "
            "untuk bujur dan lintang, atau EPSG:32749 untuk UTM 49S.",
        ) from None


def _to_degrees(
    frame: gpd.GeoDataFrame, given_crs: pyproj.CRS | None, path: Path
) -> gpd.GeoDataFrame:
    crs = given_crs if given_crs is not None else frame.crs
    if crs is None:
        raise _crs_error(
            path,
            Bilingual("tidak menyebut sistem koordinatnya", "does not state its coordinate system"),
        )
    _check_units_and_axes(frame, crs, path)
    with_crs = frame.set_crs(crs, allow_override=True)
    if pyproj.CRS(WGS84).equals(crs, ignore_axis_order=True):
        return with_crs.set_crs(WGS84, allow_override=True)
    try:
        in_degrees = with_crs.to_crs(WGS84)
    except BROKEN:
        raise _coordinates_error(path, Bilingual("semua baris", "all rows")) from None
    xy, row = shapely.get_coordinates(in_degrees.geometry.to_numpy(), return_index=True)
    _check_no_bad_rows(in_degrees, row[~np.isfinite(xy).all(axis=1)], path)
    return in_degrees


def _check_units_and_axes(frame: gpd.GeoDataFrame, crs: pyproj.CRS, path: Path) -> None:
    """Raise for degrees that are metres, metres that are degrees, and swapped axes."""
    # Not by bounds, which ignore NaN.
    xy, row = shapely.get_coordinates(frame.geometry.to_numpy(), return_index=True)
    _check_no_bad_rows(frame, row[~np.isfinite(xy).all(axis=1)], path)
    x, y = np.abs(xy).T
    if not crs.is_geographic:
        if x.max() <= 180 and y.max() <= 180:
            raise BoundaryError(
                "wrong-crs",
                f"{path.name} is declared to be in {crs.name}, but its numbers look like degrees. "
                "Give its coordinate system with --crs, perhaps EPSG:4326.",
                indonesian=f"{path.name} dinyatakan dalam {crs.name}, tetapi angkanya tampak "
                "seperti derajat. Sebutkan sistem koordinatnya dengan --crs, mungkin EPSG:4326.",
            )
        return
    is_beyond = np.bincount(row, (x > 180) | (y > 180), minlength=len(frame)) > 0
    is_swapped = np.bincount(row, y > 90, minlength=len(frame)) > 0
    if bool(is_beyond.all()) or 2 * int(is_beyond.sum()) > len(frame):
        raise _crs_error(
            path,
            Bilingual(
                "dinyatakan dalam derajat, tetapi angkanya bukan derajat",
                "is declared to be in degrees, but its numbers are not degrees",
            ),
        )
    _check_no_bad_rows(frame, np.flatnonzero(is_beyond), path)
    if bool(is_swapped.any()):
        rows_text = (
            Bilingual("", "")
            if bool(is_swapped.all())
            else Bilingual(
                f" pada {list_rows(frame, is_swapped, language='id')}",
                f" in {list_rows(frame, is_swapped)}",
            )
        )
        raise BoundaryError(
            "swapped-axes",
            f"{path.name} has latitudes beyond 90 degrees{rows_text.en}: latitude and longitude "
            "are perhaps swapped. Longitude comes first (in Indonesia 95 to 141), latitude second "
            "(6 to -11). Swap them and try again.",
            indonesian=f"{path.name} memuat lintang di luar 90 derajat{rows_text.id}: lintang dan "
            "bujur tampaknya tertukar. Bujur ditulis lebih dahulu (di Indonesia 95 sampai "
            "141), lalu lintang (6 sampai -11). Tukar keduanya, lalu coba lagi.",
        )


def _check_no_bad_rows(frame: gpd.GeoDataFrame, rows: NDArray[np.intp], path: Path) -> None:
    """Raise for rows whose coordinates are not on Earth."""
    if len(rows):
        is_wrong = np.isin(np.arange(len(frame)), rows)
        rows_text = Bilingual(list_rows(frame, is_wrong, language="id"), list_rows(frame, is_wrong))
        raise _coordinates_error(path, rows_text)


def _crs_error(path: Path, problem: Bilingual) -> BoundaryError:
    return BoundaryError(
        "no-crs",
        f"{path.name} {problem.en}. Give it with --crs, for example EPSG:4326 for longitude and "
        "latitude or EPSG:32749 for UTM 49S.",
        indonesian=f"{path.name} {problem.id}. Sebutkan dengan --crs, misalnya EPSG:4326 untuk "
        "bujur dan lintang, atau EPSG:32749 untuk UTM 49S.",
    )


def _coordinates_error(path: Path, rows_text: Bilingual) -> BoundaryError:
    return BoundaryError(
        "bad-coordinates",
        f"{path.name} has coordinates that are not on Earth: {rows_text.en}. Check the coordinates "
        "and the coordinate system (--crs).",
        indonesian=f"{path.name} memuat koordinat yang tidak ada di Bumi: {rows_text.id}. Periksa "
        "koordinat itu dan sistem koordinatnya (--crs).",
    )
