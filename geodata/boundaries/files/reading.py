"""Reading polygons: any of the usual files, any coordinate system, into EPSG:4326.

What is wrong with single polygons is not judged here; see ``check``.
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

from geodata.boundaries.files.bps import with_source
from geodata.boundaries.files.columns import CANONICAL, Columns
from geodata.boundaries.files.excluding import NO_CODE, leave_out
from geodata.boundaries.files.formats import BROKEN, open_polygons
from geodata.boundaries.files.polygons import polygons_of, refuse_lacking
from geodata.boundaries.files.relabelling import read_labels, relabel
from geodata.boundaries.files.rows import listed
from geodata.boundaries.versions.model import WGS84
from geodata.errors import BoundaryError
from geodata.language import Bilingual


@dataclass(frozen=True)
class Reading:
    """How a file is to be read.

    Attributes
    ----------
    crs
        Coordinate system of the file, for instance ``EPSG:32749`` for UTM 49S; wins over what
        the file says. A GeoJSON that says nothing is in degrees, by RFC 7946.
    layer
        Which layer, where a file holds several.
    encoding
        Of the texts of a Shapefile; wins over its ``.cpg``.
    leave_out
        Rules for rows that are left out; see `leave_out`.
    source
        A known set of columns, ``bps``; see `with_source`.
    labels
        A table that numbers labels which cannot be read; see `read_labels`.
    """

    crs: str | None = None
    layer: str | None = None
    encoding: str | None = None
    leave_out: tuple[str, ...] = ()
    source: str | None = None
    labels: Path | None = None


AS_IT_IS: Final = Reading()


class PolygonFile(NamedTuple):
    """Polygons of a file, and remarks on what was left out or taken for what.

    ``frame``: EPSG:4326, float64, two dimensions, the columns of the file. Its index is the
    number of each row in the file, from 0. Coordinates that come in EPSG:4326 are untouched to
    the bit.
    """

    frame: gpd.GeoDataFrame
    remarks: tuple[Bilingual, ...]


def read_polygons(
    path: Path | str, crs: str | None = None, layer: str | None = None
) -> gpd.GeoDataFrame:
    """Polygons of a file in longitude and latitude; see `read_file`, `Reading`, `PolygonFile`.

    Raises
    ------
    BoundaryError
        See `read_file`.
    """
    return read_file(path, Reading(crs, layer)).frame


def read_file(
    path: Path | str, reading: Reading = AS_IT_IS, columns: Columns = CANONICAL
) -> PolygonFile:
    """Polygons of a file in longitude and latitude, with remarks on how they were read.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, Shapefile (``.shp``, or one in a ``.zip``) or GeoParquet.
    columns
        Which column holds the codes, for ``--leave-out no-code``.

    Raises
    ------
    BoundaryError
        ``no-file``, ``unreadable``, ``empty``, ``several-layers``, ``not-polygons``, ``no-crs``,
        ``unknown-crs``, ``wrong-crs``, ``swapped-axes``, ``bad-coordinates``,
        ``unknown-encoding``, ``wrong-encoding``, ``leave-out``, ``missing-column``,
        ``not-bps``, ``bad-code``, ``labels-table``.
    """
    path = Path(path)
    named = None if reading.crs is None else _crs(reading.crs)
    opened = open_polygons(path, reading.layer, reading.encoding)
    found = polygons_of(opened.rows, path)
    remarks = list(found.remarks)
    if bool(opened.closed.any()):
        remarks.append(
            Bilingual(
                "Garis tepi yang tidak berakhir di titik awalnya ditutup dengan garis lurus: "
                f"{listed(found.frame, opened.closed, language='id')}.",
                "Rings that did not end where they begin were closed by a straight line: "
                f"{listed(found.frame, opened.closed)}.",
            )
        )
    # Codes of a source are made of the rows that stay; only then is it known which have none.
    by_code = tuple(rule for rule in reading.leave_out if rule == NO_CODE)
    others = tuple(rule for rule in reading.leave_out if rule != NO_CODE)
    left = leave_out(found.frame, others, columns, found.lacking)
    frame = with_source(left.frame, reading.source)
    coded = leave_out(frame, by_code, columns)
    refuse_lacking(coded.frame, found.lacking[coded.frame.index], path)
    remarks += [*left.remarks, *coded.remarks]
    frame = coded.frame
    if reading.labels is not None:
        frame, said = relabel(frame, columns, read_labels(reading.labels))
        remarks += said
    return PolygonFile(_in_degrees(frame, named, path), tuple(remarks))


def _crs(text: str) -> pyproj.CRS:
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


def _in_degrees(frame: gpd.GeoDataFrame, named: pyproj.CRS | None, path: Path) -> gpd.GeoDataFrame:
    crs = named if named is not None else frame.crs
    if crs is None:
        raise _no_crs(
            path,
            Bilingual("tidak menyebut sistem koordinatnya", "does not say its coordinate system"),
        )
    _refuse_wrong_numbers(frame, crs, path)
    known = frame.set_crs(crs, allow_override=True)
    if pyproj.CRS(WGS84).equals(crs, ignore_axis_order=True):
        return known.set_crs(WGS84, allow_override=True)
    try:
        turned = known.to_crs(WGS84)
    except BROKEN:
        raise _bad_coordinates(path, Bilingual("semuanya", "all of them")) from None
    xy, row = shapely.get_coordinates(turned.geometry.to_numpy(), return_index=True)
    _refuse_rows(turned, row[~np.isfinite(xy).all(axis=1)], path)
    return turned


def _refuse_wrong_numbers(frame: gpd.GeoDataFrame, crs: pyproj.CRS, path: Path) -> None:
    """Notice degrees that are metres, metres that are degrees, and axes that are swapped."""
    # Not by bounds: these pass over coordinates that are no numbers.
    xy, row = shapely.get_coordinates(frame.geometry.to_numpy(), return_index=True)
    _refuse_rows(frame, row[~np.isfinite(xy).all(axis=1)], path)
    x, y = np.abs(xy).T
    if not crs.is_geographic:
        if x.max() <= 180 and y.max() <= 180:
            raise BoundaryError(
                "wrong-crs",
                f"{path.name} is said to be in {crs.name}, but its numbers look like degrees. "
                "Say its coordinate system with --crs, perhaps EPSG:4326.",
                indonesian=f"{path.name} dinyatakan dalam {crs.name}, tetapi angkanya tampak "
                "seperti derajat. Sebutkan sistem koordinatnya dengan --crs, mungkin EPSG:4326.",
            )
        return
    beyond = np.bincount(row, (x > 180) | (y > 180), minlength=len(frame)) > 0
    swapped = np.bincount(row, y > 90, minlength=len(frame)) > 0
    if bool(beyond.all()) or 2 * int(beyond.sum()) > len(frame):
        raise _no_crs(
            path,
            Bilingual(
                "dinyatakan dalam derajat, tetapi angkanya bukan derajat",
                "is said to be in degrees, but its numbers are not degrees",
            ),
        )
    _refuse_rows(frame, np.flatnonzero(beyond), path)
    if bool(swapped.any()):
        which = (
            Bilingual("", "")
            if bool(swapped.all())
            else Bilingual(
                f" pada {listed(frame, swapped, language='id')}", f" in {listed(frame, swapped)}"
            )
        )
        raise BoundaryError(
            "swapped-axes",
            f"{path.name} has latitudes beyond 90 degrees{which.en}: latitude and longitude look "
            "swapped. Longitude comes first (in Indonesia 95 to 141), latitude second (6 to -11). "
            "Swap them and try again.",
            indonesian=f"{path.name} memuat lintang di luar 90 derajat{which.id}: lintang dan "
            "bujur tampaknya tertukar. Bujur ditulis lebih dahulu (di Indonesia 95 sampai "
            "141), lalu lintang (6 sampai -11). Tukar keduanya, lalu coba lagi.",
        )


def _refuse_rows(frame: gpd.GeoDataFrame, rows: NDArray[np.intp], path: Path) -> None:
    """Refuse rows whose coordinates are no place on Earth."""
    if len(rows):
        wrong = np.isin(np.arange(len(frame)), rows)
        which = Bilingual(listed(frame, wrong, language="id"), listed(frame, wrong))
        raise _bad_coordinates(path, which)


def _no_crs(path: Path, what: Bilingual) -> BoundaryError:
    return BoundaryError(
        "no-crs",
        f"{path.name} {what.en}. Say it with --crs, for instance EPSG:4326 for longitude and "
        "latitude or EPSG:32749 for UTM 49S.",
        indonesian=f"{path.name} {what.id}. Sebutkan dengan --crs, misalnya EPSG:4326 untuk "
        "bujur dan lintang, atau EPSG:32749 untuk UTM 49S.",
    )


def _bad_coordinates(path: Path, which: Bilingual) -> BoundaryError:
    return BoundaryError(
        "bad-coordinates",
        f"{path.name} holds coordinates that are no place on Earth: {which.en}. Check them, and "
        "the coordinate system (--crs).",
        indonesian=f"{path.name} memuat koordinat yang tidak ada di Bumi: {which.id}. Periksa "
        "koordinat itu dan sistem koordinatnya (--crs).",
    )
