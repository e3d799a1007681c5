"""The group ``mikrozonasi zones``."""

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.lazy import add_command
from api.cli.unexpected_errors import ErrorReportingGroup

zones = typer.Typer(
    cls=ErrorReportingGroup,
    no_args_is_help=True,
    help=localised(
        "Zona: tentukan warna hari, ekspor satu hari, daftar aturan.",
        "Zones: compute days, export one day, list the rules.",
    ),
)
add_command(
    zones,
    "run",
    "api.cli.zones:run",
    "Tentukan warna zona untuk hari-hari dari data yang ada sekarang, lalu terbitkan semuanya atau "
    "tidak sama sekali.",
    "Compute the colours of the zones on some days from the current records and publish the days, "
    "all or none.",
)
add_command(
    zones,
    "export",
    "api.cli.zones:export",
    "Tulis zona satu hari beserta jumlahnya ke berkas: untuk petugas.\n\n"
    "Selain warna: pendatang dan kematian pada hari-hari yang dihitung aturan, pendatang yang "
    "sedang karantina.\n\n"
    "Isinya seperti yang diterbitkan. Dengan --known-at seperti yang berlaku saat itu; bila hari "
    "itu belum diterbitkan saat itu, dihitung dari data yang diketahui saat itu.",
    "Write the zones of one day with their counts to a file, for officials.\n\n"
    "The file also has newcomers and deaths in the rule's window, and newcomers in quarantine.\n\n"
    "The command writes the published day. With --known-at: the day as published at that moment; "
    "if the day was not published then, the day is computed from the records known then.",
)
add_command(
    zones,
    "rules",
    "api.cli.rules:rules",
    "Daftar aturan untuk menentukan warna, atau periksa folder aturan (--check).",
    "List the rules for the colours of zones, or check a folder of rules (--check).",
)
