"""The command ``mikrozonasi`` with its groups; checks the language and refuses passwords first."""

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
from api.cli.terminal.output import report_errors
from api.cli.terminal.typer_texts import localise_titles
from api.cli.unexpected_errors import ErrorReportingGroup
from geodata.errors import InputError
from geodata.store.address import holds_password


class _PasswordRefusingGroup(ErrorReportingGroup):
    """Refuses a password in any argument of a command.

    Every user of the machine can read the arguments in the process list, and the arguments stay
    in the history of the shell.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  (the type of typer)
        with report_errors():
            check_language()
            if any(holds_password(argument.removeprefix("--database=")) for argument in args):
                raise InputError(
                    "password-in-command",
                    "A command must not contain a password, because other users of this machine "
                    "can read the command. Give the whole URL as MIKROZONASI_DATABASE, or keep "
                    "the password in ~/.pgpass (or the file that PGPASSFILE names) and remove the "
                    "password from the URL. Change the password if others use this machine.",
                    indonesian="Perintah tidak boleh berisi kata sandi, karena pengguna lain di "
                    "mesin ini dapat membaca isi perintah. Berikan URL lengkap sebagai "
                    "MIKROZONASI_DATABASE, atau simpan kata sandi di ~/.pgpass (atau berkas "
                    "yang disebut PGPASSFILE) dan hapus kata sandi itu dari URL. Ganti kata sandi "
                    "itu jika mesin ini dipakai orang lain.",
                )
        return super().parse_args(ctx, args)


localise_titles()
main = typer.Typer(
    cls=_PasswordRefusingGroup,
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
    "Jalankan server kota: peta, zona, dan antarmuka HTTP.\n\n"
    "Selama server memegang basis data berupa berkas, perintah pengguna yang sama bekerja lewat "
    "server itu.",
    "Run the server of the city: its map, its zones, its HTTP interface.\n\n"
    "While the server holds an embedded database, commands of the same user work through the "
    "server.",
)
add_command(
    main,
    "locate",
    "api.cli.locate:locate",
    "Tambahkan kode dan nama RT pada setiap titik dalam berkas.",
    "Add the code and name of the RT to every point of a file.",
)
