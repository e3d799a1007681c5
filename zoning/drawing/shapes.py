"""Simplified shapes of a city for drawing: neighbours share borders, with fewer corners.

Only for display; to find the area of a point, use `zoning.locating.locator`.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.boundaries import Boundaries
from geodata.boundaries.coverage.topology import union_coverage
from geodata.boundaries.versions.model import WGS84
from zoning.drawing.packing import (
    OUTLINE_STEPS_PER_DEGREE,
    STEPS_PER_DEGREE,
    pack_numbers,
    pack_shapes,
)

_TILE_TOLERANCE: Final = 12.0
"""Tolerance of outlines over tiles, in metres: a pixel at their last zoom."""
_LAST_OUTLINE_ZOOM: Final = 14
_STANDALONE_TOLERANCE: Final = 3.0
"""Tolerance of the RT of a page without tiles, in metres."""
_DECIMALS: Final = 6
"""Decimals of degrees: ten centimetres."""
_RT_AND_RW: Final = re.compile(r"RT (\S+) RW (\S+)")
Shapes = NDArray[np.object_]


def outlines(boundaries: Boundaries) -> dict[str, Any]:
    """Shapes, codes and names of kelurahan and kecamatan, for a page whose zones are tiles.

    Returns
    -------
    dict
        ``kelurahan`` and ``kecamatan``, and ``closest``: the zoom from which on these outlines
        differ visibly from the borders in the tiles.
    """
    metres = boundaries.level("kelurahan").geometry.to_crs(boundaries.metres).to_numpy()
    simplified = _simplify(metres, boundaries, _TILE_TOLERANCE)
    return _outlines(boundaries, simplified, _LAST_OUTLINE_ZOOM, OUTLINE_STEPS_PER_DEGREE)


def zone_numbers(boundaries: Boundaries) -> dict[str, Any]:
    """A point inside each of the smallest zones, and its number as a map shows it.

    Returns
    -------
    dict
        ``numbers``: ``003/014`` for RT 003 RW 014, else the name; ``points``: the steps between the
        points, see `zoning.drawing.packing`.
    """
    zones = boundaries.level("rt")
    points = shapely.get_coordinates(shapely.point_on_surface(zones.geometry.to_numpy()))
    grid = np.rint(points * STEPS_PER_DEGREE).astype(np.int64)
    steps = np.diff(grid, axis=0, prepend=np.zeros((1, 2), np.int64))
    numbers = [_RT_AND_RW.sub(r"\1/\2", name) for name in zones["name"].tolist()]
    return {"numbers": numbers, "points": pack_numbers(steps.ravel())}


def standalone_shapes(boundaries: Boundaries) -> tuple[dict[str, str | int], dict[str, Any]]:
    """The smallest zones for a page without tiles, and outlines with exactly the same borders."""
    metres = boundaries.smallest_zones.geometry.to_crs(boundaries.metres).to_numpy()
    zones = _simplify(metres, boundaries, _STANDALONE_TOLERANCE)
    kelurahan_codes = boundaries.ancestors("kelurahan")
    kelurahan = _union_by_area(zones, kelurahan_codes, boundaries.level("kelurahan")["code"])
    return pack_shapes(zones), _outlines(boundaries, kelurahan, 99, STEPS_PER_DEGREE)


def _outlines(boundaries: Boundaries, kelurahan: Shapes, closest: int, grid: int) -> dict[str, Any]:
    kelurahan_areas, kecamatan_areas = boundaries.level("kelurahan"), boundaries.level("kecamatan")
    kecamatan = _union_by_area(
        kelurahan, kelurahan_areas["parent"].to_numpy(), kecamatan_areas["code"]
    )
    row_of = {code: row for row, code in enumerate(kecamatan_areas["code"])}
    within = [row_of.get(parent, -1) for parent in kelurahan_areas["parent"]]
    return {
        "kelurahan": {**_areas(kelurahan_areas, kelurahan, grid), "within": within},
        "kecamatan": _areas(kecamatan_areas, kecamatan, grid),
        "closest": closest,
    }


def _areas(areas: gpd.GeoDataFrame, shapes: Shapes, grid: int) -> dict[str, Any]:
    points = shapely.get_coordinates(shapely.point_on_surface(shapes))
    return {
        "codes": areas["code"].tolist(),
        "names": areas["name"].tolist(),
        "labels": np.round(points[:, ::-1], _DECIMALS).tolist(),
        "shapes": pack_shapes(shapes, grid),
    }


def _union_by_area(shapes: Shapes, area_codes: NDArray[np.object_], codes: Iterable[str]) -> Shapes:
    unions = [union_coverage(shapes[area_codes == code]) for code in codes]
    return np.array(unions, dtype=object)


def _simplify(metres: Shapes, boundaries: Boundaries, tolerance: float) -> Shapes:
    simplified = shapely.coverage_simplify(metres, tolerance)
    # A shape smaller than the tolerance may become empty: keep its original shape then.
    simplified = np.where(shapely.is_empty(simplified), metres, simplified)
    degrees = gpd.GeoSeries(simplified, crs=boundaries.metres).to_crs(WGS84).to_numpy()
    rounded: Shapes = shapely.transform(degrees, lambda xy: np.round(xy, _DECIMALS))
    return rounded
