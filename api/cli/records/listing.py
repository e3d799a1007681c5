"""Commands that look records up and decide on doubles. For officials, on the command line only."""

from datetime import date
from pathlib import Path
from typing import Annotated, Final

import pandas as pd
import typer

from api.cli.output import (
    DEFAULT_DATABASE,
    Database,
    Json,
    say,
    say_json,
    say_table,
    spoken_errors,
)
from api.cli.zones import iso_day
from api.schemas.tables import json_rows
from geodata.errors import InputError
from geodata.ledger.doubles import decide_one_case, decide_two_cases
from geodata.store import open_store
from geodata.tables import write_table
from zoning.city import City
from zoning.records.doubles import double_cases
from zoning.records.listing import Asked, listed_records

Output = Annotated[Path | None, typer.Option(help="Write to a .csv, .xlsx or .parquet file.")]
Everything = Annotated[bool, typer.Option("--all", help="Also those that were decided on.")]
_MOST_SHOWN: Final = 50
_MOST_IN_JSON: Final = 1000
_LEFT_OUT: Final = ("disagrees", "version", "outcome", "decided")
"""Columns for which a table on a screen has no room; files and JSON have them."""


def list_records(  # noqa: PLR0913, PLR0917  (each filter is an option)
    kind: Annotated[str, typer.Argument(help="cases, newcomers, places or indicators.")],
    database: Database = DEFAULT_DATABASE,
    status: Annotated[
        str | None,
        typer.Option(
            help="confirmed, suspect, ...; withdrawn; double: not counted beside another."
        ),
    ] = None,
    first: Annotated[
        date | None, typer.Option("--from", parser=iso_day, metavar="YYYY-MM-DD", help="First day.")
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", parser=iso_day, metavar="YYYY-MM-DD", help="Last day.")
    ] = None,
    area: Annotated[str | None, typer.Option(help="Code of an area; all within it.")] = None,
    placed: Annotated[
        str | None,
        typer.Option(help="coordinates, nearest, address, unplaced or non-resident."),
    ] = None,
    text: Annotated[str | None, typer.Option("--id", help="Part of the id.")] = None,
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
        say(f"{len(rows)} records written to {output.name}.")
    else:
        _say_rows(f"{kind}: {len(rows)} records", rows)
        say(
            f"See one with `mikrozonasi records history {kind} ID`; take one back with "
            f"`mikrozonasi records withdraw {kind} ID --reason ...`."
        )


def list_duplicates(
    database: Database = DEFAULT_DATABASE,
    everything: Everything = False,  # noqa: FBT002  (typer's way to say --all)
    output: Output = None,
    json: Json = False,  # noqa: FBT002
) -> None:
    """List cases of one person within the days of one case; nothing is merged.

    One record of each group is counted until somebody decides: see `records same` and
    `records distinct`.
    """
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
        say(f"{len(rows)} records in {groups} groups written to {output.name}.")
    else:
        _say_rows(f"Cases of one person: {groups} groups", rows)
        say(
            "One case? `mikrozonasi records same ID-THAT-STANDS ID... --by OFFICE`. Two cases? "
            "`mikrozonasi records distinct ID ID... --by OFFICE`."
        )


By = Annotated[str, typer.Option(help="Who decides: an office, or initials.")]
Ids = Annotated[list[str], typer.Argument(help="Ids of cases; never a NIK.")]


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
                indonesian="Sebutkan dua id atau lebih, id catatan yang tetap dihitung lebih "
                "dahulu.",
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
            f"Decided; {changed} records changed. Run the days again: "
            "`mikrozonasi zones run --from DAY --to DAY`."
        )


def _say_rows(title: str, rows: pd.DataFrame) -> None:
    names = [name for name in rows.columns if name not in _LEFT_OUT]
    shown = rows[names].head(_MOST_SHOWN).astype(object)
    shown = shown.where(shown.notna(), "")
    say_table(title, names, shown.to_numpy().tolist(), whole=("id", "case_id"))
    if len(rows) > len(shown):
        say(f"The first {len(shown)} are shown; --output FILE.csv writes them all.")
