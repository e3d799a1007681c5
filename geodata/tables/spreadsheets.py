"""Read spreadsheets (XLSX, XLSM, XLSB, XLS, ODS) into pages of text; a formula is its value."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any, Final

import numpy as np
import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
    ZipError,
)

from geodata.errors import RecordError
from geodata.language import Bilingual
from geodata.tables.limits import (
    MAX_MERGED_CELLS,
    MAX_SHEETS,
    MAX_SPREADSHEET_CELLS,
    check_shape,
    too_many,
)
from geodata.tables.pages import MergedCells, Page
from geodata.tables.sheet import text_column
from geodata.tables.unpacked_size import ARCHIVE_ERRORS, check_unpacked
from geodata.tables.workbook import (
    HiddenParts,
    WorkbookProperties,
    read_properties,
    without_dimensions,
)

_BATCH_ROWS: Final = 5_000
_COMPOUND_FILE: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


def read_spreadsheet(content: bytes, name: str) -> list[Page]:
    """Pages of a spreadsheet, hidden ones too, in order.

    Raises
    ------
    RecordError
        ``unreadable`` if the file is damaged, is no workbook, or needs a password; ``too-large``
        if the file exceeds a limit of `geodata.tables.limits`.
    """
    if content.startswith(_COMPOUND_FILE) and _ENCRYPTED in content:
        raise _needs_password(name)
    try:
        if zipfile.is_zipfile(io.BytesIO(content)):
            check_unpacked(content, name)
    except ARCHIVE_ERRORS:
        raise _damaged(name) from None
    except RuntimeError:
        raise _needs_password(name) from None
    try:
        return _pages(content, name)
    except PasswordError:
        raise _needs_password(name) from None
    except (CalamineError, ZipError):
        repaired = without_dimensions(content)
        if repaired is not None:
            with suppress(CalamineError, ZipError):
                return _pages(repaired, name)
        raise _damaged(name) from None


def _pages(content: bytes, name: str) -> list[Page]:
    with _translate_panics():
        book = CalamineWorkbook.from_object(io.BytesIO(content))
    sheets = [
        metadata for metadata in book.sheets_metadata if metadata.typ is SheetTypeEnum.WorkSheet
    ]
    if len(sheets) > MAX_SHEETS:
        raise too_many(Bilingual("lembar", "sheets"), len(sheets), MAX_SHEETS, name)
    properties = read_properties(content)
    return [_page(_sheet(book, metadata.name), metadata, name, properties) for metadata in sheets]


def _sheet(book: CalamineWorkbook, title: str) -> CalamineSheet:
    with _translate_panics():
        return book.get_sheet_by_name(title)


@contextmanager
def _translate_panics() -> Iterator[None]:
    """Raise `CalamineError` for a panic of the library, which is no subclass of Exception."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise CalamineError from None
        raise


def _page(
    sheet: CalamineSheet, metadata: SheetMetadata, name: str, properties: WorkbookProperties
) -> Page:
    last_row, last_column = sheet.end or (-1, -1)
    check_shape(last_row + 1, last_column + 1, name, max_cells=MAX_SPREADSHEET_CELLS)
    areas = sheet.merged_cell_ranges or ()
    if len(areas) > MAX_MERGED_CELLS:
        raise too_many(
            Bilingual("sel gabungan", "merged cells"), len(areas), MAX_MERGED_CELLS, name
        )
    merged = [MergedCells(top, left, bottom, right) for (top, left), (bottom, right) in areas]
    columns, height = _columns(_fill_down(_rows(sheet), merged))
    hidden = properties.hidden.get(metadata.name, HiddenParts())
    return Page(
        name=name,
        title=metadata.name,
        columns=columns,
        rows=np.arange(height, dtype=np.int64) + 1,
        merged=tuple(area for area in merged if area.right > area.left),
        hidden=metadata.visible is not SheetVisibleEnum.Visible,
        hidden_rows=hidden.rows,
        hidden_columns=hidden.columns,
        counts_from_1904=properties.counts_from_1904,
    )


def _rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """Cells of every row; the library leaves out empty first columns, which are added here."""
    before = [""] * (sheet.start or (0, 0))[1]
    for row in sheet.iter_rows():
        yield before + list(row)


def _columns(rows: Iterator[list[Any]]) -> tuple[list[pa.ChunkedArray], int]:
    """Rows as columns of text, and the number of rows; converted in batches to save memory."""
    chunks: list[list[pa.Array]] = []
    height = 0
    while batch := list(islice(rows, _BATCH_ROWS)):
        chunks.append([text_column(column) for column in zip(*batch, strict=True)])
        height += len(batch)
    columns = [pa.chunked_array(list(parts)) for parts in zip(*chunks, strict=True)]
    return columns, height


def _fill_down(rows: Iterator[list[Any]], merged: list[MergedCells]) -> Iterator[list[Any]]:
    """Repeat the value of a merged cell in every row that it spans."""
    waiting = sorted((area for area in merged if area.bottom > area.top), reverse=True)
    # By column: the last row and the value of the merged cell that began last.
    spanning: dict[int, tuple[int, Any]] = {}
    for number, row in enumerate(rows):
        for left in [left for left, (bottom, _) in spanning.items() if bottom < number]:
            del spanning[left]
        for left, (_, cell) in spanning.items():
            row[left] = cell
        while waiting and waiting[-1].top <= number:
            area = waiting.pop()
            if area.left < len(row):
                spanning[area.left] = (area.bottom, row[area.left])
        yield row


def _needs_password(name: str) -> RecordError:
    return RecordError(
        "unreadable",
        f"{name} needs a password. Open it, save it without a password, and give that file.",
        indonesian=f"{name} memerlukan kata sandi. Buka, simpan tanpa kata sandi, lalu berikan "
        "berkas itu.",
    )


def _damaged(name: str) -> RecordError:
    return RecordError(
        "unreadable",
        f"{name} cannot be read as a spreadsheet: it is damaged, or it is no workbook. "
        "Open it, save it again as XLSX, and give that file.",
        indonesian=f"{name} tidak dapat dibaca sebagai lembar kerja (spreadsheet): berkas itu "
        "rusak, atau bukan buku kerja. Buka, simpan lagi sebagai XLSX, lalu berikan berkas itu.",
    )
