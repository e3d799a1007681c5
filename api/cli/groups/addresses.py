"""The group ``mikrozonasi addresses``."""

from typing import Any

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.lazy import add_command
from api.cli.unexpected_errors import ErrorReportingGroup


class _ReadByDefault(ErrorReportingGroup):
    """A group that runs ``read`` when the first argument is not a command of the group."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  (the type of click)
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["read", *args]
        return super().parse_args(ctx, args)


addresses = typer.Typer(
    cls=_ReadByDefault,
    no_args_is_help=True,
    help=localised(
        "Alamat: `addresses FILE --column alamat` membaca alamat dalam berkas; perintah lain "
        "memutuskan alamat yang bermakna ganda.",
        "Addresses: `addresses FILE --column alamat` reads the addresses of a file; other "
        "commands decide ambiguous addresses.",
    ),
)
add_command(
    addresses,
    "read",
    "api.cli.records.addresses:read",
    "Baca alamat dalam berkas; tulis baris-barisnya dengan kode RT, kepastian, bacaan, dan calon.",
    "Read the addresses of a file; write its rows with code, certainty, reading and candidates.",
)
add_command(
    addresses,
    "undecided",
    "api.cli.records.addresses:undecided",
    "Daftar alamat bermakna ganda dalam data, yang paling sering di atas.",
    "List the ambiguous addresses of the records, the most frequent first.",
)
add_command(
    addresses,
    "decide",
    "api.cli.records.addresses:decide",
    "Putuskan arti alamat bermakna ganda, untuk semua data yang tidak menyebut wilayahnya lebih "
    "rinci.",
    "Decide the meaning of an ambiguous address, for every record that does not name its area "
    "more precisely.",
)
