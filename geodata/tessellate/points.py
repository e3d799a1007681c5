"""Points of RT, such as a meeting hall or the house of the head: one RT around each point."""

from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj.exceptions import CRSError
from scipy.spatial import cKDTree

from geodata.areas import RtNumber, parse_rt_label, rt_name
from geodata.boundaries.files.formats import open_polygons
from geodata.boundaries.files.rows import list_rows
from geodata.errors import BoundaryError
from geodata.tessellate.checked_kelurahan import CheckedKelurahan, RtRequest
from geodata.tessellate.frame import Floats, Frame

_MIN_DISTANCE: Final = 0.5
"""Minimum distance of two points in metres; a border needs space between them."""


def requests_by_points(points: gpd.GeoDataFrame, kelurahan: CheckedKelurahan) -> list[RtRequest]:
    """Requested RT of each kelurahan: one RT around each point; one RT without points.

    Parameters
    ----------
    points
        Any CRS; a column ``label`` (``RT 002 RW 003``) gives the numbers of the RT.

    Raises
    ------
    BoundaryError
        ``no-crs``, ``not-points``, ``points-outside``, ``points-too-close``,
        ``label-unreadable``, ``label-twice`` or ``label-elsewhere``.
    """
    xy = _coordinates(points)
    geometries = shapely.points(xy)
    point, polygon = shapely.STRtree(kelurahan.polygons).query(geometries, predicate="intersects")
    # A point on a border belongs to the first kelurahan at that border.
    area_rows = np.full(len(xy), len(kelurahan.polygons))
    np.minimum.at(area_rows, point, polygon)
    outside = area_rows == len(kelurahan.polygons)
    if bool(outside.any()):
        raise BoundaryError(
            "points-outside",
            f"{int(outside.sum())} of {len(xy)} points of RT are in no area "
            f"({list_rows(points, outside)}). Delete them, or check that points and kelurahan are "
            "in the same city and state their coordinate system.",
            indonesian=f"{int(outside.sum())} dari {len(xy)} titik RT tidak terletak di wilayah "
            f"mana pun ({list_rows(points, outside, language='id')}). Hapus titik itu, atau "
            "periksa apakah titik dan kelurahan berasal dari kota yang sama dan menyebut sistem "
            "koordinatnya.",
        )
    numbers = _numbers(points) if "label" in points.columns else None
    order = np.lexsort((xy[:, 0], -xy[:, 1], area_rows))
    requests = []
    for row, frame in enumerate(kelurahan.frames):
        point_rows = order[area_rows[order] == row]
        _check_distances(xy[point_rows], frame)
        labels = [numbers[point_row] for point_row in point_rows] if numbers is not None else []
        _check_unique(labels)
        _check_rw(labels, kelurahan.rows.iloc[row])
        requests.append(
            RtRequest(len(point_rows), xy[point_rows], labels or None)
            if len(point_rows)
            else RtRequest(1)
        )
    return requests


def _coordinates(points: gpd.GeoDataFrame) -> Floats:
    if points.crs is None:
        raise BoundaryError(
            "no-crs",
            "The points of RT do not state their coordinate system. Give it, for example "
            "EPSG:4326.",
            indonesian="Titik RT itu tidak menyebut sistem koordinatnya. Sebutkan, misalnya "
            "EPSG:4326.",
        )
    geometries = points.to_crs(4326).geometry.array
    kinds = shapely.get_type_id(np.asarray(geometries, dtype=np.object_))
    xy: Floats = shapely.get_coordinates(np.asarray(geometries, dtype=np.object_))
    if not len(kinds) or (kinds != 0).any() or len(xy) != len(kinds):
        raise BoundaryError(
            "not-points",
            f"{int((kinds != 0).sum())} of {len(kinds)} rows of the points of RT are not points "
            f"({list_rows(points, kinds != 0)}). Give one point per RT.",
            indonesian=f"{int((kinds != 0).sum())} dari {len(kinds)} baris titik RT bukan titik "
            f"({list_rows(points, kinds != 0, language='id')}). Berikan satu titik untuk setiap "
            "RT.",
        )
    return xy


