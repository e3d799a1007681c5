"""What an XLSX says beside its cells: hidden rows and columns, the year its days count from.

Reads the parts of the archive themselves, since the reader of cells does not tell. Of other kinds
of spreadsheets nothing of this is known.
"""

import html
import io
import re
import zipfile
from typing import Final, NamedTuple

import numpy as np

_TAG: Final = rb"<(?:\w{1,20}:)?"
_FROM_1904: Final = re.compile(_TAG + rb"workbookPr\b[^<>]{0,2000}?\bdate1904=\"(?:1|true)\"")
# Within one tag and no further: a text of tags that do not close is looked at once.
_REST: Final = rb"[^<>]{0,2000}"
_SHEET: Final = re.compile(_TAG + rb"sheet\b(" + _REST + rb")>")
_RELATION: Final = re.compile(_TAG + rb"Relationship\b(" + _REST + rb")>")
_HIDDEN_ROW: Final = re.compile(_TAG + rb"row\b(" + _REST + rb")>")
_HIDDEN_COLUMN: Final = re.compile(_TAG + rb"col\b(" + _REST + rb")>")
_IS_HIDDEN: Final = re.compile(rb"\bhidden=\"(?:1|true)\"")
_DIMENSION: Final = re.compile(
    _TAG + rb"dimension\b[^<>]{0,200}(?:/>|>\s{0,9}</[^<>]{0,40}dimension>)"
)
_ATTRIBUTE: Final = re.compile(rb"([\w:]+)=\"([^\"]*)\"")
_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_FARTHEST_COLUMN: Final = 16384


class HiddenParts(NamedTuple):
    """Numbers of hidden rows, from 1, and positions of hidden columns of one sheet."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


class Described(NamedTuple):
    """What a workbook says beside its cells; by the names of its sheets what is hidden in each."""

    counts_from_1904: bool = False
    hidden: dict[str, HiddenParts] = {}  # noqa: RUF012  (never changed)


def describe(content: bytes) -> Described:
    """What a workbook says beside its cells; of a file that is no XLSX nothing."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            names = set(book.namelist())
            if not {_WORKBOOK, _RELATIONS} <= names:
                return Described()
            workbook = book.read(_WORKBOOK)
            targets = _targets(book.read(_RELATIONS))
            hidden = {
                title: _hidden(book.read(targets[relation]))
                for title, relation in _sheets(workbook)
                if targets.get(relation) in names
            }
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return Described()
    return Described(_FROM_1904.search(workbook) is not None, hidden)


def sheet_parts(book: zipfile.ZipFile) -> list[str]:
    """The part of each sheet of a workbook, in order; two may name one part."""
    names = set(book.namelist())
    if not {_WORKBOOK, _RELATIONS} <= names:
        return [name for name in names if name.startswith("xl/worksheets/")]
    targets = _targets(book.read(_RELATIONS))
    return [targets.get(relation, "") for _, relation in _sheets(book.read(_WORKBOOK))]


def without_dimensions(content: bytes) -> bytes | None:
    """The same workbook without what its sheets say of their size, which some programs misspell.

    Returns
    -------
    bytes or None
        None where there is no such thing to leave out.
    """
    written = io.BytesIO()
    changed = False
    try:
        with (
            zipfile.ZipFile(io.BytesIO(content)) as book,
            zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy,
        ):
            for entry in book.infolist():
                part = book.read(entry)
                if entry.filename.startswith("xl/worksheets/"):
                    part, count = _DIMENSION.subn(b"", part, count=1)
                    changed |= count > 0
                copy.writestr(entry.filename, part)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return None
    return written.getvalue() if changed else None


def _sheets(workbook: bytes) -> list[tuple[str, str]]:
    """Names of sheets and of their relations."""
    found = [_attributes(each[1]) for each in _SHEET.finditer(workbook)]
    return [
        (
            html.unescape(each.get("name", "")),
            next((each[k] for k in each if k.endswith(":id")), ""),
        )
        for each in found
    ]


def _targets(relations: bytes) -> dict[str, str]:
    found = [_attributes(each[1]) for each in _RELATION.finditer(relations)]
    return {
        each.get("Id", ""): f"xl/{each.get('Target', '').removeprefix('/xl/')}" for each in found
    }


def _hidden(sheet: bytes) -> HiddenParts:
    # Most sheets hide nothing, and looking for one word is quick.
    if b'hidden="' not in sheet:
        return HiddenParts()
    rows, columns = (
        [_attributes(each[1]) for each in tag.finditer(sheet) if _IS_HIDDEN.search(each[1])]
        for tag in (_HIDDEN_ROW, _HIDDEN_COLUMN)
    )
    hidden = np.zeros(_FARTHEST_COLUMN, dtype=bool)
    for each in columns:
        hidden[max(int(each.get("min", 0)), 1) - 1 : max(int(each.get("max", 0)), 0)] = True
    return HiddenParts(
        frozenset(int(each["r"]) for each in rows if "r" in each),
        frozenset(np.flatnonzero(hidden).tolist()),
    )


def _attributes(tag: bytes) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(tag)}
