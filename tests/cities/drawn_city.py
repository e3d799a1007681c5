"""Random small cities whose polygons share their edges exactly, and functions to change them.

A grid of RT in Semarang. Every corner and every middle of an edge is moved at random, so that each
city is different and the neighbours of every area are known.
"""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

WEST, SOUTH, SIDE = 110.4, -7.0, 0.002
KELURAHAN = "33.74.06.1010"
_ROUNDING = 1e-12
"""Degrees: a ten-millionth of a metre."""
Edge = tuple[tuple[float, float], tuple[float, float]]
_GEOD = pyproj.Geod(ellps="WGS84")


def drawn_city(seed: int, columns: int = 4, rows: int = 4) -> gpd.GeoDataFrame:
    """RT in canonical columns: row ``row * columns + column``; each row of the grid is an RW."""
    random = np.random.default_rng(seed)
    corner = np.stack(np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0)), axis=-1)
    corner += random.uniform(-0.2, 0.2, corner.shape)
    east = (corner[:, :-1] + corner[:, 1:]) / 2 + random.uniform(-0.1, 0.1, (rows + 1, columns, 2))
    north = (corner[:-1] + corner[1:]) / 2 + random.uniform(-0.1, 0.1, (rows, columns + 1, 2))
    shapes = []
    for r in range(rows):
        for c in range(columns):
            ring = [corner[r, c], east[r, c], corner[r, c + 1], north[r, c + 1]]
            ring += [corner[r + 1, c + 1], east[r + 1, c], corner[r + 1, c], north[r, c]]
            shapes.append(shapely.Polygon(np.array(ring) * SIDE + [WEST, SOUTH]))
    numbers = [(r + 1, c + 1) for r in range(rows) for c in range(columns)]
    return gpd.GeoDataFrame(
        {
            "rw": [rw for rw, _ in numbers],
            "rt": [rt for _, rt in numbers],
            "kelurahan_code": KELURAHAN,
            "kelurahan_name": "Tembalang",
        },
        geometry=shapes,
        crs="EPSG:4326",
    )


def get_corner(shape: shapely.Geometry, number: int) -> NDArray[np.float64]:
    """A corner of an RT: number 0 to 3, from the south-west counter-clockwise."""
    return np.asarray(shapely.get_coordinates(shape)[2 * number], dtype=np.float64)


def move_corner(frame: gpd.GeoDataFrame, row: int, number: int, to: NDArray[np.float64]) -> None:
    """Move a corner of one RT in place; neighbours stay."""
    ring = shapely.get_coordinates(frame.geometry.iloc[row])
    ring[2 * number] = to
    if number == 0:
        ring[-1] = to
    set_shape(frame, row, shapely.Polygon(ring))


def set_shape(frame: gpd.GeoDataFrame, row: int, shape: shapely.Geometry | None) -> None:
    """Set the shape of an RT, in place."""
    shapes = frame.geometry.to_numpy().copy()
    shapes[row] = shape
    frame["geometry"] = gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs)


def square_metres(shape: shapely.Geometry) -> float:
    """Area on the ellipsoid: an oracle without a projection."""
    return abs(_GEOD.geometry_area_perimeter(shape)[0])


def shares_every_edge(shapes: NDArray[np.object_]) -> bool:
    """Whether every edge is shared exactly, or is on the outside.

    The check counts edges: no edge occurs twice in the same direction, and the middle of an edge
    without a reverse edge is inside no other polygon.
    """
    owner: dict[Edge, int] = {}
    for row, shape in enumerate(shapely.normalize(shapes)):
        for ring in shapely.get_rings(shapely.get_parts(shape)):
            points = [(float(x), float(y)) for x, y in shapely.get_coordinates(ring)]
            for edge in pairwise(points):
                if edge[0] == edge[1]:
                    continue  # A vertex written twice is no edge.
                if edge in owner:
                    return False
                owner[edge] = row
    for ((x0, y0), (x1, y1)), row in owner.items():
        if ((x1, y1), (x0, y0)) not in owner:
            others = np.delete(shapes, row)
            middle = shapely.Point((x0 + x1) / 2, (y0 + y1) / 2)
            inside = others[shapely.contains(others, middle)]
            # The middle is rounded, so it may be slightly beside the edge.
            if (shapely.distance(shapely.boundary(inside), middle) > _ROUNDING).any():
                return False
    return True
