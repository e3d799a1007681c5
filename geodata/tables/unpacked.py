"""What a spreadsheet in a zip (XLSX, XLSM, XLSB, ODS) expands to, counted before it is expanded.

Parts are unpacked piece by piece and thrown away: what an archive says of its sizes may be a lie.
A part that is written in a way no program writes may be counted too low; the process that reads
files has a limit of its own.
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
from geodata.language import Bilingual, in_indonesian
from geodata.tables.limits import (
    CELLS,
    MOST_BESIDE,
    MOST_CHARACTERS,
    MOST_SHEETS,
    MOST_SPREADSHEET_CELLS,
    MOST_UNPACKED,
    check_characters,
    check_shape,
    too_many,
    unpacks_to_too_much,
)
from geodata.tables.repeated_cells import RepeatedCells
from geodata.tables.workbook import sheet_parts

FAULTS: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
"""What a damaged archive makes the library say."""
_AT_ONCE: Final = 1 << 22
_MOST_PARTS: Final = 5_000
_LONGEST_TEXT: Final = 1 << 20
"""Bytes between two tags; a cell has at most 32,767 characters."""
_SHARED: Final = "xl/sharedstrings.xml"
_ODS: Final = "content.xml"
_CELL: Final = re.compile(
    rb"<(?:\w{1,20}:)?c\s[^<>]{0,200}?\br\s{0,3}=\s{0,3}[\"']([A-Za-z]{1,200})(\d{1,200})[\"']"
    rb"[^<>]{0,200}(?<!/)>"
)
"""A cell that is formatted and holds nothing closes at once, and spans nothing."""
_BLANK_CELL: Final = re.compile(rb"<(?:\w{1,20}:)?c\b[^<>]{0,200}/>")
_SHARED_CELL: Final = re.compile(
    rb"\bt\s{0,3}=\s{0,3}[\"']s[\"'](?:[^<>]{0,200}>\s{0,9}<(?:\w{1,20}:)?v>\s{0,9}(\d{1,9}))?"
)
_ROW: Final = re.compile(
    rb"<(?:\w{1,20}:)?row\b(?:[^<>]{0,200}?\br\s{0,3}=\s{0,3}[\"'](\d{1,200})[\"'])?"
)
_TEXT: Final = re.compile(rb"<(?:\w{1,20}:)?si\b")
_FARTHEST: Final = (3, 7)
"""Letters and digits of the farthest cell of a spreadsheet, XFD1048576."""


class Extent(NamedTuple):
    """What one sheet spans, and how many cells it has."""

    rows: int
    columns: int
    cells: int


def check_unpacked(content: bytes, name: str) -> None:
    """Refuse a spreadsheet that expands to more than is read.

    Raises
    ------
    RecordError
        ``too-large``.
    zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError
        Where it is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = book.infolist()
        if len(parts) > _MOST_PARTS:
            raise too_many(Bilingual("bagian", "parts"), len(parts), _MOST_PARTS, name)
        if sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise unpacks_to_too_much(name)
        extents: dict[str, Extent] = {}
        lengths = np.zeros(0, dtype=np.int64)
        for part in parts:
            pieces = _pieces(book, part, name)
            if part.filename.lower() == _SHARED:
                lengths = np.concatenate([lengths, _lengths(pieces)])
            elif part.filename.startswith("xl/worksheets/"):
                extents[part.filename] = _extent(pieces)
            elif part.filename == _ODS:
                RepeatedCells(name).read(pieces)
            elif part.filename.endswith((".xml", ".rels")) and part.file_size > MOST_BESIDE:
                raise unpacks_to_too_much(name, MOST_BESIDE)
            else:
                for _ in pieces:
                    continue
        _check_sheets(book, extents, lengths, name)


def _check_sheets(
    book: zipfile.ZipFile, extents: dict[str, Extent], lengths: NDArray[np.int64], name: str
) -> None:
    """Refuse what the sheets of a workbook expand to; two sheets may name one part."""
    if not extents:
        return
    largest = max(extents.values(), key=lambda extent: extent.rows * extent.columns)
    named = sheet_parts(book)
    if len(named) > MOST_SHEETS:
        raise too_many(Bilingual("lembar", "sheets"), len(named), MOST_SHEETS, name)
    spans = [extents.get(part, largest) for part in named]
    for extent in spans:
        check_shape(extent.rows, extent.columns, name, most_cells=MOST_SPREADSHEET_CELLS)
    spanned = sum(extent.rows * extent.columns for extent in spans)
    if spanned > MOST_SPREADSHEET_CELLS:
        raise too_many(CELLS, spanned, MOST_SPREADSHEET_CELLS, name)
    longest = int(lengths.max(initial=0))
    # Counted only where the longest text in every cell would be too much.
    if longest * sum(extent.cells for extent in spans) > MOST_CHARACTERS:
        characters = {
            part: _characters(_pieces(book, book.getinfo(part), name), lengths)
            for part in set(named) & set(extents)
        }
        most = max(characters.values(), default=0)
        check_characters(sum(characters.get(part, most) for part in named), name)


