"""The interface that gives public values; `zoning.disclosure` implements it."""

from datetime import date, datetime
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from geodata.boundaries import AreaTable
from geodata.calendar import ALL_DAYS, FOR_EVER, DayRange
from zoning.caching import Cache
from zoning.placing.indexed_boundaries import IndexedBoundaries
from zoning.portal.places import Places
from zoning.public.day import PublicDay
from zoning.public.figures import DailyFigures
from zoning.public.newcomer_weeks import NewcomerWeeks
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
    """Key of the published run of a day: enough for an ETag, without the colours of the run."""

    run: str
    """The public id of the run."""
    date: date
    boundaries: str
    known_at: datetime | None = None
    """The moment as of which the run was requested; None for now."""


class Stamp(NamedTuple):
    """Changes whenever a published colour changes."""

    publications: int
    """Number of publications."""
    last: datetime | None
    """Moment of the last publication, UTC without a zone; None if nothing is published."""


class PublicFigures(NamedTuple):
    """Banded counts of people of a day; None if suppressed."""

    unplaced: int | None
    """Confirmed cases of the window in the whole city that have no RT."""
    non_residents: int | None
    """Confirmed cases of the window who live in another city."""


class PublicIndicators(NamedTuple):
    """The public values of indicators."""

    table: pd.DataFrame
    """See `zoning.disclosure.banding.public_indicators`."""
    stamp: str
    """Hash of the table."""


class PublicSource(Protocol):
    """Reads the public values of one city. Safe for many threads."""

    @property
    def timezone(self) -> ZoneInfo:
        """Time zone of the city."""

    def version_on(self, day: date | None) -> str:
        """Id of the boundaries in force on a day; today for None."""

    @property
    def cache(self) -> Cache:
        """Cache for values that are expensive to compute; it cannot reach values with counts."""

    @property
    def rules(self) -> Rulebook:
        """The city's rules."""

    def ground(self, version: str) -> IndexedBoundaries:
        """Boundaries with their indexes, by id."""

    def areas_of(self, version: str) -> AreaTable:
        """Codes, parents and levels of boundaries, by id, without geometry."""

    def areas_table(self, version: str) -> pa.Table:
        """The areas of boundaries as stored, for another process."""

    def runs(self, known: KnownDays) -> pd.DataFrame:
        """``date, run, rule, boundaries`` and RT of each class, for each published day, in order.

        The run of a day is the run published at the moment.
        """

    def latest(self, known_at: datetime | None) -> date | None:
        """The newest published day."""

    def find_key(self, day: date | None, known_at: datetime | None) -> RunKey | None:
        """Key of the published run of a day at a moment, or of the newest day for None."""

    def find(self, day: date, known_at: datetime | None) -> PublicDay | None:
        """A day as published at a moment."""

    def find_run(self, run: str) -> PublicDay | None:
        """A published day by the public id of its run."""

    def coloured_zones(self, runs: list[str]) -> pa.Table:
        """``run, code, risk`` of the zones above the lowest class, for some runs."""

    def colours_within(self, codes: list[str], runs: list[str]) -> pd.DataFrame:
        """Colours of a group of RT in each of some runs, in their order.

        ``run, risk`` (the highest of the group), and the number of RT of each class above the
        lowest.
        """

    def stamp(self) -> Stamp:
        """A value that changes with every publication."""

    def last_write(self) -> datetime:
        """Moment of the last write of anything, also of values that are not public: never shown."""

    def figures(self, day: date, known_at: datetime | None) -> PublicFigures:
        """Banded counts of people of a day."""

    def indicators(self) -> PublicIndicators:
        """Indicators as known now, without daily figures and newcomers."""

    def daily_figures(self) -> DailyFigures:
        """Daily figures of all published days, by the records of the newest publication."""

    def newcomer_weeks(self) -> NewcomerWeeks:
        """Newcomers by week, by the records of the newest publication."""

    def places(self) -> Places:
        """Places as known now."""