def _numbers(points: gpd.GeoDataFrame) -> list[RtNumber]:
    parsed = [parse_rt_label(str(label)) for label in points["label"]]
    numbers = [number for number in parsed if number is not None]
    if len(numbers) < len(parsed):
        row = parsed.index(None)
        raise BoundaryError(
            "label-unreadable",
            f"{len(parsed) - len(numbers)} of {len(parsed)} labels do not have the form "
            f"'RT 002 RW 003', for example {str(points['label'].iloc[row])!r} in row {row + 1}. "
            "Correct them, or delete all labels so that RT get new numbers.",
            indonesian=f"{len(parsed) - len(numbers)} dari {len(parsed)} label tidak berbentuk "
            f"seperti 'RT 002 RW 003', misalnya {str(points['label'].iloc[row])!r} pada baris "
            f"{row + 1}. Perbaiki label itu, atau hapus semua label agar RT diberi nomor baru.",
        )
    return numbers


def _check_distances(xy: Floats, frame: Frame) -> None:
    close = len(cKDTree(frame.metres(xy)).query_pairs(_MIN_DISTANCE)) if len(xy) > 1 else 0
    if close:
        raise BoundaryError(
            "points-too-close",
            f"{close} pairs of points of RT are less than {_MIN_DISTANCE} m apart, so there is no "
            "space for a border. Keep one point per RT.",
            indonesian=f"{close} pasang titik RT berjarak kurang dari {_MIN_DISTANCE} m, sehingga "
            "tidak ada tempat untuk batas. Sisakan satu titik untuk setiap RT.",
        )


def _check_rw(labels: list[RtNumber], area: "pd.Series[Any]") -> None:
    """Raise for a point in an RW that differs from the RW of its label."""
    if "rw" not in area.index:
        return
    wrong_labels = [label for label in labels if label.rw != int(area["rw"])]
    if wrong_labels:
        raise BoundaryError(
            "label-elsewhere",
            f"The point of {rt_name(wrong_labels[0])} is in RW {int(area['rw']):03d} of the "
            f"kelurahan {area['kelurahan_code']}. Correct its label or its position.",
            indonesian=f"Titik {rt_name(wrong_labels[0])} terletak di RW {int(area['rw']):03d} "
            f"kelurahan {area['kelurahan_code']}. Perbaiki label atau letaknya.",
        )


def _check_unique(labels: list[RtNumber]) -> None:
    if len(set(labels)) < len(labels):
        raise BoundaryError(
            "label-twice",
            "Two points of one area have the same RT and RW number. Keep one point, or correct "
            "the label of the other.",
            indonesian="Dua titik di satu wilayah punya nomor RT dan RW yang sama. Sisakan "
            "satu titik, atau perbaiki label titik yang lain.",
        )


def read_points(path: Path, crs: str | None = None) -> gpd.GeoDataFrame:
    """Read the points of RT in a file, with all columns.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, Shapefile or GeoParquet.
    crs
        Coordinate system; replaces the coordinate system of the file.

    Raises
    ------
    BoundaryError
        ``no-file``, ``unreadable``, ``empty``, ``several-layers``, ``not-points``,
        ``unknown-crs``.
    """
    rows = open_polygons(path, None).rows
    if not isinstance(rows, gpd.GeoDataFrame) or rows.empty:
        raise BoundaryError(
            "not-points",
            f"{path.name} has no points. Give a file with one point per RT.",
            indonesian=f"{path.name} tidak memuat titik. Berikan berkas dengan satu titik untuk "
            "setiap RT.",
        )
    if crs is None:
        return rows
    try:
        return rows.set_crs(crs, allow_override=True)
    except CRSError:
        raise BoundaryError(
            "unknown-crs",
            "The coordinate system of --crs is not known. Write it like EPSG:32749.",
            indonesian="Sistem koordinat pada --crs tidak dikenal. Tulis misalnya EPSG:32749.",
        ) from None
