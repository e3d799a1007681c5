"""The command ``demo``: a whole synthetic city, its records and all its days, then its map."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from rich.progress import Progress

from api.cli.output import (
    DEFAULT_DATABASE,
    Database,
    Json,
    progress,
    say_json,
    say_table,
    spoken_errors,
    teller,
)
from api.cli.serve import Port, listen
from geodata import sample_city
from geodata.boundaries import Boundaries, assemble, boundaries_in_force, save_boundaries
from geodata.errors import InputError, NotFoundError
from geodata.sample_city import FIRST_DAY, LAST_DAY, SampleCity
from geodata.store import Store, open_store, shown_url
from zoning.days.daily import run_days
from zoning.records.intake import IntakeReport, load_records

NoServe = Annotated[bool, typer.Option("--no-serve", help="Stop when all is computed.")]
Seed = Annotated[int, typer.Option(min=0, help="Another seed gives another city.")]
_KINDS = ("cases", "newcomers", "places", "indicators")


def demo(
    database: Database = DEFAULT_DATABASE,
    seed: Seed = 7,
    port: Port = 8000,
    no_serve: NoServe = False,  # noqa: FBT002  (typer reads a flag from its default)
    json: Json = False,  # noqa: FBT002
) -> None:
    """Compute the sample city from its boundaries to its last day, and serve its map."""
    with spoken_errors():
        with progress() as bar:
            summary = _compute(database, seed, bar)
        if json:
            say_json(summary)
        else:
            _say(summary)
        if not no_serve:
            listen(database, host="127.0.0.1", port=port)


def _compute(database: str, seed: int, bar: Progress) -> dict[str, Any]:
    city = sample_city.build(seed, progress=teller(bar))
    boundaries = assemble(city.rt)
    with open_store(database, create=True) as store:
        _refuse_another_city(store, boundaries)
        save_boundaries(store, boundaries, f"sample city, seed {seed}", {})
        intake = _take_in(store, city, boundaries, bar)
        days = [FIRST_DAY + timedelta(n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
        ran = run_days(store, boundaries, days, progress=teller(bar))
    return {
        "database": shown_url(database),
        "seed": seed,
        "boundaries": boundaries.id,
        "areas": boundaries.areas["kind"].value_counts().to_dict(),
        **{kind: report._asdict() for kind, report in intake.items()},
        "days": len(ran),
    }


def _refuse_another_city(store: Store, boundaries: Boundaries) -> None:
    try:
        held = boundaries_in_force(store)
    except NotFoundError:
        return
    if held != boundaries.id:
        raise InputError(
            "another-city",
            "The database holds another city already. Name a new file with --database, for "
            "instance duckdb:///sample.duckdb.",
        )


def _take_in(
    store: Store, city: SampleCity, boundaries: Boundaries, bar: Progress
) -> dict[str, IntakeReport]:
    """Take the records in as a city does: from files, through every check."""
    reports = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind in _KINDS:
            records: pd.DataFrame = getattr(city, kind)
            path = Path(folder) / f"{kind}.csv"
            records.to_csv(path, index=False)
            reports[kind] = load_records(
                store, kind, path, boundaries=boundaries, progress=teller(bar)
            )
    return reports


def _say(summary: dict[str, Any]) -> None:
    rows: list[tuple[str, object]] = [("areas", _listed(summary["areas"]))]
    for kind in _KINDS:
        report = summary[kind]
        figures = ("read", "new", "corrected", "unchanged", "rejected")
        rows.append((kind, _listed({name: report[name] for name in figures})))
        rows.append((f"{kind} placed by", _listed(report["placed"])))
    rows.append(("days published", summary["days"]))
    say_table(f"The sample city, seed {summary['seed']}", ["what", "how many"], rows)


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())
