"""Rows of delimited text by their quotation marks: a mark that does not close costs its own row.

A cell in quotation marks may span lines. Where a mark is left open, or stands inside a cell, the
row alone is at fault: the lines below it are rows of their own.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

WHOLE_LINE: Final = re.compile(r'"((?:[^"]|"")*)"')
"""A line that is one quoted cell."""
_LINES: Final = re.compile(r"\r\n|\n|\r")
_MOST_LINES: Final = 50
_LOOKED_AT: Final = 50


class Row(NamedTuple):
    """A row: the line it begins on, from 1; its cells, or the line itself where it is at fault."""

    line: int
    cells: list[str]
    fault: bool


def read_rows(text: str, delimiter: str) -> Iterator[Row]:
    """Every row, blank ones too."""
    lines = _LINES.split(text)
    width = _usual_width(lines, delimiter)
    k = 0
    while k < len(lines):
        cells, count = _row_at(lines, k, delimiter, width)
        if cells is None:
            yield Row(k + 1, [lines[k]], fault=True)
        else:
            yield Row(k + 1, _taken_apart(cells, delimiter, width), fault=False)
        k += count


def _row_at(lines: list[str], k: int, delimiter: str, width: int) -> tuple[list[str] | None, int]:
    """Cells of the row that begins at a line, or None; and how many lines it spans."""
    if '"' not in lines[k]:
        return lines[k].split(delimiter), 1
    for count in range(1, min(_MOST_LINES, len(lines) - k) + 1):
        added = lines[k + count - 1]
        if count > 1 and (
            _is_row(added, delimiter, width) or _both_wide(lines[k], added, delimiter, width)
        ):
            return None, 1
        # A mark in the middle of a cell is a mark (5" of pipe), and opens nothing.
        cells = _parsed("\n".join(lines[k : k + count]), delimiter)
        if cells is not None:
            return cells, count
    return None, 1


def _is_row(line: str, delimiter: str, width: int) -> bool:
    """Whether a line is a whole row by itself, and so no part of a cell above it."""
    if width == 1 or line.count('"') % 2:
        return False
    cells = _parsed(line, delimiter) or []
    return len(cells) == width and any(cells)


def _both_wide(first: str, last: str, delimiter: str, width: int) -> bool:
    """Whether two lines have the cells of a row each: a cell that spans lines shares one row's."""
    return width > 1 and min(first.count(delimiter), last.count(delimiter)) >= width - 1


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
