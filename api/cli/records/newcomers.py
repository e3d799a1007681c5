"""Commands on newcomers: how each stands, who is listed twice, who was verified."""

from datetime import date
from pathlib import Path
from typing import Annotated

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
from geodata.language import Bilingual
from geodata.store import open_store
from geodata.tables import write_table
from zoning.city import City
from zoning.quarantine.newcomers import Asked, duplicates, newcomers_on, verify

_SHOWN = ("newcomer_id", "area", "state", "due_on", "arrived_on", "verified_by")
Output = Annotated[
    Path | None,
    typer.Option(
        help=localised(
            "Tulis ke berkas .csv, .xlsx, atau .parquet.",
            "Write to a .csv, .xlsx or .parquet file.",
        )
    ),
]


def listed(
    database: Database = DEFAULT_DATABASE,
    state: Annotated[
        Asked | None,
        typer.Option(help=localised("Hanya yang dalam keadaan ini.", "Only in this state.")),
    ] = None,
    area: Annotated[
        str | None,
        typer.Option(
            help=localised("Kode wilayah; semua di dalamnya.", "Code of an area; all within it.")
        ),
    ] = None,
    day: Annotated[
        date | None,
        typer.Option(
            "--date",
            parser=iso_day,
            metavar="YYYY-MM-DD",
            help=localised("Bila tidak disebut: hari ini.", "Else today."),
        ),
    ] = None,
    output: Output = None,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """List newcomers with the state of their quarantine on a day."""
    with spoken_errors(), open_store(database) as store:
        on = day or store.settings.today()
        rows = newcomers_on(store, City(store).ground(), on, area=area, state=state)
        states = {str(state): int(n) for state, n in rows["state"].value_counts().items()}
        if output is not None:
            write_table(rows, output)
        if json:
            say_json({"date": on, "states": states, "newcomers": json_rows(rows)})
        elif output is not None:
            say(
                f"{len(rows)} pendatang ditulis ke {output.name}.",
                f"{len(rows)} newcomers written to {output.name}.",
            )
        else:
            say_first(_title(on, states), rows[list(_SHOWN)])


def doubled(
    database: Database = DEFAULT_DATABASE,
    output: Output = None,
    json: Json = False,  # noqa: FBT002
) -> None:
    """List newcomers that may be one person, and families; nothing is merged."""
    with spoken_errors(), open_store(database) as store:
        rows = duplicates(store, City(store).ground())
        if output is not None:
            write_table(rows, output)
        if json:
            say_json({"duplicates": len(rows), "rows": json_rows(rows)})
        else:
            title = Bilingual(f"Didaftar bersama: {len(rows)}", f"Listed together: {len(rows)}")
            say_first(title, rows)


def verified(
    newcomer: Annotated[
        str, typer.Argument(help=localised("Nomor pendatang.", "Number of the newcomer."))
    ],
    by: Annotated[
        str,
        typer.Option(
            help=localised(
                "Jabatan, jangan nama orang: lurah, camat, babinsa.",
                "The office, never a name: lurah, camat, babinsa.",
            )
        ),
    ],
    database: Database = DEFAULT_DATABASE,
    day: Annotated[
        date | None,
        typer.Option(
            "--on",
            parser=iso_day,
            metavar="YYYY-MM-DD",
            help=localised("Bila tidak disebut: hari ini.", "Else today."),
        ),
    ] = None,
) -> None:
    """Note that the officer of the area verified a newcomer."""
    with spoken_errors(), open_store(database) as store:
        verify(store, newcomer, by, day)
        say("Sudah dicatat.", "Verified.")


def _title(on: date, states: dict[str, int]) -> Bilingual:
    counts = ", ".join(f"{count} {state}" for state, count in states.items())
    return Bilingual(
        f"Pendatang pada {on}: {counts or 'tidak ada'}", f"Newcomers on {on}: {counts or 'none'}"
    )
