"""Rows of delimited text by their quotation marks: a mark that does not close costs its own row.

A cell in quotation marks may span lines. Where a mark is left open, or stands inside a cell, the
row alone is at fault: the lines below it are rows of their own.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Final, NamedTuple

WHOLE_LINE: Final = re.compile(r'"((?:[^"]|"")*)"')
"""A line that is one quoted cell."""
_LINES: Final = re.compile(r"\r\n|\n|\r")
_MOST_LINES: Final = 50
_LOOKED_AT: Final = 50
_LEFT_OPEN: Final = "unexpected end of data"
"""What the library says of a mark that does not close; every other error lies behind it."""


class Row(NamedTuple):
    """A row: the line it begins on, from 1; its cells, or the line itself where it is at fault."""

    line: int
    cells: list[str]
    fault: bool


class _End(Enum):
    """How a line ends: with its last row, with a cell open, or with its marks out of order."""

    WHOLE = 0
    OPEN = 1
    WRONG = 2


def read_rows(text: str, delimiter: str) -> Iterator[Row]:
    """Every row, blank ones too."""
    lines = _Lines(_LINES.split(text), delimiter)
    k = 0
    while k < len(lines.texts):
        cells, count = lines.row_at(k)
        if cells is None:
            yield Row(k + 1, [lines.texts[k]], fault=True)
        else:
            yield Row(k + 1, _taken_apart(cells, delimiter, lines.width), fault=False)
        k += count


class _Lines:
    """Lines of a text. What one line says is asked once, whatever row it may belong to."""

    def __init__(self, texts: list[str], delimiter: str) -> None:
        self.texts = texts
        self.width = _usual_width(texts, delimiter)
        self._delimiter = delimiter
        self._is_another = cache(self._read_another)
        self._end_within = cache(self._read_end_within)

    def row_at(self, k: int) -> tuple[list[str] | None, int]:
        """Cells of the row that begins at a line, or None; and how many lines it spans."""
        first = self.texts[k]
        if '"' not in first:
            return first.split(self._delimiter), 1
        # A mark in the middle of a cell is a mark (5" of pipe), and opens nothing.
        end = _end_of(first, self._delimiter)
        last = k
        while end is _End.OPEN and last + 1 < min(k + _MOST_LINES, len(self.texts)):
            last += 1
            if self._is_another(last) or (self._is_wide(k) and self._is_wide(last)):
                return None, 1
            end = self._end_within(last)
        if end is not _End.WHOLE:
            return None, 1
        return _parsed("\n".join(self.texts[k : last + 1]), self._delimiter), last - k + 1

    def _read_another(self, k: int) -> bool:
        """Whether a line is a whole row by itself, and so no part of a cell above it."""
        line = self.texts[k]
        if self.width == 1 or line.count('"') % 2:
            return False
        cells = _parsed(line, self._delimiter) or []
        return len(cells) == self.width and any(cells)

    def _is_wide(self, k: int) -> bool:
        """Whether a line has the cells of a row: a cell that spans lines shares one row's."""
        return self.width > 1 and self.texts[k].count(self._delimiter) >= self.width - 1

    def _read_end_within(self, k: int) -> _End:
        """How a line ends that begins inside a cell."""
        return _end_of(f'"{self.texts[k]}', self._delimiter)


def _end_of(text: str, delimiter: str) -> _End:
    try:
        list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        return _End.OPEN if str(error) == _LEFT_OPEN else _End.WRONG
    return _End.WHOLE


def _parsed(text: str, delimiter: str) -> list[str] | None:
    """Cells of a text that is one row, None where its marks are not in order."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else ([] if not rows else None)


def _taken_apart(cells: list[str], delimiter: str, width: int) -> list[str]:
    """A row that a program took for one cell, as the cells it was."""
    if width > 1 and cells and delimiter in cells[0]:
        inner = _parsed(cells[0], delimiter)
        if inner is not None and len(inner) == width and not any(cells[1:]):
            return inner
    return cells


def _usual_width(lines: list[str], delimiter: str) -> int:
    """How many cells most of the first rows have; of a row that is one quoted cell, within it."""
    widths: Counter[int] = Counter()
    for line in lines[:_LOOKED_AT]:
        whole = WHOLE_LINE.fullmatch(line)
        inner = line if whole is None else whole[1].replace('""', '"')
        cells = None if inner.count('"') % 2 else _parsed(inner, delimiter)
        if cells:
            widths[len(cells)] += 1
    return max(widths, key=lambda width: (widths[width], width), default=1)
