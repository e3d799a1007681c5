"""The group ``mikrozonasi newcomers``."""

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.lazy import add_command
from api.cli.unforeseen import SpokenGroup

newcomers = typer.Typer(
    cls=SpokenGroup,
    no_args_is_help=True,
    help=localised(
        "Pendatang: karantina, verifikasi, data ganda.",
        "Newcomers: quarantine, verification, doubles.",
    ),
)
add_command(
    newcomers,
    "list",
    "api.cli.records.newcomers:listed",
    "Daftar pendatang dengan keadaan karantinanya pada satu hari.",
    "List newcomers with the state of their quarantine on a day.",
)
add_command(
    newcomers,
    "duplicates",
    "api.cli.records.newcomers:doubled",
    "Daftar pendatang yang mungkin satu orang, dan keluarga; tidak ada yang digabung.",
    "List newcomers that may be one person, and families; nothing is merged.",
)
add_command(
    newcomers,
    "verify",
    "api.cli.records.newcomers:verified",
    "Catat bahwa petugas wilayah sudah memverifikasi seorang pendatang.",
    "Note that the officer of the area verified a newcomer.",
)
