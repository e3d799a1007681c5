"""The command ``boundaries make``: RT where none are drawn."""

from pathlib import Path
from typing import Annotated

import geopandas as gpd
import typer

from api.cli.boundaries.file_options import AllowFar, OutsideIndonesia, settled, with_reading
from api.cli.boundaries.kelurahan_columns import (
    column_texts,
    dusun_remarks,
    kelurahan_frame,
    with_rt_counts,
)
from api.cli.terminal.language import localised, number
from api.cli.terminal.output import Json, progress, say, say_json, spoken_errors, teller
from geodata.boundaries import (
    CANONICAL,
    Columns,
    Reading,
    check_output,
    far_remarks,
    read_file,
    with_city,
    write_polygons,
)
from geodata.boundaries.files.columns import missing_column
from geodata.errors import BoundaryError, InputError
from geodata.language import Bilingual
from geodata.tessellate import (
    divide,
    merge_rw,
    read_points,
    rw_numbers,
)

File = Annotated[
    Path,
    typer.Argument(
        help=localised(
            "Kelurahan, RW, atau dusun: GeoJSON, GeoPackage, Shapefile, GeoParquet.",
            "Kelurahan, RW or dusun: GeoJSON, GeoPackage, Shapefile, GeoParquet.",
        )
    ),
]
Output = Annotated[
    Path,
    typer.Option(
        help=localised(
            "Berkas untuk RT: .parquet (GeoParquet), .gpkg, atau .geojson.",
            "Where the RT go: .parquet (GeoParquet), .gpkg or .geojson.",
        )
    ),
]


