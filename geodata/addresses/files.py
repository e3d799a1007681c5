"""Read the addresses of a file and append the readings as columns."""

from collections.abc import Callable, Mapping
from typing import Final

import pyarrow as pa

from geodata.addresses.reader import AddressReader, Fields
from geodata.addresses.reading import AddressReading
from geodata.errors import InputError
from geodata.tables import Sheet
from geodata.text.area_names import fold_name

AddressProgress = Callable[[int, int], None]
"""Called with the number of distinct addresses read and their total."""

ADDED: Final = ("code", "certainty", "reading", "candidates")
"""Columns appended to the file; ``_read`` is appended to a name that the file already uses."""
_BATCH: Final = 2000


def read_address_sheet(
    sheet: Sheet,
    columns: Mapping[str, str],
    reader: AddressReader,
    *,
    progress: AddressProgress | None = None,
) -> tuple[pa.Table, list[AddressReading]]:
    """Read the address of every row.

    Parameters
    ----------
    columns
        Heading of the column for each field of `Fields` that the file has. Capitals, spaces and
        punctuation do not matter.

    Returns
    -------
    pa.Table, list of AddressReading
        The columns and rows of the sheet in their order, then `ADDED`; the reading of each row.

    Raises
    ------
    InputError
        ``missing-column``.
    """
    cells = {field: _column(sheet, heading) for field, heading in columns.items()}
    rows = [
        Fields(**dict(zip(cells, row, strict=True))) for row in zip(*cells.values(), strict=True)
    ]
    readings = _readings(rows, reader, progress or _ignore_progress)
    table = sheet.cells
    for name, values in zip(ADDED, _column_values(readings), strict=True):
        column_name = f"{name}_read" if name in table.column_names else name
        table = table.append_column(column_name, pa.array(values, type=pa.string()))
    return table, readings


def _readings(
    rows: list[Fields], reader: AddressReader, progress: AddressProgress
) -> list[AddressReading]:
    distinct = list(dict.fromkeys(rows))
    readings: dict[Fields, AddressReading] = {}
    for start in range(0, len(distinct), _BATCH):
        readings |= {
            fields: reader.read_fields(fields) for fields in distinct[start : start + _BATCH]
        }
        progress(len(readings), len(distinct))
    return [readings[fields] for fields in rows]


def _column_values(readings: list[AddressReading]) -> list[list[str | None]]:
    return [
        [reading.code for reading in readings],
        [str(reading.certainty) for reading in readings],
        [reading.description() or None for reading in readings],
        [" ".join(reading.candidates) or None for reading in readings],
    ]


def _column(sheet: Sheet, heading: str) -> list[str | None]:
    folded_heading = fold_name(heading)
    for position, name in enumerate(sheet.cells.column_names):
        if fold_name(name) == folded_heading:
            cells = sheet.cells.column(position).to_pylist()
            # A row with more cells than headings is misaligned: its address cell is unknown.
            return [
                None if is_misaligned else cell
                for cell, is_misaligned in zip(cells, sheet.misaligned, strict=True)
            ]
    # The message does not list the headings: without headings, the first row is a personal record.
    raise InputError(
        "missing-column",
        f"{sheet.name} has no column {heading}. Give a heading of the first row.",
        indonesian=f"{sheet.name} tidak punya kolom {heading}. Sebutkan judul kolom dari baris "
        "pertamanya.",
    )


def _ignore_progress(_count: int, _total: int) -> None:
    """Report no progress."""
