"""Read CSV: comma, semicolon, tab or bar as delimiter; UTF-8, UTF-16 or Windows-1252 as encoding.

A well-formed text is read by Arrow. Any other text is read row by row (`geodata.tables.quoting`).
"""

import codecs
import csv
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, islice
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from geodata.errors import RecordError
from geodata.language import Bilingual
from geodata.tables.limits import (
    CELLS_NOUN,
    MAX_CELLS,
    MAX_LINE_BYTES,
    MAX_ROWS,
    check_shape,
    too_long_line,
    too_many,
)
from geodata.tables.pages import Page
from geodata.tables.quoting import QUOTED_LINE, Row, read_rows
from geodata.tables.sheet import empty_file

_DELIMITERS: Final = (",", ";", "\t")
_BAR: Final = "|"
"""A delimiter only if no other delimiter fits, since a bar may stand in a cell."""
_SEPARATOR_LINE: Final = re.compile(rb"\"?sep=(.)\"?\r?\n", re.IGNORECASE)
_MARKUP: Final = re.compile(rb"\s*<(?:!doctype|html|\?xml|table|meta)", re.IGNORECASE)
_SIGNATURE_BYTES: Final = 2000
_SAMPLE_BYTES: Final = 1 << 16
_SAMPLE_LINES: Final = 50
_EXTRA_COLUMNS: Final = 16
_BYTES_PER_ZERO: Final = 100
"""Some programs leave a zero byte in a text; a content with more than this share is binary."""
_NEWLINE: Final = 10
_RETURN: Final = 13
_CHUNK_BYTES: Final = 1 << 24
_BATCH_ROWS: Final = 10_000
_BLANK_LINES: Final = (b"\n\n", b"\n\r\n", b"\r\r")


def read_delimited(content: bytes, name: str) -> list[Page]:
    """The page of a CSV file.

    Raises
    ------
    RecordError
        ``empty-file``; ``unreadable`` for bytes that are no text, and for a first row with an
        unclosed quotation mark. An unclosed mark in another row is a fault of that row alone.
    """
    encoded = _as_utf8(content, name).rstrip()
    if not encoded:
        raise empty_file(name)
    separator_line = _SEPARATOR_LINE.match(encoded)
    if separator_line is not None:
        # Excel writes the delimiter in a line "sep=;", which is no row of the table.
        encoded = encoded[separator_line.end() :]
    _refuse_long_lines(encoded, name)
    delimiter = separator_line[1].decode() if separator_line is not None else _delimiter(encoded)
    # Count the delimiters before any cell is created.
    if (delimiter_count := encoded.count(delimiter.encode())) > MAX_CELLS:
        raise too_many(CELLS_NOUN, delimiter_count, MAX_CELLS, name)
    skipped = 0 if separator_line is None else 1
    # With an odd number of quotation marks, Arrow would silently read many rows as one cell.
    is_plain = encoded.count(b'"') % 2 == 0 and not any(blank in encoded for blank in _BLANK_LINES)
    first_line = encoded[: _first_line_end(encoded)].decode()
    if is_plain and not encoded[:1].isspace() and QUOTED_LINE.match(first_line) is None:
        width = len(next(csv.reader([first_line], delimiter=delimiter)))
        check_shape(encoded.count(b"\n") + 1, width, name)
        with suppress(pa.ArrowInvalid):  # rows of unequal width: the slow reader marks them
            page = _read_by_arrow(encoded, delimiter, width, name, skipped)
            if b'"' not in encoded or _has_plain_cells(page, delimiter):
                return [page]
    return [_read_by_rows(encoded.decode(), delimiter, name, skipped)]


def _refuse_long_lines(encoded: bytes, name: str) -> None:
    """Refuse a text with a line that is too long, or with too many lines."""
    last_end, line_number = -1, 1
    for start in range(0, len(encoded), _CHUNK_BYTES):
        chunk = np.frombuffer(encoded, np.uint8, min(_CHUNK_BYTES, len(encoded) - start), start)
        ends = np.flatnonzero((chunk == _NEWLINE) | (chunk == _RETURN)) + start
        lengths = np.diff(np.concatenate([[last_end], ends, [start + len(chunk)]]))
        if lengths.max() > MAX_LINE_BYTES:
            raise too_long_line(name, line_number + int(np.argmax(lengths > MAX_LINE_BYTES)))
        line_number += len(ends)
        last_end = int(ends[-1]) if len(ends) else last_end
        if line_number > MAX_ROWS:
            raise too_many(
                Bilingual("baris atau lebih", "lines or more"), line_number, MAX_ROWS, name
            )


def _first_line_end(encoded: bytes) -> int:
    """Position of the end of the first line."""
    ends = [encoded.find(line_break) for line_break in (b"\n", b"\r")]
    return min((end for end in ends if end >= 0), default=len(encoded))


