"""Mapbox Vector Tiles (specification 2.1) as templates: a day fills in one byte per zone.

The values of a layer begin with one value for each class of risk, then one for "not known" (risk
-1). The tags of a feature begin with its risk. So the risk of a feature is one byte, the number of
a value, at a known position in the tile.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.kernels.geometry import MOST_PER_CORNER, MOST_PER_RING, write_polygons
from zoning.tiles.geometry.coverage import EXTENT, Shapes

KEYS: Final = ("risk", "code", "name")

# Field numbers and wire types of the protocol buffers, from vector_tile.proto.
_LAYER: Final = b"\x1a"
_NAME, _FEATURE, _KEY, _VALUE = b"\x0a", b"\x12", b"\x1a", b"\x22"
_EXTENT, _VERSION = b"\x28", b"\x78"
_ID, _TAGS, _POLYGON, _GEOMETRY = b"\x08", b"\x12", b"\x18\x03", b"\x22"
_STRING, _UINT, _SINT = b"\x0a", b"\x28", b"\x30"


class Feature(NamedTuple):
    """One area in one tile; ``coloured`` if the area has a risk."""

    row: int
    code: str
    name: str
    coloured: bool
    geometry: bytes


class Template(NamedTuple):
    """A tile without risks.

    Attributes
    ----------
    tile
        The bytes of the tile, with the lowest class for each zone.
    positions, rows
        Position of the risk byte of each zone, and the row of the zone in `Boundaries.areas`:
        int32, shape ``(n,)``.
    """

    tile: bytes
    positions: NDArray[np.int32]
    rows: NDArray[np.int32]


def geometries(shapes: Shapes) -> list[bytes]:
    """Encode polygons, in units from the north-west corner of a tile, as geometry of features."""
    parts, shape_of_part = shapely.get_parts(shapes, return_index=True)
    polygons, part_of_polygon = shapely.get_parts(parts, return_index=True)
    is_polygon = shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
    polygons, shape_of_part = polygons[is_polygon], shape_of_part[part_of_polygon][is_polygon]
    # y grows to the south, so clockwise in the standard is counterclockwise for shapely.
    oriented = shapely.orient_polygons(polygons, exterior_cw=False)
    xy, offsets = _ragged_arrays(oriented)
    features = np.searchsorted(shape_of_part, np.arange(len(shapes) + 1)).astype(np.int64)
    rings, starts = offsets
    output = np.empty(len(xy) * MOST_PER_CORNER + len(rings) * MOST_PER_RING, dtype=np.uint8)
    ends = np.zeros(len(shapes), dtype=np.int64)
    write_polygons(xy, rings, starts, features, output, ends)
    written = output[: ends[-1] if len(ends) else 0].tobytes()
    return [written[a:b] for a, b in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True)]


def template(layers: Sequence[tuple[str, Sequence[Feature]]], n_classes: int) -> Template:
    """Build the template of a tile.

    Parameters
    ----------
    layers
        Name and features of each layer; no layer is empty.
    n_classes
        Number of classes of risk.
    """
    tile = bytearray()
    positions: list[int] = []
    rows: list[int] = []
    for name, features in layers:
        layer, layer_positions = _layer(name, features, n_classes)
        tile += _LAYER + varint(len(layer))
        positions += [len(tile) + position for position in layer_positions]
        rows += [feature.row for feature in features if feature.coloured]
        tile += layer
    return Template(
        bytes(tile), np.array(positions, dtype=np.int32), np.array(rows, dtype=np.int32)
    )


def varint(value: int) -> bytes:
    """Encode a number that is not negative as a varint of protocol buffers."""
    encoded = bytearray()
    while value > 127:
        encoded.append(value & 127 | 128)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _layer(name: str, features: Sequence[Feature], n_classes: int) -> tuple[bytearray, list[int]]:
    body = bytearray(_field(_NAME, name.encode()))
    positions = []
    texts: dict[str, int] = {}
    for feature in features:
        code, area_name = (
            texts.setdefault(text, n_classes + 1 + len(texts)) for text in feature[1:3]
        )
        tags = b"\x01" + varint(code) + b"\x02" + varint(area_name)
        header = _ID + varint(feature.row)
        if feature.coloured:
            tags = b"\x00\x00" + tags
        header += _TAGS + varint(len(tags))
        message = header + tags + _POLYGON + _field(_GEOMETRY, feature.geometry)
        body += _FEATURE + varint(len(message))
        if feature.coloured:
            positions.append(len(body) + len(header) + 1)
        body += message
    for key in KEYS:
        body += _field(_KEY, key.encode())
    for value in range(n_classes):
        body += _field(_VALUE, _UINT + varint(value))
    body += _field(_VALUE, _SINT + b"\x01")
    for text in texts:
        body += _field(_VALUE, _field(_STRING, text.encode()))
    return body + _EXTENT + varint(EXTENT) + _VERSION + b"\x02", positions


def _field(tag: bytes, content: bytes) -> bytes:
    return tag + varint(len(content)) + content


def _ragged_arrays(
    polygons: Shapes,
) -> tuple[NDArray[np.int32], tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Corners, first corner of each ring, and first ring of each polygon."""
    if not len(polygons):
        no_offsets = np.zeros(1, dtype=np.int64)
        return np.empty((0, 2), dtype=np.int32), (no_offsets, no_offsets)
    _, xy, (rings, starts) = shapely.to_ragged_array(polygons)
    return xy.astype(np.int32), (rings.astype(np.int64), starts.astype(np.int64))
