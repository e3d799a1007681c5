"""Commands that list records and decide on duplicate cases; for officials."""

from datetime import date
from typing import Annotated, Final

import pandas as pd
import typer

from api.cli.terminal.language import localised
from api.cli.terminal.options import (
    DEFAULT_DATABASE,
    AreaFilter,
    Database,
    Decider,
    Json,
    ListOutput,
    day_option,
)
from api.cli.terminal.output import print_first_rows, print_json, print_message, report_errors
from api.schemas.tables import json_rows
from geodata.errors import InputError
from geodata.language import Bilingual
from geodata.ledger.doubles import decide_one_case, decide_two_cases
from geodata.store import open_store
from geodata.tables import write_table
from zoning.city import City
from zoning.records.doubles import double_cases
from zoning.records.listing import RecordFilter, find_records

Everything = Annotated[
    bool,
    typer.Option(
        "--all",
        help=localised("Juga kasus yang sudah diputuskan.", "Also cases that are already decided."),
    ),
]
CaseIds = Annotated[
    list[str], typer.Argument(help=localised("Id kasus; jangan NIK.", "Ids of cases; never a NIK."))
]
_MAX_ROWS_IN_JSON: Final = 1000
_HIDDEN_COLUMNS: Final = ("disagrees", "version", "outcome", "decided")
"""A table on a screen has no room for these columns; files and JSON have them."""


def list_records(  # noqa: PLR0913, PLR0917  (each filter is an option)
    kind: Annotated[
        str,
        typer.Argument(
            help=localised(
                "cases (kasus), newcomers (pendatang), places (tempat), atau indicators "
                "(indikator).",
                "cases, newcomers, places or indicators.",
            )
        ),
    ],
    database: Database = DEFAULT_DATABASE,
    status: Annotated[
        str | None,
        typer.Option(
            help=localised(
                "confirmed, suspect, ...; withdrawn (ditarik); double (tidak dihitung, karena data "
                "lain dari kasus yang sama dihitung).",
                "confirmed, suspect, ...; withdrawn; double (not counted, because another record "
                "of the same case counts).",
            ),
        ),
    ] = None,
    first: Annotated[
        date | None,
        day_option("--from", "Hari pertama.", "First day."),
    ] = None,
    last: Annotated[
        date | None,
        day_option("--to", "Hari terakhir.", "Last day."),
    ] = None,
    area: AreaFilter = None,
    placed: Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Cara penempatan: coordinates (koordinat), nearest (RT terdekat), address "
                "(alamat), unplaced (tanpa RT), atau non-resident (bukan warga).",
                "How the record was placed: coordinates, nearest, address, unplaced or "
                "non-resident.",
            ),
        ),
    ] = None,
    text: Annotated[
        str | None, typer.Option("--id", help=localised("Bagian dari id.", "A part of the id."))
    ] = None,
    output: ListOutput = None,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """The command ``records list``."""
    with report_errors(), open_store(database) as store:
        filters = RecordFilter(status, first, last, area, placed, text)
        rows = find_records(store, City(store).ground(), kind, filters)
        if output is not None:
            write_table(rows, output)
    if json:
        shown = rows.head(_MAX_ROWS_IN_JSON)
        print_json({"matched": len(rows), "shown": len(shown), "records": json_rows(shown)})
    elif output is not None:
        print_message(
            f"{len(rows)} data ditulis ke {output.name}.",
            f"{len(rows)} records written to {output.name}.",
        )
    else:
        _print_rows(Bilingual(f"{kind}: {len(rows)} data", f"{kind}: {len(rows)} records"), rows)
        print_message(
            f"Lihat versi satu data dengan `mikrozonasi records history {kind} ID`; tarik data "
            f"dengan `mikrozonasi records withdraw {kind} ID --reason ...`.",
            f"See the versions of a record with `mikrozonasi records history {kind} ID`; withdraw "
            f"a record with `mikrozonasi records withdraw {kind} ID --reason ...`.",
        )


def list_duplicates(
    database: Database = DEFAULT_DATABASE,
    everything: Everything = False,  # noqa: FBT002  (typer's way to say --all)
    output: ListOutput = None,
    json: Json = False,  # noqa: FBT002
) -> None:
    """The command ``records duplicates``."""
    with report_errors(), open_store(database) as store:
        rows = double_cases(store, City(store).ground(), "all" if everything else "undecided")
        if output is not None:
            write_table(rows, output)
    groups = int(rows["group"].nunique())
    if json:
        shown = rows.head(_MAX_ROWS_IN_JSON)
        print_json(
            {"groups": groups, "matched": len(rows), "shown": len(shown), "rows": json_rows(shown)}
        )
    elif output is not None:
        print_message(
            f"{len(rows)} data dalam {groups} kelompok ditulis ke {output.name}.",
            f"{len(rows)} records in {groups} groups written to {output.name}.",
        )
    else:
        title = Bilingual(
            f"Kasus satu orang: {groups} kelompok", f"Cases of one person: {groups} groups"
        )
        _print_rows(title, rows)
        print_message(
            "Satu kasus: `mikrozonasi records same ID-YANG-DIHITUNG ID... --by KANTOR`. Kasus "
            "berbeda: `mikrozonasi records distinct ID ID... --by KANTOR`.",
            "One case: `mikrozonasi records same COUNTED-ID ID... --by OFFICE`. Different cases: "
            "`mikrozonasi records distinct ID ID... --by OFFICE`.",
        )


def same_case(
    ids: CaseIds,
    by: Decider,
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002
) -> None:
    """The command ``records same``."""
    with report_errors(), open_store(database) as store:
        if not ids[1:]:
            raise InputError(
                "one-record",
                "Give two or more ids; the record of the first id counts.",
                indonesian="Sebutkan dua id atau lebih; data dengan id pertama dihitung.",
            )
        changed = decide_one_case(store, ids[0], ids[1:], by=by)
    _print_decision(changed, json=json)


def distinct_cases(
    ids: CaseIds,
    by: Decider,
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002
) -> None:
    """The command ``records distinct``."""
    with report_errors(), open_store(database) as store:
        changed = decide_two_cases(store, ids, by=by)
    _print_decision(changed, json=json)


def _print_decision(changed: int, *, json: bool) -> None:
    if json:
        print_json({"changed": changed})
    else:
        print_message(
            f"Sudah diputuskan: {changed} data berubah. Hitung ulang hari-harinya: "
            "`mikrozonasi zones run --from HARI --to HARI`.",
            f"Decided: {changed} records changed. Compute the days again: "
            "`mikrozonasi zones run --from DAY --to DAY`.",
        )


def _print_rows(title: Bilingual, rows: pd.DataFrame) -> None:
    names = [name for name in rows.columns if name not in _HIDDEN_COLUMNS]
    print_first_rows(title, rows[names], unwrapped=("id", "case_id"), file="FILE.csv")
