"""Properties of an XLSX workbook that its cells do not show: hidden rows and columns, date system.

This module parses the XML parts of the archive, because the spreadsheet library does not return
these properties. For other formats of spreadsheets they are unknown.
"""

import html
import io
import re
import zipfile
from typing import Final, NamedTuple

import numpy as np

_TAG: Final = rb"<(?:\w{1,20}:)?"
_FROM_1904: Final = re.compile(_TAG + rb"workbookPr\b[^<>]{0,2000}?\bdate1904=\"(?:1|true)\"")
# Bounded and within one tag, so that a text of unclosed tags cannot cause long backtracking.
_TAG_REST: Final = rb"[^<>]{0,2000}"
_SHEET: Final = re.compile(_TAG + rb"sheet\b(" + _TAG_REST + rb")>")
_RELATION: Final = re.compile(_TAG + rb"Relationship\b(" + _TAG_REST + rb")>")
_HIDDEN_ROW: Final = re.compile(_TAG + rb"row\b(" + _TAG_REST + rb")>")
_HIDDEN_COLUMN: Final = re.compile(_TAG + rb"col\b(" + _TAG_REST + rb")>")
_IS_HIDDEN: Final = re.compile(rb"\bhidden=\"(?:1|true)\"")
_DIMENSION: Final = re.compile(
    _TAG + rb"dimension\b[^<>]{0,200}(?:/>|>\s{0,9}</[^<>]{0,40}dimension>)"
)
_ATTRIBUTE: Final = re.compile(rb"([\w:]+)=\"([^\"]*)\"")
_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_MAX_COLUMNS: Final = 16384


class HiddenParts(NamedTuple):
    """Row numbers, from 1, of the hidden rows of a sheet, and positions of its hidden columns."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


class WorkbookProperties(NamedTuple):
    """Date system of a workbook, and hidden rows and columns by the names of its sheets."""

    counts_from_1904: bool = False
    hidden: dict[str, HiddenParts] = {}  # noqa: RUF012  (never changed)


def read_properties(content: bytes) -> WorkbookProperties:
    """Properties of a workbook; defaults for a file that is no XLSX."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            names = set(book.namelist())
            if not {_WORKBOOK, _RELATIONS} <= names:
                return WorkbookProperties()
            workbook = book.read(_WORKBOOK)
            targets = _relation_targets(book.read(_RELATIONS))
            hidden = {
                title: _hidden_parts(book.read(targets[relation]))
                for title, relation in _sheets(workbook)
                if targets.get(relation) in names
            }
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return WorkbookProperties()
    return WorkbookProperties(_FROM_1904.search(workbook) is not None, hidden)


def sheet_parts(book: zipfile.ZipFile) -> list[str]:
    """Name of the archive part of each sheet, in order; two sheets may refer to one part."""
    names = set(book.namelist())
    if not {_WORKBOOK, _RELATIONS} <= names:
        return [name for name in names if name.startswith("xl/worksheets/")]
    targets = _relation_targets(book.read(_RELATIONS))
    return [targets.get(relation, "") for _, relation in _sheets(book.read(_WORKBOOK))]


def without_dimensions(content: bytes) -> bytes | None:
    """The workbook without the ``dimension`` tags of its sheets, which some programs write wrongly.

    Returns
    -------
    bytes or None
        None if there is no such tag.
    """
    buffer = io.BytesIO()
    changed = False
    try:
        with (
            zipfile.ZipFile(io.BytesIO(content)) as book,
            zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy,
        ):
            for entry in book.infolist():
                part = book.read(entry)
                if entry.filename.startswith("xl/worksheets/"):
                    part, count = _DIMENSION.subn(b"", part, count=1)
                    changed |= count > 0
                copy.writestr(entry.filename, part)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return None
    return buffer.getvalue() if changed else None


def _sheets(workbook: bytes) -> list[tuple[str, str]]:
    """Names of sheets and of their relations."""
    sheets = [_attributes(tag[1]) for tag in _SHEET.finditer(workbook)]
    return [
        (
            html.unescape(sheet.get("name", "")),
            next((sheet[key] for key in sheet if key.endswith(":id")), ""),
        )
        for sheet in sheets
    ]


def _relation_targets(relations: bytes) -> dict[str, str]:
    tags = [_attributes(tag[1]) for tag in _RELATION.finditer(relations)]
    return {tag.get("Id", ""): f"xl/{tag.get('Target', '').removeprefix('/xl/')}" for tag in tags}


def _hidden_parts(sheet: bytes) -> HiddenParts:
    # Most sheets hide nothing, and this search is much faster than the regular expressions.
    if b'hidden="' not in sheet:
        return HiddenParts()
    rows, columns = (
        [
            _attributes(attributes[1])
            for attributes in tag.finditer(sheet)
            if _IS_HIDDEN.search(attributes[1])
        ]
        for tag in (_HIDDEN_ROW, _HIDDEN_COLUMN)
    )
    hidden = np.zeros(_MAX_COLUMNS, dtype=bool)
    for attributes in columns:
        hidden[
            max(int(attributes.get("min", 0)), 1) - 1 : max(int(attributes.get("max", 0)), 0)
        ] = True
    return HiddenParts(
        frozenset(int(attributes["r"]) for attributes in rows if "r" in attributes),
        frozenset(np.flatnonzero(hidden).tolist()),
    )


def _attributes(tag: bytes) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(tag)}
