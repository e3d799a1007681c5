"""Spreadsheets (XLSX, XLSM, XLSB, XLS, ODS) as pages of text; formulas as what they last gave."""

import io
import re
import zipfile
from contextlib import suppress
from typing import Any, Final

import numpy as np
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
from geodata.tables.pages import Merged, Page
from geodata.tables.sheet import text_column
from geodata.tables.workbook import Described, HiddenParts, describe, without_dimensions

_MOST_CELLS: Final = 60_000_000
"""A million rows of sixty columns: more is a stray cell at the far end of the page."""
_MOST_BYTES: Final = 4 << 30
_FAR_COLUMN: Final = re.compile(rb'<c r="[A-Z]{3}(\d+)"')
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
    _refuse_monsters(content, name)
    try:
        return _pages(content, name)
    except PasswordError:
        raise _locked(name) from None
    except (CalamineError, ZipError):
        mended = without_dimensions(content)
        if mended is not None:
            with suppress(CalamineError, ZipError):
                return _pages(mended, name)
        raise RecordError(
            "unreadable",
            f"{name} cannot be read as a spreadsheet: it is damaged, or no workbook. "
            "Open it, save it again as XLSX, and give that file.",
        ) from None


def _pages(content: bytes, name: str) -> list[Page]:
    book = CalamineWorkbook.from_object(io.BytesIO(content))
    sheets = [each for each in book.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]
    beside = describe(content)
    return [_page(book.get_sheet_by_name(each.name), each, name, beside) for each in sheets]


def _page(sheet: CalamineSheet, described: SheetMetadata, name: str, beside: Described) -> Page:
    rows = sheet.to_python(skip_empty_area=False)
    merged = tuple(
        Merged(top, left, bottom, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    _fill_down(rows, merged)
    hidden = beside.hidden.get(described.name, HiddenParts())
    return Page(
        name=name,
        title=described.name,
        columns=[text_column(column) for column in zip(*rows, strict=True)],
        rows=np.arange(len(rows), dtype=np.int64) + 1,
        merged=merged,
        hidden=described.visible is not SheetVisibleEnum.Visible,
        hidden_rows=hidden.rows,
        hidden_columns=hidden.columns,
        counts_from_1904=beside.counts_from_1904,
    )


def _fill_down(rows: list[list[Any]], merged: tuple[Merged, ...]) -> None:
    """What a merged cell says is said in every row it spans; changed in place."""
    for area in merged:
        for row in range(area.top + 1, min(area.bottom + 1, len(rows))):
            rows[row][area.left] = rows[area.top][area.left]


def _refuse_monsters(content: bytes, name: str) -> None:
    """A cell far off makes a page of billions, a small archive may unpack to a disk full."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            sheets = [each for each in book.infolist() if "worksheets/sheet" in each.filename]
            if sum(each.file_size for each in book.infolist()) > _MOST_BYTES:
                raise _too_large(name)
            if any(_spans_too_much(book.read(each)) for each in sheets):
                raise _too_large(name)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return  # what opens it next says what is wrong with it


def _spans_too_much(xml: bytes) -> bool:
    far = _FAR_COLUMN.search(xml)
    if far is None:
        return False
    last = xml.rfind(b"<row ")
    number = re.match(rb'<row [^>]*?r="(\d+)"', xml[last : last + 200])
    return number is not None and int(number[1]) * 702 > _MOST_CELLS


def _locked(name: str) -> RecordError:
    return RecordError(
        "unreadable",
        f"{name} needs a password. Open it, save it without one, and give that file.",
    )


def _too_large(name: str) -> RecordError:
    return RecordError(
        "too-large",
        f"{name} spans more cells than a line list has, often by one stray cell far to the right. "
        "Copy the rows alone into a new file, or save it as CSV, and give that.",
    )
