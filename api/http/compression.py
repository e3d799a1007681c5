"""Compression: the content encodings that a client accepts, and fast gzip for large responses.

ISA-L compresses all RT of a city in a third of the time of the fastest zlib level, to a smaller
size. The middleware compresses all other responses.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from fastapi import Request
from isal import isal_zlib
from starlette_compress._utils import parse_accept_encoding  # as the middleware reads it

_LEVEL: Final = 1
_GZIP: Final = 31
"""Window bits that select the header and the checksum of gzip."""


def accepted_encodings(request: Request) -> frozenset[str]:
    """The content encodings that both the server and the client support."""
    return parse_accept_encoding(",".join(request.headers.getlist("accept-encoding")))


def gzip_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Compress pieces of bytes to gzip, one piece after another."""
    compressor = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, _GZIP)
    for piece in pieces:
        compressed = compressor.compress(piece)
        if compressed:
            yield compressed
    yield compressor.flush()
