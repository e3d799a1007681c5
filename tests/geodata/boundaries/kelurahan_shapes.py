"""Coverages of kelurahan for tests: irregular grids with islands, holes, enclaves, extra nodes."""

from collections.abc import Sequence
from itertools import pairwise

import geopandas as gpd
import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

Corner = tuple[int, int]
LON, LAT = 110.3, -7.0


def frame_of(shapes: Sequence[BaseGeometry], **columns: object) -> gpd.GeoDataFrame:
    """Kelurahan with codes in order, of one kecamatan."""
    count = len(shapes)
    return gpd.GeoDataFrame(
        {
            "code": [f"33.74.06.{1001 + number}" for number in range(count)],
            "name": [f"Kelurahan {number}" for number in range(count)],
            "kecamatan_code": "33.74.06",
            "kecamatan_name": "Pedurungan",
            **columns,
        },
        geometry=list(shapes),
        crs=4326,
    )


def shapes_of(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Geometries as an array for shapely."""
    return np.asarray(frame.geometry.array, dtype=np.object_)


def without_crs(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The same coordinates without a coordinate system."""
    columns = frame.drop(columns=frame.geometry.name)
    return gpd.GeoDataFrame(columns, geometry=list(shapes_of(frame)))


def square(x: float = 0.0, y: float = 0.0, side: float = 0.01) -> Polygon:
    """A square with its lower left corner ``x, y`` sides from Semarang."""
    left, low = LON + x * side, LAT + y * side
    return Polygon([(left, low), (left + side, low), (left + side, low + side), (left, low + side)])


@st.composite
def kelurahan(draw: st.DrawFn) -> gpd.GeoDataFrame:
    """One to nine kelurahan, one metre to a hundred kilometres wide, that share their borders."""
    columns, rows = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    side = draw(st.sampled_from([1e-5, 1e-3, 0.02, 1.0]))
    offset = st.floats(-0.3, 0.3)
    corners = {
        (i, j): (LON + side * (i + draw(offset)), LAT + side * (j + draw(offset)))
        for i in range(columns + 1)
        for j in range(rows + 1)
    }
    cells: list[BaseGeometry] = [
        _cell(draw, corners, (i, j)) for i in range(columns) for j in range(rows)
    ]
    # The hole touches no border: corners move at most 0.3.
    hole = _ring(LON + side * 0.5, LAT + side * 0.5, side * 0.05)
    if draw(st.booleans()):
        cells[0] = Polygon(cells[0].exterior.coords, [hole])  # type: ignore[attr-defined]
        if draw(st.booleans()):
            cells.append(Polygon(hole))
    if draw(st.booleans()):
        island_size = draw(st.sampled_from([0.02, 0.4]))
        island = _ring(LON - 2 * side, LAT, side * island_size)
        cells[-1] = MultiPolygon([cells[-1], Polygon(island)])  # type: ignore[list-item]
    if draw(st.booleans()):
        people = draw(st.lists(st.integers(0, 9000), min_size=len(cells), max_size=len(cells)))
        return frame_of(cells, population=people)
    return frame_of(cells)


def _cell(draw: st.DrawFn, corners: dict[Corner, tuple[float, float]], corner: Corner) -> Polygon:
    i, j = corner
    ring: list[tuple[float, float]] = []
    ring_corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1), (i, j)]
    for start, end in pairwise(ring_corners):
        ring.append(corners[start])
        # A node in the middle, which the neighbour may have or not.
        if draw(st.booleans()):
            a, b = np.array(corners[start]), np.array(corners[end])
            middle = (a + b) / 2
            ring.append((float(middle[0]), float(middle[1])))
    return Polygon(ring)


def _ring(x: float, y: float, half: float) -> list[tuple[float, float]]:
    return [
        (x - half, y - half),
        (x + half, y - half),
        (x + half, y + half),
        (x - half, y + half),
        (x - half, y - half),
    ]
