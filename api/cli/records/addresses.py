"""Commands on addresses: read the addresses of a file, list ambiguous addresses, decide."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli.terminal.headings import heading
from api.cli.terminal.language import localised
from api.cli.terminal.options import (
    DEFAULT_DATABASE,
    Database,
    Decider,
    Json,
    ListOutput,
    TableOutput,
)
from api.cli.terminal.output import (
    bar_for_current_task,
    print_first_rows,
    print_json,
    print_message,
    print_table,
    progress_bar,
    report_errors,
)
from geodata.addresses import (
    AddressReader,
    Certainty,
    read_address_sheet,
    read_decisions,
    store_decision,
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
    output: TableOutput,
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
    """The command ``addresses read``."""
    with report_errors(), open_store(database) as store:
        reader = AddressReader(load_boundaries(store), read_decisions(store))
        sheet = read_table(file)
        columns = {"address": column} | dict(map(_field_and_column, also or []))
        with progress_bar() as bar:
            report = bar_for_current_task(bar)
            table, readings = read_address_sheet(
                sheet,
                columns,
                reader,
                progress=lambda done, total: report(_READING, done, total),
            )
        write_table(table, output)
    counts = Counter(str(reading.certainty) for reading in readings)
    if json:
        print_json({"rows": len(readings)} | {str(value): counts[value] for value in Certainty})
        return
    rows = [(heading("rows"), len(readings))]
    rows += [(heading(str(value)), counts[value]) for value in Certainty]
    title = Bilingual(f"{file.name}: alamat", f"{file.name}: addresses")
    print_table(title, ["", "rows"], rows)
    print_message(f"Ditulis ke {output.name}.", f"Written to {output.name}.")


def undecided(
    database: Database = DEFAULT_DATABASE,
    output: ListOutput = None,
    json: Json = False,  # noqa: FBT002
) -> None:
    """The command ``addresses undecided``."""
    with report_errors(), open_store(database) as store:
        addresses = undecided_frame(store)
        if output is not None:
            write_table(addresses, output)
    count = len(addresses)
    if json:
        print_json({"undecided": count, "rows": addresses.to_dict("records")})
        return
    if output is not None:
        print_message(
            f"{count} alamat yang belum diputuskan ditulis ke {output.name}.",
            f"{count} undecided addresses written to {output.name}.",
        )
        return
    title = Bilingual(f"Alamat yang belum diputuskan: {count}", f"Undecided addresses: {count}")
    print_first_rows(title, addresses[["records", "reading", "area_part"]])


def decide(
    area_part: Annotated[
        str,
        typer.Argument(
            help=localised(
                "Bagian alamat, seperti ditampilkan `addresses undecided`.",
                "The part of the address, as `addresses undecided` shows it.",
            )
        ),
    ],
    code: Annotated[
        str,
        typer.Argument(
            help=localised(
                "Kode RT atau kelurahan yang dimaksud; none bila tidak satu pun.",
                "Code of the RT or kelurahan that is meant; none for no area.",
            )
        ),
    ],
    by: Decider,
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002
) -> None:
    """The command ``addresses decide``."""
    with report_errors(), open_store(database) as store:
        boundaries = load_boundaries(store)
        record_counts = undecided_frame(store, boundaries).set_index("area_part")["records"]
        known = frozenset([*record_counts.index, *read_decisions(store)])
        store_decision(store, boundaries, area_part, code, by=by, known=known)
    count = int(record_counts.get(area_part, 0))
    if json:
        print_json({"area_part": area_part, "code": code, "records": count})
    else:
        print_message(
            f"Sudah diputuskan untuk {count} data. Hitung ulang hari-harinya: "
            "`mikrozonasi zones run --from HARI --to HARI`.",
            f"Decided for {count} records. Compute the days again: "
            "`mikrozonasi zones run --from DAY --to DAY`.",
        )


def _field_and_column(option: str) -> tuple[str, str]:
    """Split the value of --also."""
    field, equals_sign, column = option.partition("=")
    if field not in _FIELDS or not equals_sign:
        raise InputError(
            "no-such-field",
            "--also takes rt, rw, kelurahan or kecamatan, an equals sign and a heading: "
            "--also kelurahan=Kelurahan.",
            indonesian="--also menerima rt, rw, kelurahan atau kecamatan, tanda sama dengan, "
            "dan judul kolom: --also kelurahan=Kelurahan.",
        )
    return field, column
