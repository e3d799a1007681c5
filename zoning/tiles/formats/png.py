"""Write PNG (ISO/IEC 15948) for tiles: one picture with a palette whose first entry is transparent.

Knows no maps.
"""

import struct
from typing import Final

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_PALETTE_COLOUR: Final = 3


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


def _header(size: int, depth: int) -> bytes:
    content = struct.pack(">IIBBBBB", size, size, depth, _PALETTE_COLOUR, 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", content)


_HEADERS: Final = {(size, depth): _header(size, depth) for size in (256, 512) for depth in (4, 8)}


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


def inflate_pixels(pixels: bytes | memoryview) -> bytes:
    """The rows from the result of `deflate_pixels`."""
    return isal_zlib.decompress(memoryview(pixels)[8 : -4 - len(_END)])


def write_png(size: int, depth: int, palette: bytes, pixels: bytes | memoryview) -> bytes:
    """A PNG file from its palette, three bytes per colour, and the result of `deflate_pixels`."""
    return b"".join((_HEADERS[size, depth], _chunk(b"PLTE", palette), _TRANSPARENT, pixels))
