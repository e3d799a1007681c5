"""Published runs, read back: which days there are, and what was said of each, at any time since."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final

import pyarrow as pa

from geodata.calendar import FOR_EVER
from geodata.language import Bilingual
from geodata.public_runs import public_id
from geodata.runs import OfRun, run_of
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
class DayZones(OfRun):
    """What a run says of one day. Equal to another of the same run.

    Attributes
    ----------
    of
        Its run. The id of the run is its internal one, the keyed digest of what it was computed
        from: for officials only.
    version, published_at
        Which publication of the day this is, from 1 on, and when it was made (UTC); 0 and None
        where the day was judged for whoever asked and not published.
    zones
        ``code, risk, houses, houses_at_least, cases, active`` of every RT that has a case in
        the window or an active one.
    unplaced
        ``code, cases, active``: cases that are in no RT, by the smallest area known of them.
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
        """The id everyone may know: computed from the colours, not from the records."""
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
        """Whether this was published, rather than judged for whoever asked."""
        return self.published_at is not None


def published_days(reads: Reads, known_at: datetime | None = None) -> list[date]:
    """Days with published zones, in order; those published by a moment where one is given."""
    return list(reads.read(_DAYS, known_at or FOR_EVER)["date"].to_pylist())


def latest_day(reads: Reads, known_at: datetime | None = None) -> date:
    """The newest published day; of those published by a moment where one is given.

    Raises
    ------
    NotFoundError
        ``nothing-published`` if there is none.
    """
    found: date | None = reads.read(_LATEST, known_at or FOR_EVER)["date"][0].as_py()
    if found is None:
        raise nothing_published()
    return found


def read_run(
    reads: Reads, day: date, *, version: int | None = None, known_at: datetime | None = None
) -> DayZones:
    """The published run of a day.

    Parameters
    ----------
    version
        Which publication of the day; the newest where not given.
    known_at
        The one that stood at that moment (UTC, without a zone).

    Raises
    ------
    NotFoundError
        ``no-run`` if the day was not published, or not in that version or by that moment.
    """
    found = find_run(reads, day, version=version, known_at=known_at)
    if found is None:
        raise not_published(day, _then(version, known_at))
    return found


def find_run(
    reads: Reads, day: date, *, version: int | None = None, known_at: datetime | None = None
) -> DayZones | None:
    """The published run of a day, None where there is none; see `read_run`."""
    found = reads.read(_VERSION, day, known_at or FOR_EVER, version or _ANY_VERSION).to_pylist()
    if not found or version not in {None, found[0]["version"]}:
        return None
    of = run_of(found[0])
    return DayZones(
        of=of,
        version=found[0]["version"],
        published_at=found[0]["published_at"],
        zones=reads.read(_ZONES, of.id),
        unplaced=reads.read(_UNPLACED, of.id),
    )


def _then(version: int | None, known_at: datetime | None) -> Bilingual:
    if version is not None:
        return Bilingual(f" dalam versi {version}", f" in version {version}")
    return as_of(known_at)
