"""The command ``records arrivals``: shows which days late records changed."""

from datetime import date
from typing import Annotated

from api.cli.terminal.options import DEFAULT_DATABASE, Database, Json, day_option
from api.cli.terminal.output import print_json, print_table, report_errors
from geodata.language import Bilingual
from geodata.store import open_store
from zoning.city import City


def arrivals(
    day: Annotated[
        date,
        day_option(
            "--on",
            "Hari (waktu kota) data itu masuk.",
            "The day (time of the city) on which the records came.",
        ),
    ],
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """The command ``records arrivals``."""
    with report_errors(), open_store(database) as store:
        changes = City(store).arrivals(day)
    changes["date"] = changes["date"].dt.date
    if json:
        print_json({"on": day, "days": changes.to_dict("records")})
    else:
        columns = ["date", "added", "taken away", "days late"]
        title = Bilingual(
            f"Masuk pada {day}, menurut hari konfirmasi",
            f"Arrived on {day}, by day of confirmation",
        )
        print_table(title, columns, changes.to_numpy().tolist())
