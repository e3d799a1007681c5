"""The group ``mikrozonasi newcomers``."""

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.lazy import add_command
from api.cli.unexpected_errors import ErrorReportingGroup

newcomers = typer.Typer(
    cls=ErrorReportingGroup,
    no_args_is_help=True,
    help=localised(
        "Pendatang: karantina, verifikasi, data ganda.",
        "Newcomers: quarantine, verification, duplicates.",
    ),
)
add_command(
    newcomers,
    "list",
    "api.cli.records.newcomers:print_newcomers",
    "Daftar pendatang dengan keadaan karantinanya pada satu hari.",
    "List newcomers with the state of their quarantine on one day.",
)
add_command(
    newcomers,
    "duplicates",
    "api.cli.records.newcomers:list_duplicates",
    "Daftar pendatang yang mungkin satu orang, dan keluarga; tidak ada yang digabung.",
    "List newcomers who may be one person, and families; nothing is merged.",
)
add_command(
    newcomers,
    "verify",
    "api.cli.records.newcomers:verify_newcomer",
    "Catat bahwa petugas wilayah sudah memverifikasi seorang pendatang.",
    "Record that the officer of the area verified a newcomer.",
)
