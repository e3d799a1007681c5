"""Which boundaries are in force on a day, as known now or at any moment since.

A date says which boundaries are in force from then on, until the next; said again, the newest
word counts. Boundaries without a date are in force from the beginning. Where all have dates, the
first are in force before theirs too: a city has no days without an RT.
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
    """The first day; None from the beginning."""
    recorded_at: datetime
    source: str


def timeline(reads: Reads, known_at: datetime | None = None) -> list[Version]:
    """The versions in force one after the other, the first first.

    Parameters
    ----------
    known_at
        As known at that moment (UTC, without a zone); now where not given.
    """
    said = reads.read(_VERSIONS, known_at or FOR_EVER).to_pylist()
    newest = {row["in_force"]: Version(*row.values()) for row in said}
    return sorted(newest.values(), key=lambda version: version.since or date.min)


def version_on(versions: Sequence[Version], day: date) -> Version:
    """The version in force on a day.

    Raises
    ------
    NotFoundError
        ``no-boundaries`` if there is none at all.
    """
    if not versions:
        raise no_boundaries()
    begun = [version for version in versions if (version.since or date.min) <= day]
    return begun[-1] if begun else versions[0]


def boundaries_in_force(
    reads: Reads, on: date | None = None, known_at: datetime | None = None
) -> str:
    """Id of the boundaries in force on a day, today where none is given.

    Raises
    ------
    NotFoundError
        ``no-boundaries`` if none were loaded yet.
    """
    return version_on(timeline(reads, known_at), on or reads.settings.today()).boundaries


def no_boundaries() -> NotFoundError:
    """What is said where there are none."""
    return NotFoundError(
        "no-boundaries",
        "The database holds no such boundaries. Load them first: "
        "`mikrozonasi boundaries load FILE`.",
        indonesian="Basis data tidak memuat batas wilayah itu. Muat dahulu: `mikrozonasi "
        "boundaries load FILE`.",
    )
