"""The command ``locate``: the RT of every point of a file."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.output import (
    DEFAULT_DATABASE,
    Database,
    Json,
    say,
    say_json,
    say_table,
    spoken_errors,
)
from api.cli.terminal.words import word
from geodata.boundaries import load_boundaries
from geodata.language import Bilingual
from geodata.store import open_store
from geodata.tables import read_table, write_table
from zoning.placing.points import place_sheet


def locate(
    file: Annotated[
        Path,
        typer.Argument(
            help=localised(
                "Titik dalam CSV, XLSX, Parquet, atau GeoJSON.",
                "CSV, XLSX, Parquet or GeoJSON points.",
            )
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            help=localised(
                "Berkas yang ditulis: .csv, .xlsx, atau .parquet.",
                "Where to write: .csv, .xlsx or .parquet.",
            )
        ),
    ],
    database: Database = DEFAULT_DATABASE,
    lon: Annotated[
        str,
        typer.Option(
            help=localised("Judul kolom bujur (longitude).", "Heading of the longitudes.")
        ),
    ] = "lon",
    lat: Annotated[
        str,
        typer.Option(
            help=localised("Judul kolom lintang (latitude).", "Heading of the latitudes.")
        ),
    ] = "lat",
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """Add to every point of a file the code and name of the RT that holds it."""
    with spoken_errors():
        with open_store(database) as store:
            boundaries = load_boundaries(store)
        placed = place_sheet(read_table(file), boundaries, lon=lon, lat=lat)
        write_table(placed.table, output)
        if json:
            said = {"read": placed.table.num_rows, "placed": placed.ways}
            say_json({**said, "no_place_on_earth": placed.impossible})
        else:
            rows = [(word("read"), placed.table.num_rows)]
            rows += [(word(way), count) for way, count in placed.ways.items()]
            title = Bilingual(f"{file.name}: titik", f"{file.name}: points")
            say_table(title, ["", "points"], rows)
            if placed.impossible:
                say(
                    f"{placed.impossible} titik tanpa RT tidak ada di Bumi: bujur antara -180 dan "
                    "180, lintang antara -90 dan 90. Perbaiki baris itu.",
                    f"{placed.impossible} of the unplaced points are no place on Earth: a "
                    "longitude lies between -180 and 180, a latitude between -90 and 90. Mend "
                    "these rows.",
                )