def _pieces(book: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """A part, unpacked piece by piece; each ends where a tag begins.

    Raises
    ------
    RecordError
        ``too-large`` where a text between two tags is longer than any cell.
    """
    rest = b""
    with book.open(part) as stream:
        while piece := stream.read(_AT_ONCE):
            whole = rest + piece
            cut = whole.rfind(b"<")
            if cut < 0:
                cut = len(whole)
            elif len(whole) - cut > _LONGEST_TEXT and _is_xml(part):
                raise _too_long(name)
            yield whole[:cut]
            rest = whole[cut:]
    yield rest


def _is_xml(part: zipfile.ZipInfo) -> bool:
    return part.filename.lower().endswith((".xml", ".rels"))


def _extent(pieces: Iterator[bytes]) -> Extent:
    """What the cells of a sheet span. Cells that do not say where they stand follow each other."""
    columns: set[bytes] = set()
    last, last_row, cells, unsaid, rows, widest = 0, 0, 0, 0, 0, 0
    for piece in pieces:
        found = _CELL.findall(piece)
        columns |= {letters for letters, _ in found}
        last = max(last, _farthest({row for _, row in found}))
        count = piece.count(b"<c ") + piece.count(b":c ") + piece.count(b"<c>")
        count -= len(_BLANK_CELL.findall(piece)) if count > len(found) else 0
        cells += count
        row_tags = list(_ROW.finditer(piece))
        starts = [each.start() for each in row_tags]
        rows += len(starts)
        last_row = max(last_row, _farthest({each[1] for each in row_tags if each[1]}))
        if count > len(found):
            unsaid += count - len(found)
            ends = zip([0, *starts], [*starts, len(piece)], strict=True)
            widest = max(widest, *(piece.count(b"c", start, end) for start, end in ends))
    width = max(map(_column, columns), default=0)
    if unsaid:
        last, width = max(last, last_row) + rows, width + min(widest, unsaid)
    return Extent(last, width, cells)


def _farthest(rows: set[bytes]) -> int:
    """The largest of the numbers of rows.

    Raises
    ------
    ValueError
        Where it has more digits than that of any spreadsheet: the reader would make room for it.
    """
    if any(len(row) > _FARTHEST[1] for row in rows):
        raise ValueError
    return max(map(int, rows), default=0)


def _column(letters: bytes) -> int:
    if len(letters) > _FARTHEST[0]:
        raise ValueError
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _lengths(pieces: Iterator[bytes]) -> NDArray[np.int64]:
    """Bytes of each shared text with its tags: no fewer than its characters."""
    starts = [np.zeros(0, dtype=np.int64)]
    at = 0
    for piece in pieces:
        starts.append(np.array([at + each.start() for each in _TEXT.finditer(piece)], np.int64))
        at += len(piece)
    return np.diff(np.concatenate([*starts, [at]]))


def _characters(pieces: Iterator[bytes], lengths: NDArray[np.int64]) -> int:
    """Characters of the cells of a sheet that name a shared text."""
    total, longest = 0, int(lengths.max(initial=0))
    for piece in pieces:
        found = _SHARED_CELL.findall(piece)
        numbers = np.array([number for number in found if number], dtype="S9").astype(np.int64)
        known = numbers[numbers < len(lengths)]
        total += int(lengths[known].sum()) + longest * (len(found) - len(numbers))
    return total


def _too_long(name: str) -> RecordError:
    return RecordError(
        "too-large",
        f"{name} has a cell of more than {_LONGEST_TEXT:,} bytes; at most 32,767 characters fit "
        "into one. Copy the table alone into a new file, save it, and give that.",
        indonesian=f"{name} punya sel yang lebih dari {in_indonesian(_LONGEST_TEXT)} byte; satu "
        "sel memuat paling banyak 32.767 karakter. Salin tabelnya saja ke berkas baru, simpan, "
        "lalu berikan berkas itu.",
    )
