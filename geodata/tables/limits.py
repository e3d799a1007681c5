"""How large a file of records may be once it is unpacked, and the sentences that say so.

A small file may unpack to more than a machine holds: a spreadsheet names one long text in every
cell, a compressed page is a thousand times smaller than what it says. Each reader counts what a
file expands to before it expands it.
"""

from typing import Final

from geodata.errors import RecordError
from geodata.language import Bilingual, in_indonesian

MOST_COLUMNS: Final = 1_000
MOST_ROWS: Final = 5_000_000
MOST_CELLS: Final = 60_000_000
"""A million rows of sixty columns."""
MOST_SPREADSHEET_CELLS: Final = 10_000_000
"""A hundred thousand rows of a hundred columns; a spreadsheet's cell takes more memory."""
MOST_CHARACTERS: Final = 100_000_000
"""Of all cells that are expanded from one text that the file holds once."""
MOST_VALUES: Final = 10_000_000
"""Of a JSON document: each is an object in memory."""
MOST_OBJECTS: Final = 2_500_000
"""Lists and objects of a JSON document: an object takes ten times the memory of a number."""
MOST_UNPACKED: Final = 500_000_000
"""Bytes of an archive once it is unpacked."""
MOST_BESIDE: Final = 50_000_000
"""Bytes of a part of a workbook that is no sheet: styles, lists of sheets."""
MOST_SHEETS: Final = 200
MOST_MERGED: Final = 100_000
LONGEST_LINE: Final = 1_000_000
LONGEST_CELL: Final = 2_000
"""Characters of a cell that is read: an address has a hundred, the address of a map a thousand."""
LONGEST_HEADING: Final = 200
CELLS: Final = Bilingual("sel", "cells")
"""What `too_many` counts most often."""

_SPLIT: Final = Bilingual(
    "Bagi menjadi beberapa berkas dengan lebih sedikit baris, lalu berikan satu per satu.",
    "Split it into files of fewer rows, and give one after the other.",
)
_STRAY: Final = Bilingual(
    "Sering sebabnya satu sel tersesat jauh dari tabel: kalau begitu, salin tabelnya saja ke "
    "berkas baru, lalu berikan berkas itu.",
    "Often it is one stray cell far from the table: then copy the table alone into a new file, "
    "and give that.",
)
_SPLIT_OR_STRAY: Final = Bilingual(f"{_SPLIT.id} {_STRAY.id}", f"{_SPLIT.en} {_STRAY.en}")


def check_shape(rows: int, columns: int, name: str, *, most_cells: int = MOST_CELLS) -> None:
    """Refuse a table of too many rows, columns or cells.

    Raises
    ------
    RecordError
        ``too-large``.
    """
    if columns > MOST_COLUMNS:
        raise too_many(Bilingual("kolom", "columns"), columns, MOST_COLUMNS, name, _STRAY)
    if rows > MOST_ROWS:
        raise too_many(Bilingual("baris", "rows"), rows, MOST_ROWS, name, _SPLIT)
    if rows * columns > most_cells:
        cells = rows * columns
        raise too_many(CELLS, cells, most_cells, name, _SPLIT_OR_STRAY)


def check_characters(characters: int, name: str) -> None:
    """Refuse a table whose cells hold too much text together.

    Raises
    ------
    RecordError
        ``too-large``.
    """
    if characters > MOST_CHARACTERS:
        raise too_many(
            Bilingual("karakter di sel-selnya", "characters in its cells"),
            characters,
            MOST_CHARACTERS,
            name,
            _SPLIT,
        )


def too_many(
    what: Bilingual, count: int, most: int, name: str, do: Bilingual = _SPLIT
) -> RecordError:
    """The error for a file that holds too much of something."""
    return RecordError(
        "too-large",
        f"{name} has {count:,} {what.en}; at most {most:,} can be read. {do.en}",
        indonesian=f"{name} punya {in_indonesian(count)} {what.id}; paling banyak "
        f"{in_indonesian(most)} yang dapat dibaca. {do.id}",
    )


def too_long_line(name: str, line: int) -> RecordError:
    """The error for a line that is longer than any row."""
    return RecordError(
        "too-large",
        f"{name} has more than {LONGEST_LINE:,} bytes in line {line}; one row a line is wanted. "
        "Save the table as CSV again, or as XLSX, and give that file.",
        indonesian=f"{name} punya lebih dari {in_indonesian(LONGEST_LINE)} byte di baris {line}; "
        "setiap catatan memerlukan satu baris. Simpan lagi tabelnya sebagai CSV atau XLSX, lalu "
        "berikan berkas itu.",
    )


def unpacks_to_too_much(name: str, most: int = MOST_UNPACKED) -> RecordError:
    """The error for an archive, or a part of one, that unpacks to more than is read."""
    return RecordError(
        "too-large",
        f"{name} unpacks to more than {most // 1_000_000} MB. {_SPLIT.en} {_STRAY.en}",
        indonesian=f"{name} menjadi lebih dari {most // 1_000_000} MB setelah dibuka. "
        f"{_SPLIT.id} {_STRAY.id}",
    )
