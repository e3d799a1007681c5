"""Bounds on what a Parquet file may expand to, found in its pages before any page is read.

A page says its size before it is decompressed, and a reader believes it; a dictionary says how
many values it has, and an encoding by differences repeats a long text in a few bytes. So each
page's own header is looked at: what it says is bounded, and its encoding is one that we write.
The format is at https://github.com/apache/parquet-format; headers are Thrift, compact protocol.
"""

import struct
from mmap import ACCESS_READ, mmap
from typing import IO, Final

import pyarrow.parquet as pq

LARGEST_PAGE: Final = 64 << 20
"""Bytes of a page, decompressed. Ours have about a megabyte."""
_LARGEST_FOOTER: Final = 8 << 20
_MAGIC: Final = b"PAR1"
_CODECS: Final = frozenset({"ZSTD", "UNCOMPRESSED"})
_ENCODINGS: Final = frozenset({0, 2, 3, 8})
"""PLAIN, PLAIN_DICTIONARY, RLE, RLE_DICTIONARY."""
_FEWEST_OF_A_FILE: Final = 12
_FEWEST_OF_A_VALUE: Final = 4
"""Bytes of a value in a dictionary."""
_KIND, _SIZE, _COMPRESSED, _VALUES = 1, 2, 3, 1
"""Fields of a page's header; the last of the structure within it."""
_DATA, _DICTIONARY, _DATA_V2 = 0, 2, 3
_WITHIN: Final = {_DATA: 5, _DICTIONARY: 7, _DATA_V2: 8}
"""The field with the structure for a kind of page."""
_ENCODING: Final = {_DATA: 2, _DICTIONARY: 2, _DATA_V2: 4}
"""The field within that structure."""
_DEEPEST: Final = 4


class UnlikeOurs(ValueError):  # noqa: N818  (a finding, which becomes a sentence elsewhere)
    """A Parquet file that no program of ours wrote."""


def check_footer(file: IO[bytes]) -> int:
    """Check the size of the footer, which is read whole.

    Returns
    -------
    int
        Bytes of the file.

    Raises
    ------
    UnlikeOurs
        If there is none, or it is too large.
    """
    total = file.seek(0, 2)
    if total < _FEWEST_OF_A_FILE:
        raise UnlikeOurs("no Parquet")
    file.seek(-8, 2)
    size, magic = struct.unpack("<I4s", file.read(8))
    if magic != _MAGIC or size > min(_LARGEST_FOOTER, total - _FEWEST_OF_A_FILE):
        raise UnlikeOurs("footer")
    return total


def check_pages(file: IO[bytes], metadata: pq.FileMetaData) -> None:
    """Check every page of a file.

    Raises
    ------
    UnlikeOurs
        If a page is too large or of a form that we do not write, or if there are too many.
    """
    with mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        _check_columns(content, metadata)


def _check_columns(content: mmap, metadata: pq.FileMetaData) -> None:
    left = 1000 + len(content) // 1000
    for group in range(metadata.num_row_groups):
        for number in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(number)
            if chunk.compression not in _CODECS:
                raise UnlikeOurs("compression")
            # As Arrow finds it, so that what is checked is what is read.
            start = chunk.data_page_offset
            if 0 < (chunk.dictionary_page_offset or 0) < start:
                start = chunk.dictionary_page_offset
            end = start + chunk.total_compressed_size
            if not 0 <= start <= end <= len(content):
                raise UnlikeOurs("place of a column")
            left -= _check_chunk(content, start, end, metadata.row_group(group).num_rows)
            if left < 0:
                raise UnlikeOurs("number of pages")


def _check_chunk(content: mmap, at: int, end: int, rows: int) -> int:
    """Check one column's pages, and say how many there are."""
    pages = values = 0
    while at < end:
        header, at = _header(content, at)
        values += _check_page(header)
        at += header[_COMPRESSED]
        pages += 1
    if at != end or values > rows:
        raise UnlikeOurs("pages")
    return pages


def _check_page(header: dict[int, int]) -> int:
    """Check one page, and say how many values of the column it holds."""
    kind, size = header.get(_KIND, -1), header.get(_SIZE, -1)
    if header.get(_COMPRESSED, -1) < 0 or not 0 <= size <= LARGEST_PAGE:
        raise UnlikeOurs("size of a page")
    if kind not in _WITHIN:
        raise UnlikeOurs("kind of a page")
    values = header.get(_WITHIN[kind] << 8 | _VALUES, -1)
    if values < 0 or header.get(_WITHIN[kind] << 8 | _ENCODING[kind], -1) not in _ENCODINGS:
        raise UnlikeOurs("encoding")
    if kind == _DICTIONARY:
        if values * _FEWEST_OF_A_VALUE > size:
            raise UnlikeOurs("dictionary")
        return 0
    return values


def _header(content: mmap, at: int) -> tuple[dict[int, int], int]:
    """The numbers of a page's header, and its end; field 2 of field 5 is ``5 << 8 | 2``."""
    found: dict[int, int] = {}
    try:
        return found, _struct(content, at, found, 0, 0)
    except IndexError:
        raise UnlikeOurs("header of a page") from None


def _struct(content: mmap, at: int, found: dict[int, int], above: int, deep: int) -> int:
    if deep > _DEEPEST:
        raise UnlikeOurs("header of a page")
    field = 0
    while head := content[at]:
        at += 1
        if head >> 4:
            field += head >> 4
        else:
            field, at = _signed(content, at)
        kind, name = head & 15, above << 8 | field
        if kind in {1, 2}:  # true and false
            continue
        if kind in {5, 6}:
            found[name], at = _signed(content, at)
        elif kind == 8:
            size, at = _unsigned(content, at)
            at += size
        elif kind == 12:
            at = _struct(content, at, found, name, deep + 1)
        else:
            raise UnlikeOurs("header of a page")
    return at + 1


def _signed(content: mmap, at: int) -> tuple[int, int]:
    value, at = _unsigned(content, at)
    return value >> 1 ^ -(value & 1), at


def _unsigned(content: mmap, at: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 70:
        byte = content[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
    raise UnlikeOurs("number")
