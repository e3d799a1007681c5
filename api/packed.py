"""Large answers packed as they are written, by the quick gzip of ISA-L.

It packs a whole city's RT in a third of the time that zlib at its quickest takes, and smaller;
the middleware packs all other answers.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from isal import isal_zlib

_LEVEL: Final = 1
_GZIP: Final = 31
"""Window bits that make the head and the checksum those of gzip."""


def gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes as gzip, in pieces fit for sending."""
    packer = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, _GZIP)
    for piece in pieces:
        packed = packer.compress(piece)
        if packed:
            yield packed
    yield packer.flush()
