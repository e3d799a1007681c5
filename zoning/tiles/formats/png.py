"""PNG as far as tiles need it: one picture with a palette whose first entry is transparent.

The format is ISO/IEC 15948. Knows nothing of maps.
"""

import struct
from typing import Final

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_PALETTE_COLOUR: Final = 3


def _chunk(name: bytes, held: bytes) -> bytes:
    return struct.pack(">I", len(held)) + name + held + struct.pack(">I", _checksum(name + held))


def _checksum(held: bytes) -> int:
    return int(isal_zlib.crc32(held))


_TRANSPARENT: Final = _chunk(b"tRNS", b"\0")
_END: Final = _chunk(b"IEND", b"")


def _head(size: int, depth: int) -> bytes:
    held = struct.pack(">IIBBBBB", size, size, depth, _PALETTE_COLOUR, 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", held)


_HEADS: Final = {(size, depth): _head(size, depth) for size in (256, 512) for depth in (4, 8)}


def deflated(rows: NDArray[np.uint8], level: int) -> bytes:
    """The picture's pixels as a file ends with them: chunk of pixels, chunk of the end.

    Parameters
    ----------
    rows
        Each begins with the number of its filter.
    level
        0 the quickest to 3 the smallest.
    """
    return _chunk(b"IDAT", isal_zlib.compress(rows, level)) + _END


def inflated(pixels: bytes | memoryview) -> bytes:
    """The rows of what `deflated` gave."""
    return isal_zlib.decompress(memoryview(pixels)[8 : -4 - len(_END)])


def assembled(size: int, depth: int, palette: bytes, pixels: bytes | memoryview) -> bytes:
    """A file: its palette, three bytes a colour, and its pixels as `deflated` gave them."""
    return b"".join((_HEADS[size, depth], _chunk(b"PLTE", palette), _TRANSPARENT, pixels))
