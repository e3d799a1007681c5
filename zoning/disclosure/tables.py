"""Read the public tables; no query here reads a count of people or houses."""

from datetime import date, datetime
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from geodata.calendar import FOR_EVER
from geodata.runs import FOUR_CLASSES, Run, class_lists, parse_counts, run_of
from geodata.store import Reads
from zoning.public.day import PublicDay
from zoning.public.source import KnownDays, RunKey, Stamp
from zoning.rules import Rulebook

_PUBLISHED_RUNS: Final = """
select distinct on (p.date) p.date, p.public_id as run, r.rule, r.boundaries,
       r.green, r.yellow, r.orange, r.red, r.counts
from public_publication as p join public_run as r on r.public_id = p.public_id
where p.date between $1 and $2 and p.published_at <= $3
order by p.date, p.version desc
"""
_LATEST_DAY: Final = "select max(date) as date from public_publication where published_at <= $1"
_RUN_KEY: Final = """
select p.public_id as run, p.date, r.boundaries
from public_publication as p join public_run as r on r.public_id = p.public_id
where p.date = $1 and p.published_at <= $2
order by p.version desc limit 1
"""
_DAY: Final = """
select p.date, p.public_id as run, r.rule, r.rule_digest, r.boundaries,
       r.green, r.yellow, r.orange, r.red, r.counts
from public_publication as p join public_run as r on r.public_id = p.public_id
where p.date = $1 and p.published_at <= $2
order by p.version desc limit 1
"""
_RUN: Final = """
select date, public_id as run, rule, rule_digest, boundaries, green, yellow, orange, red, counts
from public_run where public_id = $1
"""
_ZONES: Final = "select code, risk from public_zone where public_id = $1 order by code"
_COLOURED_ZONES: Final = (
    "select public_id as run, code, risk from public_zone where public_id = any($1)"
)
_COLOURS_WITHIN: Final = """
select public_id as run, risk, cast(count(*) as bigint) as rt from public_zone
where public_id = any($1) and code = any($2)
group by public_id, risk
"""
_STAMP: Final = "select count(*) as n, max(published_at) as last from public_publication"


def published_runs(reads: Reads, known: KnownDays, rules: Rulebook) -> pd.DataFrame:
    """See `zoning.public.source.PublicSource.runs`."""
    rows = reads.read(_PUBLISHED_RUNS, *known.parameters)
    runs: pd.DataFrame = rows.drop_columns([*FOUR_CLASSES, "counts"]).to_pandas()
    stored_counts = rows["counts"].to_pylist()
    rules.check_classes(class_lists(stored_counts))
    if rules.keys == list(FOUR_CLASSES):
        return runs.assign(**{name: rows[name].to_numpy() for name in FOUR_CLASSES})
    counts_by_run = [parse_counts({"counts": stored}) for stored in stored_counts]
    return runs.assign(**{key: [counts[key] for counts in counts_by_run] for key in rules.keys})


def latest_day(reads: Reads, known_at: datetime | None) -> date | None:
    """The newest day published at a moment."""
    latest: date | None = reads.read(_LATEST_DAY, known_at or FOR_EVER)["date"][0].as_py()
    return latest


def find_key(reads: Reads, day: date | None, known_at: datetime | None) -> RunKey | None:
    """Key of the published run of a day at a moment, or of the newest day for None."""
    run_day = latest_day(reads, known_at) if day is None else day
    if run_day is None:
        return None
    keys = reads.read(_RUN_KEY, run_day, known_at or FOR_EVER).to_pylist()
    return RunKey(**keys[0], known_at=known_at) if keys else None


def find_day(
    reads: Reads, day: date, known_at: datetime | None, rules: Rulebook
) -> PublicDay | None:
    """A day as published at a moment; None if not published."""
    runs = reads.read(_DAY, day, known_at or FOR_EVER).to_pylist()
    return _day(reads, run_of(runs[0]), known_at, rules) if runs else None


def find_run(reads: Reads, run: str, rules: Rulebook) -> PublicDay | None:
    """A published day by its public id."""
    runs = reads.read(_RUN, run).to_pylist()
    return _day(reads, run_of(runs[0]), None, rules) if runs else None


def coloured_zones(reads: Reads, runs: list[str]) -> pa.Table:
    """``run, code, risk`` of the zones above the lowest class, for some runs."""
    return reads.read(_COLOURED_ZONES, runs)


def colours_within(
    reads: Reads, codes: list[str], runs: list[str], rules: Rulebook
) -> pd.DataFrame:
    """See `zoning.public.source.PublicSource.colours_within`."""
    rows = reads.read(_COLOURS_WITHIN, runs, codes)
    counts = np.zeros((len(runs), len(rules.classes)), dtype=np.int64)
    run_rows = pd.Index(runs).get_indexer(rows["run"].to_pylist())
    counts[run_rows, rows["risk"].to_numpy()] = rows["rt"].to_numpy()
    highest = np.where(counts > 0, np.arange(counts.shape[1]), 0).max(axis=1)
    class_counts = {key: counts[:, risk] for risk, key in enumerate(rules.keys) if risk}
    return pd.DataFrame({"run": runs, "risk": highest, **class_counts})


def stamp(reads: Reads) -> Stamp:
    """Number of publications, and moment of the last."""
    [row] = reads.read(_STAMP).to_pylist()
    return Stamp(int(row["n"]), row["last"])


def _day(reads: Reads, published_run: Run, known_at: datetime | None, rules: Rulebook) -> PublicDay:
    rules.check_classes([tuple(published_run.counts)])
    return PublicDay(
        of=published_run, zones=reads.read(_ZONES, published_run.id), known_at=known_at
    )
