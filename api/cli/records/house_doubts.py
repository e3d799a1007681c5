"""The command that lists houses in doubt."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.output import (
    DEFAULT_DATABASE,
    Database,
    Json,
    say,
    say_first,
    say_json,
    spoken_errors,
)
from geodata.language import Bilingual
from geodata.store import open_store
from geodata.tables import write_table
from zoning.records.house_doubts import house_doubts_frame


def house_doubts(
    database: Database = DEFAULT_DATABASE,
    first: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            formats=["%Y-%m-%d"],
            help=localised("Kasus terkonfirmasi mulai hari ini.", "Cases confirmed from this day."),
        ),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option(
            "--to",
            formats=["%Y-%m-%d"],
            help=localised(
                "Kasus terkonfirmasi sampai hari ini.", "Cases confirmed up to this day."
            ),
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            help=localised(
                "Tulis ke berkas .csv, .xlsx, atau .parquet.",
                "Write them to a .csv, .xlsx or .parquet file.",
            )
        ),
    ] = None,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """List cases whose houses are in doubt, and what leaves them so."""
    with spoken_errors(), open_store(database) as store:
        rows = house_doubts_frame(store, first=_day(first), last=_day(last))
        shown = rows.assign(records=rows["records"].map(", ".join))
        if output is not None:
            write_table(shown, output)
    if json:
        say_json({"doubts": len(rows), "rows": rows.to_dict("records")})
        return
    if output is not None:
        say(
            f"{len(rows)} rumah yang meragukan ditulis ke {output.name}.",
            f"{len(rows)} houses in doubt written to {output.name}.",
        )
        return
    title = Bilingual(f"Rumah yang meragukan: {len(rows)}", f"Houses in doubt: {len(rows)}")
    say_first(title, shown)
    if len(rows):
        say(
            "Perbaiki alamat atau nomor KK pada data, lalu muat lagi; lihat docs/records.md.",
            "Correct the address or the card of a record and load it again; see docs/records.md.",
        )


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
