"""The command ``locate``: finds the RT of every point of a file."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.terminal.headings import heading
from api.cli.terminal.language import localised
from api.cli.terminal.options import DEFAULT_DATABASE, Database, Json, TableOutput
from api.cli.terminal.output import print_json, print_message, print_table, report_errors
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
                "Points as CSV, XLSX, Parquet or GeoJSON.",
            )
        ),
    ],
    output: TableOutput,
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
    """The command ``locate``."""
    with report_errors():
        with open_store(database) as store:
            boundaries = load_boundaries(store)
        placed = place_sheet(read_table(file), boundaries, lon=lon, lat=lat)
        write_table(placed.table, output)
        if json:
            counts = {"read": placed.table.num_rows, "placed": placed.counts_by_method}
            print_json({**counts, "no_place_on_earth": placed.impossible})
        else:
            rows = [(heading("read"), placed.table.num_rows)]
            rows += [(heading(method), count) for method, count in placed.counts_by_method.items()]
            title = Bilingual(f"{file.name}: titik", f"{file.name}: points")
            print_table(title, ["", "points"], rows)
            if placed.impossible:
                print_message(
                    f"{placed.impossible} titik tanpa RT tidak ada di Bumi: bujur antara -180 dan "
                    "180, lintang antara -90 dan 90. Perbaiki baris itu.",
                    f"{placed.impossible} of the points without an RT do not exist on Earth: "
                    "longitudes are between -180 and 180, latitudes between -90 and 90. Correct "
                    "these rows.",
                )