@with_reading
def make(  # noqa: PLR0913, PLR0917 - a command's parameters are its options
    file: File,
    output: Output,
    reading: Reading,
    rt: Annotated[
        int | None, typer.Option(help=localised("Jumlah RT seluruhnya.", "How many RT in all."))
    ] = None,
    rt_column: Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Kolom berisi jumlah RT setiap poligon.",
                "Column that says how many RT each polygon has.",
            )
        ),
    ] = None,
    rt_table: Annotated[
        Path | None,
        typer.Option(
            help=localised(
                "Tabel code,rw,rt berisi jumlah itu: code adalah kode kelurahan.",
                "A table code,rw,rt that says so: code of the kelurahan.",
            )
        ),
    ] = None,
    rw: Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Poligonnya RW: kolom nomor atau labelnya.",
                "The polygons are RW: column of their numbers or labels.",
            )
        ),
    ] = None,
    points: Annotated[
        Path | None,
        typer.Option(
            help=localised(
                "Titik RT sebagai ganti --rt: setiap titik mendapat RT sendiri.",
                "Points of RT instead of --rt: each gets its own RT.",
            )
        ),
    ] = None,
    points_label: Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Kolom titik dengan label seperti 'RT 002 RW 003'.",
                "Column of the points with labels like 'RT 002 RW 003'.",
            )
        ),
    ] = None,
    code: Annotated[
        str,
        typer.Option(
            help=localised(
                "Kolom kode kelurahan; =TEKS adalah teks itu untuk semua.",
                "Column of the kelurahan's code; =TEXT is that text for all.",
            )
        ),
    ] = "code",
    name: Annotated[
        str,
        typer.Option(
            help=localised(
                "Kolom namanya; =TEKS adalah teks itu untuk semua.",
                "Column of its name; =TEXT is that text for all.",
            )
        ),
    ] = "name",
    parent_code: Annotated[
        str,
        typer.Option(
            help=localised(
                "Kolom kode kecamatannya; =TEKS adalah teks itu untuk semua.",
                "Column of its kecamatan's code; =TEXT is that text for all.",
            )
        ),
    ] = "kecamatan_code",
    parent_name: Annotated[
        str,
        typer.Option(
            help=localised(
                "Kolom nama kecamatannya; =TEKS adalah teks itu untuk semua.",
                "Column of its kecamatan's name; =TEXT is that text for all.",
            )
        ),
    ] = "kecamatan_name",
    kota_code: Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Kolom kode kota; =TEKS adalah teks itu untuk semua.",
                "Column of the kota's code; =TEXT is that text for all.",
            )
        ),
    ] = None,
    kota_name: Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Kolom nama kota; =TEKS adalah teks itu untuk semua.",
                "Column of the kota's name; =TEXT is that text for all.",
            )
        ),
    ] = None,
    population: Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Kolom jumlah penduduk: RT dibagi menurut kolom ini, bila tidak ada menurut luas.",
                "Column of people: RT are shared out by it, else by area.",
            )
        ),
    ] = None,
    seed: Annotated[
        int,
        typer.Option(
            min=0,
            help=localised(
                "Angka acuan (seed) yang sama memberi RT yang sama.",
                "The same seed gives the same RT.",
            ),
        ),
    ] = 1,
    outside_indonesia: OutsideIndonesia = False,  # noqa: FBT002 - an option
    allow_far: AllowFar = False,  # noqa: FBT002 - an option
    json: Json = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Divide polygons of kelurahan, RW or dusun into RT that tile them exactly."""
    with spoken_errors():
        check_output(output)
        named = {
            "code": code,
            "name": name,
            "parent_code": parent_code,
            "parent_name": parent_name,
            "kota_code": kota_code,
            "kota_name": kota_name,
        }
        if reading.source is not None:
            named = _of_source(named)
        found = read_file(file, reading, Columns(kelurahan_code=str(named["code"])))
        place = settled(found, reading, outside_indonesia=outside_indonesia, allow_far=allow_far)
        kelurahan = kelurahan_frame(found.frame, {**named, **_city(found.frame, named)}, population)
        remarks = [*found.remarks, *far_remarks(found.frame)]
        if rw is not None:
            cells = column_texts(found.frame, rw, "rw")
            kelurahan["rw"] = rw_numbers(found.frame, cells)
            remarks += dusun_remarks(cells)
        kelurahan = with_rt_counts(found.frame, kelurahan, rt_column, rt_table)
        if rw is not None:
            kelurahan, merged = merge_rw(kelurahan)
            remarks += merged
        places = _points(points, points_label, reading.crs)
        with progress() as bar:
            made = divide(kelurahan, rt, seed, places, teller(bar))
        write_polygons(made, output, layer="rt")
        if not json:
            say(*place.sentence())
        _tell(made, remarks, output, json=json)


def _tell(made: gpd.GeoDataFrame, remarks: list[Bilingual], output: Path, *, json: bool) -> None:
    kelurahan = made["kelurahan_code"].nunique()
    rw = made.groupby(["kelurahan_code", "rw"]).ngroups
    if json:
        counts = {"kelurahan": kelurahan, "rw": rw, "rt": len(made)}
        said = {"remarks": [remark.en for remark in remarks]} if remarks else {}
        say_json({**counts, "output": str(output), **said})
    else:
        for remark in remarks:
            say(*remark)
        areas = (number(kelurahan), number(rw), number(len(made)))
        say(
            "{} kelurahan sekarang punya {} RW dan {} RT: {}.".format(*areas, output),
            "{} kelurahan have {} RW and {} RT now: {}.".format(*areas, output),
        )


def _of_source(named: dict[str, str | None]) -> dict[str, str | None]:
    """The columns a source makes, where nobody named others."""
    ours = {
        "code": ("code", "kelurahan_code"),
        "name": ("name", "kelurahan_name"),
        "kota_code": (None, "kota_code"),
    }
    usual = {option: made for option, (unsaid, made) in ours.items() if named[option] == unsaid}
    return {**named, **usual}


def _city(frame: gpd.GeoDataFrame, named: dict[str, str | None]) -> dict[str, str | None]:
    """Where the city's code and name stand, so that the RT say them; loading asks for the rest."""
    columns = Columns(
        kelurahan_code=str(named["code"]),
        kecamatan_code=str(named["parent_code"]),
        kota_code=named["kota_code"] or CANONICAL.kota_code,
        kota_name=named["kota_name"] or CANONICAL.kota_name,
    )
    try:
        found = with_city(frame, columns)
    except BoundaryError as error:
        if error.code in {"no-kota-code", "no-kota-name"}:
            return {}
        raise
    return {"kota_code": found.kota_code, "kota_name": found.kota_name}


def _points(path: Path | None, label: str | None, crs: str | None) -> gpd.GeoDataFrame | None:
    if path is None:
        if label is not None:
            raise InputError(
                "points-label",
                "--points-label names a column of --points, which is not given.",
                indonesian="--points-label menyebut kolom dari --points, padahal --points tidak "
                "diberikan.",
            )
        return None
    points = read_points(path, crs)
    if label is None:
        return points[[points.geometry.name]]
    if label not in points.columns:
        raise missing_column(points, label, "points_label")
    return points[[label, points.geometry.name]].rename(columns={label: "label"})
