"""Where public values come from: `zoning.disclosure` reads them, and puts people in bands."""

from datetime import date, datetime
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from geodata.boundaries import AreaTable
from geodata.calendar import ALL_DAYS, FOR_EVER, DayRange
from zoning.caching import Cache
from zoning.placing.indexed_boundaries import Ground
from zoning.portal.places import Places
from zoning.public.day import PublicDay
from zoning.rules import Rulebook


class KnownDays(NamedTuple):
    """A range of days, as published at a moment."""

    days: DayRange = ALL_DAYS
    known_at: datetime | None = None
    """UTC, without a zone; None for now."""

    @property
    def parameters(self) -> tuple[date, date, datetime]:
        """Parameters of the queries: first day, last day, moment."""
        return *self.days, self.known_at or FOR_EVER


class RunKey(NamedTuple):
    """Which run is published of a day: enough for an ETag, without the colours of the run."""

    run: str
    """The public id of the run."""
    date: date
    boundaries: str
    known_at: datetime | None = None
    """The moment as of which the run was asked for; None for now."""


class Stamp(NamedTuple):
    """Changes whenever a published colour changes."""

    publications: int
    """How often the public content of a day changed."""
    last: datetime | None
    """When it last did, UTC without a zone; None where nothing is published."""


class PublicFigures(NamedTuple):
    """Counts of people of a day as bands; None where they are too few to be said."""

    unplaced: int | None
    """Confirmed cases of the window in the whole city that are in no RT."""
    non_residents: int | None
    """Confirmed cases of the window who live in another city."""


class PublicIndicators(NamedTuple):
    """Indicators as everyone may read them."""

    table: pd.DataFrame
    """See `zoning.disclosure.banding.public_indicators`."""
    stamp: str
    """Hash of the table."""


class PublicSource(Protocol):
    """Reads what is public of one city. Safe for many threads."""

    @property
    def timezone(self) -> ZoneInfo:
        """Time zone of the city."""

    def version_on(self, day: date | None) -> str:
        """Id of the boundaries in force on a day, today where none is given."""

    @property
    def cache(self) -> Cache:
        """Keeps what is expensive to compute; one for the whole process."""

    @property
    def rules(self) -> Rulebook:
        """The rules that the city is judged by."""

    def ground(self, version: str) -> Ground:
        """Boundaries of an id, with their indexes."""

    def areas_of(self, version: str) -> AreaTable:
        """The light part of boundaries, by their id: no geometry is loaded."""

    def areas_table(self, version: str) -> pa.Table:
        """The areas of boundaries as they are kept, for another process."""

    def runs(self, known: KnownDays) -> pd.DataFrame:
        """``date, run, rule, boundaries`` and RT of each class of published days, in order.

        Of each day the run that was published at the moment.
        """

    def latest(self, known_at: datetime | None) -> date | None:
        """The newest published day."""

    def find_key(self, day: date | None, known_at: datetime | None) -> RunKey | None:
        """Which run of a day stood published, without the run; of the newest day for None."""

    def find(self, day: date, known_at: datetime | None) -> PublicDay | None:
        """A day as it stood published."""

    def find_run(self, run: str) -> PublicDay | None:
        """A published day by the public id of its run."""

    def coloured(self, runs: list[str]) -> pa.Table:
        """``run, code, risk`` of the coloured zones of some runs."""

    def colours_within(self, codes: list[str], version: str, known: KnownDays) -> pd.DataFrame:
        """``date, run, risk`` and RT of each class but the lowest, of some RT together, day by day.

        Of the published days on one version of the boundaries; the risk is their highest.
        """

    def stamp(self) -> Stamp:
        """Changes with what is published."""

    def figures(self, day: date, known_at: datetime | None) -> PublicFigures:
        """Counts of people of a day as bands."""

    def indicators(self) -> PublicIndicators:
        """Indicators as known now."""

    def places(self) -> Places:
        """Places as known now."""
