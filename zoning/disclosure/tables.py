"""The public tables, read; nothing here reads a count."""

from datetime import date, datetime
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from geodata.calendar import FOR_EVER
from geodata.runs import FOUR, Run, classes_in, counts_of, run_of
from geodata.store import Reads
from zoning.public.day import PublicDay
from zoning.public.source import KnownDays, RunKey, Stamp
from zoning.rules import Rulebook

_STANDING: Final = """
select distinct on (p.date) p.date, p.public_id as run, r.rule, r.boundaries,
       r.green, r.yellow, r.orange, r.red, r.counts
from public_publication as p join public_run as r on r.public_id = p.public_id
where p.date between $1 and $2 and p.published_at <= $3
order by p.date, p.version desc
"""
_LATEST: Final = "select max(date) as date from public_publication where published_at <= $1"
_KEY: Final = """
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
_COLOURED: Final = "select public_id as run, code, risk from public_zone where public_id = any($1)"
_WITHIN: Final = """
select standing.date, z.risk, cast(count(*) as bigint) as rt
from (select distinct on (p.date) p.date, p.public_id as run, r.boundaries
      from public_publication as p join public_run as r on r.public_id = p.public_id
      where p.date between $1 and $2 and p.published_at <= $3
      order by p.date, p.version desc) standing
join public_zone z on z.public_id = standing.run and z.code = any($4)
where standing.boundaries = $5
group by standing.date, z.risk
"""
_STAMP: Final = "select count(*) as n, max(published_at) as last from public_publication"


def standing_runs(reads: Reads, known: KnownDays, rules: Rulebook) -> pd.DataFrame:
    """See `zoning.public.source.PublicSource.runs`."""
    rows = reads.read(_STANDING, *known.parameters)
    found: pd.DataFrame = rows.drop_columns([*FOUR, "counts"]).to_pandas()
    kept = rows["counts"].to_pylist()
    rules.check_classes(classes_in(kept))
    if not any(kept):
        # The four colours: columns as they are.
        return found if rules.keys != list(FOUR) else found.assign(**_columns(rows))
    every = [counts_of({"counts": each}) for each in kept]
    return found.assign(**{key: [counts[key] for counts in every] for key in rules.keys})


def _columns(rows: pa.Table) -> dict[str, NDArray[np.int64]]:
    return {name: rows[name].to_numpy() for name in FOUR}


def latest_day(reads: Reads, known_at: datetime | None) -> date | None:
    """The newest day that was published by a moment."""
    found: date | None = reads.read(_LATEST, known_at or FOR_EVER)["date"][0].as_py()
    return found


def find_key(reads: Reads, day: date | None, known_at: datetime | None) -> RunKey | None:
    """Which run of a day stood published, without the run; of the newest day for None."""
    chosen = latest_day(reads, known_at) if day is None else day
    if chosen is None:
        return None
    found = reads.read(_KEY, chosen, known_at or FOR_EVER).to_pylist()
    return RunKey(**found[0], known_at=known_at) if found else None


def find_day(
    reads: Reads, day: date, known_at: datetime | None, rules: Rulebook
) -> PublicDay | None:
    """A day as it stood published at a moment; None where it was not."""
    found = reads.read(_DAY, day, known_at or FOR_EVER).to_pylist()
    return _day(reads, run_of(found[0]), known_at, rules) if found else None


def find_run(reads: Reads, run: str, rules: Rulebook) -> PublicDay | None:
    """A published day by its public id."""
    found = reads.read(_RUN, run).to_pylist()
    return _day(reads, run_of(found[0]), None, rules) if found else None


def coloured_zones(reads: Reads, runs: list[str]) -> pa.Table:
    """``run, code, risk`` of the coloured zones of some runs."""
    return reads.read(_COLOURED, runs)


def colours_within(
    reads: Reads, codes: list[str], version: str, of: tuple[KnownDays, Rulebook]
) -> pd.DataFrame:
    """See `zoning.public.source.PublicSource.colours_within`."""
    known, rules = of
    runs = standing_runs(reads, known, rules)
    days = runs[runs["boundaries"] == version][["date", "run"]].reset_index(drop=True)
    rows = reads.read(_WITHIN, *known.parameters, codes, version)
    counts = np.zeros((len(days), len(rules.classes)), dtype=np.int64)
    at = pd.Index(days["date"]).get_indexer(rows["date"].to_pylist())
    counts[at, rows["risk"].to_numpy()] = rows["rt"].to_numpy()
    highest = np.where(counts > 0, np.arange(counts.shape[1]), 0).max(axis=1, initial=0)
    above = {key: counts[:, risk] for risk, key in enumerate(rules.keys) if risk}
    return days.assign(risk=highest, **above)


def stamp(reads: Reads) -> Stamp:
    """How often the public content of a day changed, and when it last did."""
    [found] = reads.read(_STAMP).to_pylist()
    return Stamp(int(found["n"]), found["last"])


def _day(reads: Reads, of: Run, known_at: datetime | None, rules: Rulebook) -> PublicDay:
    rules.check_classes([tuple(of.counts)])
    return PublicDay(of=of, zones=reads.read(_ZONES, of.id), known_at=known_at)