def _is_utf8(content: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), _CHUNK_BYTES):
            decoder.decode(content[start : start + _CHUNK_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _as_utf8(content: bytes, name: str) -> bytes:
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        content = content.decode("utf-16", errors="replace").encode()
    content = content.removeprefix(BOM_UTF8)
    if b"\0" in content:
        content = _decode_utf16_without_bom(content)
    zeros = content.count(0)
    if zeros * _BYTES_PER_ZERO > len(content):
        line = content[: content.index(0)].count(b"\n") + 1
        raise RecordError(
            "unreadable",
            f"{name} is not a CSV file: its content is not text from line {line} on. "
            "Save the table as CSV or XLSX and give that file.",
            indonesian=f"{name} bukan berkas CSV: isinya bukan teks mulai baris {line}. Simpan "
            "tabelnya sebagai CSV atau XLSX, lalu berikan berkas itu.",
        )
    content = content.replace(b"\0", b"")
    if _MARKUP.match(content[:_SIGNATURE_BYTES]):
        raise RecordError(
            "unreadable",
            f"{name} is a web page, not a table. "
            "Open it, save it as XLSX or CSV, and give that file.",
            indonesian=f"{name} adalah halaman web, bukan tabel. Buka, simpan sebagai XLSX atau "
            "CSV, lalu berikan berkas itu.",
        )
    return content if _is_utf8(content) else content.decode("cp1252", errors="replace").encode()


def _unquoted(line: str) -> str:
    """A line without the quotation marks that some programs write around a whole row."""
    quoted_line = QUOTED_LINE.fullmatch(line)
    return line if quoted_line is None else quoted_line[1].replace('""', '"')


def _decode_utf16_without_bom(content: bytes) -> bytes:
    """Decode UTF-16 without a byte order mark: every other byte of a western text is zero."""
    for encoding, high_bytes in (
        ("utf-16-le", content[1:_SIGNATURE_BYTES:2]),
        ("utf-16-be", content[:_SIGNATURE_BYTES:2]),
    ):
        if high_bytes.count(0) > len(high_bytes) * 0.9:
            return content.decode(encoding, errors="replace").encode()
    return content


def _delimiter(encoded: bytes) -> str:
    """The delimiter that gives the first lines the most cells in rows of equal width."""
    sample = encoded[:_SAMPLE_BYTES].decode(errors="replace")
    # `geodata.tables.writing` writes an apostrophe before a leading tab: that tab is text.
    lines = [_unquoted(line) for line in sample.replace("'\t", "").splitlines()[:_SAMPLE_LINES]]

    def count_cells(delimiter: str) -> int:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
        return max((width * rows for width, rows in widths.items()), default=0)

    if not any(map(count_cells, _DELIMITERS)):
        barred = [line for line in lines if line.count(_BAR) > 1]
        if len(barred) * 2 > len([line for line in lines if line.strip()]):
            return _BAR
    return max(_DELIMITERS, key=count_cells)


def _read_by_arrow(encoded: bytes, delimiter: str, width: int, name: str, skipped: int) -> Page:
    columns = [f"c{k}" for k in range(width)]
    table = pacsv.read_csv(
        pa.BufferReader(encoded),
        # Read the headings as a row: they may repeat, and names of columns may not.
        pacsv.ReadOptions(column_names=columns, block_size=1 << 20),
        pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=b'"' in encoded),
        pacsv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
        ),
    )
    rows = np.arange(table.num_rows, dtype=np.int64) + 1 + skipped
    return Page(name, "", table.columns, rows)


def _has_plain_cells(page: Page, delimiter: str) -> bool:
    """Whether the quotation marks of a page cannot have joined rows.

    No cell may contain a line break or a quotation mark, and no first cell the delimiter: a
    program may have quoted a whole row.
    """
    if pc.any(pc.match_substring(page.columns[0], delimiter)).as_py():
        return False
    return not any(
        pc.any(pc.match_substring_regex(column, r"[\n\r\"]")).as_py() for column in page.columns
    )


def _read_by_rows(text: str, delimiter: str, name: str, skipped: int) -> Page:
    filled_rows = (row for row in read_rows(text, delimiter) if any(row.cells))
    first_rows = list(islice(filled_rows, _SAMPLE_LINES))
    if not first_rows:
        raise empty_file(name)
    if first_rows[0].fault:
        line = first_rows[0].line + skipped
        raise RecordError(
            "unreadable",
            f"{name} has a quotation mark at line {line} that does not close, or stands inside a "
            "quoted cell. Write a mark inside a cell twice, or save as XLSX.",
            indonesian=f"{name} punya tanda kutip di baris {line} yang tidak ditutup, atau "
            "terletak di dalam sel berkutip. Tulis tanda kutip di dalam sel dua kali, atau simpan "
            "sebagai XLSX.",
        )
    # The headings are among the first rows, or repeat later with a few more columns. Cells
    # beyond that width have no heading.
    max_width = max(len(row.cells) for row in first_rows) + _EXTRA_COLUMNS
    batches = [_batch(rows, max_width, name) for rows in _batches(chain(first_rows, filled_rows))]
    width = min(max(batch.width for batch in batches), max_width)
    columns = [
        pa.chunked_array([batch.columns[k] for batch in batches], type=pa.string())
        for k in range(width)
    ]
    rows = np.concatenate([batch.lines for batch in batches]) + skipped
    lengths = np.concatenate([batch.lengths for batch in batches])
    faults = {line + skipped: "quote-open" for batch in batches for line in batch.faults}
    return Page(name, "", columns, rows, lengths, faults=faults)


class _Batch(NamedTuple):
    """Some rows as columns, and the width of the widest row."""

    columns: list[pa.Array]
    lines: NDArray[np.int64]
    lengths: NDArray[np.int64]
    faults: list[int]
    width: int


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, _BATCH_ROWS)):
        yield batch


def _batch(rows: list[Row], width: int, name: str) -> _Batch:
    """Rows as `width` Arrow columns, which take less memory than Python strings."""
    widest = max(len(row.cells) for row in rows)
    check_shape(len(rows), widest, name)
    cells = [row.cells[:width] + [""] * (width - len(row.cells)) for row in rows]
    return _Batch(
        [pa.array(column, type=pa.string()) for column in zip(*cells, strict=True)],
        np.array([row.line for row in rows], dtype=np.int64),
        np.array([_filled_length(row.cells) for row in rows], dtype=np.int64),
        [row.line for row in rows if row.fault],
        widest,
    )


def _filled_length(row: list[str]) -> int:
    """Number of cells of a row without the blank cells at its end."""
    return next((k for k in range(len(row), 0, -1) if row[k - 1].strip()), 0)
