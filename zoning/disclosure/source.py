"""The `PublicSource` of a database: the public tables, and banded counts of people."""

from datetime import date, datetime
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from geodata.boundaries import AreaTable, areas_table, boundaries_in_force
from geodata.calendar import FOR_EVER
from geodata.public_runs import public_zones
from zoning.caching import Cache, bytes_of_frame
from zoning.city_data import CityData
from zoning.days.runs import DayZones
from zoning.disclosure import tables
from zoning.disclosure.banding import banded_count, public_indicators
from zoning.disclosure.figures.daily import daily_figures, read_publication
from zoning.disclosure.figures.newcomer_weeks import KnownUntil, newcomer_weeks
from zoning.placing.indexed_boundaries import IndexedBoundaries
from zoning.placing.placements import ELSEWHERE
from zoning.portal.indicators import indicator_versions
from zoning.portal.places import Places
from zoning.public.day import PublicDay
from zoning.public.figures import FIGURES, DailyFigures
from zoning.public.newcomer_weeks import NEWCOMERS, NewcomerWeeks
from zoning.public.source import KnownDays, PublicFigures, PublicIndicators, RunKey, Stamp
from zoning.rules import Rulebook

_UNPLACED: Final = """
select code, cases from run_unplaced
where run = (select run from published where date = $1 and published_at <= $2
             order by version desc limit 1)
"""


class DisclosureSource:
    """A `zoning.public.source.PublicSource` that reads a database.

    Parameters
    ----------
    minimum
        Counts of people below this are suppressed; other counts are in bands of this width.
    """

    def __init__(self, data: CityData, minimum: int) -> None:
        self._data = data
        self._store = data.store
        self._minimum = minimum
        self._cache = data.cache.section("public", frozenset({"ground"}))

    @property
    def timezone(self) -> ZoneInfo:
        """Time zone of the city."""
        return self._store.settings.timezone

    def version_on(self, day: date | None) -> str:
        """Id of the boundaries in force on a day; today for None."""
        return boundaries_in_force(self._store, day)

    def ground(self, version: str) -> IndexedBoundaries:
        """Boundaries with their indexes, by id."""
        return self._data.ground(version)

    @property
    def cache(self) -> Cache:
        """A section of the process's cache; values with counts cannot be reached through it."""
        return self._cache

    @property
    def rules(self) -> Rulebook:
        """The city's rules."""
        return self._data.rules

    def areas_of(self, version: str) -> AreaTable:
        """Codes, parents and levels of boundaries, by id, without geometry."""
        return self._data.areas_of(version)

    def areas_table(self, version: str) -> pa.Table:
        """The areas of boundaries as stored."""
        return areas_table(self._store, version)

    def runs(self, known: KnownDays) -> pd.DataFrame:
        """The published run of each day."""
        return tables.published_runs(self._store, known, self.rules)

    def latest(self, known_at: datetime | None) -> date | None:
        """The newest published day."""
        return tables.latest_day(self._store, known_at)

    def find_key(self, day: date | None, known_at: datetime | None) -> RunKey | None:
        """Key of the published run of a day, or of the newest day for None."""
        return tables.find_key(self._store, day, known_at)

    def find(self, day: date, known_at: datetime | None) -> PublicDay | None:
        """A day as published at a moment."""
        return tables.find_day(self._store, day, known_at, self.rules)

    def find_run(self, run: str) -> PublicDay | None:
        """A published day by the public id of its run."""
        return tables.find_run(self._store, run, self.rules)

    def coloured_zones(self, runs: list[str]) -> pa.Table:
        """``run, code, risk`` of the zones above the lowest class, for some runs."""
        return tables.coloured_zones(self._store, runs)

    def colours_within(self, codes: list[str], runs: list[str]) -> pd.DataFrame:
        """Colours of a group of RT in some runs."""
        return tables.colours_within(self._store, codes, runs, self.rules)

    def stamp(self) -> Stamp:
        """A value that changes with every publication."""
        return tables.stamp(self._store)

    def last_write(self) -> datetime:
        """Moment of the last write of anything."""
        return self._store.last_write()

    def figures(self, day: date, known_at: datetime | None) -> PublicFigures:
        """Banded numbers of cases without an RT on a day, for the whole city only.

        Figures per area could be subtracted from each other.
        """
        rows = self._store.read(_UNPLACED, day, known_at or FOR_EVER).to_pylist()
        by_code = {row["code"]: row["cases"] for row in rows}
        non_residents = by_code.pop(ELSEWHERE, 0)
        return PublicFigures(
            unplaced=banded_count(sum(by_code.values()), self._minimum),
            non_residents=banded_count(non_residents, self._minimum),
        )

    def indicators(self) -> PublicIndicators:
        """Indicators as known now."""
        version, versions = self.version_on(None), indicator_versions(self._store)
        return self.cache.get_or_build(
            ("public indicators", version, versions, self._minimum),
            lambda: self._band_indicators(version),
            lambda indicators: bytes_of_frame(indicators.table),
        )

    def daily_figures(self) -> DailyFigures:
        """Daily figures of all published days, by the records of the newest publication."""
        version, publication = self.version_on(None), read_publication(self._store)
        return self.cache.get_or_build(
            ("daily figures", version, publication, self._minimum),
            lambda: daily_figures(
                self._data, self._data.ground(version), publication.moment, self._minimum
            ),
            lambda figures: figures.nbytes,
        )

    def newcomer_weeks(self) -> NewcomerWeeks:
        """Newcomers by week, by the records of the newest publication."""
        version, publication = self.version_on(None), read_publication(self._store)
        return self.cache.get_or_build(
            ("newcomer weeks", version, publication, self._minimum),
            lambda: newcomer_weeks(
                self._store,
                self._data.ground(version),
                KnownUntil(self.latest(None), publication.moment),
                self._minimum,
            ),
            lambda weeks: weeks.nbytes,
        )

    def places(self) -> Places:
        """Places as known now."""
        return self._data.places()

    def _band_indicators(self, version: str) -> PublicIndicators:
        boundaries = self.ground(version).boundaries
        indicators = self._data.indicators()
        # A second source of the same counts, in other ranges, would disclose more than one source.
        reported = indicators[~indicators["indicator"].isin([*FIGURES, NEWCOMERS])]
        table = public_indicators(reported, boundaries, self._minimum)
        return PublicIndicators(table, sha256(table.to_csv().encode()).hexdigest()[:16])


def public_day(day: DayZones) -> PublicDay:
    """The public part of a day that is not published."""
    zones = public_zones(day.zones.append_column("run", pa.array([day.run] * len(day.zones))))
    return PublicDay(of=day.of._replace(id=day.public_id), zones=zones.select(["code", "risk"]))
