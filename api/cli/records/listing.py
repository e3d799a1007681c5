"""Commands that look records up and decide on doubles. For officials, on the command line only."""

from datetime import date
from pathlib import Path
from typing import Annotated, Final

import pandas as pd
import typer

from api.cli.terminal.language import localised
from api.cli.terminal.output import (
    DEFAULT_DATABASE,
    Database,
    Json,
    say,
    say_first,
    say_json,
    spoken_errors,
)
from api.cli.zones import iso_day
from api.schemas.tables import json_rows
from geodata.errors import InputError
from geodata.language import Bilingual
from geodata.ledger.doubles import decide_one_case, decide_two_cases
from geodata.store import open_store
from geodata.tables import write_table
from zoning.city import City
from zoning.records.doubles import double_cases
from zoning.records.listing import Asked, listed_records

Output = Annotated[
    Path | None,
    typer.Option(
        help=localised(
            "Tulis ke berkas .csv, .xlsx, atau .parquet.",
            "Write to a .csv, .xlsx or .parquet file.",
        )
    ),
]
Everything = Annotated[
    bool,
    typer.Option(
        "--all", help=localised("Juga yang sudah diputuskan.", "Also those that were decided on.")
    ),
]
_MOST_IN_JSON: Final = 1000
_LEFT_OUT: Final = ("disagrees", "version", "outcome", "decided")
"""Columns for which a table on a screen has no room; files and JSON have them."""


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
                "confirmed, suspect, ...; withdrawn (ditarik); double: tidak dihitung di samping "
                "data lain.",
                "confirmed, suspect, ...; withdrawn; double: not counted beside another.",
            ),
        ),
    ] = None,
    first: Annotated[
        date | None,
        typer.Option(
            "--from",
            parser=iso_day,
            metavar="YYYY-MM-DD",
            help=localised("Hari pertama.", "First day."),
        ),
    ] = None,
    last: Annotated[
        date | None,
        typer.Option(
            "--to",
            parser=iso_day,
            metavar="YYYY-MM-DD",
            help=localised("Hari terakhir.", "Last day."),
        ),
    ] = None,
    area: Annotated[
        str | None,
        typer.Option(
            help=localised("Kode wilayah; semua di dalamnya.", "Code of an area; all within it.")
        ),
    ] = None,
    placed: Annotated[
        str | None,
        typer.Option(
            help=localised(
                "coordinates (koordinat), nearest (RT terdekat), address (alamat), unplaced (tanpa "
                "RT), atau non-resident (bukan warga).",
                "coordinates, nearest, address, unplaced or non-resident.",
            ),
        ),
    ] = None,
    text: Annotated[
        str | None, typer.Option("--id", help=localised("Bagian dari id.", "Part of the id."))
    ] = None,
    output: Output = None,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """List records with their ids, as `withdraw`, `history` and `erase` ask for them."""
    with spoken_errors(), open_store(database) as store:
        asked = Asked(status, first, last, area, placed, text)
        rows = listed_records(store, City(store).ground(), kind, asked)
        if output is not None:
            write_table(rows, output)
    if json:
        shown = rows.head(_MOST_IN_JSON)
        say_json({"matched": len(rows), "shown": len(shown), "records": json_rows(shown)})
    elif output is not None:
        say(
            f"{len(rows)} data ditulis ke {output.name}.",
            f"{len(rows)} records written to {output.name}.",
        )
    else:
        _say_rows(Bilingual(f"{kind}: {len(rows)} data", f"{kind}: {len(rows)} records"), rows)
        say(
            f"Lihat satu data dengan `mikrozonasi records history {kind} ID`; tarik dengan "
            f"`mikrozonasi records withdraw {kind} ID --reason ...`.",
            f"See one with `mikrozonasi records history {kind} ID`; take one back with "
            f"`mikrozonasi records withdraw {kind} ID --reason ...`.",
        )


def list_duplicates(
    database: Database = DEFAULT_DATABASE,
    everything: Everything = False,  # noqa: FBT002  (typer's way to say --all)
    output: Output = None,
    json: Json = False,  # noqa: FBT002
) -> None:
    """List cases of one person within the days of one case; nothing is merged."""
    with spoken_errors(), open_store(database) as store:
        rows = double_cases(store, City(store).ground(), "all" if everything else "undecided")
        if output is not None:
            write_table(rows, output)
    groups = int(rows["group"].nunique())
    if json:
        shown = rows.head(_MOST_IN_JSON)
        say_json(
            {"groups": groups, "matched": len(rows), "shown": len(shown), "rows": json_rows(shown)}
        )
    elif output is not None:
        say(
            f"{len(rows)} data dalam {groups} kelompok ditulis ke {output.name}.",
            f"{len(rows)} records in {groups} groups written to {output.name}.",
        )
    else:
        title = Bilingual(
            f"Kasus satu orang: {groups} kelompok", f"Cases of one person: {groups} groups"
        )
        _say_rows(title, rows)
        say(
            "Satu kasus? `mikrozonasi records same ID-YANG-TETAP ID... --by KANTOR`. Dua kasus? "
            "`mikrozonasi records distinct ID ID... --by KANTOR`.",
            "One case? `mikrozonasi records same ID-THAT-STANDS ID... --by OFFICE`. Two cases? "
            "`mikrozonasi records distinct ID ID... --by OFFICE`.",
        )


By = Annotated[
    str,
    typer.Option(
        help=localised(
            "Siapa yang memutuskan: nama kantor, atau inisial.",
            "Who decides: an office, or initials.",
        )
    ),
]
Ids = Annotated[
    list[str], typer.Argument(help=localised("Id kasus; jangan NIK.", "Ids of cases; never a NIK."))
]


def same_case(
    ids: Ids,
    by: By,
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002
) -> None:
    """Decide that cases are one: the first id stands and is counted, the others are not."""
    with spoken_errors(), open_store(database) as store:
        if not ids[1:]:
            raise InputError(
                "one-record",
                "Name two or more ids, the one that stands first.",
                indonesian="Sebutkan dua id atau lebih; id pertama adalah catatan yang tetap "
                "dihitung.",
            )
        changed = decide_one_case(store, ids[0], ids[1:], by=by)
    _say_decided(changed, json=json)


def distinct_cases(
    ids: Ids,
    by: By,
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002
) -> None:
    """Decide that cases of one person are cases of their own: each is counted."""
    with spoken_errors(), open_store(database) as store:
        changed = decide_two_cases(store, ids, by=by)
    _say_decided(changed, json=json)


def _say_decided(changed: int, *, json: bool) -> None:
    if json:
        say_json({"changed": changed})
    else:
        say(
            f"Sudah diputuskan; {changed} data berubah. Hitung ulang hari-harinya: "
            "`mikrozonasi zones run --from HARI --to HARI`.",
            f"Decided; {changed} records changed. Run the days again: "
            "`mikrozonasi zones run --from DAY --to DAY`.",
        )


def _say_rows(title: Bilingual, rows: pd.DataFrame) -> None:
    names = [name for name in rows.columns if name not in _LEFT_OUT]
    say_first(title, rows[names], whole=("id", "case_id"), file="FILE.csv")
