"""Points of RT, a meeting hall or the house of its head, given instead of numbers."""

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
from geodata.boundaries.files.rows import listed
from geodata.errors import BoundaryError
from geodata.tessellate.frame import Floats, Frame
from geodata.tessellate.ground import Ground, Wish

_APART: Final = 0.5
"""Metres between two points below which no border can be drawn between them."""


def wishes_by_points(points: gpd.GeoDataFrame, ground: Ground) -> list[Wish]:
    """What each kelurahan is to be divided into: the RT around its points, or one RT.

    Parameters
    ----------
    points
        Any CRS; with a column ``label`` (``RT 002 RW 003``) each gives its RT those numbers.

    Raises
    ------
    BoundaryError
        ``no-crs``, ``not-points``, ``points-outside``, ``points-too-close``,
        ``label-unreadable``, ``label-twice`` or ``label-elsewhere``.
    """
    xy = _coordinates(points)
    spots = shapely.points(xy)
    spot, polygon = shapely.STRtree(ground.polygons).query(spots, predicate="intersects")
    # A point on a border belongs to the first of the kelurahan it touches.
    home = np.full(len(xy), len(ground.polygons))
    np.minimum.at(home, spot, polygon)
    outside = home == len(ground.polygons)
    if bool(outside.any()):
        raise BoundaryError(
            "points-outside",
            f"{int(outside.sum())} of {len(xy)} points of RT stand in no area "
            f"({listed(points, outside)}). Take them out, or check "
            "that points and kelurahan are of one city and say their coordinate system.",
            indonesian=f"{int(outside.sum())} dari {len(xy)} titik RT tidak terletak di wilayah "
            f"mana pun ({listed(points, outside, language='id')}). Keluarkan titik itu, atau "
            "periksa apakah titik dan kelurahan berasal dari satu kota dan menyebut sistem "
            "koordinatnya.",
        )
    numbers = _numbers(points) if "label" in points.columns else None
    order = np.lexsort((xy[:, 0], -xy[:, 1], home))
    wishes = []
    for number, frame in enumerate(ground.frames):
        own = order[home[order] == number]
        _check_apart(xy[own], frame)
        names = [numbers[i] for i in own] if numbers is not None else []
        _check_once(names)
        _check_rw(names, ground.areas.iloc[number])
        wishes.append(Wish(len(own), xy[own], names or None) if len(own) else Wish(1))
    return wishes


def _coordinates(points: gpd.GeoDataFrame) -> Floats:
    if points.crs is None:
        raise BoundaryError(
            "no-crs",
            "The points of RT do not say their coordinate system. Say it, for instance EPSG:4326.",
            indonesian="Titik RT itu tidak menyebut sistem koordinatnya. Sebutkan, misalnya "
            "EPSG:4326.",
        )
    geometries = points.to_crs(4326).geometry.array
    kinds = shapely.get_type_id(np.asarray(geometries, dtype=np.object_))
    xy: Floats = shapely.get_coordinates(np.asarray(geometries, dtype=np.object_))
    if not len(kinds) or (kinds != 0).any() or len(xy) != len(kinds):
        raise BoundaryError(
            "not-points",
            f"{int((kinds != 0).sum())} of {len(kinds)} rows of the points of RT are no points "
            f"({listed(points, kinds != 0)}). Give one point per RT.",
            indonesian=f"{int((kinds != 0).sum())} dari {len(kinds)} baris titik RT bukan titik "
            f"({listed(points, kinds != 0, language='id')}). Berikan satu titik untuk setiap RT.",
        )
    return xy


def _numbers(points: gpd.GeoDataFrame) -> list[RtNumber]:
    parsed = [parse_rt_label(str(label)) for label in points["label"]]
    numbers = [number for number in parsed if number is not None]
    if len(numbers) < len(parsed):
        at = parsed.index(None)
        raise BoundaryError(
            "label-unreadable",
            f"{len(parsed) - len(numbers)} of {len(parsed)} labels do not read like "
            f"'RT 002 RW 003', {str(points['label'].iloc[at])!r} in row {at + 1} for one. Mend "
            "them, or leave the labels away to have RT numbered anew.",
            indonesian=f"{len(parsed) - len(numbers)} dari {len(parsed)} label tidak berbentuk "
            f"seperti 'RT 002 RW 003', misalnya {str(points['label'].iloc[at])!r} pada baris "
            f"{at + 1}. Perbaiki label itu, atau hapus semua label agar RT diberi nomor baru.",
        )
    return numbers


def _check_apart(xy: Floats, frame: Frame) -> None:
    close = len(cKDTree(frame.metres(xy)).query_pairs(_APART)) if len(xy) > 1 else 0
    if close:
        raise BoundaryError(
            "points-too-close",
            f"{close} pairs of points of RT are less than {_APART} m apart, so no border fits "
            "between them. Keep one point per RT.",
            indonesian=f"{close} pasang titik RT berjarak kurang dari {_APART} m, sehingga tidak "
            "ada batas yang muat di antaranya. Sisakan satu titik untuk setiap RT.",
        )


def _check_rw(names: list[RtNumber], area: "pd.Series[Any]") -> None:
    """Refuse a point that stands in another RW than its label says."""
    if "rw" not in area.index:
        return
    wrong = [name for name in names if name.rw != int(area["rw"])]
    if wrong:
        raise BoundaryError(
            "label-elsewhere",
            f"The point of {rt_name(wrong[0])} stands in RW {int(area['rw']):03d} of the kelurahan "
            f"{area['kelurahan_code']}. Mend its label or its place.",
            indonesian=f"Titik {rt_name(wrong[0])} terletak di RW {int(area['rw']):03d} "
            f"kelurahan {area['kelurahan_code']}. Perbaiki label atau letaknya.",
        )


def _check_once(names: list[RtNumber]) -> None:
    if len(set(names)) < len(names):
        raise BoundaryError(
            "label-twice",
            "Two points of one area have the same RT and RW number. Keep one, or mend "
            "the other's label.",
            indonesian="Dua titik di satu wilayah punya nomor RT dan RW yang sama. Sisakan "
            "satu, atau perbaiki label yang lain.",
        )


def read_points(path: Path, crs: str | None = None) -> gpd.GeoDataFrame:
    """Points of RT of a file, with its other columns.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, Shapefile or GeoParquet.
    crs
        Coordinate system, where the file does not say it.

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
            f"{path.name} holds no points. Give a file with one point per RT.",
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
