"""The command ``records erase``: erases persons, as the law requires."""

import getpass
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.options import DEFAULT_DATABASE, Database, Json
from api.cli.terminal.output import print_json, print_message, report_errors
from geodata.errors import InputError
from geodata.pseudonyms.identity import open_pseudonymiser
from geodata.store import open_store
from zoning.records.erasing import erase_persons


def erase(
    nik_file: Annotated[
        Path | None,
        typer.Option(
            help=localised(
                "Berkas berisi satu NIK per baris, atau - untuk mengetik NIK. Jangan tulis NIK "
                "dalam perintah.",
                "A file with one NIK per line, or - to type the NIK. Never write a NIK in the "
                "command.",
            )
        ),
    ] = None,
    identity: Annotated[
        list[str] | None,
        typer.Option(
            "--id",
            help=localised(
                "Id satu data: semua data orang yang sama dihapus.",
                "Id of a record: all records of the same person are erased.",
            ),
        ),
    ] = None,
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """The command ``records erase``."""
    with report_errors():
        niks = [] if nik_file is None else _niks(nik_file)
        if not niks and not identity:
            raise InputError(
                "nobody",
                "No person is named. Give --nik-file FILE or --id ID.",
                indonesian="Tidak ada orang yang disebut. Berikan --nik-file FILE atau --id ID.",
            )
        with open_store(database) as store:
            pseudonymiser = open_pseudonymiser(store)
            erased = erase_persons(
                store, pseudonymiser, niks=niks, ids=identity or (), who=getpass.getuser()
            )
    if json:
        print_json(erased._asdict())
    else:
        print_message(
            f"{erased.records} data dihapus, {erased.versions} versi.",
            f"{erased.records} records erased, {erased.versions} versions.",
        )
        if erased.moved:
            print_message(
                f"RT dari {erased.moved} versi tidak dapat dipertahankan pada setiap versi batas "
                "wilayah.",
                f"{erased.moved} versions could not keep their RT on every version of the "
                "boundaries.",
            )


def _niks(path: Path) -> list[str]:
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        raise InputError(
            "no-file",
            f"{path.name} cannot be read as text. Check the name and the content of the file.",
            indonesian=f"{path.name} tidak dapat dibaca sebagai teks. Periksa nama dan isi berkas "
            "itu.",
        ) from None
    niks = [re.sub(r"[\s.'-]", "", line) for line in text.splitlines() if line.strip()]
    if not niks or not all(re.fullmatch(r"\d{16}", nik) for nik in niks):
        raise InputError(
            "no-nik",
            "Every line must be a NIK of sixteen digits. Nothing is erased. Correct the lines, "
            "then repeat the command.",
            indonesian="Setiap baris harus berisi NIK enam belas angka. Tidak ada yang dihapus. "
            "Perbaiki barisnya, lalu ulangi perintah itu.",
        )
    return niks
