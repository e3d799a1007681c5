"""A page: cells of a sheet as they stand, before anyone knows which row is the headings."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.errors import RecordError
from geodata.tables.sheet import NO_FAULTS, Sheet, empty_file, make_sheet

Columns = Sequence[pa.Array | pa.ChunkedArray]
_AT_ONCE: Final = 100
_NO_LENGTHS: Final = np.empty(0, dtype=np.int64)


class Merged(NamedTuple):
    """Cells that a spreadsheet shows as one: positions, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int


class Page(NamedTuple):
    """Cells of one sheet.

    Attributes
    ----------
    name, title
        Of the file; of the sheet, blank where there is only one.
    columns
        Text, one array a column.
    rows
        int64 ``(n,)``: row in the file, from 1.
    lengths
        int64 ``(n,)``: how many cells each row has; empty where all have one for each column.
    headings
        Where the format says them apart from its rows; else None.
    merged
        Positions count from the first row of `columns`.
    hidden
        Hidden by who made the file.
    hidden_rows, hidden_columns
        Rows in the file, and positions of columns, that are hidden or filtered out of sight.
    counts_from_1904
        Days that are bare numbers count from 1 January 1904, not 1900.
    faults
        By row in the file: code of what is wrong with a row whose cells cannot be told apart.
    """

    name: str
    title: str
    columns: Columns
    rows: NDArray[np.int64]
    lengths: NDArray[np.int64] = _NO_LENGTHS
    headings: tuple[str, ...] | None = None
    merged: tuple[Merged, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    counts_from_1904: bool = False
    faults: Mapping[int, str] = NO_FAULTS

    def between(self, start: int, stop: int | None = None) -> "Page":
        """The page with the rows at some positions; merged cells are left out."""
        length = None if stop is None else stop - start
        return self._replace(
            columns=[column.slice(start, length) for column in self.columns],
            rows=self.rows[start:stop],
            lengths=self.lengths[start:stop],
            merged=(),
        )

    def top(self, n: int, *, start: int = 0) -> list[list[str]]:
        """``n`` rows from `start` on, trimmed; blank cells are empty text."""
        columns = [column.slice(start, n).to_pylist() for column in self.columns]
        return [[(cell or "").strip() for cell in row] for row in zip(*columns, strict=True)]

    def picked(self, positions: NDArray[np.intp]) -> "Page":
        """The page with the rows at some positions, without its headings and merged cells."""
        return self._replace(
            columns=[column.take(pa.array(positions)) for column in self.columns],
            rows=self.rows[positions],
            lengths=self.lengths[positions] if len(self.lengths) else self.lengths,
            headings=None,
            merged=(),
        )

    def below(self, position: int, headings: Sequence[str]) -> Sheet:
        """The rows from a position on, under headings.

        Raises
        ------
        RecordError
            ``empty-file`` where there is none.
        """
        rows = self.rows[position:]
        beyond = np.zeros(len(rows), dtype=bool)
        if len(self.lengths):
            beyond = self.lengths[position:] > len(headings)
        if self.faults:
            beyond |= np.isin(rows, list(self.faults))
        columns = [column.slice(position) for column in self.columns[: len(headings)]]
        if not columns:
            raise empty_file(self.name)
        return make_sheet(headings, columns, rows, beyond, self.name, self.faults)

    def plain_sheet(self) -> Sheet:
        """The rows under the first row that says anything.

        Raises
        ------
        RecordError
            ``empty-file``.
        """
        if self.headings is not None:
            return self.below(0, self.headings)
        for start in range(0, len(self.rows), _AT_ONCE):
            for position, cells in enumerate(self.top(_AT_ONCE, start=start), start=start):
                if any(cells):
                    length = int(self.lengths[position]) if len(self.lengths) else len(cells)
                    return self.below(position + 1, cells[:length])
        raise empty_file(self.name)


def first_with_rows(pages: Sequence[Page]) -> Sheet:
    """The first visible page that has rows, under its first row.

    Raises
    ------
    RecordError
        ``empty-file``.
    """
    refused: RecordError | None = None
    for page in sorted(pages, key=lambda page: page.hidden):
        try:
            return page.plain_sheet()
        except RecordError as error:
            refused = refused or error
    raise refused or empty_file("The file")
