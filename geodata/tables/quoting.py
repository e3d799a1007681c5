"""Split delimited text into rows; an unclosed quotation mark is a fault of its own row only.

A quoted cell may contain line breaks. If a quotation mark does not close, or stands inside a
quoted cell, that row alone is at fault, and the next line starts a new row.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Final, NamedTuple

QUOTED_LINE: Final = re.compile(r'"((?:[^"]|"")*)"')
"""A line that is a single quoted cell."""
_LINE_BREAK: Final = re.compile(r"\r\n|\n|\r")
_MAX_CELL_LINES: Final = 50
_SAMPLE_LINES: Final = 50
_UNCLOSED_QUOTE: Final = "unexpected end of data"
"""Message of the csv module for an unclosed mark; any other message means a malformed row."""


class Row(NamedTuple):
    """A row: its first line, from 1; its cells, or the raw line if the row is at fault."""

    line: int
    cells: list[str]
    fault: bool


class _LineEnd(Enum):
    """How a line ends: after a complete row, inside a quoted cell, or malformed."""

    COMPLETE = 0
    OPEN = 1
    MALFORMED = 2


def read_rows(text: str, delimiter: str) -> Iterator[Row]:
    """Every row, blank rows included."""
    lines = _Lines(_LINE_BREAK.split(text), delimiter)
    k = 0
    while k < len(lines.texts):
        cells, count = lines.row_at(k)
        if cells is None:
            yield Row(k + 1, [lines.texts[k]], fault=True)
        else:
            yield Row(k + 1, _split_quoted_row(cells, delimiter, lines.width), fault=False)
        k += count


class _Lines:
    """Lines of a text. Each line is parsed once, whichever row it belongs to."""

    def __init__(self, texts: list[str], delimiter: str) -> None:
        self.texts = texts
        self.width = _usual_width(texts, delimiter)
        self._delimiter = delimiter
        self._is_complete_row = cache(self._check_complete_row)
        self._end_inside_cell = cache(self._find_end_inside_cell)

    def row_at(self, k: int) -> tuple[list[str] | None, int]:
        """Cells of the row that begins at line `k`, None for a faulty row; number of its lines."""
        first = self.texts[k]
        if '"' not in first:
            return first.split(self._delimiter), 1
        # A mark in the middle of an unquoted cell is plain text: 5" of pipe.
        end = _line_end(first, self._delimiter)
        last, may_be_two_rows = k, False
        while end is _LineEnd.OPEN and last + 1 < min(k + _MAX_CELL_LINES, len(self.texts)):
            last += 1
            if self._is_complete_row(last):
                return None, 1
            may_be_two_rows |= self._has_row_width(k) and self._has_row_width(last)
            end = self._end_inside_cell(last)
        if end is not _LineEnd.COMPLETE:
            return None, 1
        cells = _parse_row("\n".join(self.texts[k : last + 1]), self._delimiter)
        if may_be_two_rows and (cells is None or len(cells) != self.width):
            return None, 1
        return cells, last - k + 1

    def _check_complete_row(self, k: int) -> bool:
        """Whether a line is a complete row by itself, so that a cell above does not contain it."""
        line = self.texts[k]
        if self.width == 1 or line.count('"') % 2:
            return False
        cells = _parse_row(line, self._delimiter) or []
        return len(cells) == self.width and any(cells)

    def _has_row_width(self, k: int) -> bool:
        """Whether a line has as many cells as a row."""
        return self.width > 1 and self.texts[k].count(self._delimiter) >= self.width - 1

    def _find_end_inside_cell(self, k: int) -> _LineEnd:
        """How a line ends that begins inside a quoted cell."""
        return _line_end(f'"{self.texts[k]}', self._delimiter)


def _line_end(text: str, delimiter: str) -> _LineEnd:
    try:
        list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        return _LineEnd.OPEN if str(error) == _UNCLOSED_QUOTE else _LineEnd.MALFORMED
    return _LineEnd.COMPLETE


def _parse_row(text: str, delimiter: str) -> list[str] | None:
    """Cells of a text that is one row; None for any other text."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else ([] if not rows else None)


def _split_quoted_row(cells: list[str], delimiter: str, width: int) -> list[str]:
    """The cells of a row that a program quoted as a whole; other rows are unchanged."""
    if width > 1 and cells and delimiter in cells[0]:
        inner_cells = _parse_row(cells[0], delimiter)
        if inner_cells is not None and len(inner_cells) == width and not any(cells[1:]):
            return inner_cells
    return cells


def _usual_width(lines: list[str], delimiter: str) -> int:
    """The number of cells of most first rows; a row that is quoted as a whole is parsed."""
    widths: Counter[int] = Counter()
    for line in lines[:_SAMPLE_LINES]:
        quoted_line = QUOTED_LINE.fullmatch(line)
        inner = line if quoted_line is None else quoted_line[1].replace('""', '"')
        cells = None if inner.count('"') % 2 else _parse_row(inner, delimiter)
        if cells:
            widths[len(cells)] += 1
    return max(widths, key=lambda width: (widths[width], width), default=1)
