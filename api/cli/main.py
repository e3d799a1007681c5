"""The command itself: its groups, and what it does before any of them."""

from typing import Any

import typer

from api.cli.boundaries.commands import boundaries
from api.cli.database import database
from api.cli.demo import demo
from api.cli.locate import locate
from api.cli.output import spoken_errors
from api.cli.records.addresses import addresses
from api.cli.records.commands import records
from api.cli.records.newcomers import newcomers
from api.cli.serve import serve
from api.cli.unforeseen import SpokenGroup
from api.cli.zones import zones
from geodata.errors import InputError
from geodata.store import holds_password


class _WithoutPasswords(SpokenGroup):
    """Refuses a password among the words of a command, wherever it stands.

    Every user of the machine can read them in the process list, and they stay in the shell's
    history.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  (Typer's own)
        with spoken_errors():
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


main = typer.Typer(
    cls=_WithoutPasswords,
    name="mikrozonasi",
    help="Microzonation of a city down to the RT, day by day.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
main.add_typer(addresses, name="addresses")
main.add_typer(boundaries, name="boundaries")
main.add_typer(records, name="records")
main.add_typer(newcomers, name="newcomers")
main.add_typer(zones, name="zones")
main.add_typer(database, name="database")
main.command()(demo)
main.command()(serve)
main.command()(locate)
