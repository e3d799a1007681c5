"""Vector tiles read back by a decoder that shares no code with what made them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import mapbox_vector_tile
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.tiles.geometry.scheme import Tile

EXTENT = 4096
MARGIN = 64


class Zone(NamedTuple):
    """One decoded feature; its shape in units from the tile's corner, y to the south."""

    id: int
    properties: dict[str, Any]
    shape: BaseGeometry


def decoded(tile: bytes) -> dict[str, list[Zone]]:
    """Features of every layer."""
    found = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})
    layers = {}
    for name, layer in found.items():
        assert layer["extent"] == EXTENT
        assert layer["version"] == 2
        layers[name] = [
            Zone(one["id"], one["properties"], shapely.geometry.shape(one["geometry"]))
            for one in layer["features"]
        ]
    return layers


def in_units(shapes: NDArray[np.object_], tile: Tile) -> NDArray[np.object_]:
    """Shapes in degrees, in units from a tile's corner: the formulas of EPSG:3857 written out."""

    def project(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x = (xy[:, 0] + 180) / 360
        y = (1 - np.log(np.tan(np.pi / 4 + np.radians(xy[:, 1]) / 2)) / np.pi) / 2
        across = 2**tile.z
        return np.column_stack([x * across - tile.x, y * across - tile.y]) * EXTENT

    moved: NDArray[np.object_] = shapely.transform(shapes, project)
    return moved


INSIDE = shapely.box(0, 0, EXTENT, EXTENT)
"""A tile without its margin."""


def segments(zones: Sequence[Zone]) -> NDArray[np.int64]:
    """Lines of zones in whole units, shape ``(n, 4)``: from x, y to x, y, each zone on its left.

    Without those along the edge of what the tile holds.
    """
    polygons = shapely.get_parts(np.array([zone.shape for zone in zones], dtype=object))
    rings = shapely.get_rings(shapely.orient_polygons(polygons))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    assert (xy == np.rint(xy)).all()
    found = np.column_stack([xy[:-1], xy[1:]])[ring[:-1] == ring[1:]].astype(np.int64)
    along = (found[:, :2] == found[:, 2:]) & np.isin(found[:, :2], (-MARGIN, EXTENT + MARGIN))
    kept: NDArray[np.int64] = found[~along.any(axis=1)]
    return kept


def without(these: NDArray[np.int64], those: NDArray[np.int64]) -> NDArray[np.int64]:
    """The segments of one list that are not in another, in whichever direction they run there."""
    known = {tuple(one) for part in (those, those[:, [2, 3, 0, 1]]) for one in part.tolist()}
    kept = [one for one in these.tolist() if tuple(one) not in known]
    return np.array(kept, dtype=np.int64).reshape(-1, 4)


def unshared(zones: Sequence[Zone]) -> NDArray[np.int64]:
    """Segments of zones that no neighbour has, running the other way."""
    found = segments(zones)
    other_way = {tuple(one) for one in found[:, [2, 3, 0, 1]].tolist()}
    kept = [one for one in found.tolist() if tuple(one) not in other_way]
    return np.array(kept, dtype=np.int64).reshape(-1, 4)


def as_lines(found: NDArray[np.int64]) -> NDArray[np.object_]:
    """Segments as lines."""
    return np.asarray(shapely.linestrings(found.reshape(-1, 2, 2)), dtype=object)
