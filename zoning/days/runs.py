"""Published runs, read back: which days there are, and what was said of each, at any time since."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import pyarrow as pa

from geodata.errors import NotFoundError
from geodata.store import Reads
from zoning.phrases import written
from zoning.rules import rule_in_force

_DAYS: Final = "select distinct date from published where published_at <= $1 order by date"
_RUNS: Final = """
select distinct on (p.date) p.date, r.run, r.rule, r.boundaries, r.green, r.yellow, r.orange, r.red
from published as p join run as r on r.run = p.run
order by p.date, p.version desc
"""
_LATEST: Final = "select max(date) as date from published where published_at <= $1"
_VERSION: Final = """
select p.date, p.version, p.published_at, r.run, r.rule, r.boundaries,
       r.green, r.yellow, r.orange, r.red
from published as p join run as r on r.run = p.run
where p.date = $1 and p.published_at <= $2 and p.version <= $3
order by p.version desc limit 1
"""
_PUBLISHED: Final = """
select date, version from published where run = $1 order by version desc limit 1
"""
_ZONES: Final = """
select code, risk, houses, houses_at_least, cases, active from run_zone where run = $1 order by code
"""
_UNPLACED: Final = "select code, cases, active from run_unplaced where run = $1 order by code"
_ANY_VERSION: Final = 2**62
_LAST: Final = "select max(published_at) as moment from published"
_PUBLICATIONS: Final = "select count(*) as n from published"
_EVER: Final = datetime.max  # noqa: DTZ901  (the tables keep UTC without a zone)


@dataclass(frozen=True, eq=False)
class DayZones:
    """What a run says of one day. Equal to another of the same run.

    Attributes
    ----------
    date, run, rule, boundaries
        The day, and the ids of its run, its rule and its boundaries.
    version, published_at
        Which publication of the day this is, from 1 on, and when it was made (UTC); 0 and None
        where the day was judged for whoever asked and not published.
    green, yellow, orange, red
        How many RT have each colour.
    zones
        ``code, risk, houses, houses_at_least, cases, active`` of every RT that is not plain
        green: no case in the window and none active.
    unplaced
        ``code, cases, active``: cases that are in no RT, by the smallest area known of them.
    """

    date: date
    run: str
    rule: str
    boundaries: str
    version: int
    published_at: datetime | None
    green: int
    yellow: int
    orange: int
    red: int
    zones: pa.Table
    unplaced: pa.Table

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DayZones) and self.run == other.run

    def __hash__(self) -> int:
        return hash(self.run)

    @property
    def published(self) -> bool:
        """Whether this was published, rather than judged for whoever asked."""
        return self.published_at is not None

    @property
    def retrospective(self) -> bool:
        """Whether no law coloured RT yet on that day."""
        return rule_in_force(self.date).retrospective


def published_days(reads: Reads, known_at: datetime | None = None) -> list[date]:
    """Days with published zones, in order; those published by a moment where one is given."""
    return list(reads.read(_DAYS, known_at or _EVER)["date"].to_pylist())


def published_runs(reads: Reads) -> pa.Table:
    """``date, run, rule, boundaries`` of every published day and its RT of each colour."""
    return reads.read(_RUNS)


def latest_day(reads: Reads, known_at: datetime | None = None) -> date:
    """The newest published day; of those published by a moment where one is given.

    Raises
    ------
    NotFoundError
        ``nothing-published`` if there is none.
    """
    found: date | None = reads.read(_LATEST, known_at or _EVER)["date"][0].as_py()
    if found is None:
        raise NotFoundError(
            "nothing-published",
            "No day is published yet. Run one: `mikrozonasi zones run --date 2021-07-15`.",
            indonesian="Belum ada hari yang diterbitkan.",
        )
    return found


def publications(reads: Reads) -> int:
    """How often anything was published: another number, other days or other runs of them."""
    return int(reads.read(_PUBLICATIONS)["n"][0].as_py())


def last_publication(reads: Reads) -> datetime | None:
    """When anything was last published, UTC without a zone; None where nothing was."""
    found: datetime | None = reads.read(_LAST)["moment"][0].as_py()
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
        raise NotFoundError(
            "no-run",
            f"There are no published zones of {day}{_then(version, known_at)}. Ask for a published "
            f"day, or run it: `mikrozonasi zones run --date {day}`.",
            indonesian=f"Zona tanggal {written(day).id} tidak diterbitkan. Pilih hari yang lain.",
        )
    return found


def find_run(
    reads: Reads, day: date, *, version: int | None = None, known_at: datetime | None = None
) -> DayZones | None:
    """The published run of a day, None where there is none; see `read_run`."""
    found = reads.read(_VERSION, day, known_at or _EVER, version or _ANY_VERSION).to_pylist()
    if not found or version not in {None, found[0]["version"]}:
        return None
    run = found[0]["run"]
    return DayZones(**found[0], zones=reads.read(_ZONES, run), unplaced=reads.read(_UNPLACED, run))


def published_run(reads: Reads, run: str) -> DayZones:
    """A run by its id, as it was last published.

    Raises
    ------
    NotFoundError
        ``no-run`` if no such run was ever published.
    """
    found = reads.read(_PUBLISHED, run).to_pylist()
    if not found:
        raise NotFoundError(
            "no-run",
            "No run of that id was published. /tilejson names the run of each published day.",
            indonesian="Tidak ada hitungan dengan id itu. /tilejson menyebut id tiap hari yang "
            "diterbitkan.",
        )
    return read_run(reads, found[0]["date"], version=found[0]["version"])


def _then(version: int | None, known_at: datetime | None) -> str:
    if version is not None:
        return f" in version {version}"
    return "" if known_at is None else f" as of {known_at:%Y-%m-%d %H:%M} UTC"
