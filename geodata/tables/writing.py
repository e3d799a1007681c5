"""Write tables as CSV, XLSX or Parquet, protected against formula injection."""

import errno
import io
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from geodata.errors import InputError
from geodata.files.atomic import translate_write_errors
from geodata.files.private import atomic_private_file

XLSX_MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA: Final = re.compile(r"'*(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
_NUMBER: Final = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?")
_TIMESTAMP: Final = re.compile(rb"(<\w+:(created|modified)[^>]*>)[^<]*")
"""Any prefix: openpyxl writes another prefix if lxml is installed."""
_FIXED_TIME: Final = (1980, 1, 1, 0, 0, 0)


def write_table(frame: pd.DataFrame | pa.Table, path: Path) -> None:
    """Write a table; the same table gives the same bytes.

    Parameters
    ----------
    frame
        In CSV and XLSX, an apostrophe is written before text that a spreadsheet would run as a
        formula: text that begins with ``= + - @``, with their full-width forms, with blanks
        before them, or with a tab or a line break. `read_table` removes the apostrophe.
    path
        ``.csv``, ``.xlsx`` or ``.parquet``. The file is replaced atomically and readable by its
        owner only, since most tables hold records or counts.

    Raises
    ------
    InputError
        ``unknown-format`` for another ending; ``no-folder``, ``disk-full``, ``not-written``.
    """
    if path.suffix.lower() not in _WRITERS:
        raise InputError(
            "unknown-format",
            f"The ending of {path.name} is no format that can be written. "
            "End the name in .csv, .xlsx or .parquet.",
            indonesian=f"Akhiran nama {path.name} bukan format yang dapat ditulis. "
            "Akhiri namanya dengan .csv, .xlsx atau .parquet.",
        )
    with translate_write_errors(path):
        content = table_content(frame, path.suffix.lower())
        with atomic_private_file(path) as file:
            file.write(content)


def table_content(frame: pd.DataFrame | pa.Table, ending: str) -> bytes:
    """A table as the bytes of a file with that ending; see `write_table`."""
    return _WRITERS[ending](frame)


def escape_formula(text: str) -> str:
    """Text that a spreadsheet does not run as a formula; plain numbers are unchanged."""
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _escape_formulas(frame: pd.DataFrame | pa.Table) -> pd.DataFrame:
    # Arrow types keep integers in a column with missing values.
    pandas_frame = (
        frame.to_pandas(types_mapper=pd.ArrowDtype) if isinstance(frame, pa.Table) else frame
    )
    columns = {k: _escape_column(pandas_frame.iloc[:, k]) for k in range(pandas_frame.shape[1])}
    escaped = pd.DataFrame(columns, index=pandas_frame.index)
    escaped.columns = pd.Index([escape_formula(str(heading)) for heading in pandas_frame.columns])
    return escaped


def _escape_column(column: "pd.Series[Any]") -> "pd.Series[Any]":
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column
    cells = [None if pd.isna(cell) else cell for cell in column.tolist()]
    escaped = [escape_formula(cell) if isinstance(cell, str) else cell for cell in cells]
    return pd.Series(escaped, index=column.index, dtype=object)


def _csv(frame: pd.DataFrame | pa.Table) -> bytes:
    return _escape_formulas(frame).to_csv(index=False, lineterminator="\n").encode()


def _parquet(frame: pd.DataFrame | pa.Table) -> bytes:
    table = frame
    if not isinstance(frame, pa.Table):
        table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _xlsx(frame: pd.DataFrame | pa.Table) -> bytes:
    escaped = _escape_formulas(frame)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("table")
    columns = [
        [_cell(cell) for cell in escaped.iloc[:, k].tolist()] for k in range(escaped.shape[1])
    ]
    buffer = io.BytesIO()
    try:
        sheet.append([str(heading) for heading in escaped.columns])
        for row in zip(*columns, strict=True):
            sheet.append(row)
        book.save(buffer)
    except Exception as error:  # noqa: BLE001  (raised again)
        # The writer uses a temporary file. Without close, its destructor prints an error.
        with suppress(Exception):
            sheet.close()
        raise _original_error(error) from None
    return _without_timestamps(buffer.getvalue())


def _original_error(error: Exception) -> Exception:
    """The OSError behind an error of lxml (``IO_ENOSPC``); another error is unchanged."""
    if type(error).__name__ != "SerialisationError":
        return error
    number = getattr(errno, str(error).removeprefix("IO_"), None)
    return OSError() if number is None else OSError(number, "temporary file")


def _cell(cell: Any) -> Any:  # noqa: ANN401  (what a spreadsheet's cell may hold)
    if cell is None or pd.isna(cell):
        return None
    if isinstance(cell, bool | int | float | date):
        return cell
    return ILLEGAL_CHARACTERS_RE.sub("", str(cell))


def _without_timestamps(content: bytes) -> bytes:
    """The spreadsheet without the moment of writing, so that equal tables give equal bytes."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = source.read(name)
            if name == "docProps/core.xml":
                entry = _TIMESTAMP.sub(rb"\g<1>1980-01-01T00:00:00Z", entry)
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, entry)
    return buffer.getvalue()


_WRITERS: Final[dict[str, Callable[[pd.DataFrame | pa.Table], bytes]]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".parquet": _parquet,
}
