"""A sheet: cells as text under the headings of its file, and the line each row stands on."""

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

_GUARDED: Final = r"^'+(?:\s*[=+\-@\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]|[\t\r\n])"
_FIRST_DATA_ROW: Final = 2


NO_FAULTS: Final[Mapping[int, str]] = MappingProxyType({})


class Sheet(NamedTuple):
    """Rows of a file, nothing interpreted.

    Attributes
    ----------
    cells
        ``n`` rows of text, trimmed, null where blank; headings as they came, repeated ones too.
        Native dates are ISO text, numbers their shortest exact text.
    rows
        int64 ``(n,)``: row in the file, the heading being 1 where it stands at the top.
    misaligned
        bool ``(n,)``: rows with more cells than headings; whose cell is whose is unknown.
    name
        Of the file.
    faults
        By row in the file: code of what else is wrong with a misaligned row, where it is not
        that it has too many cells. Its first cell is the row as it came.
    """

    cells: pa.Table
    rows: NDArray[np.int64]
    misaligned: NDArray[np.bool_]
    name: str
    faults: Mapping[int, str] = NO_FAULTS

    def only(self, rows: NDArray[np.bool_]) -> "Sheet":
        """The sheet with some of its rows."""
        return self._replace(
            cells=self.cells.filter(pa.array(rows)),
            rows=self.rows[rows],
            misaligned=self.misaligned[rows],
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
    """A sheet of text columns: cells trimmed, blank rows left out.

    Raises
    ------
    RecordError
        ``empty-file`` where no row is left.
    """
    cleaned = [_clean(column) for column in columns]
    filled = misaligned.copy()
    for column in cleaned:
        filled |= column.is_valid().to_numpy(zero_copy_only=False)
    if not filled.any():
        raise empty_file(name)
    cells = pa.Table.from_arrays(cleaned, names=[heading.strip() for heading in headings])
    if not filled.all():
        cells = cells.filter(pa.array(filled))
    return Sheet(cells, rows[filled], misaligned[filled], name, faults)


def sheet_of(frame: pd.DataFrame, name: str = "the table") -> Sheet:
    """A sheet from a frame in memory, row 2 being its first.

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
    """Cells of any kind as text."""
    listed = list(cells)
    try:
        return pa.array(listed, type=pa.string(), from_pandas=True)
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return pa.array([_text(cell) for cell in listed], type=pa.string())


def empty_file(name: str) -> RecordError:
    """The error for a file in which there is no row."""
    return RecordError(
        "empty-file",
        f"{name} has no rows. One row of headings and one row a record are wanted: "
        "check that the right file was saved.",
        indonesian=f"{name} tidak berisi baris. Berikan satu baris judul kolom dan satu baris "
        "untuk setiap catatan: periksa apakah berkas yang disimpan sudah benar.",
    )


def unreadable(name: str, wanted: Bilingual) -> RecordError:
    """The error for a file that is not what it says."""
    return RecordError(
        "unreadable",
        f"{name} cannot be read as {wanted.en}. Open it, save it again, and give that file.",
        indonesian=f"{name} tidak dapat dibaca sebagai {wanted.id}. Buka, simpan lagi, lalu "
        "berikan berkas itu.",
    )


def _text(cell: Any) -> str | None:  # noqa: ANN401  (a spreadsheet's cell may be anything)
    if cell is None or cell is pd.NaT or cell is pd.NA:
        return None
    if isinstance(cell, float | np.floating):
        return _number(float(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _number(cell: float) -> str | None:
    if math.isnan(cell):
        return None
    if not cell.is_integer():
        return repr(cell)
    # Fifteen digits are all a spreadsheet keeps: a longer number is written so that the reader
    # of a NIK can see that its last digits are lost.
    return str(int(cell)) if abs(cell) < 1e15 else f"{cell:.14E}"


def _clean(column: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    chunked = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    # Guards first: a tab that a guard protects is no blank at the edge.
    if pc.any(pc.starts_with(chunked, "'")).as_py():
        guarded = pc.match_substring_regex(chunked, _GUARDED)
        chunked = pc.if_else(guarded, pc.utf8_slice_codeunits(chunked, 1), chunked)
    if pc.any(pc.match_substring(chunked, "\x00")).as_py():
        chunked = pc.replace_substring(chunked, "\x00", "")  # PostgreSQL keeps no such text
    trimmed = pc.utf8_trim_whitespace(chunked)
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)
