"""Commands on addresses: read those of a file, list what waits for a person, decide."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from api.cli.output import (
    DEFAULT_DATABASE,
    Database,
    Json,
    progress,
    say,
    say_json,
    say_table,
    spoken_errors,
)
from geodata.addresses import (
    AddressReader,
    Certainty,
    decide_address,
    decisions,
    read_sheet,
)
from geodata.boundaries import load_boundaries
from geodata.errors import InputError
from geodata.store import open_store
from geodata.tables import read_table, write_table
from zoning.records.undecided import undecided_frame


class _FileFirst(TyperGroup):
    """A group whose first argument may be a file, which is then read."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  (click's, which typer carries inside)
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["read", *args]
        return super().parse_args(ctx, args)


addresses = typer.Typer(
    cls=_FileFirst,
    no_args_is_help=True,
    help="Addresses: `addresses FILE --column alamat` reads a file's; decide what is ambiguous.",
)
_MOST_SHOWN = 50
_FIELDS = ("rt", "rw", "kelurahan", "kecamatan")


@addresses.command()
def read(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or Parquet.")],
    column: Annotated[str, typer.Option(help="Heading of the column with addresses.")],
    output: Annotated[Path, typer.Option(help="A .csv, .xlsx or .parquet file to write.")],
    also: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD=HEADING",
            help="Another column: rt, rw, kelurahan or kecamatan, as in --also kelurahan=Kel.",
        ),
    ] = None,
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """Read a file's addresses: its rows, and beside each code, certainty, reading, candidates."""
    with spoken_errors(), open_store(database) as store:
        reader = AddressReader(load_boundaries(store), decisions(store))
        sheet = read_table(file)
        columns = {"address": column} | dict(map(_field, also or []))
        with progress() as bar:
            task = bar.add_task("Reading", total=None)
            table, readings = read_sheet(
                sheet,
                columns,
                reader,
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )
        write_table(table, output)
    counts = Counter(str(reading.certainty) for reading in readings)
    if json:
        say_json({"rows": len(readings)} | {str(c): counts[c] for c in Certainty})
        return
    rows = [("rows", len(readings)), *((str(c), counts[c]) for c in Certainty)]
    say_table(f"{file.name}: addresses", ["", "rows"], rows)
    say(f"Written to {output.name}.")


@addresses.command()
def undecided(
    database: Database = DEFAULT_DATABASE,
    output: Annotated[
        Path | None, typer.Option(help="Write them to a .csv, .xlsx or .parquet file.")
    ] = None,
    json: Json = False,  # noqa: FBT002
) -> None:
    """List what is ambiguous in the addresses of the records, most frequent first."""
    with spoken_errors(), open_store(database) as store:
        waiting = undecided_frame(store)
        if output is not None:
            write_table(waiting, output)
    if json:
        say_json({"undecided": len(waiting), "rows": waiting.to_dict("records")})
        return
    if output is not None:
        say(f"{len(waiting)} undecided addresses written to {output.name}.")
        return
    shown = waiting[["records", "reading", "area_part"]].head(_MOST_SHOWN)
    say_table(
        f"Undecided addresses: {len(waiting)}", list(shown.columns), shown.to_numpy().tolist()
    )
    if len(waiting) > len(shown):
        say(f"The first {len(shown)} are shown; --output FILE.xlsx writes them all.")


@addresses.command()
def decide(
    area_part: Annotated[str, typer.Argument(help="As `addresses undecided` shows it.")],
    code: Annotated[str, typer.Argument(help="Of the RT or kelurahan that is meant, or: none.")],
    by: Annotated[str, typer.Option(help="Who decides: an office, or initials.")],
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002
) -> None:
    """Decide what an ambiguous address means, for every record that says no more of its area."""
    with spoken_errors(), open_store(database) as store:
        boundaries = load_boundaries(store)
        waiting = undecided_frame(store, boundaries).set_index("area_part")["records"]
        known = frozenset([*waiting.index, *decisions(store)])
        decide_address(store, boundaries, area_part, code, by=by, known=known)
    count = int(waiting.get(area_part, 0))
    if json:
        say_json({"area_part": area_part, "code": code, "records": count})
    else:
        say(
            f"Decided for {count} records; run the days again: "
            "`mikrozonasi zones run --from DAY --to DAY`."
        )


def _field(named: str) -> tuple[str, str]:
    field, given, heading = named.partition("=")
    if field not in _FIELDS or not given:
        raise InputError(
            "no-such-field",
            "--also takes rt, rw, kelurahan or kecamatan, an equals sign and a heading: "
            "--also kelurahan=Kelurahan.",
            indonesian="--also menerima rt, rw, kelurahan atau kecamatan, tanda sama dengan, "
            "dan judul kolom: --also kelurahan=Kelurahan.",
        )
    return field, heading
