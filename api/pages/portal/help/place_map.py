"""A small map of places as SVG: outlines of the kecamatan, and a numbered point for each place."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from api.pages.portal.help.city_data import CityData
from api.pages.portal.help.place_list import ListedPlace, Room
from geodata.boundaries import Boundaries

_WIDTH: Final = 600
_MARGIN: Final = 14
_TOLERANCE: Final = 1.5
"""Largest deviation of an outline, in units of the picture."""
_MOST_NUMBERED: Final = 20
"""More numbers would cover each other; further places are small dots."""


@dataclass(frozen=True)
class PlacePoint:
    """A place on the map; `number` is its position in the list, None for a small dot."""

    number: int | None
    x: float
    y: float
    room: Room


@dataclass(frozen=True)
class PlaceMap:
    """The map.

    Attributes
    ----------
    outlines
        Paths of the kecamatan.
    points
        The last point is drawn above the others.
    middle
        Middle of the requested area; None without area.
    outside
        Number of places outside the map, and of places without a point.
    """

    width: int
    height: int
    outlines: list[str]
    points: list[PlacePoint]
    middle: tuple[float, float] | None
    outside: int


@dataclass(frozen=True)
class _Frame:
    """The picture of a city: metres north and east of its south-west corner, scaled."""

    west: float
    north: float
    east_scale: float
    north_scale: float
    height: int

    @classmethod
    def around(cls, bounds: tuple[float, float, float, float]) -> "_Frame":
        west, south, east, north = bounds
        # One degree of longitude is shorter than one of latitude by the cosine of the latitude.
        shortening = math.cos(math.radians((south + north) / 2))
        scale = (_WIDTH - 2 * _MARGIN) / max((east - west) * shortening, 1e-9)
        height = round((north - south) * scale) + 2 * _MARGIN
        return cls(west, north, scale * shortening, scale, height)

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Position in the picture."""
        x = _MARGIN + (lon - self.west) * self.east_scale
        y = _MARGIN + (self.north - lat) * self.north_scale
        return round(x, 1), round(y, 1)

    def holds(self, x: float, y: float) -> bool:
        return 0 <= x <= _WIDTH and 0 <= y <= self.height


def place_map(
    data: CityData, places: Sequence[ListedPlace], near: str | None = None
) -> PlaceMap | None:
    """The map of some places, numbered in their order; None if no place has a point.

    Parameters
    ----------
    near
        Code of the area whose middle the map shows.
    """
    boundaries = data.boundaries
    frame, outlines = data.city.cache.get_or_build(
        ("outlines of the portal", boundaries.id),
        lambda: _outlines(boundaries),
        lambda built: sum(map(len, built[1])),
    )
    points: list[PlacePoint] = []
    for number, place in enumerate(places, 1):
        if place.lon is None or place.lat is None:
            continue
        x, y = frame.place(place.lon, place.lat)
        if frame.holds(x, y):
            points.append(
                PlacePoint(number if number <= _MOST_NUMBERED else None, x, y, place.group)
            )
    if not points:
        return None
    middle = None
    if near is not None:
        area = boundaries.area(near)
        if area.level != "kota":
            point = area.geometry.representative_point()
            middle = frame.place(point.x, point.y)
    outside = len(places) - len(points)
    return PlaceMap(_WIDTH, frame.height, outlines, points[::-1], middle, outside)


def _outlines(boundaries: Boundaries) -> tuple[_Frame, list[str]]:
    shapes = boundaries.level("kecamatan").geometry.to_numpy()
    west, south, east, north = (float(side) for side in shapely.total_bounds(shapes))
    frame = _Frame.around((west, south, east, north))

    def project(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        x = _MARGIN + (lonlat[:, 0] - frame.west) * frame.east_scale
        y = _MARGIN + (frame.north - lonlat[:, 1]) * frame.north_scale
        return np.column_stack([x, y])

    simple = shapely.coverage_simplify(shapely.transform(shapes, project), _TOLERANCE**2)
    return frame, [_path(shape) for shape in simple]


def _path(shape: BaseGeometry) -> str:
    pieces = []
    for polygon in shapely.get_parts(shape):
        ring = np.rint(shapely.get_coordinates(polygon.exterior)).astype(int).tolist()
        if len(ring) > 3:
            pieces.append("M" + "L".join(f"{x} {y}" for x, y in ring[:-1]) + "Z")
    return "".join(pieces)
