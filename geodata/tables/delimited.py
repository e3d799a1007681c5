"""CSV as offices save it: comma, semicolon, tab or bar; UTF-8, UTF-16 or Windows' own encoding."""

import csv
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from contextlib import suppress
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from geodata.errors import RecordError
from geodata.tables.pages import Page
from geodata.tables.quoting import WHOLE_LINE, read_rows
from geodata.tables.sheet import empty_file

_DELIMITERS: Final = (",", ";", "\t")
_BAR: Final = "|"
"""Parts cells only where nothing else does, in most lines and often: it may stand in a cell."""
_SAID: Final = re.compile(rb"\"?sep=(.)\"?\r?\n", re.IGNORECASE)
_MARKUP: Final = re.compile(rb"\s*<(?:!doctype|html|\?xml|table|meta)", re.IGNORECASE)
_BEGINNING: Final = 2000
_SAMPLE: Final = 1 << 16
_LOOKED_AT: Final = 50
_WIDER: Final = 16
_ZEROS_OF_BINARY: Final = 100
"""One zero byte in so many is what a program left; more are no text."""
_BLANK_LINES: Final = (b"\n\n", b"\n\r\n", b"\r\r")


def read_delimited(content: bytes, name: str) -> list[Page]:
    """The one page of a CSV file.

    Raises
    ------
    RecordError
        ``empty-file``; ``unreadable`` for bytes that are no text, and where the first row has a
        quotation mark that does not close. In another row that is a fault of that row alone.
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
    if (
        tidy
        and not encoded[:1].isspace()
        and WHOLE_LINE.match(first_line := encoded.splitlines()[0].decode()) is None
    ):
        width = len(next(csv.reader([first_line], delimiter=delimiter)))
        with suppress(pa.ArrowInvalid):  # rows of unequal width: the slow way says which
            page = _read_tidy(encoded, delimiter, width, name, skipped)
            if b'"' not in encoded or _is_certain(page, delimiter):
                return [page]
    return [_read_ragged(encoded.decode(), delimiter, name, skipped)]


def _as_utf8(content: bytes, name: str) -> bytes:
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        content = content.decode("utf-16", errors="replace").encode()
    content = content.removeprefix(BOM_UTF8)
    if b"\0" in content:
        content = _without_mark(content)
    zeros = content.count(0)
    if zeros * _ZEROS_OF_BINARY > len(content):
        line = content[: content.index(0)].count(b"\n") + 1
        raise RecordError(
            "unreadable",
            f"{name} is not a CSV file: its content is not text from line {line} on. "
            "Save the table as CSV or XLSX and give that file.",
        )
    content = content.replace(b"\0", b"")  # left by a program, and by no person
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


def _unquoted(line: str) -> str:
    """A line that is one quoted cell, as a program saves a row it took for one."""
    whole = WHOLE_LINE.fullmatch(line)
    return line if whole is None else whole[1].replace('""', '"')


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
    lines = [_unquoted(line) for line in sample.replace("'\t", "").splitlines()[:_LOOKED_AT]]

    def cells(mark: str) -> int:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark) if len(row) > 1)
        return max((width * rows for width, rows in widths.items()), default=0)

    if not any(map(cells, _DELIMITERS)):
        barred = [line for line in lines if line.count(_BAR) > 1]
        if len(barred) * 2 > len([line for line in lines if line.strip()]):
            return _BAR
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


def _is_certain(page: Page, delimiter: str) -> bool:
    """Whether no cell spans lines or holds a mark: then no mark can have swallowed a row.

    Nor does a first cell hold what parts cells: then no row was taken for one cell.
    """
    if pc.any(pc.match_substring(page.columns[0], delimiter)).as_py():
        return False
    return not any(
        pc.any(pc.match_substring_regex(column, r"[\n\r\"]")).as_py() for column in page.columns
    )


def _read_ragged(text: str, delimiter: str, name: str, skipped: int) -> Page:
    numbered = [each for each in read_rows(text, delimiter) if any(each.cells)]
    if numbered[0].fault:
        raise RecordError(
            "unreadable",
            f"{name} has a quotation mark at line {numbered[0].line + skipped} that does not "
            "close, or stands inside a quoted cell. Write a mark inside a cell twice, or save as "
            "XLSX.",
        )
    # The headings are among the first rows, or come again a little wider; what goes beyond them
    # is nobody's.
    first = max(len(each.cells) for each in numbered[:_LOOKED_AT])
    width = min(max(len(each.cells) for each in numbered), first + _WIDER)
    cells = [each.cells[:width] + [""] * (width - len(each.cells)) for each in numbered]
    columns = [pa.array([row[k] for row in cells], type=pa.string()) for k in range(width)]
    rows = np.array([each.line + skipped for each in numbered], dtype=np.int64)
    lengths = np.array([_length(each.cells) for each in numbered])
    faults = {each.line + skipped: "quote-open" for each in numbered if each.fault}
    return Page(name, "", columns, rows, lengths, faults=faults)


def _length(row: list[str]) -> int:
    """How many cells a row has, blank ones at its end left out."""
    return next((k for k in range(len(row), 0, -1) if row[k - 1].strip()), 0)
