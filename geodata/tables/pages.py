"""A page: the raw cells of a sheet; the row of the headings is not known yet."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.errors import RecordError
from geodata.language import Bilingual
from geodata.tables.sheet import NO_FAULTS, Sheet, empty_file, make_sheet

Columns = Sequence[pa.Array | pa.ChunkedArray]
_BATCH_ROWS: Final = 100
_NO_LENGTHS: Final = np.empty(0, dtype=np.int64)


class MergedCells(NamedTuple):
    """A merged area of a spreadsheet: positions, `bottom` and `right` included."""

    top: int
    left: int
    bottom: int
    right: int


class Page(NamedTuple):
    """Cells of one sheet.

    Attributes
    ----------
    name, title
        Name of the file; name of the sheet, blank in a format without sheets.
    columns
        Text, one array for each column.
    rows
        int64 ``(n,)``: row number in the file, from 1.
    lengths
        int64 ``(n,)``: number of cells of each row; empty if every row has all columns.
    headings
        Headings of a format that stores them apart from the rows; else None.
    merged
        Merged areas; positions count from the first row of `columns`.
    hidden
        Whether the sheet is hidden.
    hidden_rows, hidden_columns
        Row numbers, and positions of columns, that are hidden or filtered out.
    counts_from_1904
        Dates that are plain numbers count days from 1 January 1904, not 1900.
    faults
        By row number: code of the fault of a row whose cells cannot be separated.
    """

    name: str
    title: str
    columns: Columns
    rows: NDArray[np.int64]
    lengths: NDArray[np.int64] = _NO_LENGTHS
    headings: tuple[str, ...] | None = None
    merged: tuple[MergedCells, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    counts_from_1904: bool = False
    faults: Mapping[int, str] = NO_FAULTS

    def rows_between(self, start: int, stop: int | None = None) -> "Page":
        """The rows from `start` up to `stop`, without merged cells."""
        length = None if stop is None else stop - start
        return self._replace(
            columns=[column.slice(start, length) for column in self.columns],
            rows=self.rows[start:stop],
            lengths=self.lengths[start:stop],
            merged=(),
        )

    def texts(self, n: int, *, start: int = 0) -> list[list[str]]:
        """Trimmed text of ``n`` rows from `start` on; a blank cell is empty text."""
        columns = [column.slice(start, n).to_pylist() for column in self.columns]
        return [[(cell or "").strip() for cell in row] for row in zip(*columns, strict=True)]

    def take_rows(self, positions: NDArray[np.intp]) -> "Page":
        """The rows at some positions, without headings and merged cells."""
        return self._replace(
            columns=[column.take(pa.array(positions)) for column in self.columns],
            rows=self.rows[positions],
            lengths=self.lengths[positions] if len(self.lengths) else self.lengths,
            headings=None,
            merged=(),
        )

    def sheet_below(self, position: int, headings: Sequence[str]) -> Sheet:
        """The rows from a position on, with headings as the names of their columns.

        Raises
        ------
        RecordError
            ``empty-file`` if there is no row.
        """
        rows = self.rows[position:]
        misaligned = np.zeros(len(rows), dtype=bool)
        if len(self.lengths):
            misaligned = self.lengths[position:] > len(headings)
        if self.faults:
            misaligned |= np.isin(rows, list(self.faults))
        columns = [column.slice(position) for column in self.columns[: len(headings)]]
        if not columns:
            raise empty_file(self.name)
        return make_sheet(headings, columns, rows, misaligned, self.name, self.faults)

    def sheet_below_first_row(self) -> Sheet:
        """The rows below the first row that is not blank, which has the headings.

        Raises
        ------
        RecordError
            ``empty-file``.
        """
        if self.headings is not None:
            return self.sheet_below(0, self.headings)
        for start in range(0, len(self.rows), _BATCH_ROWS):
            for position, cells in enumerate(self.texts(_BATCH_ROWS, start=start), start=start):
                if any(cells):
                    length = int(self.lengths[position]) if len(self.lengths) else len(cells)
                    return self.sheet_below(position + 1, cells[:length])
        raise empty_file(self.name)


def first_nonempty_sheet(pages: Sequence[Page]) -> Sheet:
    """The sheet of the first page that has rows below its headings; hidden pages come last.

    Raises
    ------
    RecordError
        ``empty-file``.
    """
    first_error: RecordError | None = None
    for page in sorted(pages, key=lambda page: page.hidden):
        try:
            return page.sheet_below_first_row()
        except RecordError as error:
            first_error = first_error or error
    raise first_error or empty_file(Bilingual("Berkas itu", "The file"))
