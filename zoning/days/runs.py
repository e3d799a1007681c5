"""Reads published runs: the published days, and the zones of a day as published at any moment."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final

import pyarrow as pa

from geodata.calendar import FOR_EVER
from geodata.language import Bilingual
from geodata.public_runs import public_id
from geodata.runs import RunData, run_of
from geodata.store import Reads
from zoning.phrases import as_of, not_published, nothing_published

_DAYS: Final = "select distinct date from published where published_at <= $1 order by date"
_LATEST: Final = "select max(date) as date from published where published_at <= $1"
_VERSION: Final = """
select p.date, p.version, p.published_at, r.run, r.rule, r.rule_digest, r.boundaries,
       r.green, r.yellow, r.orange, r.red, r.counts
from published as p join run as r on r.run = p.run
where p.date = $1 and p.published_at <= $2 and p.version <= $3
order by p.version desc limit 1
"""
_ZONES: Final = """
select code, risk, houses, houses_at_least, cases, active from run_zone where run = $1 order by code
"""
_UNPLACED: Final = "select code, cases, active from run_unplaced where run = $1 order by code"
_ANY_VERSION: Final = 2**62


@dataclass(frozen=True, eq=False)
class DayZones(RunData):
    """The result of a run for one day. Two objects of the same run are equal.

    Attributes
    ----------
    of
        The run. Its id is the internal id, the keyed digest of its inputs: only for officials.
    version, published_at
        Number of the publication of the day, from 1, and its moment (UTC); 0 and None for a day
        that was computed but not published.
    zones
        ``code, risk, houses, houses_at_least, cases, active`` of every RT with a case in the
        window or an active case.
    unplaced
        ``code, cases, active``: cases in no RT, by the smallest known area.
    """

    version: int
    published_at: datetime | None
    zones: pa.Table
    unplaced: pa.Table

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DayZones) and self.run == other.run

    def __hash__(self) -> int:
        return hash(self.run)

    @cached_property
    def public_id(self) -> str:
        """The public id: computed from the colours, not from the records."""
        coloured = zip(*self.zones.select(["code", "risk"]).to_pydict().values(), strict=True)
        return public_id(
            self.date,
            self.rule,
            self.rule_digest,
            self.boundaries,
            [(code, risk) for code, risk in coloured if risk > 0],
        )

    @property
    def published(self) -> bool:
        """Whether this day was published, or only computed."""
        return self.published_at is not None


def published_days(reads: Reads, known_at: datetime | None = None) -> list[date]:
    """Days with published zones, in order. With `known_at`: days published by that moment."""
    return list(reads.read(_DAYS, known_at or FOR_EVER)["date"].to_pylist())


def latest_day(reads: Reads, known_at: datetime | None = None) -> date:
    """The newest published day. With `known_at`: of the days published by that moment.

    Raises
    ------
    NotFoundError
        ``nothing-published`` if no day is published.
    """
    latest: date | None = reads.read(_LATEST, known_at or FOR_EVER)["date"][0].as_py()
    if latest is None:
        raise nothing_published()
    return latest


def read_run(
    reads: Reads, day: date, *, version: int | None = None, known_at: datetime | None = None
) -> DayZones:
    """The published run of a day.

    Parameters
    ----------
    version
        Number of the publication of the day. Default: the newest.
    known_at
        Only publications up to this moment (UTC, without a timezone).

    Raises
    ------
    NotFoundError
        ``no-run`` if the day was not published, or not in that version or by that moment.
    """
    zones = find_run(reads, day, version=version, known_at=known_at)
    if zones is None:
        raise not_published(day, _version_phrase(version, known_at))
    return zones


def find_run(
    reads: Reads, day: date, *, version: int | None = None, known_at: datetime | None = None
) -> DayZones | None:
    """The published run of a day, None if the day was not published; see `read_run`."""
    rows = reads.read(_VERSION, day, known_at or FOR_EVER, version or _ANY_VERSION).to_pylist()
    if not rows or version not in {None, rows[0]["version"]}:
        return None
    run = run_of(rows[0])
    return DayZones(
        of=run,
        version=rows[0]["version"],
        published_at=rows[0]["published_at"],
        zones=reads.read(_ZONES, run.id),
        unplaced=reads.read(_UNPLACED, run.id),
    )


def _version_phrase(version: int | None, known_at: datetime | None) -> Bilingual:
    if version is not None:
        return Bilingual(f" dalam versi {version}", f" in version {version}")
    return as_of(known_at)
