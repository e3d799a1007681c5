"""Vector tiles read by a decoder that shares no code with the encoder."""

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
    features_by_layer = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})
    layers = {}
    for name, layer in features_by_layer.items():
        assert layer["extent"] == EXTENT
        assert layer["version"] == 2
        layers[name] = [
            Zone(feature["id"], feature["properties"], shapely.geometry.shape(feature["geometry"]))
            for feature in layer["features"]
        ]
    return layers


def in_units(shapes: NDArray[np.object_], tile: Tile) -> NDArray[np.object_]:
    """Project shapes from degrees to units from a tile's corner, with the formulas of EPSG:3857."""

    def project(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x = (xy[:, 0] + 180) / 360
        y = (1 - np.log(np.tan(np.pi / 4 + np.radians(xy[:, 1]) / 2)) / np.pi) / 2
        n_tiles = 2**tile.z
        return np.column_stack([x * n_tiles - tile.x, y * n_tiles - tile.y]) * EXTENT

    projected: NDArray[np.object_] = shapely.transform(shapes, project)
    return projected


INSIDE = shapely.box(0, 0, EXTENT, EXTENT)
"""A tile without its margin."""


def segments(zones: Sequence[Zone]) -> NDArray[np.int64]:
    """Segments of zones in whole units, shape ``(n, 4)``: from x, y to x, y, the zone on the left.

    Without segments along the outer edge of the tile's buffer.
    """
    polygons = shapely.get_parts(np.array([zone.shape for zone in zones], dtype=object))
    rings = shapely.get_rings(shapely.orient_polygons(polygons))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    assert (xy == np.rint(xy)).all()
    lines = np.column_stack([xy[:-1], xy[1:]])[ring[:-1] == ring[1:]].astype(np.int64)
    on_margin = (lines[:, :2] == lines[:, 2:]) & np.isin(lines[:, :2], (-MARGIN, EXTENT + MARGIN))
    inner: NDArray[np.int64] = lines[~on_margin.any(axis=1)]
    return inner


def without(candidates: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    """The segments of one list that are not in another, in either direction."""
    excluded = {
        tuple(segment)
        for direction in (others, others[:, [2, 3, 0, 1]])
        for segment in direction.tolist()
    }
    remaining = [segment for segment in candidates.tolist() if tuple(segment) not in excluded]
    return np.array(remaining, dtype=np.int64).reshape(-1, 4)


def unshared(zones: Sequence[Zone]) -> NDArray[np.int64]:
    """Segments of zones that no neighbour has in the opposite direction."""
    lines = segments(zones)
    reversed_lines = {tuple(segment) for segment in lines[:, [2, 3, 0, 1]].tolist()}
    remaining = [segment for segment in lines.tolist() if tuple(segment) not in reversed_lines]
    return np.array(remaining, dtype=np.int64).reshape(-1, 4)


def as_lines(rows: NDArray[np.int64]) -> NDArray[np.object_]:
    """Segments as lines."""
    return np.asarray(shapely.linestrings(rows.reshape(-1, 2, 2)), dtype=object)
