"""The command ``records houses``: lists doubtful houses."""

from datetime import date
from typing import Annotated

from api.cli.terminal.options import DEFAULT_DATABASE, Database, Json, ListOutput, day_option
from api.cli.terminal.output import print_first_rows, print_json, print_message, report_errors
from geodata.language import Bilingual
from geodata.store import open_store
from geodata.tables import write_table
from zoning.records.house_doubts import house_doubts_frame


def house_doubts(
    database: Database = DEFAULT_DATABASE,
    first: Annotated[
        date | None,
        day_option(
            "--from",
            "Kasus yang terkonfirmasi mulai hari ini.",
            "Cases confirmed on this day or later.",
        ),
    ] = None,
    last: Annotated[
        date | None,
        day_option(
            "--to",
            "Kasus yang terkonfirmasi sampai hari ini.",
            "Cases confirmed on this day or earlier.",
        ),
    ] = None,
    output: ListOutput = None,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """The command ``records houses``."""
    with report_errors(), open_store(database) as store:
        rows = house_doubts_frame(store, first=first, last=last)
        shown = rows.assign(records=rows["records"].map(", ".join))
        if output is not None:
            write_table(shown, output)
    if json:
        print_json({"doubts": len(rows), "rows": rows.to_dict("records")})
        return
    if output is not None:
        print_message(
            f"{len(rows)} rumah yang meragukan ditulis ke {output.name}.",
            f"{len(rows)} doubtful houses written to {output.name}.",
        )
        return
    title = Bilingual(f"Rumah yang meragukan: {len(rows)}", f"Doubtful houses: {len(rows)}")
    print_first_rows(title, shown)
    if len(rows):
        print_message(
            "Perbaiki alamat atau nomor KK pada data itu, lalu muat lagi; lihat docs/records.md.",
            "Correct the address or the KK number of the records, then load them again; see "
            "docs/records.md.",
        )
