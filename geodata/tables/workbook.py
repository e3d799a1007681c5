"""What an XLSX says beside its cells: hidden rows and columns, the year its days count from.

Reads the parts of the archive themselves, since the reader of cells does not tell. Of other kinds
of spreadsheets nothing of this is known.
"""

import html
import io
import re
import zipfile
from typing import Final, NamedTuple

_TAG: Final = rb"<(?:\w+:)?"
_FROM_1904: Final = re.compile(_TAG + rb"workbookPr\b[^>]*\bdate1904=\"(?:1|true)\"")
_SHEET: Final = re.compile(_TAG + rb"sheet\b([^>]*)>")
_RELATION: Final = re.compile(_TAG + rb"Relationship\b([^>]*)>")
_HIDDEN_ROW: Final = re.compile(_TAG + rb"row\b([^>]*\bhidden=\"(?:1|true)\"[^>]*)>")
_HIDDEN_COLUMN: Final = re.compile(_TAG + rb"col\b([^>]*\bhidden=\"(?:1|true)\"[^>]*)>")
_DIMENSION: Final = re.compile(_TAG + rb"dimension\b[^>]*(?:/>|>\s*</[^>]*dimension>)")
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
    rows = [_attributes(each[1]) for each in _HIDDEN_ROW.finditer(sheet)]
    columns = [_attributes(each[1]) for each in _HIDDEN_COLUMN.finditer(sheet)]
    spans = [(int(each.get("min", 0)), int(each.get("max", 0))) for each in columns]
    return HiddenParts(
        frozenset(int(each["r"]) for each in rows if "r" in each),
        frozenset(
            position
            for first, last in spans
            for position in range(max(first, 1) - 1, min(last, _FARTHEST_COLUMN))
        ),
    )


def _attributes(tag: bytes) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(tag)}
