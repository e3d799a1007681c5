"""Count the cells of an OpenDocument spreadsheet, in which one tag may repeat a cell many times.

A cell and a row have a number of repetitions. Repeated blank cells at the end of a row, and
repeated blank rows at the end of a sheet, are not counted.
"""

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from geodata.tables.limits import (
    CELLS_NOUN,
    MAX_SPREADSHEET_CELLS,
    check_characters,
    check_shape,
    too_many,
)

_ROW: Final = "table:table-row"
_CELLS: Final = ("table:table-cell", "table:covered-table-cell")
_SHEET: Final = "table:table"
_COLUMNS_REPEATED: Final = "table:number-columns-repeated"
_ROWS_REPEATED: Final = "table:number-rows-repeated"


class RepeatedCells:
    """Counts the expanded cells and characters of a document.

    Parameters
    ----------
    name
        Name of the file, for errors.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._total_cells = self._total_characters = 0
        self._rows = self._widest = self._times = 0
        self._position = self._last = self._characters = self._written = self._repeated = 0
        self._has_text = False

    def read(self, chunks: Iterator[bytes]) -> None:
        """Count a document.

        Raises
        ------
        RecordError
            ``too-large``.
        ValueError
            If the document is no XML.
        """
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            for chunk in chunks:
                parser.Parse(chunk, False)
        except expat.ExpatError as error:
            raise ValueError from error

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _SHEET:
            self._rows = self._widest = 0
        elif tag == _ROW:
            self._times = _repetitions(attributes.get(_ROWS_REPEATED))
            self._position = self._last = self._characters = 0
        elif tag in _CELLS:
            self._repeated = _repetitions(attributes.get(_COLUMNS_REPEATED))
            self._written = sum(map(len, attributes.values()))
            self._has_text = any(key.startswith("office:") for key in attributes)

    def _text(self, text: str) -> None:
        self._written += len(text)
        self._has_text |= bool(text.strip())

    def _end(self, tag: str) -> None:
        if tag in _CELLS:
            self._position += self._repeated
            if self._has_text:
                self._last = self._position
                self._characters += self._written * self._repeated
            self._written, self._has_text = 0, False
        elif tag == _ROW:
            self._row()

    def _row(self) -> None:
        self._rows += self._times
        if not self._last:
            return
        self._widest = max(self._widest, self._last)
        check_shape(self._rows, self._widest, self._name, max_cells=MAX_SPREADSHEET_CELLS)
        self._total_cells += self._last * self._times
        self._total_characters += self._characters * self._times
        if self._total_cells > MAX_SPREADSHEET_CELLS:
            raise too_many(CELLS_NOUN, self._total_cells, MAX_SPREADSHEET_CELLS, self._name)
        check_characters(self._total_characters, self._name)


def _repetitions(text: str | None) -> int:
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else 1
