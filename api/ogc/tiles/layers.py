"""One layer out of a vector tile that holds several; see the Mapbox Vector Tile specification."""

from collections.abc import Iterator
from typing import Final, NamedTuple

_LAYER: Final = 3
_NAME: Final = 1
_VARINT, _BYTES = 0, 2


class _Field(NamedTuple):
    number: int
    whole: memoryview
    body: memoryview


def only_layer(tile: bytes, name: str) -> bytes:
    """A tile with that layer alone; nothing where it has none.

    Parameters
    ----------
    tile
        As we encode them: fields of numbers and of bytes.
    """
    return b"".join(
        field.whole
        for field in _fields(memoryview(tile))
        if field.number == _LAYER and _name_of(field.body) == name
    )


def _name_of(layer: memoryview) -> str:
    return next(str(field.body, "utf-8") for field in _fields(layer) if field.number == _NAME)


def _fields(message: memoryview) -> Iterator[_Field]:
    at = 0
    while at < len(message):
        start = at
        tag, at = _varint(message, at)
        length, at = _varint(message, at)
        body = at
        if tag & 7 == _BYTES:
            at += length
        yield _Field(tag >> 3, message[start:at], message[body:at])


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
