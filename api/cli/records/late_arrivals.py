"""The command that shows what arrived late."""

from datetime import date
from typing import Annotated

import typer

from api.cli.output import DEFAULT_DATABASE, Database, Json, say_json, say_table, spoken_errors
from api.cli.zones import iso_day
from geodata.store import open_store
from zoning.city import City


def arrivals(
    on: Annotated[
        date, typer.Option(parser=iso_day, metavar="YYYY-MM-DD", help="The city's day it came.")
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
        say_table(f"Arrived on {on}, by day of confirmation", columns, found.to_numpy().tolist())
