"""Writing tables that a spreadsheet opens without running what someone typed into a name."""

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
from geodata.files.atomic import writing_to
from geodata.files.private import replacing

XLSX_MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA: Final = re.compile(r"'*(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
_NUMBER: Final = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?")
_MOMENT: Final = re.compile(rb"(<\w+:(created|modified)[^>]*>)[^<]*")
"""Whatever the prefix: openpyxl names it otherwise where lxml is installed."""
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)


def write_table(frame: pd.DataFrame | pa.Table, path: Path) -> None:
    """Write a table; the same table gives the same bytes.

    Parameters
    ----------
    frame
        Text that a spreadsheet would take for a formula (``= + - @`` in front, in their
        wide forms or after blanks too, or a tab) gets an
        apostrophe in front in CSV and XLSX; `read_table` takes it away again.
    path
        ``.csv``, ``.xlsx`` or ``.parquet``. Replaced whole or not at all, and its owner's alone:
        most tables hold records or counts.

    Raises
    ------
    InputError
        ``unknown-format`` for another ending; ``no-folder``, ``disk-full``, ``not-written``.
    """
    if path.suffix.lower() not in _WRITERS:
        raise InputError(
            "unknown-format",
            f"{path.name} does not say a format that is written here. "
            "End its name in .csv, .xlsx or .parquet.",
            indonesian=f"{path.name} tidak menyebut format yang dapat ditulis di sini. "
            "Akhiri namanya dengan .csv, .xlsx atau .parquet.",
        )
    with writing_to(path):
        content = table_content(frame, path.suffix.lower())
        with replacing(path) as file:
            file.write(content)


def table_content(frame: pd.DataFrame | pa.Table, ending: str) -> bytes:
    """A table as the bytes of a file of that ending; see `write_table`."""
    return _WRITERS[ending](frame)


def guard(text: str) -> str:
    """Text a spreadsheet takes for text; plain numbers stay as they are."""
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _guarded(frame: pd.DataFrame | pa.Table) -> pd.DataFrame:
    # Arrow's types keep a whole number whole beside a missing one.
    plain = frame.to_pandas(types_mapper=pd.ArrowDtype) if isinstance(frame, pa.Table) else frame
    columns = {k: _guarded_column(plain.iloc[:, k]) for k in range(plain.shape[1])}
    named = pd.DataFrame(columns, index=plain.index)
    named.columns = pd.Index([guard(str(heading)) for heading in plain.columns])
    return named


def _guarded_column(column: "pd.Series[Any]") -> "pd.Series[Any]":
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column
    cells = [None if pd.isna(cell) else cell for cell in column.tolist()]
    shown = [guard(cell) if isinstance(cell, str) else cell for cell in cells]
    return pd.Series(shown, index=column.index, dtype=object)


def _csv(frame: pd.DataFrame | pa.Table) -> bytes:
    return _guarded(frame).to_csv(index=False, lineterminator="\n").encode()


def _parquet(frame: pd.DataFrame | pa.Table) -> bytes:
    plain = frame
    if not isinstance(frame, pa.Table):
        plain = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()
    written = io.BytesIO()
    pq.write_table(plain, written, compression="zstd")
    return written.getvalue()


def _xlsx(frame: pd.DataFrame | pa.Table) -> bytes:
    guarded = _guarded(frame)
    book = Workbook(write_only=True)
    page = book.create_sheet("table")
    columns = [
        [_cell(cell) for cell in guarded.iloc[:, k].tolist()] for k in range(guarded.shape[1])
    ]
    written = io.BytesIO()
    try:
        page.append([str(heading) for heading in guarded.columns])
        for row in zip(*columns, strict=True):
            page.append(row)
        book.save(written)
    except Exception as error:  # noqa: BLE001  (raised on, as what it is)
        # Its writer goes through a temporary file, and would end with noise when it is let go.
        with suppress(Exception):
            page.close()
        raise _of_the_system(error) from None
    return _timeless(written.getvalue())


def _of_the_system(error: Exception) -> Exception:
    """What lxml makes of an error of the system (``IO_ENOSPC``), as that error again."""
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


def _timeless(content: bytes) -> bytes:
    """The same spreadsheet without the moment it was written at."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = source.read(name)
            if name == "docProps/core.xml":
                entry = _MOMENT.sub(rb"\g<1>1980-01-01T00:00:00Z", entry)
            info = zipfile.ZipInfo(name, _LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, entry)
    return written.getvalue()


_WRITERS: Final[dict[str, Callable[[pd.DataFrame | pa.Table], bytes]]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".parquet": _parquet,
}
