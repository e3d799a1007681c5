"""The command ``boundaries check``: reports faults of polygons and writes their positions."""

from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli.boundaries.column_options import with_columns
from api.cli.boundaries.file_options import File, with_reading
from api.cli.terminal.language import format_number, localised
from api.cli.terminal.options import Json
from api.cli.terminal.output import (
    bar_for_current_task,
    print_json,
    print_message,
    print_table,
    progress_bar,
    report_errors,
)
from geodata.boundaries import (
    CheckReport,
    Columns,
    Extent,
    ParentPolygons,
    ReadOptions,
    check_output,
    file_extent,
    read_file,
    read_polygons,
    write_problems,
)
from geodata.boundaries import check as check_polygons
from geodata.language import Bilingual

_READING: Final = Bilingual("Membaca", "Reading")
_CHECKING: Final = Bilingual("Memeriksa", "Checking")
_MAX_FAULTS: Final = 20
_FAULTS_PER_KIND: Final = 3
_MAX_CODES: Final = 4


@with_columns
@with_reading
def check(
    file: File,
    columns: Columns,
    reading: ReadOptions,
    output: Annotated[
        Path | None,
        typer.Option(
            help=localised(
                "Tulis letak kesalahan ke berkas ini, .gpkg untuk QGIS.",
                "Write the positions of the faults to this file, a .gpkg for QGIS.",
            )
        ),
    ] = None,
    parents: Annotated[
        Path | None,
        typer.Option(
            help=localised(
                "Poligon kelurahan atau RW sebagai pembanding.",
                "Polygons of the kelurahan or RW, for comparison.",
            )
        ),
    ] = None,
    parents_code: Annotated[
        str,
        typer.Option(
            help=localised(
                "Kolom --parents yang berisi kodenya, atau nama seperti 'RW 03'.",
                "Column of --parents that holds their codes, or names like 'RW 03'.",
            ),
        ),
    ] = "code",
    json: Json = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """The command ``boundaries check``."""
    with report_errors():
        if output is not None:
            check_output(output, (".gpkg",))
        with progress_bar() as bar:
            report_progress = bar_for_current_task(bar)
            report_progress(_READING, 0, 2)
            polygons = read_file(file, reading, columns)
            place = file_extent(polygons.frame)
            parent_areas = (
                None if parents is None else ParentPolygons(read_polygons(parents), parents_code)
            )
            report_progress(_CHECKING, 1, 2)
            report = check_polygons(polygons.frame, columns, parent_areas)
            report_progress(_CHECKING, 2, 2)
        if output is not None:
            write_problems(report, output)
        remarks = [place.sentence(), *polygons.remarks, *report.remarks]
        if json:
            print_json(_summary(file, report, place, remarks))
        else:
            _print_report(file, report, output)
            for remark in remarks:
                print_message(*remark)


def _summary(
    file: Path, report: CheckReport, place: Extent, remarks: list[Bilingual]
) -> dict[str, object]:
    return {
        "file": file.name,
        "areas": report.areas,
        "faults": report.counts(),
        "square_metres": {f"{kind}_m2": m2 for kind, m2 in report.square_metres().items()},
        "place": place._asdict() | {"in_indonesia": place.in_indonesia},
        "remarks": [remark.en for remark in remarks],
    }


def _print_report(file: Path, report: CheckReport, output: Path | None) -> None:
    m2 = report.square_metres()
    print_table(
        Bilingual(
            f"{file.name}: {format_number(report.areas)} wilayah",
            f"{file.name}: {format_number(report.areas)} areas",
        ),
        ("fault", "count", "m2"),
        [
            (kind, format_number(count), format_number(m2[kind]))
            for kind, count in report.counts().items()
        ],
    )
    largest = report.spots.groupby("kind", sort=False).head(_FAULTS_PER_KIND).head(_MAX_FAULTS)
    if len(largest):
        print_table(
            Bilingual("Kesalahan terbesar dari setiap jenis", "The largest faults of each kind"),
            ("fault", "areas", "m2", "note"),
            [
                (kind, _first_codes(codes), format_number(size, 1), note)
                for kind, codes, size, note in largest[["kind", "codes", "m2", "note"]].to_numpy()
            ],
        )
    if output is not None:
        spots = format_number(len(report.spots))
        print_message(
            f"{spots} letak kesalahan ditulis ke {output}.",
            f"{spots} positions of faults written to {output}.",
        )
    elif len(report.spots):
        print_message(
            "Lihat kesalahan itu di peta dengan --output problems.gpkg.",
            "See the faults on a map with --output problems.gpkg.",
        )


def _first_codes(codes: str) -> str:
    """The first codes of a list that is separated by commas."""
    listed = codes.split(", ")
    return ", ".join(listed[:_MAX_CODES]) + (", ..." if len(listed) > _MAX_CODES else "")
