"""The group ``mikrozonasi addresses``."""

from typing import Any

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.lazy import add_command
from api.cli.unforeseen import SpokenGroup


class _FileFirst(SpokenGroup):
    """A group whose first argument may be a file, which is then read."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  (click's, which typer carries inside)
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["read", *args]
        return super().parse_args(ctx, args)


addresses = typer.Typer(
    cls=_FileFirst,
    no_args_is_help=True,
    help=localised(
        "Alamat: `addresses FILE --column alamat` membaca alamat dalam berkas; putuskan alamat "
        "yang "
        "bermakna ganda.",
        "Addresses: `addresses FILE --column alamat` reads a file's; decide what is ambiguous.",
    ),
)
add_command(
    addresses,
    "read",
    "api.cli.records.addresses:read",
    "Baca alamat dalam berkas: baris-barisnya, dan di samping tiap baris kode RT, kepastian, "
    "bacaan, "
    "dan calon.",
    "Read a file's addresses: its rows, and beside each code, certainty, reading, candidates.",
)
add_command(
    addresses,
    "undecided",
    "api.cli.records.addresses:undecided",
    "Daftar alamat bermakna ganda dalam data, yang paling sering di atas.",
    "List what is ambiguous in the addresses of the records, most frequent first.",
)
add_command(
    addresses,
    "decide",
    "api.cli.records.addresses:decide",
    "Putuskan arti alamat bermakna ganda, untuk semua data yang tidak menyebut wilayahnya lebih "
    "rinci.",
    "Decide what an ambiguous address means, for every record that says no more of its area.",
)
