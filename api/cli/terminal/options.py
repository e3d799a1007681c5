"""Options that several commands share."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from api.cli.terminal.language import localised

DEFAULT_DATABASE: Final = "duckdb:///city.duckdb"
Database = Annotated[
    str,
    typer.Option(
        "--database",
        envvar="MIKROZONASI_DATABASE",
        help=localised(
            "duckdb:///city.duckdb, duckdb:////jalur/lengkap/city.duckdb, atau untuk banyak proses "
            "sekaligus postgresql://user@host/name dengan kata sandi di ~/.pgpass.",
            "duckdb:///city.duckdb, duckdb:////absolute/path/city.duckdb, or for many processes "
            "at once postgresql://user@host/name with the password in ~/.pgpass.",
        ),
    ),
]
Json = Annotated[
    bool,
    typer.Option(
        "--json",
        help=localised(
            "Ringkasan JSON untuk program, pada keluaran standar.",
            "A JSON summary for programs, on standard output.",
        ),
    ),
]
TableOutput = Annotated[
    Path,
    typer.Option(
        "--output",
        help=localised(
            "Berkas yang ditulis: .csv, .xlsx, atau .parquet.",
            "The file to write: .csv, .xlsx or .parquet.",
        ),
    ),
]
ListOutput = Annotated[
    Path | None,
    typer.Option(
        "--output",
        help=localised(
            "Tulis seluruh daftar ke berkas .csv, .xlsx, atau .parquet.",
            "Write the whole list to a .csv, .xlsx or .parquet file.",
        ),
    ),
]
AreaFilter = Annotated[
    str | None,
    typer.Option(
        "--area",
        help=localised(
            "Kode wilayah: hanya data di dalam wilayah itu.",
            "Code of an area: only records inside this area.",
        ),
    ),
]
Decider = Annotated[
    str,
    typer.Option(
        "--by",
        help=localised(
            "Yang memutuskan: nama kantor, atau inisial.",
            "Who decides: an office, or initials.",
        ),
    ),
]


def iso_day(text: str) -> date:
    """Parse the day of an option.

    Raises
    ------
    typer.BadParameter
        If `text` is not an ISO date.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            localised(
                f"{text!r} bukan tanggal. Tulis tahun, bulan, dan hari: 2021-07-15.",
                f"{text!r} is not a day. Write year, month and day: 2021-07-15.",
            )
        ) from None


def day_option(name: str, indonesian: str, english: str) -> Any:  # noqa: ANN401  (the type of typer)
    """An option that takes a day.

    Parameters
    ----------
    name
        The option as a user writes it: ``--from``.
    indonesian, english
        The help text of the option.
    """
    return typer.Option(
        name, parser=iso_day, metavar="YYYY-MM-DD", help=localised(indonesian, english)
    )
