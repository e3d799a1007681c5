"""Commands on addresses: read those of a file, list what waits for a person, decide."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.output import (
    DEFAULT_DATABASE,
    Database,
    Json,
    progress,
    say,
    say_first,
    say_json,
    say_table,
    spoken_errors,
    stepper,
)
from api.cli.terminal.words import word
from geodata.addresses import (
    AddressReader,
    Certainty,
    decide_address,
    decisions,
    read_sheet,
)
from geodata.boundaries import load_boundaries
from geodata.errors import InputError
from geodata.language import Bilingual
from geodata.store import open_store
from geodata.tables import read_table, write_table
from zoning.records.undecided import undecided_frame

_READING: Final = Bilingual("Membaca", "Reading")
_FIELDS = ("rt", "rw", "kelurahan", "kecamatan")


def read(
    file: Annotated[
        Path, typer.Argument(help=localised("CSV, XLSX, atau Parquet.", "CSV, XLSX or Parquet."))
    ],
    column: Annotated[
        str,
        typer.Option(
            help=localised("Judul kolom berisi alamat.", "Heading of the column with addresses.")
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            help=localised(
                "File .csv, .xlsx, atau .parquet yang akan ditulis.",
                "A .csv, .xlsx or .parquet file to write.",
            )
        ),
    ],
    also: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD=HEADING",
            help=localised(
                "Kolom lain: rt, rw, kelurahan, atau kecamatan, misalnya --also kelurahan=Kel.",
                "Another column: rt, rw, kelurahan or kecamatan, as in --also kelurahan=Kel.",
            ),
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
            tell = stepper(bar)
            table, readings = read_sheet(
                sheet,
                columns,
                reader,
                progress=lambda done, of: tell(_READING, done, of),
            )
        write_table(table, output)
    counts = Counter(str(reading.certainty) for reading in readings)
    if json:
        say_json({"rows": len(readings)} | {str(c): counts[c] for c in Certainty})
        return
    rows = [(word("rows"), len(readings)), *((word(str(c)), counts[c]) for c in Certainty)]
    title = Bilingual(f"{file.name}: alamat", f"{file.name}: addresses")
    say_table(title, ["", "rows"], rows)
    say(f"Ditulis ke {output.name}.", f"Written to {output.name}.")


def undecided(
    database: Database = DEFAULT_DATABASE,
    output: Annotated[
        Path | None,
        typer.Option(
            help=localised(
                "Tulis ke berkas .csv, .xlsx, atau .parquet.",
                "Write them to a .csv, .xlsx or .parquet file.",
            )
        ),
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
        say(
            f"{len(waiting)} alamat yang belum diputuskan ditulis ke {output.name}.",
            f"{len(waiting)} undecided addresses written to {output.name}.",
        )
        return
    title = Bilingual(
        f"Alamat yang belum diputuskan: {len(waiting)}", f"Undecided addresses: {len(waiting)}"
    )
    say_first(title, waiting[["records", "reading", "area_part"]])


def decide(
    area_part: Annotated[
        str,
        typer.Argument(
            help=localised(
                "Seperti dalam `addresses undecided`.", "As `addresses undecided` shows it."
            )
        ),
    ],
    code: Annotated[
        str,
        typer.Argument(
            help=localised(
                "Kode RT atau kelurahan yang dimaksud, atau: none.",
                "Of the RT or kelurahan that is meant, or: none.",
            )
        ),
    ],
    by: Annotated[
        str,
        typer.Option(
            help=localised(
                "Siapa yang memutuskan: nama kantor, atau inisial.",
                "Who decides: an office, or initials.",
            )
        ),
    ],
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
            f"Sudah diputuskan untuk {count} data; hitung ulang hari-harinya: "
            "`mikrozonasi zones run --from HARI --to HARI`.",
            f"Decided for {count} records; run the days again: "
            "`mikrozonasi zones run --from DAY --to DAY`.",
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
