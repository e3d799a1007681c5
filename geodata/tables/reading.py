"""Read a file of records into pages or a sheet; the format follows from the name of the file."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from geodata.errors import RecordError
from geodata.files.system_errors import read_error
from geodata.language import Bilingual
from geodata.tables.delimited import read_delimited
from geodata.tables.json_documents import read_json
from geodata.tables.pages import Page, first_nonempty_sheet
from geodata.tables.parquet import read_parquet
from geodata.tables.sheet import Sheet, empty_file
from geodata.tables.spreadsheets import read_spreadsheet

_SIGNATURES: Final = {
    b"PK\x03\x04": ".xlsx",
    b"\xd0\xcf\x11\xe0": ".xls",
    b"PAR1": ".parquet",
    b"%PDF": ".pdf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
}
_PICTURE: Final = Bilingual("gambar", "a picture")


def read_table(path: Path) -> Sheet:
    """Cells of a file as text, with its first row as headings; the first sheet that has rows.

    See `read_pages`.
    """
    return first_nonempty_sheet(read_pages(path))


def read_pages(path: Path) -> list[Page]:
    """Cells of a file as text, sheet by sheet.

    Parameters
    ----------
    path
        ``.csv``, ``.tsv`` or ``.txt`` (comma, semicolon, tab or bar); ``.xlsx``, ``.xlsm``,
        ``.xlsb``, ``.xls``, ``.ods``; ``.parquet``; ``.geojson`` or ``.json`` (points; their
        coordinates become the columns ``lon`` and ``lat``; or a list of records).

    Raises
    ------
    NotFoundError
        ``no-file``.
    InputError
        ``not-read`` for a folder, or a file that this user may not read.
    RecordError
        ``empty-file``; ``unreadable`` for an unknown format, or a content that does not match the
        name.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise read_error(error, path.name) from None
    return content_pages(content, path.name)


def read_content(content: bytes, name: str) -> Sheet:
    """Cells of a file in memory; see `read_table`."""
    return first_nonempty_sheet(content_pages(content, name))


def content_pages(content: bytes, name: str) -> list[Page]:
    """Cells of a file in memory, sheet by sheet; see `read_pages`.

    Parameters
    ----------
    name
        Name of the file; its ending is the format.
    """
    reader = _READERS.get(Path(name).suffix.lower())
    if reader is None:
        raise RecordError(
            "unreadable",
            f"{name} is a kind of file that cannot be read. "
            "Save the table as CSV, XLSX, Parquet or GeoJSON.",
            indonesian=f"{name} adalah jenis berkas yang tidak dapat dibaca. Simpan tabelnya "
            "sebagai CSV, XLSX, Parquet atau GeoJSON.",
        )
    if not content.strip():
        raise empty_file(name)
    _check_signature(content, Path(name))
    return reader(content, name)


def _check_signature(content: bytes, path: Path) -> None:
    detected = next(
        (kind for magic, kind in _SIGNATURES.items() if content.startswith(magic)), None
    )
    spreadsheets = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
    ending = path.suffix.lower()
    if ending in spreadsheets and detected is None:
        raise _not_a_spreadsheet(content, path.name)
    if detected is None or detected == ending or {detected, ending} <= spreadsheets:
        return
    content_kind = _PICTURE if detected == "picture" else Bilingual(detected, detected)
    raise RecordError(
        "unreadable",
        f"{path.name} ends in {ending} but its content is of another kind ({content_kind.en}). "
        "Save the table as CSV, XLSX, Parquet or GeoJSON and give that file.",
        indonesian=f"{path.name} berakhiran {ending}, tetapi isinya berjenis lain "
        f"({content_kind.id}). Simpan tabelnya sebagai CSV, XLSX, Parquet atau GeoJSON, lalu "
        "berikan berkas itu.",
    )


def _not_a_spreadsheet(content: bytes, name: str) -> RecordError:
    content_type = Bilingual("teks biasa", "plain text")
    if content[:2000].lstrip()[:1] == b"<":
        content_type = Bilingual("halaman web", "a web page")
    if b"\0" in content[:2000]:
        content_type = Bilingual("hal lain", "something else")
    return RecordError(
        "unreadable",
        f"{name} has the name of a spreadsheet but its content is {content_type.en}. Open it and "
        "save it as XLSX, or rename it to .csv if it is a CSV file.",
        indonesian=f"{name} bernama seperti lembar kerja (spreadsheet), tetapi isinya "
        f"{content_type.id}. Buka dan simpan sebagai XLSX, atau ganti namanya menjadi .csv jika "
        "memang berkas CSV.",
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
