"""The command ``boundaries check``."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from api.cli.boundaries.column_options import with_columns
from api.cli.boundaries.file_options import File, with_reading
from api.cli.terminal.language import localised, number
from api.cli.terminal.output import (
    Json,
    progress,
    say,
    say_json,
    say_table,
    spoken_errors,
    stepper,
)
from geodata.boundaries import (
    CheckReport,
    Columns,
    Parents,
    Place,
    Reading,
    check_output,
    place_of,
    read_file,
    read_polygons,
    write_problems,
)
from geodata.boundaries import check as check_polygons
from geodata.language import Bilingual

_READING: Final = Bilingual("Membaca", "Reading")
_CHECKING: Final = Bilingual("Memeriksa", "Checking")
_SHOWN: Final = 20
_NAMED: Final = 4


@with_columns
@with_reading
def check(
    file: File,
    columns: Columns,
    reading: Reading,
    output: Annotated[
        Path | None,
        typer.Option(
            help=localised(
                "Tulis letak masalah ke berkas ini, .gpkg untuk QGIS.",
                "Write the problem spots here, a .gpkg for QGIS.",
            )
        ),
    ] = None,
    parents: Annotated[
        Path | None,
        typer.Option(
            help=localised(
                "Poligon kelurahan atau RW sebagai pembanding.",
                "Polygons of the kelurahan or RW, to check against.",
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
    """Say what is wrong with polygons: overlaps, gaps, invalid rings and more, and where."""
    with spoken_errors():
        if output is not None:
            check_output(output, (".gpkg",))
        with progress() as bar:
            tell = stepper(bar)
            tell(_READING, 0, 2)
            found = read_file(file, reading, columns)
            place = place_of(found.frame)
            above = None if parents is None else Parents(read_polygons(parents), parents_code)
            tell(_CHECKING, 1, 2)
            report = check_polygons(found.frame, columns, above)
            tell(_CHECKING, 2, 2)
        if output is not None:
            write_problems(report, output)
        if json:
            say_json({**_summary(file, report), **_about(found.remarks, report, place)})
        else:
            _tell(file, report, output)
            for remark in _remarks(found.remarks, report, place):
                say(*remark)


def _about(read: tuple[Bilingual, ...], report: CheckReport, place: Place) -> dict[str, Any]:
    """Where the file lies, and everything that is remarked on it."""
    return {
        "place": place._asdict() | {"in_indonesia": place.in_indonesia},
        "remarks": [remark.en for remark in _remarks(read, report, place)],
    }


def _remarks(read: tuple[Bilingual, ...], report: CheckReport, place: Place) -> list[Bilingual]:
    return [place.sentence(), *read, *report.remarks]


def _summary(file: Path, report: CheckReport) -> dict[str, object]:
    return {
        "file": file.name,
        "areas": report.areas,
        "faults": report.counts(),
        "square_metres": {f"{kind}_m2": m2 for kind, m2 in report.square_metres().items()},
    }


def _tell(file: Path, report: CheckReport, output: Path | None) -> None:
    m2 = report.square_metres()
    say_table(
        Bilingual(
            f"{file.name}: {number(report.areas)} wilayah",
            f"{file.name}: {number(report.areas)} areas",
        ),
        ("fault", "count", "m2"),
        [(kind, number(count), number(m2[kind])) for kind, count in report.counts().items()],
    )
    worst = report.spots.groupby("kind", sort=False).head(3).head(_SHOWN)
    if len(worst):
        say_table(
            Bilingual("Yang terbesar dari setiap jenis", "The largest of each kind"),
            ("fault", "areas", "m2", "note"),
            [
                (kind, _some(codes), number(size, 1), note)
                for kind, codes, size, note in worst[["kind", "codes", "m2", "note"]].to_numpy()
            ],
        )
    if output is not None:
        spots = number(len(report.spots))
        say(
            f"{spots} letak masalah ditulis ke {output}.",
            f"Wrote {spots} problem spots to {output}.",
        )
    elif len(report.spots):
        say(
            "Lihat di peta dengan --output problems.gpkg.",
            "See them on a map with --output problems.gpkg.",
        )


def _some(codes: str) -> str:
    """The first few of a list of codes; the GeoPackage has more."""
    listed = codes.split(", ")
    return ", ".join(listed[:_NAMED]) + (", ..." if len(listed) > _NAMED else "")
