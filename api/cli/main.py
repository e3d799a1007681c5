"""The command itself: its groups, and what it does before any of them."""

from typing import Any

import typer

from api.cli.groups.addresses import addresses
from api.cli.groups.boundaries import boundaries
from api.cli.groups.database import database
from api.cli.groups.newcomers import newcomers
from api.cli.groups.records import records
from api.cli.groups.zones import zones
from api.cli.terminal.language import check_language, localised
from api.cli.terminal.lazy import add_command
from api.cli.terminal.output import spoken_errors
from api.cli.terminal.typer_texts import localise_titles
from api.cli.unforeseen import SpokenGroup
from geodata.errors import InputError
from geodata.store.address import holds_password


class _WithoutPasswords(SpokenGroup):
    """Refuses a password among the words of a command, wherever it stands.

    Every user of the machine can read them in the process list, and they stay in the shell's
    history.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  (Typer's own)
        with spoken_errors():
            check_language()
            if any(holds_password(word.removeprefix("--database=")) for word in args):
                raise InputError(
                    "password-in-command",
                    "Other users of this machine can read the words of a command, so no password "
                    "is taken there. Give the whole URL as MIKROZONASI_DATABASE, or keep the "
                    "password in ~/.pgpass (or the file that PGPASSFILE names) and leave it out "
                    "of the URL; change the password if others use this machine.",
                    indonesian="Pengguna lain di mesin ini dapat membaca isi perintah, sehingga "
                    "kata sandi tidak diterima di sana. Berikan URL lengkap sebagai "
                    "MIKROZONASI_DATABASE, atau simpan kata sandi di ~/.pgpass (atau berkas "
                    "yang disebut PGPASSFILE) dan hapus dari URL; ganti kata sandi itu jika "
                    "mesin ini dipakai orang lain.",
                )
        return super().parse_args(ctx, args)


localise_titles()
main = typer.Typer(
    cls=_WithoutPasswords,
    name="mikrozonasi",
    help=localised(
        "Mikrozonasi kota sampai tingkat RT, hari demi hari.",
        "Microzonation of a city down to the RT, day by day.",
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
main.add_typer(addresses, name="addresses")
main.add_typer(boundaries, name="boundaries")
main.add_typer(records, name="records")
main.add_typer(newcomers, name="newcomers")
main.add_typer(zones, name="zones")
main.add_typer(database, name="database")
add_command(
    main,
    "demo",
    "api.cli.demo:demo",
    "Hitung kota contoh dari batas wilayah sampai hari terakhir, lalu tampilkan petanya.",
    "Compute the sample city from its boundaries to its last day, and serve its map.",
)
add_command(
    main,
    "serve",
    "api.cli.serve:serve",
    "Jalankan server kota: peta, zona, dan jawabannya.\n\n"
    "Selama server memegang basis data berupa berkas, perintah pengguna yang sama bekerja lewat "
    "server itu.",
    "Serve the city: its map, its zones, its answers.\n\n"
    "While it holds an embedded database, commands of the same user work through it.",
)
add_command(
    main,
    "locate",
    "api.cli.locate:locate",
    "Tambahkan kode dan nama RT pada setiap titik dalam berkas.",
    "Add to every point of a file the code and name of the RT that holds it.",
)
