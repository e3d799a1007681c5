"""The command ``demo``: computes the sample city, its records and all its days; serves its map."""

import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import pandas as pd
import typer

from api.cli.serve import Port, listen
from api.cli.terminal.headings import heading
from api.cli.terminal.language import format_number, localised
from api.cli.terminal.options import DEFAULT_DATABASE, Database, Json
from api.cli.terminal.output import print_json, print_table, report_errors
from api.cli.terminal.step_bars import Step, StepClock, step_bars
from api.rule_settings import RuleSettings
from geodata import sample_city
from geodata.boundaries import Boundaries
from geodata.language import Bilingual
from geodata.sample_city import FIRST_DAY, LAST_DAY, SampleCity
from geodata.sample_city.city import EPIDEMIC, GROWING
from geodata.store import Store, open_store, shown_url
from geodata.tessellate.tiles import CUTTING, DRAWING
from zoning.days.daily import CLASSIFYING, run_days
from zoning.records.intake import load_records
from zoning.records.past.writing import CHECKING, SAVING, dated_boundaries, write_past
from zoning.rules import open_rulebook

NoServe = Annotated[
    bool,
    typer.Option(
        "--no-serve",
        help=localised("Selesai setelah semuanya dihitung.", "Stop after the computation."),
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        min=0,
        help=localised(
            "Angka acuan (seed) lain memberi kota lain.", "Another seed gives another city."
        ),
    ),
]
_PERSON_KINDS = ("cases", "newcomers")
_PORTAL_KINDS = ("places", "indicators")
_JOINING: Final = Bilingual("Menggabungkan RT menjadi wilayah", "Joining RT to areas")
_LOADING_PORTAL: Final = Bilingual("Memuat tempat dan indikator", "Loading places and indicators")
_STEPS: Final = (
    Step(GROWING, 2.5),
    Step(DRAWING, 5),
    Step(CUTTING, 3.5),
    Step(EPIDEMIC, 4),
    Step(_JOINING, 4.5),
    Step(CHECKING["cases"], 6.5),
    Step(CHECKING["newcomers"], 1.5),
    Step(SAVING, 2.5),
    Step(_LOADING_PORTAL, 6),
    Step(CLASSIFYING, 6),
)
"""In the order of the work, with the seconds on an ordinary machine."""
_REPORTED_COUNTS = ("read", "new", "corrected", "unchanged", "rejected", "withdrawn")


def demo(
    database: Database = DEFAULT_DATABASE,
    seed: Seed = 7,
    port: Port = 8000,
    no_serve: NoServe = False,  # noqa: FBT002  (typer reads a flag from its default)
    json: Json = False,  # noqa: FBT002
) -> None:
    """The command ``demo``."""
    with report_errors():
        summary = _compute(database, seed)
        if json:
            print_json(summary)
        else:
            _print_summary(summary)
        if not no_serve:
            listen(database, host="127.0.0.1", port=port)


def _compute(database: str, seed: int) -> dict[str, Any]:
    rules = open_rulebook(RuleSettings().rules)
    # The database opens before the long work, so that a database error comes first.
    with open_store(database, create=True) as store, step_bars(_STEPS) as steps:
        city = sample_city.build(seed, progress=steps.report)
        steps.report(_JOINING, 0, 1)
        dated = dated_boundaries(city, f"sample city, seed {seed}")
        past_reports = write_past(store, city, dated, steps.report)
        intake: dict[str, Any] = {kind: report._asdict() for kind, report in past_reports.items()}
        intake |= _load_portal(store, city, dated[-1].boundaries, steps)
        days = [FIRST_DAY + timedelta(n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
        runs = run_days(store, None, days, progress=steps.report, rules=rules)
    return {
        "database": shown_url(database),
        "seed": seed,
        "boundaries": [
            {
                "boundaries": boundaries.id,
                "in_force": version.since,
                "areas": boundaries.areas["kind"].value_counts().to_dict(),
            }
            for boundaries, version in dated
        ],
        **intake,
        "days": len(runs),
    }


def _load_portal(
    store: Store, city: SampleCity, boundaries: Boundaries, steps: StepClock
) -> dict[str, dict[str, Any]]:
    """Load places and indicators from files, as a city does."""
    reports = {}
    with tempfile.TemporaryDirectory() as folder:
        for part, kind in enumerate(_PORTAL_KINDS):
            progress = steps.report_part(_LOADING_PORTAL, part, len(_PORTAL_KINDS))
            records: pd.DataFrame = getattr(city, kind)
            path = Path(folder) / f"{kind}.csv"
            records.to_csv(path, index=False)
            report = load_records(store, kind, path, boundaries=boundaries, progress=progress)
            reports[kind] = report._asdict()
    return reports


def _print_summary(summary: dict[str, Any]) -> None:
    rows: list[tuple[str, object]] = [
        (
            localised(f"wilayah sejak {version['in_force']}", f"areas from {version['in_force']}"),
            _join_counts(version["areas"]),
        )
        for version in summary["boundaries"]
    ]
    rows += [
        (
            heading(kind),
            _join_counts({name: summary[kind].get(name) for name in _REPORTED_COUNTS}),
        )
        for kind in (*_PERSON_KINDS, *_PORTAL_KINDS)
    ]
    rows.append((heading("days published"), summary["days"]))
    title = Bilingual(
        f"Kota contoh, angka acuan {summary['seed']}", f"The sample city, seed {summary['seed']}"
    )
    print_table(title, ["content", "count"], rows)


def _join_counts(counts: Mapping[str, int | None]) -> str:
    return ", ".join(
        f"{format_number(count)} {heading(name)}"
        for name, count in counts.items()
        if count is not None
    )
