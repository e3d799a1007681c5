"""The command ``boundaries make``: divides kelurahan, RW or dusun into invented RT."""

from pathlib import Path
from typing import Annotated

import geopandas as gpd
import typer

from api.cli.boundaries.file_options import AllowFar, OutsideIndonesia, checked_place, with_reading
from api.cli.boundaries.kelurahan_columns import (
    column_texts,
    dusun_remarks,
    kelurahan_frame,
    with_rt_counts,
)
from api.cli.terminal.language import format_number, localised
from api.cli.terminal.options import Json
from api.cli.terminal.output import (
    bar_for_each_task,
    print_json,
    print_message,
    progress_bar,
    report_errors,
)
from geodata.boundaries import (
    CANONICAL,
    Columns,
    ReadOptions,
    add_city,
    check_output,
    far_area_remarks,
    read_file,
    write_polygons,
)
from geodata.boundaries.files.columns import missing_column_error
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
            "The file for the RT: .parquet (GeoParquet), .gpkg or .geojson.",
        )
    ),
]


@with_reading
def make(  # noqa: PLR0913, PLR0917 - a command's parameters are its options
    file: File,
    output: Output,
    reading: ReadOptions,
    rt: Annotated[
        int | None, typer.Option(help=localised("Jumlah RT seluruhnya.", "Number of RT in all."))
    ] = None,
    rt_column: Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Kolom berisi jumlah RT setiap poligon.",
                "Column with the number of RT of each polygon.",
            )
        ),
    ] = None,
    rt_table: Annotated[
        Path | None,
        typer.Option(
            help=localised(
                "Tabel code,rw,rt berisi jumlah RT; code adalah kode kelurahan.",
                "Table code,rw,rt with the numbers of RT; code is the code of the kelurahan.",
            )
        ),
    ] = None,
    rw: Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Kolom nomor atau label RW, bila poligonnya RW.",
                "Column with the numbers or labels of RW, if the polygons are RW.",
            )
        ),
    ] = None,
    points: Annotated[
        Path | None,
        typer.Option(
            help=localised(
                "Titik RT sebagai ganti --rt: setiap titik mendapat RT sendiri.",
                "Points of the RT, instead of --rt: each point gets its own RT.",
            )
        ),
    ] = None,
    points_label: Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Kolom titik dengan label seperti 'RT 002 RW 003'.",
                "Column of the points that has labels like 'RT 002 RW 003'.",
            )
        ),
    ] = None,
    code: Annotated[
        str,
        typer.Option(
            help=localised(
                "Kolom kode kelurahan; =TEKS memberi teks itu pada semua baris.",
                "Column of the kelurahan code; =TEXT gives this text to all rows.",
            )
        ),
    ] = "code",
    name: Annotated[
        str,
        typer.Option(
            help=localised(
                "Kolom nama kelurahan; =TEKS memberi teks itu pada semua baris.",
                "Column of the kelurahan name; =TEXT gives this text to all rows.",
            )
        ),
    ] = "name",
    parent_code: Annotated[
        str,
        typer.Option(
            help=localised(
                "Kolom kode kecamatan; =TEKS memberi teks itu pada semua baris.",
                "Column of the kecamatan code; =TEXT gives this text to all rows.",
            )
        ),
    ] = "kecamatan_code",
    parent_name: Annotated[
        str,
        typer.Option(
            help=localised(
                "Kolom nama kecamatan; =TEKS memberi teks itu pada semua baris.",
                "Column of the kecamatan name; =TEXT gives this text to all rows.",
            )
        ),
    ] = "kecamatan_name",
    kota_code: Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Kolom kode kota; =TEKS memberi teks itu pada semua baris.",
                "Column of the city code; =TEXT gives this text to all rows.",
            )
        ),
    ] = None,
    kota_name: Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Kolom nama kota; =TEKS memberi teks itu pada semua baris.",
                "Column of the city name; =TEXT gives this text to all rows.",
            )
        ),
    ] = None,
    population: Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Kolom jumlah penduduk: jumlah RT dibagi menurut penduduk. Bila tidak disebut, "
                "menurut luas.",
                "Column with the number of people: the RT are distributed by people. By default "
                "by area.",
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
    """The command ``boundaries make``."""
    with report_errors():
        check_output(output)
        columns: dict[str, str | None] = {
            "code": code,
            "name": name,
            "parent_code": parent_code,
            "parent_name": parent_name,
            "kota_code": kota_code,
            "kota_name": kota_name,
        }
        if reading.source is not None:
            columns = _with_source_columns(columns)
        polygons = read_file(file, reading, Columns(kelurahan_code=str(columns["code"])))
        frame = polygons.frame
        place = checked_place(
            polygons, reading, outside_indonesia=outside_indonesia, allow_far=allow_far
        )
        columns |= _city_columns(frame, columns)
        kelurahan = kelurahan_frame(frame, columns, population)
        remarks = [*polygons.remarks, *far_area_remarks(frame)]
        if rw is not None:
            cells = column_texts(frame, rw, "rw")
            kelurahan["rw"] = rw_numbers(frame, cells)
            remarks += dusun_remarks(cells)
        kelurahan = with_rt_counts(frame, kelurahan, rt_column, rt_table)
        if rw is not None:
            kelurahan, merge_remarks = merge_rw(kelurahan)
            remarks += merge_remarks
        rt_points = _read_rt_points(points, points_label, reading.crs)
        with progress_bar() as bar:
            areas = divide(kelurahan, rt, seed, rt_points, bar_for_each_task(bar))
        write_polygons(areas, output, layer="rt")
        if not json:
            print_message(*place.sentence())
        _print_result(areas, remarks, output, json=json)


