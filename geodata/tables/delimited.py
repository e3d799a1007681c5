"""CSV as offices save it: comma, semicolon or tab; UTF-8, UTF-16 or Windows' own encoding."""

import csv
import io
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from geodata.errors import RecordError
from geodata.tables.sheet import Sheet, empty_file, make_sheet

_DELIMITERS: Final = (",", ";", "\t")
_BLANK_LINES: Final = (b"\n\n", b"\n\r\n", b"\r\r")


def read_delimited(content: bytes, name: str) -> Sheet:
    """Cells of a CSV file.

    Raises
    ------
    RecordError
        ``empty-file``; ``unreadable`` for bytes that are no text and quotation marks that do not
        close.
    """
    encoded = _as_utf8(content, name).rstrip()
    if not encoded:
        raise empty_file(name)
    delimiter, width = _shape(encoded)
    # An odd quotation mark would swallow every row after it without a word.
    tidy = encoded.count(b'"') % 2 == 0 and not any(blank in encoded for blank in _BLANK_LINES)
    if tidy and not encoded[:1].isspace():
        try:
            return _read_tidy(encoded, delimiter, width, name)
        except pa.ArrowInvalid:
            pass  # rows of unequal width: the slow way says which
    return _read_ragged(encoded.decode(), delimiter, name)


def _as_utf8(content: bytes, name: str) -> bytes:
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        content = content.decode("utf-16", errors="replace").encode()
    content = content.removeprefix(BOM_UTF8)
    if b"\0" in content:
        raise RecordError(
            "unreadable",
            f"{name} is not a CSV file: its content is not text. "
            "Save the table as CSV or XLSX and give that file.",
        )
    try:
        content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace").encode()
    return content


def _shape(encoded: bytes) -> tuple[str, int]:
    """Delimiter and number of columns, by the headings."""
    headings = encoded.lstrip().splitlines()[0].decode()
    widths = {mark: len(next(csv.reader([headings], delimiter=mark))) for mark in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=widths.__getitem__)
    return delimiter, widths[delimiter]


def _read_tidy(encoded: bytes, delimiter: str, width: int, name: str) -> Sheet:
    columns = [f"c{k}" for k in range(width)]
    table = pacsv.read_csv(
        pa.BufferReader(encoded),
        # The headings are read as a row: they may repeat, and Arrow's would not.
        pacsv.ReadOptions(column_names=columns, block_size=1 << 24),
        pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=b'"' in encoded),
        pacsv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
        ),
    )
    headings = [column[0].as_py() for column in table.columns]
    body = table.slice(1)
    rows = np.arange(body.num_rows, dtype=np.int64) + 2
    return make_sheet(headings, body.columns, rows, np.zeros(len(rows), dtype=bool), name)


def _read_ragged(text: str, delimiter: str, name: str) -> Sheet:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        numbered = [(number, row) for number, row in enumerate(reader, start=1) if any(row)]
    except csv.Error:
        raise RecordError(
            "unreadable",
            f"{name} has a quotation mark at line {reader.line_num} that does not close, or "
            "stands inside a quoted cell. Write a mark inside a cell twice, or save as XLSX.",
        ) from None
    headings = numbered[0][1]
    width = len(headings)
    body = numbered[1:]
    cells = [row[:width] + [""] * (width - len(row)) for _, row in body]
    columns = [pa.array([row[k] for row in cells], type=pa.string()) for k in range(width)]
    rows = np.array([number for number, _ in body], dtype=np.int64)
    wide = np.array([any(cell.strip() for cell in row[width:]) for _, row in body], dtype=bool)
    return make_sheet(headings, columns, rows, wide, name)
