"""Check the page headers of a Parquet file, to bound its expansion before any page is read.

A page header has the size after decompression, and a reader trusts this size. A dictionary has the
number of its values, and delta encodings repeat a long text in a few bytes. So each page header is
checked: sizes are bounded, and only the encodings of our own files are accepted. The format is at
https://github.com/apache/parquet-format; headers are Thrift, compact protocol.
"""

import struct
from mmap import ACCESS_READ, mmap
from typing import IO, Final

import pyarrow.parquet as pq

LARGEST_PAGE: Final = 64 << 20
"""Bytes of a decompressed page. Pages of our files have about a megabyte."""
_LARGEST_FOOTER: Final = 8 << 20
_MAGIC: Final = b"PAR1"
_CODECS: Final = frozenset({"ZSTD", "UNCOMPRESSED"})
_ENCODINGS: Final = frozenset({0, 2, 3, 8})
"""PLAIN, PLAIN_DICTIONARY, RLE, RLE_DICTIONARY."""
_SMALLEST_FILE: Final = 12
_SMALLEST_VALUE: Final = 4
"""Bytes of a value in a dictionary."""
_PAGE_TYPE, _SIZE, _COMPRESSED, _VALUES = 1, 2, 3, 1
"""Fields of a page header; the last field is in the nested header of the page type."""
_DATA_PAGE, _DICTIONARY_PAGE, _DATA_PAGE_V2 = 0, 2, 3
_HEADER_FIELD: Final = {_DATA_PAGE: 5, _DICTIONARY_PAGE: 7, _DATA_PAGE_V2: 8}
"""The field with the nested header of each page type."""
_ENCODING_FIELD: Final = {_DATA_PAGE: 2, _DICTIONARY_PAGE: 2, _DATA_PAGE_V2: 4}
"""The field of the encoding in the nested header."""
_MAX_DEPTH: Final = 4


class ForeignParquetError(ValueError):
    """A Parquet file that this program did not write."""


def check_footer(file: IO[bytes]) -> int:
    """Check the size of the footer, which readers load into memory.

    Returns
    -------
    int
        Bytes of the file.

    Raises
    ------
    ForeignParquetError
        If there is no footer, or the footer is too large.
    """
    total = file.seek(0, 2)
    if total < _SMALLEST_FILE:
        raise ForeignParquetError("no Parquet")
    file.seek(-8, 2)
    size, magic = struct.unpack("<I4s", file.read(8))
    if magic != _MAGIC or size > min(_LARGEST_FOOTER, total - _SMALLEST_FILE):
        raise ForeignParquetError("footer")
    return total


def check_pages(file: IO[bytes], metadata: pq.FileMetaData) -> None:
    """Check every page of a file.

    Raises
    ------
    ForeignParquetError
        If a page is too large or of an unknown form, or if there are too many pages.
    """
    with mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        _check_columns(content, metadata)


def _check_columns(content: mmap, metadata: pq.FileMetaData) -> None:
    pages_left = 1000 + len(content) // 1000
    for group in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(column)
            if chunk.compression not in _CODECS:
                raise ForeignParquetError("compression")
            # The same rule as Arrow's, so that the checked bytes are the bytes that Arrow reads.
            start = chunk.data_page_offset
            if 0 < (chunk.dictionary_page_offset or 0) < start:
                start = chunk.dictionary_page_offset
            end = start + chunk.total_compressed_size
            if not 0 <= start <= end <= len(content):
                raise ForeignParquetError("place of a column")
            pages_left -= _check_chunk(content, start, end, metadata.row_group(group).num_rows)
            if pages_left < 0:
                raise ForeignParquetError("number of pages")


def _check_chunk(content: mmap, offset: int, end: int, rows: int) -> int:
    """Check the pages of one column chunk; the number of pages."""
    pages = values = 0
    while offset < end:
        header, offset = _read_header(content, offset)
        values += _check_page(header)
        offset += header[_COMPRESSED]
        pages += 1
    if offset != end or values > rows:
        raise ForeignParquetError("pages")
    return pages


def _check_page(header: dict[int, int]) -> int:
    """Check one page; the number of column values in the page."""
    page_type, size = header.get(_PAGE_TYPE, -1), header.get(_SIZE, -1)
    if header.get(_COMPRESSED, -1) < 0 or not 0 <= size <= LARGEST_PAGE:
        raise ForeignParquetError("size of a page")
    if page_type not in _HEADER_FIELD:
        raise ForeignParquetError("kind of a page")
    values = header.get(_HEADER_FIELD[page_type] << 8 | _VALUES, -1)
    if (
        values < 0
        or header.get(_HEADER_FIELD[page_type] << 8 | _ENCODING_FIELD[page_type], -1)
        not in _ENCODINGS
    ):
        raise ForeignParquetError("encoding")
    if page_type == _DICTIONARY_PAGE:
        if values * _SMALLEST_VALUE > size:
            raise ForeignParquetError("dictionary")
        return 0
    return values


def _read_header(content: mmap, offset: int) -> tuple[dict[int, int], int]:
    """The numbers of a page header by field, and its end; field 2 of field 5 is ``5 << 8 | 2``."""
    numbers: dict[int, int] = {}
    try:
        return numbers, _read_struct(content, offset, numbers, 0, 0)
    except IndexError:
        raise ForeignParquetError("header of a page") from None


def _read_struct(
    content: mmap, offset: int, numbers: dict[int, int], parent: int, depth: int
) -> int:
    if depth > _MAX_DEPTH:
        raise ForeignParquetError("header of a page")
    field = 0
    while head := content[offset]:
        offset += 1
        if head >> 4:
            field += head >> 4
        else:
            field, offset = _read_signed(content, offset)
        field_type, number = head & 15, parent << 8 | field
        if field_type in {1, 2}:  # true and false
            continue
        if field_type in {5, 6}:
            numbers[number], offset = _read_signed(content, offset)
        elif field_type == 8:
            size, offset = _read_unsigned(content, offset)
            offset += size
        elif field_type == 12:
            offset = _read_struct(content, offset, numbers, number, depth + 1)
        else:
            raise ForeignParquetError("header of a page")
    return offset + 1


def _read_signed(content: mmap, offset: int) -> tuple[int, int]:
    value, offset = _read_unsigned(content, offset)
    return value >> 1 ^ -(value & 1), offset


def _read_unsigned(content: mmap, offset: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 70:
        byte = content[offset]
        offset += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, offset
        shift += 7
    raise ForeignParquetError("number")
