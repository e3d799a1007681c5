"""Limits on the expanded size of a file of records, and the errors for files above a limit.

A small file may expand to more than the memory of a machine (a "zip bomb"): a spreadsheet repeats
one long text in every cell, a compressed page expands a thousand times. Each reader counts the
expanded size before it expands the file.
"""

from typing import Final

from geodata.errors import RecordError
from geodata.language import Bilingual, format_indonesian

MAX_COLUMNS: Final = 1_000
MAX_ROWS: Final = 5_000_000
MAX_CELLS: Final = 60_000_000
"""A million rows of sixty columns."""
MAX_SPREADSHEET_CELLS: Final = 10_000_000
"""A hundred thousand rows of a hundred columns; a cell of a spreadsheet takes more memory."""
MAX_CHARACTERS: Final = 100_000_000
"""Total over all cells that refer to texts which the file stores once."""
MAX_JSON_VALUES: Final = 10_000_000
"""Values of a JSON document: each value is an object in memory."""
MAX_JSON_OBJECTS: Final = 2_500_000
"""Lists and objects of a JSON document: an object takes ten times the memory of a number."""
MAX_UNPACKED_BYTES: Final = 500_000_000
"""Unpacked size of an archive."""
MAX_OTHER_PART_BYTES: Final = 50_000_000
"""Unpacked size of a part of a workbook that is no sheet: styles, lists of sheets."""
MAX_SHEETS: Final = 200
MAX_MERGED_CELLS: Final = 100_000
MAX_LINE_BYTES: Final = 1_000_000
MAX_CELL_CHARACTERS: Final = 2_000
"""A postal address has a hundred characters, the URL of a map a thousand."""
MAX_HEADING_CHARACTERS: Final = 200
CELLS_NOUN: Final = Bilingual("sel", "cells")
"""The noun for `too_many`."""

_SPLIT: Final = Bilingual(
    "Bagi menjadi beberapa berkas dengan lebih sedikit baris, lalu berikan satu per satu.",
    "Split it into files of fewer rows, and give them one by one.",
)
_CHECK_STRAY_CELL: Final = Bilingual(
    "Sering sebabnya satu sel tersesat jauh dari tabel: kalau begitu, salin tabelnya saja ke "
    "berkas baru, lalu berikan berkas itu.",
    "Often the reason is one stray cell far from the table: then copy the table alone into a new "
    "file, and give that file.",
)
_SPLIT_OR_STRAY: Final = Bilingual(
    f"{_SPLIT.id} {_CHECK_STRAY_CELL.id}", f"{_SPLIT.en} {_CHECK_STRAY_CELL.en}"
)


def check_shape(rows: int, columns: int, name: str, *, max_cells: int = MAX_CELLS) -> None:
    """Refuse a table of too many rows, columns or cells.

    Raises
    ------
    RecordError
        ``too-large``.
    """
    if columns > MAX_COLUMNS:
        raise too_many(Bilingual("kolom", "columns"), columns, MAX_COLUMNS, name, _CHECK_STRAY_CELL)
    if rows > MAX_ROWS:
        raise too_many(Bilingual("baris", "rows"), rows, MAX_ROWS, name, _SPLIT)
    if rows * columns > max_cells:
        cells = rows * columns
        raise too_many(CELLS_NOUN, cells, max_cells, name, _SPLIT_OR_STRAY)


def check_characters(characters: int, name: str) -> None:
    """Refuse a table whose cells hold too much text together.

    Raises
    ------
    RecordError
        ``too-large``.
    """
    if characters > MAX_CHARACTERS:
        raise too_many(
            Bilingual("karakter di sel-selnya", "characters in its cells"),
            characters,
            MAX_CHARACTERS,
            name,
            _SPLIT,
        )


def too_many(
    counted: Bilingual, count: int, maximum: int, name: str, advice: Bilingual = _SPLIT
) -> RecordError:
    """The error for a file with more items than a limit."""
    return RecordError(
        "too-large",
        f"{name} has {count:,} {counted.en}; at most {maximum:,} can be read. {advice.en}",
        indonesian=f"{name} punya {format_indonesian(count)} {counted.id}; paling banyak "
        f"{format_indonesian(maximum)} yang dapat dibaca. {advice.id}",
    )


def too_long_line(name: str, line: int) -> RecordError:
    """The error for a line that is longer than any row."""
    return RecordError(
        "too-large",
        f"{name} has more than {MAX_LINE_BYTES:,} bytes in line {line}; each row of the table "
        "needs a line. Save the table as CSV again, or as XLSX, and give that file.",
        indonesian=f"{name} punya lebih dari {format_indonesian(MAX_LINE_BYTES)} byte di baris "
        f"{line}; setiap baris tabel memerlukan satu baris teks. Simpan lagi tabelnya sebagai CSV "
        "atau XLSX, lalu berikan berkas itu.",
    )


def too_much_unpacked(name: str, maximum: int = MAX_UNPACKED_BYTES) -> RecordError:
    """The error for an archive, or a part of an archive, whose unpacked size is too large."""
    return RecordError(
        "too-large",
        f"{name} unpacks to more than {maximum // 1_000_000} MB. {_SPLIT_OR_STRAY.en}",
        indonesian=f"{name} menjadi lebih dari {maximum // 1_000_000} MB setelah dibuka. "
        f"{_SPLIT_OR_STRAY.id}",
    )
