"""Commands on boundaries in time: which are in force when, what became of each RT."""

import re
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.output import (
    DEFAULT_DATABASE,
    Database,
    Json,
    say,
    say_json,
    say_table,
    spoken_errors,
)
from api.cli.zones import iso_day
from geodata.boundaries import (
    Boundaries,
    Version,
    boundaries_in_force,
    crosswalk,
    load_boundaries,
    timeline,
)
from geodata.language import Bilingual
from geodata.store import Store, open_store
from geodata.tables import write_table

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_WHICH: Final = localised(
    "Id batas wilayah, atau hari berlakunya; lihat `boundaries versions`.",
    "Id of boundaries, or a day they are in force on; see `boundaries versions`.",
)


def versions(
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """List the boundaries in force one after the other."""
    with spoken_errors(), open_store(database) as store:
        found = _rows(timeline(store))
    if json:
        say_json({"versions": found})
    else:
        columns = ["boundaries", "since", "until", "recorded_at", "source"]
        rows = [[row[name] or "" for name in columns] for row in found]
        say_table(Bilingual("Batas wilayah", "Boundaries"), columns, rows)


def make_crosswalk(
    old: Annotated[str, typer.Option("--from", help=_WHICH)],
    new: Annotated[str, typer.Option("--to", help=_WHICH)],
    output: Annotated[
        Path,
        typer.Option(
            help=localised(
                "Berkas yang ditulis: .csv, .xlsx, atau .parquet.",
                "Where to write: .csv, .xlsx or .parquet.",
            )
        ),
    ],
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Write which share of each old RT lies in which new one: 1.0 where nothing changed."""
    with spoken_errors(), open_store(database) as store:
        before, after = (_asked(store, which) for which in (old, new))
        shares = crosswalk(before, after)
        write_table(shares, output)
    changed = int((shares["share"] < 1).sum())
    if json:
        said = {"from": before.id, "to": after.id, "rows": len(shares), "parts": changed}
        say_json({**said, "output": str(output)})
    else:
        say(
            f"{len(shares)} baris, {changed} di antaranya bagian RT, ada di {output}.",
            f"{len(shares)} rows, {changed} of them parts of an RT, are in {output}.",
        )


def _asked(store: Store, which: str) -> Boundaries:
    if _DAY.fullmatch(which):
        return load_boundaries(store, boundaries_in_force(store, iso_day(which)))
    return load_boundaries(store, which)


def _rows(found: list[Version]) -> list[dict[str, Any]]:
    nexts = [version.since for version in found[1:]] + [None]
    return [
        {**version._asdict(), "until": until} for version, until in zip(found, nexts, strict=True)
    ]
