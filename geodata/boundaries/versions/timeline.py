"""Boundaries in force on a day, as known now or at an earlier moment.

Boundaries are in force from their date until the date of the next boundaries. For two entries with
the same date, the newest entry counts. Boundaries without a date are in force from the beginning.
If all boundaries have dates, the first boundaries are also in force before their date, so that
every day has boundaries.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from geodata.calendar import FOR_EVER
from geodata.errors import NotFoundError
from geodata.store import Reads

_VERSIONS: Final = """
select boundaries, in_force, recorded_at, source from boundary_version
where recorded_at <= $1 order by recorded_at
"""


class Version(NamedTuple):
    """Boundaries and the days they are in force."""

    boundaries: str
    since: date | None
    """First day in force; None for the beginning."""
    recorded_at: datetime
    source: str


def timeline(reads: Reads, known_at: datetime | None = None) -> list[Version]:
    """Versions in order of their first day in force.

    Parameters
    ----------
    known_at
        Versions as known at this moment (UTC, without a zone); None for now.
    """
    rows = reads.read(_VERSIONS, known_at or FOR_EVER).to_pylist()
    newest = {row["in_force"]: Version(*row.values()) for row in rows}
    return sorted(newest.values(), key=lambda version: version.since or date.min)


def version_in_force(versions: Sequence[Version], day: date) -> Version:
    """Version in force on a day.

    Raises
    ------
    NotFoundError
        ``no-boundaries`` for an empty list of versions.
    """
    if not versions:
        raise no_boundaries_error()
    started = [version for version in versions if (version.since or date.min) <= day]
    return started[-1] if started else versions[0]


def boundaries_in_force(
    reads: Reads, day: date | None = None, known_at: datetime | None = None
) -> str:
    """Id of the boundaries in force on a day; None for today.

    Raises
    ------
    NotFoundError
        ``no-boundaries`` for a database without boundaries.
    """
    return version_in_force(timeline(reads, known_at), day or reads.settings.today()).boundaries


def no_boundaries_error() -> NotFoundError:
    """Error for missing boundaries."""
    return NotFoundError(
        "no-boundaries",
        "The database has no such boundaries. Load them first: `mikrozonasi boundaries load FILE`.",
        indonesian="Basis data tidak memuat batas wilayah itu. Muat dahulu: `mikrozonasi "
        "boundaries load FILE`.",
    )
