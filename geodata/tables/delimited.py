"""CSV as offices save it: comma, semicolon or tab; UTF-8, UTF-16 or Windows' own encoding."""

import csv
import io
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from geodata.errors import RecordError
from geodata.tables.pages import Page
from geodata.tables.sheet import empty_file

_DELIMITERS: Final = (",", ";", "\t")
_SAID: Final = re.compile(rb"\"?sep=(.)\"?\r?\n", re.IGNORECASE)
_MARKUP: Final = re.compile(rb"\s*<(?:!doctype|html|\?xml|table|meta)", re.IGNORECASE)
_BEGINNING: Final = 2000
_SAMPLE: Final = 1 << 16
_LOOKED_AT: Final = 50
_BLANK_LINES: Final = (b"\n\n", b"\n\r\n", b"\r\r")


def read_delimited(content: bytes, name: str) -> list[Page]:
    """The one page of a CSV file.

    Raises
    ------
    RecordError
        ``empty-file``; ``unreadable`` for bytes that are no text and quotation marks that do not
        close.
    """
    encoded = _as_utf8(content, name).rstrip()
    if not encoded:
        raise empty_file(name)
    said = _SAID.match(encoded)
    if said is not None:
        # Excel's own line, which tells the mark and is no row of the table.
        encoded = encoded[said.end() :]
    delimiter = said[1].decode() if said is not None else _delimiter(encoded)
    skipped = 0 if said is None else 1
    # An odd quotation mark would swallow every row after it without a word.
    tidy = encoded.count(b'"') % 2 == 0 and not any(blank in encoded for blank in _BLANK_LINES)
    if tidy and not encoded[:1].isspace():
        width = len(next(csv.reader([encoded.splitlines()[0].decode()], delimiter=delimiter)))
        try:
            return [_read_tidy(encoded, delimiter, width, name, skipped)]
        except pa.ArrowInvalid:
            pass  # rows of unequal width: the slow way says which
    return [_read_ragged(encoded.decode(), delimiter, name, skipped)]


def _as_utf8(content: bytes, name: str) -> bytes:
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        content = content.decode("utf-16", errors="replace").encode()
    content = content.removeprefix(BOM_UTF8)
    if b"\0" in content:
        content = _without_mark(content)
    if b"\0" in content:
        raise RecordError(
            "unreadable",
            f"{name} is not a CSV file: its content is not text. "
            "Save the table as CSV or XLSX and give that file.",
        )
    if _MARKUP.match(content[:_BEGINNING]):
        raise RecordError(
            "unreadable",
            f"{name} is a web page, not a table, whatever its name says. "
            "Open it, save it as XLSX or CSV, and give that file.",
        )
    try:
        content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace").encode()
    return content


def _without_mark(content: bytes) -> bytes:
    """UTF-16 that does not say so: every other byte of a western text is zero."""
    for encoding, zeros in (
        ("utf-16-le", content[1:_BEGINNING:2]),
        ("utf-16-be", content[:_BEGINNING:2]),
    ):
        if zeros.count(0) > len(zeros) * 0.9:
            return content.decode(encoding, errors="replace").encode()
    return content


def _delimiter(encoded: bytes) -> str:
    """The mark that cuts the first lines into the most rows of one width."""
    sample = encoded[:_SAMPLE].decode(errors="replace")
    # A tab that our own guard protects is no mark.
    lines = sample.replace("'\t", "").splitlines()[:_LOOKED_AT]

    def cells(mark: str) -> int:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark) if len(row) > 1)
        return max((width * rows for width, rows in widths.items()), default=0)

    return max(_DELIMITERS, key=cells)


def _read_tidy(encoded: bytes, delimiter: str, width: int, name: str, skipped: int) -> Page:
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
    rows = np.arange(table.num_rows, dtype=np.int64) + 1 + skipped
    return Page(name, "", table.columns, rows)


def _read_ragged(text: str, delimiter: str, name: str, skipped: int) -> Page:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        numbered = [(number, row) for number, row in enumerate(reader, start=1) if any(row)]
    except csv.Error:
        raise RecordError(
            "unreadable",
            f"{name} has a quotation mark at line {reader.line_num + skipped} that does not "
            "close, or stands inside a quoted cell. Write a mark inside a cell twice, or save as "
            "XLSX.",
        ) from None
    # The headings are among the first rows; what goes beyond them is nobody's.
    width = max(len(row) for _, row in numbered[:_LOOKED_AT])
    cells = [row[:width] + [""] * (width - len(row)) for _, row in numbered]
    columns = [pa.array([row[k] for row in cells], type=pa.string()) for k in range(width)]
    rows = np.array([number + skipped for number, _ in numbered], dtype=np.int64)
    return Page(name, "", columns, rows, np.array([_length(row) for _, row in numbered]))


def _length(row: list[str]) -> int:
    """How many cells a row has, blank ones at its end left out."""
    return next((k for k in range(len(row), 0, -1) if row[k - 1].strip()), 0)
