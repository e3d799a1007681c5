"""CSV as offices save it: comma, semicolon, tab or bar; UTF-8, UTF-16 or Windows' own encoding."""

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
    CELLS,
    LONGEST_LINE,
    MOST_CELLS,
    MOST_ROWS,
    check_shape,
    too_long_line,
    too_many,
)
from geodata.tables.pages import Page
from geodata.tables.quoting import WHOLE_LINE, Row, read_rows
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
_NEWLINE: Final = 10
_RETURN: Final = 13
_AT_ONCE: Final = 1 << 24
"""Bytes."""
_ROWS_AT_ONCE: Final = 10_000
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
    _refuse_long_lines(encoded, name)
    delimiter = said[1].decode() if said is not None else _delimiter(encoded)
    # Every mark is counted before any cell is cut out.
    if (marks := encoded.count(delimiter.encode())) > MOST_CELLS:
        raise too_many(CELLS, marks, MOST_CELLS, name)
    skipped = 0 if said is None else 1
    # An odd quotation mark would swallow every row after it without a word.
    tidy = encoded.count(b'"') % 2 == 0 and not any(blank in encoded for blank in _BLANK_LINES)
    first_line = encoded[: _first_end(encoded)].decode()
    if tidy and not encoded[:1].isspace() and WHOLE_LINE.match(first_line) is None:
        width = len(next(csv.reader([first_line], delimiter=delimiter)))
        check_shape(encoded.count(b"\n") + 1, width, name)
        with suppress(pa.ArrowInvalid):  # rows of unequal width: the slow way says which
            page = _read_tidy(encoded, delimiter, width, name, skipped)
            if b'"' not in encoded or _is_certain(page, delimiter):
                return [page]
    return [_read_ragged(encoded.decode(), delimiter, name, skipped)]


def _refuse_long_lines(encoded: bytes, name: str) -> None:
    """Refuse a text with a line longer than any row, or with more lines than are read."""
    last, lines = -1, 1
    for start in range(0, len(encoded), _AT_ONCE):
        part = np.frombuffer(encoded, np.uint8, min(_AT_ONCE, len(encoded) - start), start)
        ends = np.flatnonzero((part == _NEWLINE) | (part == _RETURN)) + start
        lengths = np.diff(np.concatenate([[last], ends, [start + len(part)]]))
        if lengths.max() > LONGEST_LINE:
            raise too_long_line(name, lines + int(np.argmax(lengths > LONGEST_LINE)))
        lines += len(ends)
        last = int(ends[-1]) if len(ends) else last
        if lines > MOST_ROWS:
            raise too_many(Bilingual("baris atau lebih", "lines or more"), lines, MOST_ROWS, name)


def _first_end(encoded: bytes) -> int:
    """Where the first line ends."""
    ends = [encoded.find(mark) for mark in (b"\n", b"\r")]
    return min((end for end in ends if end >= 0), default=len(encoded))


def _is_utf8(content: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), _AT_ONCE):
            decoder.decode(content[start : start + _AT_ONCE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


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
            indonesian=f"{name} bukan berkas CSV: isinya bukan teks mulai baris {line}. Simpan "
            "tabelnya sebagai CSV atau XLSX, lalu berikan berkas itu.",
        )
    content = content.replace(b"\0", b"")  # left by a program, and by no person
    if _MARKUP.match(content[:_BEGINNING]):
        raise RecordError(
            "unreadable",
            f"{name} is a web page, not a table, whatever its name says. "
            "Open it, save it as XLSX or CSV, and give that file.",
            indonesian=f"{name} adalah halaman web, bukan tabel, apa pun akhiran namanya. Buka, "
            "simpan sebagai XLSX atau CSV, lalu berikan berkas itu.",
        )
    return content if _is_utf8(content) else content.decode("cp1252", errors="replace").encode()


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
        pacsv.ReadOptions(column_names=columns, block_size=1 << 20),
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
    numbered = (row for row in read_rows(text, delimiter) if any(row.cells))
    top = list(islice(numbered, _LOOKED_AT))
    if not top:
        raise empty_file(name)
    if top[0].fault:
        raise RecordError(
            "unreadable",
            f"{name} has a quotation mark at line {top[0].line + skipped} that does not "
            "close, or stands inside a quoted cell. Write a mark inside a cell twice, or save as "
            "XLSX.",
            indonesian=f"{name} punya tanda kutip di baris {top[0].line + skipped} yang tidak "
            "ditutup, atau terletak di dalam sel berkutip. Tulis tanda kutip di dalam sel dua "
            "kali, atau simpan sebagai XLSX.",
        )
    # The headings are among the first rows, or come again a little wider; what goes beyond them
    # is nobody's.
    most = max(len(row.cells) for row in top) + _WIDER
    batches = [_batch(rows, most, name) for rows in _in_batches(chain(top, numbered))]
    width = min(max(batch.width for batch in batches), most)
    columns = [
        pa.chunked_array([batch.columns[k] for batch in batches], type=pa.string())
        for k in range(width)
    ]
    rows = np.concatenate([batch.lines for batch in batches]) + skipped
    lengths = np.concatenate([batch.lengths for batch in batches])
    faults = {line + skipped: "quote-open" for batch in batches for line in batch.faults}
    return Page(name, "", columns, rows, lengths, faults=faults)


class _Batch(NamedTuple):
    """Some rows as columns, and the width of the widest of them."""

    columns: list[pa.Array]
    lines: NDArray[np.int64]
    lengths: NDArray[np.int64]
    faults: list[int]
    width: int


def _in_batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        yield batch


def _batch(rows: list[Row], width: int, name: str) -> _Batch:
    """Rows as `width` columns: the cells of a million rows are not held as text of their own."""
    widest = max(len(row.cells) for row in rows)
    check_shape(len(rows), widest, name)
    cells = [row.cells[:width] + [""] * (width - len(row.cells)) for row in rows]
    return _Batch(
        [pa.array(column, type=pa.string()) for column in zip(*cells, strict=True)],
        np.array([row.line for row in rows], dtype=np.int64),
        np.array([_length(row.cells) for row in rows], dtype=np.int64),
        [row.line for row in rows if row.fault],
        widest,
    )


def _length(row: list[str]) -> int:
    """How many cells a row has, blank ones at its end left out."""
    return next((k for k in range(len(row), 0, -1) if row[k - 1].strip()), 0)
