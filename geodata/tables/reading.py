"""Reading a file of records into a sheet, whatever program saved it."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from geodata.errors import RecordError
from geodata.files.system_errors import not_read
from geodata.language import Bilingual
from geodata.tables.delimited import read_delimited
from geodata.tables.documents import read_json
from geodata.tables.pages import Page, first_with_rows
from geodata.tables.parquet import read_parquet
from geodata.tables.sheet import Sheet, empty_file
from geodata.tables.spreadsheets import read_spreadsheet

_MAGIC: Final = {
    b"PK\x03\x04": ".xlsx",
    b"\xd0\xcf\x11\xe0": ".xls",
    b"PAR1": ".parquet",
    b"%PDF": ".pdf",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}


def read_table(path: Path) -> Sheet:
    """Cells of a file as text, under its first row; of several sheets the first that has rows.

    See `read_pages`.
    """
    return first_with_rows(read_pages(path))


def read_pages(path: Path) -> list[Page]:
    """Cells of a file as text, sheet by sheet.

    Parameters
    ----------
    path
        ``.csv``, ``.tsv`` or ``.txt`` (comma, semicolon or tab); ``.xlsx``, ``.xlsm``,
        ``.xlsb``, ``.xls``, ``.ods``; ``.parquet``; ``.geojson`` or ``.json`` (points; their
        coordinates become the columns ``lon`` and ``lat``; or a list of records).

    Raises
    ------
    NotFoundError
        ``no-file``.
    InputError
        ``not-read`` for a folder, or a file that this user may not read.
    RecordError
        ``empty-file``; ``unreadable`` for a file of another kind, or not of the kind its name
        says.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise not_read(error, path.name) from None
    return content_pages(content, path.name)


def read_content(content: bytes, name: str) -> Sheet:
    """Cells of a file that is in memory already; see `read_table`."""
    return first_with_rows(content_pages(content, name))


def content_pages(content: bytes, name: str) -> list[Page]:
    """Cells of a file that is in memory already, sheet by sheet; see `read_pages`.

    Parameters
    ----------
    name
        Of the file; its ending says how it is read.
    """
    reader = _READERS.get(Path(name).suffix.lower())
    if reader is None:
        raise RecordError(
            "unreadable",
            f"{name} is not a kind of file that is read here. "
            "Save the table as CSV, XLSX, Parquet or GeoJSON.",
            indonesian=f"{name} bukan jenis berkas yang dibaca di sini. Simpan tabelnya sebagai "
            "CSV, XLSX, Parquet atau GeoJSON.",
        )
    if not content.strip():
        raise empty_file(name)
    _refuse_disguise(content, Path(name))
    return reader(content, name)


def _refuse_disguise(content: bytes, path: Path) -> None:
    real = next((kind for magic, kind in _MAGIC.items() if content.startswith(magic)), None)
    spreadsheets = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
    said = path.suffix.lower()
    if said in spreadsheets and real is None:
        raise _no_spreadsheet(content, path.name)
    if real is None or real == said or {real, said} <= spreadsheets:
        return
    raise RecordError(
        "unreadable",
        f"{path.name} ends in {said} but its content is of another kind ({real}). "
        "Save the table as CSV, XLSX, Parquet or GeoJSON and give that file.",
        indonesian=f"{path.name} berakhiran {said}, tetapi isinya berjenis lain ({real}). Simpan "
        "tabelnya sebagai CSV, XLSX, Parquet atau GeoJSON, lalu berikan berkas itu.",
    )


def _no_spreadsheet(content: bytes, name: str) -> RecordError:
    looks_like = Bilingual("teks biasa", "plain text")
    if content[:2000].lstrip()[:1] == b"<":
        looks_like = Bilingual("halaman web", "a web page")
    if b"\0" in content[:2000]:
        looks_like = Bilingual("hal lain", "something else")
    return RecordError(
        "unreadable",
        f"{name} is named a spreadsheet but its content is {looks_like.en}. Open it and save it as "
        "XLSX, or name it .csv if that is what it is.",
        indonesian=f"{name} bernama seperti lembar kerja (spreadsheet), tetapi isinya "
        f"{looks_like.id}. Buka dan simpan sebagai XLSX, atau beri nama .csv jika memang itu "
        "isinya.",
    )


_READERS: Final[dict[str, Callable[[bytes, str], list[Page]]]] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".txt": read_delimited,
    ".xlsx": read_spreadsheet,
    ".xlsm": read_spreadsheet,
    ".xlsb": read_spreadsheet,
    ".xls": read_spreadsheet,
    ".ods": read_spreadsheet,
    ".parquet": read_parquet,
    ".geojson": read_json,
    ".json": read_json,
}
