"""Vector tiles read back by a decoder that shares no code with what made them."""

from typing import Any, NamedTuple

import mapbox_vector_tile
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.tiles.scheme import Tile

EXTENT = 4096


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
