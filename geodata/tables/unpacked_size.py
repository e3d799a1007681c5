"""Check the expanded size of a zipped spreadsheet (XLSX, XLSM, XLSB, ODS) before it is opened.

Each part is unpacked in chunks that are not kept, because the sizes in the archive may be false.
The count may be too low for a part in an unusual form; the memory limit of the reading process
covers that case.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.errors import RecordError
from geodata.language import Bilingual, format_indonesian
from geodata.tables.limits import (
    CELLS_NOUN,
    MAX_CHARACTERS,
    MAX_OTHER_PART_BYTES,
    MAX_SHEETS,
    MAX_SPREADSHEET_CELLS,
    MAX_UNPACKED_BYTES,
    check_characters,
    check_shape,
    too_many,
    too_much_unpacked,
)
from geodata.tables.repeated_cells import RepeatedCells
from geodata.tables.workbook import sheet_parts

ARCHIVE_ERRORS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
)
"""Errors of the libraries for a damaged archive."""
_CHUNK_BYTES: Final = 1 << 22
_MAX_PARTS: Final = 5_000
_MAX_TEXT_BYTES: Final = 1 << 20
"""Bytes between two tags; a cell has at most 32,767 characters."""
_SHARED_STRINGS: Final = "xl/sharedstrings.xml"
_ODS_CONTENT: Final = "content.xml"
_CELL: Final = re.compile(
    rb"<(?:\w{1,20}:)?c\s[^<>]{0,200}?\br\s{0,3}=\s{0,3}[\"']([A-Za-z]{1,200})(\d{1,200})[\"']"
    rb"[^<>]{0,200}(?<!/)>"
)
"""A cell with a value; a formatted blank cell has a self-closing tag and does not match."""
_BLANK_CELL: Final = re.compile(rb"<(?:\w{1,20}:)?c\b[^<>]{0,200}/>")
_SHARED_CELL: Final = re.compile(
    rb"\bt\s{0,3}=\s{0,3}[\"']s[\"'](?:[^<>]{0,200}>\s{0,9}<(?:\w{1,20}:)?v>\s{0,9}(\d{1,9}))?"
)
_ROW: Final = re.compile(
    rb"<(?:\w{1,20}:)?row\b(?:[^<>]{0,200}?\br\s{0,3}=\s{0,3}[\"'](\d{1,200})[\"'])?"
)
_TEXT: Final = re.compile(rb"<(?:\w{1,20}:)?si\b")
_MAX_REFERENCE: Final = (3, 7)
"""Number of letters and of digits of the last cell of a spreadsheet, XFD1048576."""


class SheetExtent(NamedTuple):
    """Rows and columns that a sheet spans, and its number of cells."""

    rows: int
    columns: int
    cells: int


def check_unpacked(content: bytes, name: str) -> None:
    """Refuse a spreadsheet whose expanded size exceeds a limit.

    Raises
    ------
    RecordError
        ``too-large``.
    zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError
        If the file is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = book.infolist()
        if len(parts) > _MAX_PARTS:
            raise too_many(Bilingual("bagian", "parts"), len(parts), _MAX_PARTS, name)
        if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise too_much_unpacked(name)
        extents: dict[str, SheetExtent] = {}
        lengths = np.zeros(0, dtype=np.int64)
        for part in parts:
            chunks = _chunks(book, part, name)
            if part.filename.lower() == _SHARED_STRINGS:
                lengths = np.concatenate([lengths, _shared_text_lengths(chunks)])
            elif part.filename.startswith("xl/worksheets/"):
                extents[part.filename] = _extent(chunks)
            elif part.filename == _ODS_CONTENT:
                RepeatedCells(name).read(chunks)
            elif (
                part.filename.endswith((".xml", ".rels")) and part.file_size > MAX_OTHER_PART_BYTES
            ):
                raise too_much_unpacked(name, MAX_OTHER_PART_BYTES)
            else:
                for _ in chunks:
                    continue
        _check_sheets(book, extents, lengths, name)


