"""The command ``boundaries check``."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from api.cli.boundaries.column_options import with_columns
from api.cli.boundaries.file_options import File, with_reading
from api.cli.output import Json, progress, say, say_json, say_table, spoken_errors
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

_SHOWN: Final = 20
_NAMED: Final = 4


@with_columns
@with_reading
def check(
    file: File,
    columns: Columns,
    reading: Reading,
    output: Annotated[
        Path | None, typer.Option(help="Write the problem spots here, a .gpkg for QGIS.")
    ] = None,
    parents: Annotated[
        Path | None, typer.Option(help="Polygons of the kelurahan or RW, to check against.")
    ] = None,
    parents_code: Annotated[
        str, typer.Option(help="Column of --parents that holds their codes, or names like 'RW 03'.")
    ] = "code",
    json: Json = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Say what is wrong with polygons: overlaps, gaps, invalid rings and more, and where.

    Faults are the answer, not a failure: the exit status is 0 where the file could be checked.
    """
    with spoken_errors():
        if output is not None:
            check_output(output, (".gpkg",))
        with progress() as bar:
            steps = bar.add_task("Reading", total=2)
            found = read_file(file, reading, columns)
            place = place_of(found.frame)
            above = None if parents is None else Parents(read_polygons(parents), parents_code)
            bar.update(steps, advance=1, description="Checking")
            report = check_polygons(found.frame, columns, above)
            bar.update(steps, advance=1)
        if output is not None:
            write_problems(report, output)
        if json:
            say_json({**_summary(file, report), **_about(found.remarks, report, place)})
        else:
            _tell(file, report, output)
            for remark in _remarks(found.remarks, report, place):
                say(remark.en)


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
        f"{file.name}: {report.areas:,} areas",
        ("fault", "count", "m2"),
        [(kind, f"{count:,}", f"{m2[kind]:,.0f}") for kind, count in report.counts().items()],
    )
    worst = report.spots.groupby("kind", sort=False).head(3).head(_SHOWN)
    if len(worst):
        say_table(
            "The largest of each kind",
            ("fault", "areas", "m2", "note"),
            [
                (kind, _some(codes), f"{size:,.1f}", note)
                for kind, codes, size, note in worst[["kind", "codes", "m2", "note"]].to_numpy()
            ],
        )
    if output is not None:
        say(f"Wrote {len(report.spots):,} problem spots to {output}.")
    elif len(report.spots):
        say("See them on a map with --output problems.gpkg.")


def _some(codes: str) -> str:
    """The first few of a list of codes; the GeoPackage has more."""
    listed = codes.split(", ")
    return ", ".join(listed[:_NAMED]) + (", ..." if len(listed) > _NAMED else "")
