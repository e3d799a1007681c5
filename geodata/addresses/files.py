"""A file with addresses in it, and beside each row how its address was read."""

from collections.abc import Callable, Mapping
from typing import Final

import pyarrow as pa

from geodata.addresses.reader import AddressReader, Fields
from geodata.addresses.reading import Reading
from geodata.errors import InputError
from geodata.tables import Sheet
from geodata.text.area_names import fold_name

Progress = Callable[[int, int], None]
"""Told how many distinct addresses are read, of how many."""

ADDED: Final = ("code", "certainty", "reading", "candidates")
"""Columns beside the file's own; one that the file has already gets ``_read`` behind its name."""
_STEP: Final = 2000


def read_sheet(
    sheet: Sheet,
    columns: Mapping[str, str],
    reader: AddressReader,
    *,
    progress: Progress | None = None,
) -> tuple[pa.Table, list[Reading]]:
    """Read the address of every row.

    Parameters
    ----------
    columns
        Heading of the column for each field of `Fields` that there is one for. Capitals, spaces
        and punctuation do not matter.

    Returns
    -------
    pa.Table, list of Reading
        The sheet's own columns and rows in their order, then `ADDED`; the readings of the rows.

    Raises
    ------
    InputError
        ``missing-column``.
    """
    cells = {field: _column(sheet, heading) for field, heading in columns.items()}
    rows = [
        Fields(**dict(zip(cells, row, strict=True))) for row in zip(*cells.values(), strict=True)
    ]
    readings = _readings(rows, reader, progress or _silent)
    table = sheet.cells
    for name, added in zip(ADDED, _added(readings), strict=True):
        free = f"{name}_read" if name in table.column_names else name
        table = table.append_column(free, pa.array(added, type=pa.string()))
    return table, readings


def _readings(rows: list[Fields], reader: AddressReader, progress: Progress) -> list[Reading]:
    distinct = list(dict.fromkeys(rows))
    found: dict[Fields, Reading] = {}
    for start in range(0, len(distinct), _STEP):
        found |= {fields: reader.read_fields(fields) for fields in distinct[start : start + _STEP]}
        progress(len(found), len(distinct))
    return [found[fields] for fields in rows]


def _added(readings: list[Reading]) -> list[list[str | None]]:
    return [
        [reading.code for reading in readings],
        [str(reading.certainty) for reading in readings],
        [reading.in_words() or None for reading in readings],
        [" ".join(reading.candidates) or None for reading in readings],
    ]


def _column(sheet: Sheet, heading: str) -> list[str | None]:
    wanted = fold_name(heading)
    for position, name in enumerate(sheet.cells.column_names):
        if fold_name(name) == wanted:
            cells = sheet.cells.column(position).to_pylist()
            # Of a row with more cells than headings nobody knows which cell is the address.
            return [None if off else c for c, off in zip(cells, sheet.misaligned, strict=True)]
    # The headings are not told: where there are none, the first row is somebody's record.
    raise InputError(
        "missing-column",
        f"{sheet.name} has no column {heading}. Give a heading as it stands in its first row.",
        indonesian=f"{sheet.name} tidak punya kolom {heading}. Sebutkan judul kolom seperti "
        "tertulis di baris pertamanya.",
    )


def _silent(_done: int, _of: int) -> None:
    """Tell nobody."""
