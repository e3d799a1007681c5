"""Write PNG (ISO/IEC 15948): one picture with a palette, whose first entry may be transparent.

Knows no maps.
"""

import struct
import zlib
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_PALETTE_COLOUR: Final = 3


class PngForm(NamedTuple):
    """Width and height in pixels, and bits per pixel."""

    width: int
    height: int
    depth: int


def _chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", _checksum(name + content))
    )


def _checksum(content: bytes) -> int:
    return int(isal_zlib.crc32(content))


_TRANSPARENT: Final = _chunk(b"tRNS", b"\0")
_END: Final = _chunk(b"IEND", b"")


@lru_cache(maxsize=64)
def _header(form: PngForm) -> bytes:
    content = struct.pack(">IIBBBBB", *form, _PALETTE_COLOUR, 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", content)


def deflate_pixels(rows: NDArray[np.uint8], level: int) -> bytes:
    """Compress the pixels of a picture: the chunks IDAT and IEND.

    Parameters
    ----------
    rows
        Rows of pixels, each with its filter byte first.
    level
        Level of compression, from 0 (fastest) to 3 (smallest).
    """
    return _chunk(b"IDAT", isal_zlib.compress(rows, level)) + _END


def deflate_smallest(rows: NDArray[np.uint8]) -> bytes:
    """Compress pixels like `deflate_pixels`, as small as deflate can, and ten times slower."""
    return _chunk(b"IDAT", zlib.compress(rows.tobytes(), zlib.Z_BEST_COMPRESSION)) + _END


def inflate_pixels(pixels: bytes | memoryview) -> bytes:
    """The rows from the result of `deflate_pixels`."""
    return isal_zlib.decompress(memoryview(pixels)[8 : -4 - len(_END)])


def write_png(
    form: PngForm, palette: bytes, pixels: bytes | memoryview, *, transparent: bool = True
) -> bytes:
    """A PNG file.

    Parameters
    ----------
    palette
        Three bytes per colour.
    pixels
        Result of `deflate_pixels` or `deflate_smallest`.
    transparent
        Whether the first colour is transparent.
    """
    transparency = _TRANSPARENT if transparent else b""
    return b"".join((_header(form), _chunk(b"PLTE", palette), transparency, pixels))
