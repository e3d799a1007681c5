"""A database of the small city with published days, written by hand with their moments."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import NamedTuple

import pyarrow as pa

from geodata.boundaries import save_boundaries
from geodata.public_runs import PUBLIC_RUN_SCHEMA
from geodata.runs import Run, counts_columns
from geodata.store import Store, open_store
from tests.cities import small_city as city

_ADD_RUNS = """
insert into public_run (public_id, date, rule, rule_digest, boundaries,
                        green, yellow, orange, red, counts)
select public_id, date, rule, rule_digest, boundaries, green, yellow, orange, red, counts
from stage order by public_id
"""
_ADD_ZONES = """
insert into public_zone (public_id, code, risk)
select public_id, code, risk from stage order by public_id, code
"""
_PUBLISH = """
insert into public_publication (date, version, public_id, published_at)
select date, version, public_id, published_at from stage order by date, version
"""
_ADD_UNPLACED = """
insert into run_unplaced (run, code, cases, active)
select run, code, cases, active from stage order by run, code
"""
_PUBLISH_INTERNALLY = """
insert into published (date, version, run, published_at)
select date, version, run, published_at from stage order by date, version
"""


class Published(NamedTuple):
    """A run, its coloured zones, and its publication."""

    run: Run
    zones: Mapping[str, int]
    version: int
    moment: datetime


@contextmanager
def open_city(url: str) -> Iterator[Store]:
    """The small city without a published day."""
    with open_store(url, create=True) as store:
        save_boundaries(store, city.small_city(), "by hand", {})
        yield store


def add_days(store: Store, *days: Published) -> None:
    """Write the public part of days."""
    runs = [
        {
            "public_id": run.id,
            "date": run.date,
            "rule": run.rule,
            "rule_digest": run.rule_digest,
            "boundaries": run.boundaries,
            **counts_columns(run.counts),
        }
        for run, *_ in days
    ]
    zones = [
        {"public_id": day.run.id, "code": code, "risk": risk}
        for day in days
        for code, risk in day.zones.items()
    ]
    publications = [
        {
            "date": day.run.date,
            "version": day.version,
            "public_id": day.run.id,
            "published_at": day.moment,
        }
        for day in days
    ]
    with store.transaction() as work:
        work.append(_ADD_RUNS, pa.Table.from_pylist(runs, schema=PUBLIC_RUN_SCHEMA))
        if zones:
            work.append(_ADD_ZONES, pa.Table.from_pylist(zones))
        work.append(_PUBLISH, pa.Table.from_pylist(publications))


def add_unplaced(
    store: Store, day: date, cases: Sequence[Mapping[str, int]], moments: Sequence[datetime]
) -> None:
    """Write versions of a day's run, each with its cases without an RT by area."""
    versions = range(1, len(cases) + 1)
    rows = [
        {"run": f"{day}/{version}", "code": code, "cases": n, "active": n + 100}
        for version, by_code in zip(versions, cases, strict=True)
        for code, n in by_code.items()
    ]
    publications = [
        {"date": day, "version": version, "run": f"{day}/{version}", "published_at": moment}
        for version, moment in zip(versions, moments, strict=True)
    ]
    with store.transaction() as work:
        work.append(_ADD_UNPLACED, pa.Table.from_pylist(rows))
        work.append(_PUBLISH_INTERNALLY, pa.Table.from_pylist(publications))
