"""Commands on single records: withdraw records, show the versions of a record."""

from typing import Annotated, Any, Final

import pandas as pd
import typer

from api.cli.terminal.language import localised
from api.cli.terminal.options import DEFAULT_DATABASE, Database, Json
from api.cli.terminal.output import print_json, print_message, print_table, report_errors
from geodata.language import Bilingual
from geodata.ledger.withdrawing import record_history, withdraw
from geodata.store import open_store

Kind = Annotated[
    str,
    typer.Argument(
        help=localised("cases (kasus) atau newcomers (pendatang).", "cases or newcomers.")
    ),
]
_COMMON_COLUMNS: Final = ("version", "recorded_at", "source", "withdrawn")


def withdraw_records(
    kind: Kind,
    ids: Annotated[
        list[str],
        typer.Argument(help=localised("Id data; jangan NIK.", "Ids of the records; never a NIK.")),
    ],
    reason: Annotated[
        str,
        typer.Option(
            help=localised(
                "Alasan; disimpan bersama penarikan.", "The reason; kept with the withdrawal."
            )
        ),
    ],
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """The command ``records withdraw``."""
    with report_errors(), open_store(database) as store:
        count = withdraw(store, kind, ids, reason)
        if json:
            print_json({"withdrawn": count, "unchanged": len(set(ids)) - count})
        else:
            print_message(
                f"{count} dari {len(set(ids))} data ditarik. Hitung ulang hari-harinya: "
                "`mikrozonasi zones run --from HARI --to HARI`.",
                f"{count} of {len(set(ids))} records withdrawn. Compute the days again: "
                "`mikrozonasi zones run --from DAY --to DAY`.",
            )


def show_history(
    kind: Kind,
    identity: Annotated[
        str,
        typer.Argument(
            metavar="ID", help=localised("Id data; jangan NIK.", "Id of the record; never a NIK.")
        ),
    ],
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002
) -> None:
    """The command ``records history``."""
    with report_errors(), open_store(database) as store:
        versions = record_history(store, kind, identity)
    if json:
        print_json(
            {"versions": versions.astype(object).where(versions.notna(), None).to_dict("records")}
        )
    else:
        changed = [
            name for name in versions if name not in _COMMON_COLUMNS and _varies(versions[name])
        ]
        shown = versions[[*_COMMON_COLUMNS, *changed]].astype(object)
        shown = shown.where(shown.notna(), "")
        title = Bilingual(
            f"{kind} {identity}: {len(versions)} versi, dan kolom yang berubah",
            f"{kind} {identity}: {len(versions)} versions, and the columns that changed",
        )
        print_table(title, list(shown.columns), shown.to_numpy().tolist())


def _varies(column: "pd.Series[Any]") -> bool:
    return len(column.drop_duplicates()) > 1