def _print_result(
    areas: gpd.GeoDataFrame, remarks: list[Bilingual], output: Path, *, json: bool
) -> None:
    n_kelurahan = areas["kelurahan_code"].nunique()
    n_rw = areas.groupby(["kelurahan_code", "rw"]).ngroups
    if json:
        summary = {"kelurahan": n_kelurahan, "rw": n_rw, "rt": len(areas), "output": str(output)}
        if remarks:
            summary["remarks"] = [remark.en for remark in remarks]
        print_json(summary)
    else:
        for remark in remarks:
            print_message(*remark)
        counts = [format_number(count) for count in (n_kelurahan, n_rw, len(areas))]
        print_message(
            "{} kelurahan sekarang punya {} RW dan {} RT: {}.".format(*counts, output),
            "{} kelurahan now have {} RW and {} RT: {}.".format(*counts, output),
        )


def _with_source_columns(columns: dict[str, str | None]) -> dict[str, str | None]:
    """Replace the default of an option by the column that a source makes."""
    defaults_and_source_columns = {
        "code": ("code", "kelurahan_code"),
        "name": ("name", "kelurahan_name"),
        "kota_code": (None, "kota_code"),
    }
    made_columns = {
        option: source_column
        for option, (default, source_column) in defaults_and_source_columns.items()
        if columns[option] == default
    }
    return {**columns, **made_columns}


def _city_columns(frame: gpd.GeoDataFrame, options: dict[str, str | None]) -> dict[str, str | None]:
    """The columns of the code and name of the city; none if the file does not have them."""
    columns = Columns(
        kelurahan_code=str(options["code"]),
        kecamatan_code=str(options["parent_code"]),
        kota_code=options["kota_code"] or CANONICAL.kota_code,
        kota_name=options["kota_name"] or CANONICAL.kota_name,
    )
    try:
        completed = add_city(frame, columns)
    except BoundaryError as error:
        # `boundaries load` asks for the city later.
        if error.code in {"no-kota-code", "no-kota-name"}:
            return {}
        raise
    return {"kota_code": completed.kota_code, "kota_name": completed.kota_name}


def _read_rt_points(
    path: Path | None, label: str | None, crs: str | None
) -> gpd.GeoDataFrame | None:
    if path is None:
        if label is not None:
            raise InputError(
                "points-label",
                "--points-label names a column of --points, but --points is not given. Give "
                "--points, or leave --points-label out.",
                indonesian="--points-label menyebut kolom dari --points, padahal --points tidak "
                "diberikan. Berikan --points, atau hapus --points-label.",
            )
        return None
    points = read_points(path, crs)
    if label is None:
        return points[[points.geometry.name]]
    if label not in points.columns:
        raise missing_column_error(points, label, "points_label")
    return points[[label, points.geometry.name]].rename(columns={label: "label"})
