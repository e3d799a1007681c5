"""Commands on versions of the boundaries: list the versions, write a crosswalk between two."""

import re
from typing import Annotated, Any, Final

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.options import DEFAULT_DATABASE, Database, Json, TableOutput, iso_day
from api.cli.terminal.output import print_json, print_message, print_table, report_errors
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
_VERSION_HELP: Final = localised(
    "Id batas wilayah, atau hari berlakunya; lihat `boundaries versions`.",
    "Id of boundaries, or a day on which the boundaries are in force; see `boundaries versions`.",
)


def versions(
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """The command ``boundaries versions``."""
    with report_errors(), open_store(database) as store:
        rows = _rows(timeline(store))
    if json:
        print_json({"versions": rows})
    else:
        columns = ["boundaries", "since", "until", "recorded_at", "source"]
        cells = [[row[name] or "" for name in columns] for row in rows]
        print_table(Bilingual("Batas wilayah", "Boundaries"), columns, cells)


def make_crosswalk(
    old: Annotated[str, typer.Option("--from", help=_VERSION_HELP)],
    new: Annotated[str, typer.Option("--to", help=_VERSION_HELP)],
    output: TableOutput,
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """The command ``boundaries crosswalk``."""
    with report_errors(), open_store(database) as store:
        old_boundaries, new_boundaries = (_load_version(store, text) for text in (old, new))
        shares = crosswalk(old_boundaries, new_boundaries)
        write_table(shares, output)
    parts = int((shares["share"] < 1).sum())
    if json:
        print_json(
            {
                "from": old_boundaries.id,
                "to": new_boundaries.id,
                "rows": len(shares),
                "parts": parts,
                "output": str(output),
            }
        )
    else:
        print_message(
            f"{len(shares)} baris, {parts} di antaranya bagian RT, ditulis ke {output}.",
            f"{len(shares)} rows, {parts} of them parts of an RT, written to {output}.",
        )


def _load_version(store: Store, text: str) -> Boundaries:
    """Load boundaries by their id or by a day on which they are in force."""
    if _DAY.fullmatch(text):
        return load_boundaries(store, boundaries_in_force(store, iso_day(text)))
    return load_boundaries(store, text)


def _rows(versions: list[Version]) -> list[dict[str, Any]]:
    """A row for each version, with the day on which the next version begins as ``until``."""
    ends = [version.since for version in versions[1:]] + [None]
    return [
        {**version._asdict(), "until": end} for version, end in zip(versions, ends, strict=True)
    ]
