"""The command that closes rejected rows nobody will mend."""

import getpass
from typing import Annotated

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.output import DEFAULT_DATABASE, Database, Json, say, say_json, spoken_errors
from geodata.ledger.dismissing import dismiss
from geodata.store import open_store


def dismiss_rows(
    reason: Annotated[
        str,
        typer.Option(help=localised("Alasan; disimpan bersama baris.", "Why; kept with the rows.")),
    ],
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            help=localised(
                "Id baris, seperti dalam `records rejected`.",
                "Ids of rows, as `records rejected` lists them.",
            ),
            show_default=False,
        ),
    ] = None,
    code: Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Semua baris dengan alasan ini: dihitung, dan ditutup hanya dengan --yes.",
                "All rows with this reason: counted, and closed only with --yes.",
            ),
        ),
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help=localised("Hanya jenis ini.", "Of this kind only."))
    ] = None,
    yes: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--yes", help=localised("Tutup setelah dihitung.", "Close them, after the count.")
        ),
    ] = False,
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """Close rejected rows with a reason: they leave the list and stay on record, all or none."""
    preview = code is not None and not yes
    with spoken_errors(), open_store(database) as store:
        done = dismiss(
            store,
            reason,
            ids=ids or (),
            code=code,
            kind=kind,
            who=getpass.getuser(),
            preview=preview,
        )
    if json:
        say_json({"dismissed": 0 if preview else done.rows, **done._asdict()})
        return
    told = ", ".join(f"{name} {count}" for name, count in done.by_reason.items())
    if preview:
        say(
            f"{done.rows} baris akan ditutup ({told}); belum ada yang berubah. Tambahkan --yes.",
            f"{done.rows} rows would be closed ({told}); nothing was changed. Add --yes.",
        )
    else:
        say(
            f"{done.rows} baris yang ditolak sudah ditutup ({told}).",
            f"{done.rows} rejected rows closed ({told}).",
        )
