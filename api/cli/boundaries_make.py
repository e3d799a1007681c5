"""The command ``boundaries make``: RT where none are drawn."""

from pathlib import Path
from typing import Annotated

import geopandas as gpd
import pandas as pd
import typer
from rich.progress import TaskID

from api.cli.output import Json, progress, say, say_json, spoken_errors
from geodata.boundaries import check_output, read_polygons, write_polygons
from geodata.boundaries.columns import missing_column
from geodata.errors import InputError
from geodata.tessellate import divide, read_points

File = Annotated[
    Path, typer.Argument(help="Kelurahan: GeoJSON, GeoPackage, Shapefile or GeoParquet.")
]
Output = Annotated[
    Path, typer.Option(help="Where the RT go: .parquet (GeoParquet), .gpkg or .geojson.")
]
Crs = Annotated[
    str | None,
    typer.Option(help="Coordinate system of the files, where they do not say it: EPSG:32749."),
]


def make(  # noqa: PLR0913, PLR0917 - a command's parameters are its options
    file: File,
    output: Output,
    rt: Annotated[int | None, typer.Option(help="How many RT in all.")] = None,
    points: Annotated[
        Path | None, typer.Option(help="Points of RT instead of --rt: each gets its own RT.")
    ] = None,
    points_label: Annotated[
        str | None, typer.Option(help="Column of the points with labels like 'RT 002 RW 003'.")
    ] = None,
    code: Annotated[str, typer.Option(help="Column of the kelurahan's code.")] = "code",
    name: Annotated[str, typer.Option(help="Column of its name.")] = "name",
    parent_code: Annotated[
        str, typer.Option(help="Column of its kecamatan's code; =TEXT is that text for all.")
    ] = "kecamatan_code",
    parent_name: Annotated[
        str, typer.Option(help="Column of its kecamatan's name; =TEXT is that text for all.")
    ] = "kecamatan_name",
    kota_code: Annotated[
        str | None, typer.Option(help="Column of the kota's code; =TEXT is that text for all.")
    ] = None,
    kota_name: Annotated[
        str | None, typer.Option(help="Column of the kota's name; =TEXT is that text for all.")
    ] = None,
    population: Annotated[
        str | None, typer.Option(help="Column of people: RT are shared out by it, else by area.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same RT.")] = 1,
    crs: Crs = None,
    json: Json = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Divide kelurahan polygons into RW and RT that tile them exactly.

    Say how many RT there are, or where they are. The lines between them are invented: fit for
    a first map, not for a deed. Kelurahan may not overlap; gaps between them stay.
    """
    with spoken_errors():
        check_output(output)
        kelurahan = _kelurahan(
            read_polygons(file, crs),
            {
                "code": code,
                "name": name,
                "parent_code": parent_code,
                "parent_name": parent_name,
                "kota_code": kota_code,
                "kota_name": kota_name,
            },
            population,
        )
        places = _points(points, points_label, crs)
        with progress() as bar:
            tasks: dict[str, TaskID] = {}

            def tell(what: str, done: int, total: int) -> None:
                if what not in tasks:
                    tasks[what] = bar.add_task(what.capitalize(), total=total)
                bar.update(tasks[what], completed=done)

            made = divide(kelurahan, rt, seed, places, tell)
        write_polygons(made, output, layer="rt")
        _tell(made, len(kelurahan), output, json=json)


def _tell(made: gpd.GeoDataFrame, kelurahan: int, output: Path, *, json: bool) -> None:
    rw = made.groupby(["kelurahan_code", "rw"]).ngroups
    if json:
        say_json({"kelurahan": kelurahan, "rw": rw, "rt": len(made), "output": str(output)})
    else:
        say(f"Divided {kelurahan:,} kelurahan into {rw:,} RW and {len(made):,} RT: {output}.")


def _kelurahan(
    frame: gpd.GeoDataFrame, named: dict[str, str | None], population: str | None
) -> gpd.GeoDataFrame:
    """The frame `divide` takes, from the columns somebody named."""
    wanted = {"parent_code": "kecamatan_code", "parent_name": "kecamatan_name"}
    columns = {
        wanted.get(option, option): _texts(frame, column, option)
        for option, column in named.items()
        if column is not None
    }
    if population is not None:
        if population not in frame.columns:
            raise missing_column(frame, population, "population")
        columns["population"] = frame[population]
    return gpd.GeoDataFrame(columns, geometry=frame.geometry, crs=frame.crs)


def _texts(frame: gpd.GeoDataFrame, column: str, option: str) -> "pd.Series[str]":
    if column.startswith("="):
        return pd.Series(column[1:].strip(), index=frame.index, dtype="str")
    if column not in frame.columns:
        raise missing_column(frame, column, option)
    cells = frame[column].convert_dtypes().astype("str").str.strip()
    empty = cells.isna() | (cells == "")
    if bool(empty.any()):
        raise InputError(
            "empty-cells",
            f"{int(empty.sum())} of {len(frame)} rows have nothing in the column {column}, wanted "
            f"for --{option.replace('_', '-')}. Fill it in.",
        )
    return cells


def _points(path: Path | None, label: str | None, crs: str | None) -> gpd.GeoDataFrame | None:
    if path is None:
        if label is not None:
            raise InputError(
                "points-label", "--points-label names a column of --points, which is not given."
            )
        return None
    points = read_points(path, crs)
    if label is None:
        return points[[points.geometry.name]]
    if label not in points.columns:
        raise missing_column(points, label, "points_label")
    return points[[label, points.geometry.name]].rename(columns={label: "label"})
