"""The command that shows what arrived late."""

from datetime import date
from typing import Annotated

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.output import (
    DEFAULT_DATABASE,
    Database,
    Json,
    say_json,
    say_table,
    spoken_errors,
)
from api.cli.zones import iso_day
from geodata.language import Bilingual
from geodata.store import open_store
from zoning.city import City


def arrivals(
    on: Annotated[
        date,
        typer.Option(
            parser=iso_day,
            metavar="YYYY-MM-DD",
            help=localised("Hari (waktu kota) data itu masuk.", "The city's day it came."),
        ),
    ],
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """Show which days' confirmed cases changed by what arrived on a day."""
    with spoken_errors(), open_store(database) as store:
        found = City(store).arrivals(on)
    found["date"] = found["date"].dt.date
    if json:
        say_json({"on": on, "days": found.to_dict("records")})
    else:
        columns = ["date", "added", "taken away", "days late"]
        title = Bilingual(
            f"Masuk pada {on}, menurut hari konfirmasi", f"Arrived on {on}, by day of confirmation"
        )
        say_table(title, columns, found.to_numpy().tolist())
