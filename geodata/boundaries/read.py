"""Reading polygons: any of the usual files, any coordinate system, into EPSG:4326.

What is wrong with single polygons is not judged here; see ``check``.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from pyproj.exceptions import CRSError

from geodata.boundaries.formats import BROKEN, open_polygons
from geodata.boundaries.model import WGS84
from geodata.errors import BoundaryError

_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def read_polygons(
    path: Path | str, crs: str | None = None, layer: str | None = None
) -> gpd.GeoDataFrame:
    """Polygons of a file in longitude and latitude.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, Shapefile (``.shp``, or one in a ``.zip``) or GeoParquet.
    crs
        Coordinate system of the file, for instance ``EPSG:32749`` for UTM 49S; wins over what
        the file says. A GeoJSON that says nothing is in degrees, by RFC 7946.
    layer
        Which layer, where a file holds several.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, float64, two dimensions, the rows and columns of the file. Coordinates that
        come in EPSG:4326 are untouched to the bit.

    Raises
    ------
    BoundaryError
        ``no-file``, ``unreadable``, ``empty``, ``several-layers``, ``not-polygons``, ``no-crs``,
        ``unknown-crs``, ``wrong-crs``, ``swapped-axes``, ``bad-coordinates``.
    """
    path = Path(path)
    named = None if crs is None else _crs(crs)
    rows = open_polygons(path, layer)
    frame = _only_polygons(rows, path)
    return _in_degrees(frame, named, path)


def _crs(text: str) -> pyproj.CRS:
    try:
        return pyproj.CRS.from_user_input(text)
    except CRSError:
        raise BoundaryError(
            "unknown-crs",
            "The coordinate system of --crs is not known. Write it like EPSG:4326 for longitude "
            "and latitude or EPSG:32749 for UTM 49S.",
        ) from None


def _only_polygons(rows: pd.DataFrame, path: Path) -> gpd.GeoDataFrame:
    if not isinstance(rows, gpd.GeoDataFrame):
        raise BoundaryError(
            "not-polygons", f"{path.name} is a table without shapes. A file of polygons is wanted."
        )
    if len(rows) == 0:
        raise BoundaryError("empty", f"{path.name} holds no polygon. At least one is wanted.")
    shapes = rows.geometry.to_numpy()
    wrong = ~np.isin(shapely.get_type_id(shapes), _POLYGONS) | shapely.is_empty(shapes)
    if bool(wrong.any()):
        which = ", ".join(str(row + 1) for row in np.flatnonzero(wrong)[:5])
        more = ", ..." if int(wrong.sum()) > 5 else ""
        raise BoundaryError(
            "not-polygons",
            f"{int(wrong.sum())} of {len(rows)} rows of {path.name} are no polygons but points, "
            f"lines or nothing (row {which}{more}). Take them out or draw them.",
        )
    others = [name for name in rows.columns if name not in {rows.geometry.name, "geometry"}]
    attributes = pd.DataFrame(rows[others]).reset_index(drop=True)
    return gpd.GeoDataFrame(attributes, geometry=shapely.force_2d(shapes), crs=rows.crs)


def _in_degrees(frame: gpd.GeoDataFrame, named: pyproj.CRS | None, path: Path) -> gpd.GeoDataFrame:
    crs = named if named is not None else frame.crs
    if crs is None:
        raise _no_crs(path, "does not say its coordinate system")
    _refuse_wrong_numbers(frame, crs, path)
    known = frame.set_crs(crs, allow_override=True)
    if pyproj.CRS(WGS84).equals(crs, ignore_axis_order=True):
        return known.set_crs(WGS84, allow_override=True)
    try:
        turned = known.to_crs(WGS84)
    except BROKEN:
        raise _bad_coordinates(path) from None
    if not bool(np.isfinite(turned.total_bounds).all()):
        raise _bad_coordinates(path)
    return turned


def _refuse_wrong_numbers(frame: gpd.GeoDataFrame, crs: pyproj.CRS, path: Path) -> None:
    """Notice degrees that are metres, metres that are degrees, and axes that are swapped."""
    bounds = shapely.bounds(frame.geometry.to_numpy())
    if not bool(np.isfinite(bounds).all()):
        raise _bad_coordinates(path)
    x, y = np.abs(bounds[:, 0::2]).max(), np.abs(bounds[:, 1::2]).max()
    if not crs.is_geographic:
        if x <= 180 and y <= 180:
            raise BoundaryError(
                "wrong-crs",
                f"{path.name} is said to be in {crs.name}, but its numbers look like degrees. "
                "Say its coordinate system with --crs, perhaps EPSG:4326.",
            )
    elif x > 180 or y > 180:
        raise _no_crs(path, "is said to be in degrees, but its numbers are none")
    elif y > 90:
        raise BoundaryError(
            "swapped-axes",
            f"{path.name} has latitudes beyond 90 degrees: latitude and longitude look swapped. "
            "Longitude comes first (in Indonesia 95 to 141), latitude second (6 to -11). Swap "
            "them and try again.",
        )


def _no_crs(path: Path, what: str) -> BoundaryError:
    return BoundaryError(
        "no-crs",
        f"{path.name} {what}. Say it with --crs, for instance EPSG:4326 for longitude and "
        "latitude or EPSG:32749 for UTM 49S.",
    )


def _bad_coordinates(path: Path) -> BoundaryError:
    return BoundaryError(
        "bad-coordinates",
        f"{path.name} holds coordinates that are no place on Earth. Check them, and the "
        "coordinate system (--crs).",
    )
