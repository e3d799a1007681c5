"""Spreadsheets (XLSX, XLSM, XLSB, XLS, ODS) as pages of text; formulas as what they last gave."""

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
    MOST_MERGED,
    MOST_SHEETS,
    MOST_SPREADSHEET_CELLS,
    check_shape,
    too_many,
)
from geodata.tables.pages import Merged, Page
from geodata.tables.sheet import text_column
from geodata.tables.unpacked import FAULTS, check_unpacked
from geodata.tables.workbook import Described, HiddenParts, describe, without_dimensions

_ROWS_AT_ONCE: Final = 5_000
_COMPOUND_FILE: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


def read_spreadsheet(content: bytes, name: str) -> list[Page]:
    """Pages of a spreadsheet, hidden ones too, in order.

    Raises
    ------
    RecordError
        ``unreadable`` where it is damaged, is no workbook, or needs a password; ``too-large``
        where it spans more cells than a line list has.
    """
    if content.startswith(_COMPOUND_FILE) and _ENCRYPTED in content:
        raise _locked(name)
    try:
        if zipfile.is_zipfile(io.BytesIO(content)):
            check_unpacked(content, name)
    except FAULTS:
        raise _damaged(name) from None
    except RuntimeError:
        raise _locked(name) from None
    try:
        return _pages(content, name)
    except PasswordError:
        raise _locked(name) from None
    except (CalamineError, ZipError):
        mended = without_dimensions(content)
        if mended is not None:
            with suppress(CalamineError, ZipError):
                return _pages(mended, name)
        raise _damaged(name) from None


def _pages(content: bytes, name: str) -> list[Page]:
    with _panics_are_damage():
        book = CalamineWorkbook.from_object(io.BytesIO(content))
    sheets = [each for each in book.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]
    if len(sheets) > MOST_SHEETS:
        raise too_many(Bilingual("lembar", "sheets"), len(sheets), MOST_SHEETS, name)
    beside = describe(content)
    return [_page(_sheet(book, each.name), each, name, beside) for each in sheets]


def _sheet(book: CalamineWorkbook, title: str) -> CalamineSheet:
    with _panics_are_damage():
        return book.get_sheet_by_name(title)


@contextmanager
def _panics_are_damage() -> Iterator[None]:
    """A panic of the library is no Exception, and would pass whoever says errors as sentences."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise CalamineError from None
        raise


def _page(sheet: CalamineSheet, described: SheetMetadata, name: str, beside: Described) -> Page:
    last_row, last_column = sheet.end or (-1, -1)
    check_shape(last_row + 1, last_column + 1, name, most_cells=MOST_SPREADSHEET_CELLS)
    areas = sheet.merged_cell_ranges or ()
    if len(areas) > MOST_MERGED:
        raise too_many(Bilingual("sel gabungan", "merged cells"), len(areas), MOST_MERGED, name)
    merged = [Merged(top, left, bottom, right) for (top, left), (bottom, right) in areas]
    columns, height = _columns(_filled_down(_rows(sheet), merged))
    hidden = beside.hidden.get(described.name, HiddenParts())
    return Page(
        name=name,
        title=described.name,
        columns=columns,
        rows=np.arange(height, dtype=np.int64) + 1,
        merged=tuple(area for area in merged if area.right > area.left),
        hidden=described.visible is not SheetVisibleEnum.Visible,
        hidden_rows=hidden.rows,
        hidden_columns=hidden.columns,
        counts_from_1904=beside.counts_from_1904,
    )


def _rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """Cells of every row from the first column of the page on."""
    before = [""] * (sheet.start or (0, 0))[1]
    for row in sheet.iter_rows():
        yield before + list(row)


def _columns(rows: Iterator[list[Any]]) -> tuple[list[pa.ChunkedArray], int]:
    """Rows as columns of text, and how many rows; few rows are held as cells at once."""
    chunks: list[list[pa.Array]] = []
    height = 0
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        chunks.append([text_column(column) for column in zip(*batch, strict=True)])
        height += len(batch)
    columns = [pa.chunked_array(list(parts)) for parts in zip(*chunks, strict=True)]
    return columns, height


def _filled_down(rows: Iterator[list[Any]], merged: list[Merged]) -> Iterator[list[Any]]:
    """Rows in which what a merged cell says is said in every row it spans."""
    waiting = sorted((area for area in merged if area.bottom > area.top), reverse=True)
    # By column: of cells that overlap the one that begins last counts.
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


def _locked(name: str) -> RecordError:
    return RecordError(
        "unreadable",
        f"{name} needs a password. Open it, save it without one, and give that file.",
        indonesian=f"{name} memerlukan kata sandi. Buka, simpan tanpa kata sandi, lalu berikan "
        "berkas itu.",
    )


def _damaged(name: str) -> RecordError:
    return RecordError(
        "unreadable",
        f"{name} cannot be read as a spreadsheet: it is damaged, or no workbook. "
        "Open it, save it again as XLSX, and give that file.",
        indonesian=f"{name} tidak dapat dibaca sebagai lembar kerja (spreadsheet): berkas itu "
        "rusak, atau bukan buku kerja. Buka, simpan lagi sebagai XLSX, lalu berikan berkas itu.",
    )
