"""Extracts one layer of a vector tile; see the Mapbox Vector Tile specification."""

from collections.abc import Iterator
from typing import Final, NamedTuple

_LAYER: Final = 3
_NAME: Final = 1
_VARINT, _BYTES = 0, 2


class _Field(NamedTuple):
    number: int
    encoded: memoryview
    """The field with its tag and its length."""
    body: memoryview


def extract_layer(tile: bytes, name: str) -> bytes:
    """A tile with only the layer of a name; no bytes if the tile does not have the layer.

    Parameters
    ----------
    tile
        A tile of this project: its fields are varints and bytes.
    """
    return b"".join(
        field.encoded
        for field in _fields(memoryview(tile))
        if field.number == _LAYER and _layer_name(field.body) == name
    )


def _layer_name(layer: memoryview) -> str:
    return next(str(field.body, "utf-8") for field in _fields(layer) if field.number == _NAME)


def _fields(message: memoryview) -> Iterator[_Field]:
    position = 0
    while position < len(message):
        start = position
        tag, position = _read_varint(message, position)
        length, position = _read_varint(message, position)
        body = position
        if tag & 7 == _BYTES:
            position += length
        yield _Field(tag >> 3, message[start:position], message[body:position])


def _read_varint(message: memoryview, position: int) -> tuple[int, int]:
    """The number at a position, and the position after it."""
    value, shift = 0, 0
    while True:
        byte = message[position]
        value |= (byte & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if byte < 0x80:
            return value, position
