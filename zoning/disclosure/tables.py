"""The public tables, read; nothing here reads a count."""

from datetime import date, datetime
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from geodata.calendar import FOR_EVER
from geodata.store import Reads
from zoning.public.day import PublicDay
from zoning.public.source import KnownDays, RunKey, Stamp

_STANDING: Final = """
select distinct on (p.date) p.date, p.public_id as run, r.rule, r.boundaries,
       r.green, r.yellow, r.orange, r.red
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
select p.date, p.public_id as run, r.rule, r.boundaries, r.green, r.yellow, r.orange, r.red
from public_publication as p join public_run as r on r.public_id = p.public_id
where p.date = $1 and p.published_at <= $2
order by p.version desc limit 1
"""
_RUN: Final = """
select date, public_id as run, rule, boundaries, green, yellow, orange, red
from public_run where public_id = $1
"""
_ZONES: Final = "select code, risk from public_zone where public_id = $1 order by code"
_COLOURED: Final = "select public_id as run, code, risk from public_zone where public_id = any($1)"
_WITHIN: Final = """
select standing.date, standing.run, cast(coalesce(max(z.risk), 0) as bigint) as risk,
       cast(count(case z.risk when 1 then 1 end) as bigint) as yellow,
       cast(count(case z.risk when 2 then 1 end) as bigint) as orange,
       cast(count(case z.risk when 3 then 1 end) as bigint) as red
from (select distinct on (p.date) p.date, p.public_id as run, r.boundaries
      from public_publication as p join public_run as r on r.public_id = p.public_id
      where p.date between $1 and $2 and p.published_at <= $3
      order by p.date, p.version desc) standing
left join public_zone z on z.public_id = standing.run and z.code = any($4)
where standing.boundaries = $5
group by standing.date, standing.run order by standing.date
"""
_STAMP: Final = "select count(*) as n, max(published_at) as last from public_publication"


def standing_runs(reads: Reads, known: KnownDays) -> pd.DataFrame:
    """See `zoning.public.source.PublicSource.runs`."""
    found: pd.DataFrame = reads.read(_STANDING, *known.parameters).to_pandas()
    return found


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


def find_day(reads: Reads, day: date, known_at: datetime | None) -> PublicDay | None:
    """A day as it stood published at a moment; None where it was not."""
    found = reads.read(_DAY, day, known_at or FOR_EVER).to_pylist()
    return _day(reads, found[0], known_at) if found else None


def find_run(reads: Reads, run: str) -> PublicDay | None:
    """A published day by its public id."""
    found = reads.read(_RUN, run).to_pylist()
    return _day(reads, found[0], None) if found else None


def coloured_zones(reads: Reads, runs: list[str]) -> pa.Table:
    """``run, code, risk`` of the coloured zones of some runs."""
    return reads.read(_COLOURED, runs)


def colours_within(reads: Reads, codes: list[str], version: str, known: KnownDays) -> pd.DataFrame:
    """See `zoning.public.source.PublicSource.colours_within`."""
    found: pd.DataFrame = reads.read(_WITHIN, *known.parameters, codes, version).to_pandas()
    return found


def stamp(reads: Reads) -> Stamp:
    """How often the public content of a day changed, and when it last did."""
    [found] = reads.read(_STAMP).to_pylist()
    return Stamp(int(found["n"]), found["last"])


def _day(reads: Reads, row: dict[str, Any], known_at: datetime | None) -> PublicDay:
    return PublicDay(**row, zones=reads.read(_ZONES, row["run"]), known_at=known_at)
