"""Mapbox Vector Tiles (version 2.1), all but the colours: a byte for each, to be filled in.

The values of a layer begin with one for each class of risk and one for "not known" (risk -1), whose
number is the number of classes; a feature's tags begin with its risk. So the
risk of a feature is the number of a value, one byte whose place is known, and a day's tile is
these bytes with its risks in their places.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.kernels.geometry import MOST_PER_CORNER, MOST_PER_RING, write_polygons
from zoning.tiles.geometry.coverage import EXTENT, Shapes

KEYS: Final = ("risk", "code", "name")

# Field numbers and kinds of the protocol buffers, as vector_tile.proto numbers them.
_LAYER: Final = b"\x1a"
_NAME, _FEATURE, _KEY, _VALUE = b"\x0a", b"\x12", b"\x1a", b"\x22"
_EXTENT, _VERSION = b"\x28", b"\x78"
_ID, _TAGS, _POLYGON, _GEOMETRY = b"\x08", b"\x12", b"\x18\x03", b"\x22"
_STRING, _UINT, _SINT = b"\x0a", b"\x28", b"\x30"


class Feature(NamedTuple):
    """One area in one tile; without a risk where it is none of a zone."""

    row: int
    code: str
    name: str
    coloured: bool
    geometry: bytes


class Template(NamedTuple):
    """A tile without its colours.

    Attributes
    ----------
    tile
        The whole tile, each zone of the lowest class.
    places, rows
        Where the byte of each zone's risk is, and the zone's row in `Boundaries.areas`: int32,
        shape ``(n,)``.
    """

    tile: bytes
    places: NDArray[np.int32]
    rows: NDArray[np.int32]


def geometries(shapes: Shapes) -> list[bytes]:
    """Polygons in units from a tile's north-west corner as commands of a feature."""
    parts, of = shapely.get_parts(shapes, return_index=True)
    polygons, of_part = shapely.get_parts(parts, return_index=True)
    areal = shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
    polygons, of = polygons[areal], of[of_part][areal]
    # To the south is up here, so the standard's clockwise is the plane's counterclockwise.
    turned = shapely.orient_polygons(polygons, exterior_cw=False)
    xy, offsets = _ragged(turned)
    features = np.searchsorted(of, np.arange(len(shapes) + 1)).astype(np.int64)
    rings, starts = offsets
    out = np.empty(len(xy) * MOST_PER_CORNER + len(rings) * MOST_PER_RING, dtype=np.uint8)
    ends = np.zeros(len(shapes), dtype=np.int64)
    write_polygons(xy, rings, starts, features, out, ends)
    written = out[: ends[-1] if len(ends) else 0].tobytes()
    return [written[a:b] for a, b in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True)]


def template(layers: Sequence[tuple[str, Sequence[Feature]]], n_classes: int) -> Template:
    """Put a tile together.

    Parameters
    ----------
    layers
        Name and features of each, none empty.
    n_classes
        How many classes of risk there are.
    """
    tile = bytearray()
    places: list[int] = []
    rows: list[int] = []
    for name, features in layers:
        body, found = _layer(name, features, n_classes)
        tile += _LAYER + varint(len(body))
        places += [len(tile) + place for place in found]
        rows += [feature.row for feature in features if feature.coloured]
        tile += body
    return Template(bytes(tile), np.array(places, dtype=np.int32), np.array(rows, dtype=np.int32))


def varint(value: int) -> bytes:
    """A number that is not negative, as protocol buffers write it."""
    written = bytearray()
    while value > 127:
        written.append(value & 127 | 128)
        value >>= 7
    written.append(value)
    return bytes(written)


def _layer(name: str, features: Sequence[Feature], n_classes: int) -> tuple[bytearray, list[int]]:
    body = bytearray(_field(_NAME, name.encode()))
    places = []
    texts: dict[str, int] = {}
    for feature in features:
        code, called = (texts.setdefault(text, n_classes + 1 + len(texts)) for text in feature[1:3])
        tags = b"\x01" + varint(code) + b"\x02" + varint(called)
        head = _ID + varint(feature.row)
        if feature.coloured:
            tags = b"\x00\x00" + tags
        head += _TAGS + varint(len(tags))
        message = head + tags + _POLYGON + _field(_GEOMETRY, feature.geometry)
        body += _FEATURE + varint(len(message))
        if feature.coloured:
            places.append(len(body) + len(head) + 1)
        body += message
    for key in KEYS:
        body += _field(_KEY, key.encode())
    for value in range(n_classes):
        body += _field(_VALUE, _UINT + varint(value))
    body += _field(_VALUE, _SINT + b"\x01")
    for text in texts:
        body += _field(_VALUE, _field(_STRING, text.encode()))
    return body + _EXTENT + varint(EXTENT) + _VERSION + b"\x02", places


def _field(tag: bytes, content: bytes) -> bytes:
    return tag + varint(len(content)) + content


def _ragged(
    polygons: Shapes,
) -> tuple[NDArray[np.int32], tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Corners, where each ring begins among them, and where each polygon among the rings."""
    if not len(polygons):
        none = np.zeros(1, dtype=np.int64)
        return np.empty((0, 2), dtype=np.int32), (none, none)
    _, xy, (rings, starts) = shapely.to_ragged_array(polygons)
    return xy.astype(np.int32), (rings.astype(np.int64), starts.astype(np.int64))