def _check_sheets(
    book: zipfile.ZipFile, extents: dict[str, SheetExtent], lengths: NDArray[np.int64], name: str
) -> None:
    """Refuse a workbook whose sheets are too large; two sheets may refer to one part."""
    if not extents:
        return
    largest = max(extents.values(), key=lambda extent: extent.rows * extent.columns)
    part_names = sheet_parts(book)
    if len(part_names) > MAX_SHEETS:
        raise too_many(Bilingual("lembar", "sheets"), len(part_names), MAX_SHEETS, name)
    sheet_extents = [extents.get(part, largest) for part in part_names]
    for extent in sheet_extents:
        check_shape(extent.rows, extent.columns, name, max_cells=MAX_SPREADSHEET_CELLS)
    total_cells = sum(extent.rows * extent.columns for extent in sheet_extents)
    if total_cells > MAX_SPREADSHEET_CELLS:
        raise too_many(CELLS_NOUN, total_cells, MAX_SPREADSHEET_CELLS, name)
    longest = int(lengths.max(initial=0))
    # Count exactly only if the upper bound, the longest text in every cell, exceeds the limit.
    if longest * sum(extent.cells for extent in sheet_extents) > MAX_CHARACTERS:
        characters = {
            part: _count_characters(_chunks(book, book.getinfo(part), name), lengths)
            for part in set(part_names) & set(extents)
        }
        max_characters = max(characters.values(), default=0)
        check_characters(sum(characters.get(part, max_characters) for part in part_names), name)


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """The unpacked content of a part in chunks; each chunk ends before a tag.

    Raises
    ------
    RecordError
        ``too-large`` if a text between two tags is longer than any cell.
    """
    unread = b""
    with archive.open(part) as stream:
        while read_bytes := stream.read(_CHUNK_BYTES):
            buffer = unread + read_bytes
            last_tag = buffer.rfind(b"<")
            if last_tag < 0:
                last_tag = len(buffer)
            elif len(buffer) - last_tag > _MAX_TEXT_BYTES and _is_xml(part):
                raise _too_long_cell(name)
            yield buffer[:last_tag]
            unread = buffer[last_tag:]
    yield unread


def _is_xml(part: zipfile.ZipInfo) -> bool:
    return part.filename.lower().endswith((".xml", ".rels"))


def _extent(chunks: Iterator[bytes]) -> SheetExtent:
    """Extent of the cells of a sheet; a cell without a reference follows the cell before it."""
    columns: set[bytes] = set()
    last_row_with_cells, last_row, cells, without_reference, rows, widest_row = 0, 0, 0, 0, 0, 0
    for chunk in chunks:
        references = _CELL.findall(chunk)
        columns |= {letters for letters, _ in references}
        last_row_with_cells = max(last_row_with_cells, _largest_row({row for _, row in references}))
        count = chunk.count(b"<c ") + chunk.count(b":c ") + chunk.count(b"<c>")
        count -= len(_BLANK_CELL.findall(chunk)) if count > len(references) else 0
        cells += count
        row_tags = list(_ROW.finditer(chunk))
        starts = [row_tag.start() for row_tag in row_tags]
        rows += len(starts)
        last_row = max(last_row, _largest_row({row_tag[1] for row_tag in row_tags if row_tag[1]}))
        if count > len(references):
            without_reference += count - len(references)
            ends = zip([0, *starts], [*starts, len(chunk)], strict=True)
            widest_row = max(widest_row, *(chunk.count(b"c", start, end) for start, end in ends))
    width = max(map(_column_number, columns), default=0)
    if without_reference:
        last_row_with_cells, width = (
            max(last_row_with_cells, last_row) + rows,
            width + min(widest_row, without_reference),
        )
    return SheetExtent(last_row_with_cells, width, cells)


def _largest_row(rows: set[bytes]) -> int:
    """The largest row number.

    Raises
    ------
    ValueError
        If a number has more digits than any spreadsheet has: the library would allocate memory
        for all rows up to it.
    """
    if any(len(row) > _MAX_REFERENCE[1] for row in rows):
        raise ValueError
    return max(map(int, rows), default=0)


def _column_number(letters: bytes) -> int:
    if len(letters) > _MAX_REFERENCE[0]:
        raise ValueError
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _shared_text_lengths(chunks: Iterator[bytes]) -> NDArray[np.int64]:
    """Bytes of each shared text with its tags: an upper bound of its characters."""
    starts = [np.zeros(0, dtype=np.int64)]
    position = 0
    for chunk in chunks:
        starts.append(
            np.array([position + match.start() for match in _TEXT.finditer(chunk)], np.int64)
        )
        position += len(chunk)
    return np.diff(np.concatenate([*starts, [position]]))


def _count_characters(chunks: Iterator[bytes], lengths: NDArray[np.int64]) -> int:
    """Characters of the cells of a sheet that refer to a shared text."""
    total, longest = 0, int(lengths.max(initial=0))
    for chunk in chunks:
        shared_cells = _SHARED_CELL.findall(chunk)
        numbers = np.array([number for number in shared_cells if number], dtype="S9").astype(
            np.int64
        )
        valid_numbers = numbers[numbers < len(lengths)]
        total += int(lengths[valid_numbers].sum()) + longest * (len(shared_cells) - len(numbers))
    return total


def _too_long_cell(name: str) -> RecordError:
    return RecordError(
        "too-large",
        f"{name} has a cell of more than {_MAX_TEXT_BYTES:,} bytes; at most 32,767 characters fit "
        "into a cell. Copy the table alone into a new file, save it, and give that file.",
        indonesian=f"{name} punya sel yang lebih dari {format_indonesian(_MAX_TEXT_BYTES)} byte; "
        "satu sel memuat paling banyak 32.767 karakter. Salin tabelnya saja ke berkas baru, "
        "simpan, lalu berikan berkas itu.",
    )
