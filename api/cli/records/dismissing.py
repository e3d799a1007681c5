"""The command ``records dismiss``: closes rejected rows that nobody will correct."""

import getpass
from typing import Annotated

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.options import DEFAULT_DATABASE, Database, Json
from api.cli.terminal.output import print_json, print_message, report_errors
from geodata.ledger.dismissing import dismiss
from geodata.store import open_store


def dismiss_rows(
    reason: Annotated[
        str,
        typer.Option(
            help=localised("Alasan; disimpan bersama baris.", "The reason; kept with the rows.")
        ),
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
                "Semua baris dengan alasan ini. Baris dihitung, dan ditutup hanya dengan --yes.",
                "All rows with this reason. The rows are counted, and closed only with --yes.",
            ),
        ),
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help=localised("Hanya jenis ini.", "Only records of this kind."))
    ] = None,
    yes: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--yes", help=localised("Tutup baris setelah dihitung.", "Close the counted rows.")
        ),
    ] = False,
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """The command ``records dismiss``."""
    preview = code is not None and not yes
    with report_errors(), open_store(database) as store:
        dismissed = dismiss(
            store,
            reason,
            ids=ids or (),
            code=code,
            kind=kind,
            who=getpass.getuser(),
            preview=preview,
        )
    if json:
        print_json({"dismissed": 0 if preview else dismissed.rows, **dismissed._asdict()})
        return
    count = dismissed.rows
    reasons = ", ".join(f"{name} {rows}" for name, rows in dismissed.by_reason.items())
    if preview:
        print_message(
            f"{count} baris akan ditutup ({reasons}). Belum ada yang berubah: tambahkan --yes.",
            f"{count} rows would be closed ({reasons}). Nothing is changed yet: add --yes.",
        )
    else:
        print_message(
            f"{count} baris yang ditolak sudah ditutup ({reasons}).",
            f"{count} rejected rows closed ({reasons}).",
        )
