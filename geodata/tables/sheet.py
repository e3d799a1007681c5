"""A sheet: text cells in named columns, with the row number of each row in its file."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.errors import RecordError
from geodata.language import Bilingual

_ESCAPED_FORMULA: Final = r"^'+(?:\s*[=+\-@\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]|[\t\r\n])"
_FIRST_DATA_ROW: Final = 2
NO_FAULTS: Final[Mapping[int, str]] = MappingProxyType({})


class Sheet(NamedTuple):
    """Rows of a file as text, without interpretation.

    Attributes
    ----------
    cells
        ``n`` rows of trimmed text, null for a blank cell; headings unchanged, with repetitions.
        Native dates are ISO text; numbers are their shortest exact text.
    rows
        int64 ``(n,)``: row number in the file, from 1.
    misaligned
        bool ``(n,)``: rows with more cells than headings, whose columns are unknown.
    name
        Name of the file.
    faults
        By row number: code of another fault of a misaligned row. The first cell of such a row
        has its raw text.
    """

    cells: pa.Table
    rows: NDArray[np.int64]
    misaligned: NDArray[np.bool_]
    name: str
    faults: Mapping[int, str] = NO_FAULTS

    def filter_rows(self, mask: NDArray[np.bool_]) -> "Sheet":
        """The rows of the sheet that a mask selects."""
        return self._replace(
            cells=self.cells.filter(pa.array(mask)),
            rows=self.rows[mask],
            misaligned=self.misaligned[mask],
        )

    def faults_by_position(self) -> dict[int, str]:
        """Codes of `faults` by the position of the row in the sheet."""
        if not self.faults:
            return {}
        numbers = self.rows.tolist()
        return {k: self.faults[row] for k, row in enumerate(numbers) if row in self.faults}


def make_sheet(
    headings: Sequence[str],
    columns: Sequence[pa.Array | pa.ChunkedArray],
    rows: NDArray[np.int64],
    misaligned: NDArray[np.bool_],
    name: str,
    faults: Mapping[int, str] = NO_FAULTS,
) -> Sheet:
    """A sheet of text columns: cells trimmed, blank rows dropped.

    Raises
    ------
    RecordError
        ``empty-file`` if every row is blank.
    """
    clean_columns = [_clean_column(column) for column in columns]
    filled = misaligned.copy()
    for column in clean_columns:
        filled |= column.is_valid().to_numpy(zero_copy_only=False)
    if not filled.any():
        raise empty_file(name)
    cells = pa.Table.from_arrays(clean_columns, names=[heading.strip() for heading in headings])
    if not filled.all():
        cells = cells.filter(pa.array(filled))
    return Sheet(cells, rows[filled], misaligned[filled], name, faults)


def sheet_from_frame(frame: pd.DataFrame, name: str = "the table") -> Sheet:
    """A sheet from a frame in memory; its first row has number 2.

    Raises
    ------
    RecordError
        ``empty-file`` for a frame without rows.
    """
    columns = [text_column(frame.iloc[:, k].tolist()) for k in range(frame.shape[1])]
    rows = np.arange(len(frame), dtype=np.int64) + _FIRST_DATA_ROW
    headings = [str(heading) for heading in frame.columns]
    return make_sheet(headings, columns, rows, np.zeros(len(frame), dtype=bool), name)


def text_column(cells: Iterable[Any]) -> pa.Array:
    """Cells of any type as text."""
    values = list(cells)
    try:
        return pa.array(values, type=pa.string(), from_pandas=True)
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return pa.array([_cell_text(cell) for cell in values], type=pa.string())


def empty_file(name: str | Bilingual) -> RecordError:
    """The error for a file without rows."""
    file = Bilingual(name, name) if isinstance(name, str) else name
    return RecordError(
        "empty-file",
        f"{file.en} has no rows. Give one row of headings and one row for each record: "
        "check that the right file was saved.",
        indonesian=f"{file.id} tidak berisi baris. Berikan satu baris judul kolom dan satu baris "
        "untuk setiap catatan: periksa apakah berkas yang disimpan sudah benar.",
    )


def unreadable(name: str, file_type: Bilingual) -> RecordError:
    """The error for a file whose content cannot be parsed."""
    return RecordError(
        "unreadable",
        f"{name} cannot be read as {file_type.en}. Open it, save it again, and give that file.",
        indonesian=f"{name} tidak dapat dibaca sebagai {file_type.id}. Buka, simpan lagi, lalu "
        "berikan berkas itu.",
    )


def _cell_text(cell: Any) -> str | None:  # noqa: ANN401  (a spreadsheet's cell may be anything)
    if cell is None or cell is pd.NaT or cell is pd.NA:
        return None
    if isinstance(cell, float | np.floating):
        return _number_text(float(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _number_text(cell: float) -> str | None:
    if math.isnan(cell):
        return None
    if not cell.is_integer():
        return repr(cell)
    # A spreadsheet keeps fifteen digits. The exponent shows in a NIK that its last digits are
    # lost.
    return str(int(cell)) if abs(cell) < 1e15 else f"{cell:.14E}"


def _clean_column(column: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    chunked = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    # Remove the apostrophe before the trim: it protects a leading tab.
    if pc.any(pc.starts_with(chunked, "'")).as_py():
        guarded = pc.match_substring_regex(chunked, _ESCAPED_FORMULA)
        chunked = pc.if_else(guarded, pc.utf8_slice_codeunits(chunked, 1), chunked)
    if pc.any(pc.match_substring(chunked, "\x00")).as_py():
        chunked = pc.replace_substring(chunked, "\x00", "")  # PostgreSQL keeps no such text
    trimmed = pc.utf8_trim_whitespace(chunked)
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)
