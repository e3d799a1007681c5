"""The commands ``boundaries load`` and ``boundaries mend``: mend polygons, keep or write them."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

import geopandas as gpd
import typer

from api.cli.boundaries.column_options import with_columns
from api.cli.boundaries.file_options import (
    AllowFar,
    File,
    OutsideIndonesia,
    checked_place,
    row_labels,
    with_reading,
)
from api.cli.terminal.headings import heading
from api.cli.terminal.language import LANGUAGE, format_number, localised
from api.cli.terminal.options import DEFAULT_DATABASE, Database, Json, day_option
from api.cli.terminal.output import (
    bar_for_current_task,
    print_json,
    print_message,
    print_table,
    progress_bar,
    report_errors,
)
from geodata.boundaries import (
    GAP_WIDTH,
    MAX_CHANGE,
    Changes,
    Columns,
    PreparedBoundaries,
    ReadOptions,
    add_city,
    check_output,
    far_area_remarks,
    prepare_boundaries,
    read_file,
    read_smallest_zone,
    repair,
    required_texts,
    save_boundaries,
    timeline,
    write_polygons,
)
from geodata.language import Bilingual
from geodata.store import check_url, open_store
from zoning.phrases import no_rt_city_remark

_READING: Final = Bilingual("Membaca", "Reading")
_MENDING: Final = Bilingual("Merapikan", "Mending")
_KEEPING: Final = Bilingual("Menyimpan", "Keeping")
_MAX_ROWS: Final = 10

MaxChange = Annotated[
    float,
    typer.Option(
        min=0,
        help=localised(
            "Bagian luas yang boleh berubah saat dirapikan.",
            "Share of the area that mending may change.",
        ),
    ),
]
GapWidth = Annotated[
    float,
    typer.Option(
        min=0,
        help=localised(
            "Lebar celah (meter) yang diisi; celah yang lebih lebar, seperti kolam dan sungai, "
            "tetap ada.",
            "Width in metres of the gaps to fill; wider gaps, like ponds and rivers, stay.",
        ),
    ),
]


@with_columns
@with_reading
def load(  # noqa: PLR0913, PLR0917 - a command's parameters are its options
    file: File,
    columns: Columns,
    reading: ReadOptions,
    database: Database = DEFAULT_DATABASE,
    smallest_zone: Annotated[
        str,
        typer.Option(
            metavar=localised("JENIS", "KIND"),
            help=localised(
                "Jenis poligon untuk kota tanpa poligon RT: rw, dusun, atau sls. Aturan berlaku "
                "untuk RT; setiap keluaran menyebut bahwa zonanya bukan RT.",
                "Kind of the polygons, for a city without polygons of RT: rw, dusun or sls. The "
                "law is about RT; every output says that the zones are not RT.",
            ),
        ),
    ] = "rt",
    max_change: MaxChange = MAX_CHANGE,
    gap_width: GapWidth = GAP_WIDTH,
    outside_indonesia: OutsideIndonesia = False,  # noqa: FBT002 - an option
    allow_far: AllowFar = False,  # noqa: FBT002 - an option
    in_force: Annotated[
        date | None,
        day_option(
            "--in-force",
            "Hari pertama batas itu berlaku; bila tidak disebut, semua hari.",
            "First day on which the boundaries are in force; by default all days.",
        ),
    ] = None,
    json: Json = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """The command ``boundaries load``."""
    with report_errors():
        check_url(database)
        smallest = read_smallest_zone(smallest_zone)
        with progress_bar() as bar:
            report = bar_for_current_task(bar)
            report(_READING, 0, 3)
            polygons = read_file(file, reading, columns)
            place = checked_place(
                polygons,
                reading,
                columns,
                outside_indonesia=outside_indonesia,
                allow_far=allow_far,
            )
            columns = add_city(polygons.frame, columns)
            report(_MENDING, 1, 3)
            prepared = prepare_boundaries(
                polygons.frame,
                columns,
                max_change=max_change,
                gap_width=gap_width,
                smallest=smallest,
            )
            prepared = replace(
                prepared,
                remarks=(
                    place.sentence(),
                    *polygons.remarks,
                    *far_area_remarks(polygons.frame, row_labels(polygons, columns)),
                    *prepared.remarks,
                ),
            )
            report(_KEEPING, 2, 3)
            with open_store(database, create=True) as store:
                replaced = [version for version in timeline(store) if version.since == in_force]
                is_new = save_boundaries(
                    store, prepared.boundaries, file.name, prepared.summary(), in_force=in_force
                )
            report(_KEEPING, 3, 3)
        if json:
            status = "new" if is_new else "unchanged"
            print_json({**prepared.summary(), "status": status, "in_force": in_force})
        else:
            _print_loaded(file, prepared)
            _print_in_force(prepared.boundaries.id, in_force, is_new=is_new)
            if is_new and replaced:
                print_message(
                    f"Batas ini menggantikan batas dari {replaced[-1].source} untuk semua hari "
                    "itu. Untuk mengubah batas mulai satu hari, muat dengan --in-force TANGGAL.",
                    f"These boundaries replace the boundaries from {replaced[-1].source} for all "
                    "these days. To change the boundaries from one day on, load them with "
                    "--in-force DATE.",
                )


@with_reading
def mend(  # noqa: PLR0913, PLR0917 - a command's parameters are its options
    file: File,
    output: Annotated[
        Path,
        typer.Option(
            help=localised(
                "Berkas yang ditulis: .gpkg, .geojson, atau .parquet.",
                "The file to write: .gpkg, .geojson or .parquet.",
            )
        ),
    ],
    reading: ReadOptions,
    code: Annotated[
        str | None,
        typer.Option(
            help=localised("Kolom berisi nama wilayah.", "Column with the names of the areas.")
        ),
    ] = None,
    max_change: MaxChange = MAX_CHANGE,
    gap_width: GapWidth = GAP_WIDTH,
    outside_indonesia: OutsideIndonesia = False,  # noqa: FBT002 - an option
    allow_far: AllowFar = False,  # noqa: FBT002 - an option
    json: Json = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """The command ``boundaries mend``."""
    with report_errors():
        check_output(output)
        polygons = read_file(file, reading, Columns(kelurahan_code=code or "kelurahan_code"))
        place = checked_place(
            polygons, reading, outside_indonesia=outside_indonesia, allow_far=allow_far
        )
        with progress_bar() as bar:
            bar.add_task(_MENDING.text(LANGUAGE), total=None)
            mended, changes = _mend(polygons.frame, code, max_change, gap_width)
        write_polygons(mended, output)
        remarks = [place.sentence(), *polygons.remarks, *far_area_remarks(polygons.frame)]
        if json:
            summary = {
                "read": len(polygons.frame),
                "written": len(mended),
                "remarks": [remark.en for remark in remarks],
            }
            print_json({**summary, **changes.summary()})
        else:
            for remark in remarks:
                print_message(*remark)
            _print_changes(changes)
            print_message(
                f"{len(mended)} wilayah ditulis ke {output}.",
                f"{len(mended)} areas written to {output}.",
            )


def _mend(
    frame: gpd.GeoDataFrame, code: str | None, max_change: float, gap_width: float
) -> tuple[gpd.GeoDataFrame, Changes]:
    """Mend the polygons of a frame; errors name the areas by the column `code`.

    Returns
    -------
    tuple
        The same rows and columns with mended polygons, and the changes.
    """
    named = gpd.GeoDataFrame(geometry=frame.geometry)
    if code is not None:
        named["code"] = required_texts(frame, Columns(code=code), "code")
    shapes, changes = repair(named, max_change=max_change, gap_width=gap_width)
    return frame.loc[shapes.index].set_geometry(shapes.geometry), changes


def _print_loaded(file: Path, prepared: PreparedBoundaries) -> None:
    print_table(
        Bilingual(
            f"{file.name}: {prepared.read} poligon dibaca",
            f"{file.name}: {prepared.read} polygons read",
        ),
        ("level", "areas"),
        [(kind, format_number(count)) for kind, count in prepared.counts().items()],
    )
    for remark in prepared.remarks:
        print_message(*remark)
    _print_changes(prepared.changes)
    for code, rows in prepared.merged.items():
        print_message(
            f"{code} ada pada {rows} baris; baris-baris itu sekarang menjadi satu wilayah. Periksa "
            "apakah labelnya benar.",
            f"{code} is in {rows} rows; these rows are one area now. Check that their labels are "
            "correct.",
        )
    for name in prepared.unread:
        print_message(
            f"Label {name!r} tidak berisi nomor RT atau RW yang dapat dibaca, sehingga wilayah itu "
            "tidak mendapat warna. Berikan nomornya dengan --labels.",
            f"The label {name!r} has no readable number of an RT or RW, so the area gets no "
            "colour. Give the numbers with --labels.",
        )
    zone = prepared.boundaries.smallest_zone
    if zone != "rt":
        print_message(*no_rt_city_remark(zone))


def _print_in_force(boundaries: str, since: date | None, *, is_new: bool) -> None:
    if not is_new:
        print_message(
            f"Tetap: batas ini sudah berlaku ({boundaries}).",
            f"Unchanged: these boundaries are already in force ({boundaries}).",
        )
    elif since is None:
        print_message(
            f"Batas {boundaries} berlaku pada semua hari, sampai batas lain mulai berlaku.",
            f"Boundaries {boundaries} are in force on all days, until other boundaries begin.",
        )
    else:
        print_message(
            f"Batas {boundaries} berlaku mulai {since}.",
            f"Boundaries {boundaries} are in force from {since}.",
        )


def _print_changes(changes: Changes) -> None:
    if changes.changed_m2:
        print_table(
            _title(changes),
            ("change", "count", "m2"),
            [
                (
                    heading("rings that crossed themselves"),
                    len(changes.rings),
                    _m2(changes.rings["m2"]),
                ),
                (heading("overlaps"), len(changes.given), _m2(changes.given["m2"])),
                (heading("gaps filled"), len(changes.filled_m2), _m2(changes.filled_m2)),
            ],
        )
        print_table(
            Bilingual("Wilayah yang paling berubah", "Areas that changed most"),
            ("area", "gained m2", "lost m2"),
            [
                (code, format_number(gained), format_number(lost))
                for code, gained, lost in changes.per_area.head(_MAX_ROWS).to_numpy()
            ],
        )
    else:
        print_message(
            "Poligon sudah rapi tanpa celah dan tumpang tindih; tidak ada yang diubah.",
            "The polygons have no gaps and no overlaps; none is changed.",
        )
    for m2, width in changes.open_gaps.head(_MAX_ROWS).to_numpy():
        area, metres = format_number(m2), format_number(width)
        print_message(
            f"Celah {area} m2, lebarnya sampai {metres} m, tetap ada. --gap-width mengisinya.",
            f"A gap of {area} m2, up to {metres} m wide, stays. --gap-width fills the gap.",
        )
    if changes.pieces > 1:
        print_message(
            f"Kota ini terdiri dari {changes.pieces} bagian yang tidak bersambung.",
            f"The city has {changes.pieces} parts that share no edge.",
        )


def _m2(sizes: Any) -> str:  # noqa: ANN401 - a column or an array of square metres
    return format_number(float(sizes.sum()))


def _title(changes: Changes) -> Bilingual:
    m2, share = format_number(changes.changed_m2), format_number(100 * changes.share, 3)
    return Bilingual(
        f"{m2} m2 dirapikan, {share}% dari luas", f"{m2} m2 mended, {share}% of the area"
    )
