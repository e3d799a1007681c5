"""Commands on newcomers: list them with their state, list duplicates, record a verification."""

from datetime import date
from typing import Annotated

import typer

from api.cli.terminal.headings import heading
from api.cli.terminal.language import localised
from api.cli.terminal.options import (
    DEFAULT_DATABASE,
    AreaFilter,
    Database,
    Json,
    ListOutput,
    day_option,
)
from api.cli.terminal.output import print_first_rows, print_json, print_message, report_errors
from api.schemas.tables import json_rows
from geodata.language import Bilingual
from geodata.store import open_store
from geodata.tables import write_table
from zoning.city import City
from zoning.quarantine.newcomers import StateFilter, duplicates, list_newcomers, verify

_SHOWN_COLUMNS = ("newcomer_id", "area", "state", "due_on", "arrived_on", "verified_by")


def print_newcomers(
    database: Database = DEFAULT_DATABASE,
    state: Annotated[
        StateFilter | None,
        typer.Option(
            help=localised("Hanya pendatang dalam keadaan ini.", "Only newcomers in this state.")
        ),
    ] = None,
    area: AreaFilter = None,
    day: Annotated[
        date | None,
        day_option("--date", "Hari; bila tidak disebut, hari ini.", "The day; by default today."),
    ] = None,
    output: ListOutput = None,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """The command ``newcomers list``."""
    with report_errors(), open_store(database) as store:
        shown_day = day or store.settings.today()
        rows = list_newcomers(store, City(store).ground(), shown_day, area=area, state=state)
        counts = {str(name): int(count) for name, count in rows["state"].value_counts().items()}
        if output is not None:
            write_table(rows, output)
        if json:
            print_json({"date": shown_day, "states": counts, "newcomers": json_rows(rows)})
        elif output is not None:
            print_message(
                f"{len(rows)} pendatang ditulis ke {output.name}.",
                f"{len(rows)} newcomers written to {output.name}.",
            )
        else:
            print_first_rows(_title(shown_day, counts), rows[list(_SHOWN_COLUMNS)])


def list_duplicates(
    database: Database = DEFAULT_DATABASE,
    output: ListOutput = None,
    json: Json = False,  # noqa: FBT002
) -> None:
    """The command ``newcomers duplicates``."""
    with report_errors(), open_store(database) as store:
        rows = duplicates(store, City(store).ground())
        if output is not None:
            write_table(rows, output)
        if json:
            print_json({"duplicates": len(rows), "rows": json_rows(rows)})
        else:
            title = Bilingual(
                f"Pendatang yang mungkin sama atau sekeluarga: {len(rows)}",
                f"Newcomers who may be one person or a family: {len(rows)}",
            )
            print_first_rows(title, rows)


def verify_newcomer(
    newcomer: Annotated[
        str, typer.Argument(help=localised("Nomor pendatang.", "Number of the newcomer."))
    ],
    by: Annotated[
        str,
        typer.Option(
            help=localised(
                "Jabatan, jangan nama orang: lurah, camat, babinsa.",
                "The office, never the name of a person: lurah, camat, babinsa.",
            )
        ),
    ],
    database: Database = DEFAULT_DATABASE,
    day: Annotated[
        date | None,
        day_option(
            "--on",
            "Hari verifikasi; bila tidak disebut, hari ini.",
            "The day of the verification; by default today.",
        ),
    ] = None,
) -> None:
    """The command ``newcomers verify``."""
    with report_errors(), open_store(database) as store:
        verify(store, newcomer, by, day)
        print_message("Verifikasi sudah dicatat.", "The verification is recorded.")


def _title(day: date, counts: dict[str, int]) -> Bilingual:
    states = ", ".join(f"{count} {heading(state)}" for state, count in counts.items())
    return Bilingual(
        f"Pendatang pada {day}: {states or 'tidak ada'}",
        f"Newcomers on {day}: {states or 'none'}",
    )
