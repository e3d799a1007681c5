"""The command that erases a person, as the law asks for."""

import getpass
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.output import DEFAULT_DATABASE, Database, Json, say, say_json, spoken_errors
from geodata.errors import InputError
from geodata.pseudonyms.identity import open_pseudonymiser
from geodata.store import open_store
from zoning.records.erasing import erase_persons


def erase(
    nik_file: Annotated[
        Path | None,
        typer.Option(
            help=localised(
                "Berkas berisi satu NIK per baris, atau - untuk mengetiknya: jangan sebagai "
                "argumen.",
                "A file with one NIK a line, or - to type them: never as an argument.",
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
    """Erase persons: their data goes from every version of every record, the counts stay."""
    with spoken_errors():
        niks = [] if nik_file is None else _niks(nik_file)
        if not niks and not identity:
            raise InputError(
                "nobody",
                "Nobody is named. Give --nik-file FILE or --id ID.",
                indonesian="Tidak ada orang yang disebut. Berikan --nik-file FILE atau --id ID.",
            )
        with open_store(database) as store:
            secret = open_pseudonymiser(store)
            done = erase_persons(
                store, secret, niks=niks, ids=identity or (), who=getpass.getuser()
            )
    if json:
        say_json(done._asdict())
    else:
        say(
            f"{done.records} data dihapus, {done.versions} versi.",
            f"{done.records} records erased, {done.versions} versions.",
        )
        if done.moved:
            say(
                f"RT dari {done.moved} versi tidak dapat dipertahankan pada setiap versi batas "
                "wilayah.",
                f"{done.moved} versions could not keep their RT on every version of the "
                "boundaries.",
            )


def _niks(path: Path) -> list[str]:
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        raise InputError(
            "no-file",
            f"{path.name} cannot be read as text.",
            indonesian=f"{path.name} tidak dapat dibaca sebagai teks. Periksa nama dan isinya.",
        ) from None
    found = [re.sub(r"[\s.'-]", "", line) for line in text.splitlines() if line.strip()]
    if not found or not all(re.fullmatch(r"\d{16}", nik) for nik in found):
        raise InputError(
            "no-nik",
            "A line holds no NIK of sixteen digits; nothing was erased.",
            indonesian="Ada baris yang bukan NIK enam belas angka; tidak ada yang dihapus.",
        )
    return found
