"""PublicCity: the object behind public answers, pages, tiles and map data.

It has no counts and reads none: all values come from a `PublicSource`. Safe for many threads.
"""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.boundaries import AreaTable
from geodata.calendar import DayRange
from geodata.coercion import Day, Moment, read_day, read_known_at, read_level
from geodata.errors import NotFoundError
from zoning.phrases import as_of, not_published, nothing_published
from zoning.placing.indexed_boundaries import IndexedBoundaries
from zoning.portal.places import Places
from zoning.public.areas import class_counts, public_zones, risks_at, smallest_area_risks
from zoning.public.city_questions import CityQuestions
from zoning.public.colours import RunRisks
from zoning.public.day import PublicDay
from zoning.public.figures import DailyFigures
from zoning.public.history import history, runs_with_area
from zoning.public.newcomer_weeks import NewcomerWeeks
from zoning.public.publications import Publications
from zoning.public.source import (
    KnownDays,
    PublicFigures,
    PublicIndicators,
    PublicSource,
    RunKey,
    Stamp,
)
from zoning.public.zone import PublicZone, explain

PublicDayLike = Day | PublicDay | RunKey | None
"""A day (see `geodata.coercion`), a `PublicDay`, a `RunKey`, or None for the newest day."""


class PublicCity(CityQuestions[Day | PublicDay | RunKey]):
    """The public values of a city.

    Attributes
    ----------
    cache
        Cache for values that are expensive to compute; it cannot reach values with counts.
    rules
        The city's rules, with their classes of risk.
    """

    def __init__(self, source: PublicSource) -> None:
        self._source = source
        self.cache = source.cache
        self.rules = source.rules

    @property
    def timezone(self) -> ZoneInfo:
        """Time zone of the city: a day begins at its midnight."""
        return self._source.timezone

    # Boundaries

    def ground(self, on: PublicDayLike = None) -> IndexedBoundaries:
        """Boundaries in force on a day (today for None), with their indexes.

        For a published day, the boundaries of its run.
        """
        if isinstance(on, PublicDay | RunKey):
            return self._source.ground(on.boundaries)
        return self._source.ground(self._source.version_on(read_day(on)))

    def ground_of(self, version: str) -> IndexedBoundaries:
        """Boundaries with their indexes, by id, whenever in force."""
        return self._source.ground(version)

    def areas_of(self, version: str) -> AreaTable:
        """Codes, parents and levels of boundaries, by id, without geometry."""
        return self._source.areas_of(version)

    def areas_table(self, version: str) -> pa.Table:
        """The areas of boundaries as stored, for another process."""
        return self._source.areas_table(version)

    # Days

    def published_days(self) -> list[date]:
        """Days with published zones, in order."""
        return list(self.published_runs()["date"])

    def published_runs(self, known: KnownDays = KnownDays()) -> pd.DataFrame:  # noqa: B008  (never changed)
        """``date, run, rule, boundaries`` and RT of each class, for each published day.

        Read-only by convention.
        """
        if known != KnownDays():
            return self._source.runs(known)
        return self.publications().runs

    def publications(self) -> Publications:
        """Every published day as known now; one read while nothing new is published."""
        stamp = self.stamp()
        return self.cache.get_or_build(
            ("publications", stamp),
            lambda: Publications(stamp, self._source.runs(KnownDays())),
            lambda publications: publications.nbytes,
        )

    def stamp(self) -> Stamp:
        """A value that changes with every publication."""
        return self._source.stamp()

    def last_write(self) -> datetime:
        """Moment of the last write of anything: while it is the same, so is every public value.

        No answer may show it, or an ETag contain it: records that change no public value change it.
        """
        return self._source.last_write()

    def latest(self, known_at: Moment | None = None) -> date:
        """The newest published day.

        Raises
        ------
        NotFoundError
            ``nothing-published`` if there is none.
        """
        latest = self._source.latest(read_known_at(known_at))
        if latest is None:
            raise nothing_published()
        return latest

    def published_key(self, on: Day | None = None, known_at: Moment | None = None) -> RunKey:
        """Key of the published run of a day, without its colours; see `published`."""
        day, moment = read_day(on), read_known_at(known_at)
        key = self.publications().key(day) if moment is None else self._source.find_key(day, moment)
        if key is not None:
            return key
        raise nothing_published() if day is None else not_published(day, as_of(moment))

    def published(self, on: Day | None = None, known_at: Moment | None = None) -> PublicDay:
        """A published day; the newest for None.

        Parameters
        ----------
        known_at
            The day as published at this moment (UTC unless it names a zone); now for None.

        Raises
        ------
        NotFoundError
            ``no-run`` if the day was not published at the moment, ``nothing-published`` if no day
            was.
        """
        moment = read_known_at(known_at)
        day = read_day(on) or self.latest(moment)
        published = self._source.find(day, moment)
        if published is None:
            raise not_published(day, as_of(moment))
        return published

    def day(self, on: PublicDayLike = None) -> PublicDay:
        """A published day from a date, a `RunKey` or a `PublicDay`; see `published`."""
        if isinstance(on, RunKey):
            return replace(self.run(on.run), known_at=on.known_at)
        return on if isinstance(on, PublicDay) else self.published(on)

    def run(self, run: str) -> PublicDay:
        """A published day by the public id of its run.

        Raises
        ------
        NotFoundError
            ``no-run`` if no run of this id was published.
        """
        # A run never changes.
        return self.cache.get_or_build(
            ("public day", run), lambda: self._read_run(run), lambda day: day.zones.nbytes
        )

    def _read_run(self, run: str) -> PublicDay:
        published = self._source.find_run(run)
        if published is None:
            raise NotFoundError(
                "no-run",
                "No run of that id was published. /tilejson names the run of each published day.",
                indonesian="Tidak ada hitungan dengan id itu. /tilejson menyebut id tiap hari yang "
                "diterbitkan.",
            )
        return published

    # Zones

    def zones(self, on: PublicDayLike = None, level: Level = "rt") -> gpd.GeoDataFrame:
        """Zones of one day at one level, with colours and without counts; see `public_zones`."""
        day = self.day(on)
        return public_zones(self.ground(day).boundaries, day, read_level(level), self.rules.classes)

    def risks_at(self, on: PublicDayLike = None, level: Level = "rt") -> NDArray[np.uint8]:
        """Risk of every area of a level, in the order of `boundaries`; read-only by convention."""
        day, area_level = self.day(on), read_level(level)
        return self.cache.get_or_build(
            ("public risks", day.run, area_level),
            lambda: risks_at(self.areas_of(day.boundaries), day, area_level),
            lambda risks: risks.nbytes,
        )

    def risks(self, on: PublicDayLike = None) -> NDArray[np.uint8]:
        """Risk of each of the smallest areas on a day, 255 for areas that are no zone.

        uint8, shape ``(n,)``; read-only by convention.
        """
        run = on if isinstance(on, RunKey) else self.day(on)
        return self.cache.get_or_build(
            ("risks of smallest areas", run.run),
            lambda: smallest_area_risks(self.areas_of(run.boundaries), self.day(run)),
            lambda risks: risks.nbytes,
        )

    def risks_by_run(self, version: str, level: Level, runs: tuple[str, ...]) -> NDArray[np.uint8]:
        """Risk of every area of a level in runs on the same boundaries: one row per run."""
        run_risks = self.cache.get_or_build(
            ("colours", version, level),
            lambda: RunRisks(self.areas_of(version), level),
            lambda index: index.nbytes,
        )
        return run_risks.risks_by_run(runs, self._source.coloured_zones(list(runs)))

    def zone(self, code: str, on: PublicDayLike = None) -> PublicZone:
        """One zone on one day: its colour, the reason, and the measures."""
        day = self.day(on)
        return explain(self.areas_of(day.boundaries), day, code, self.rules, self.risks(day))

    def history(
        self,
        code: str,
        start: Day | None = None,
        end: Day | None = None,
        *,
        known_at: Moment | None = None,
    ) -> pd.DataFrame:
        """One zone on every published day of a range: ``date, risk, colour, run``.

        One more column per class has the number of RT of the class. Days whose boundaries do not
        have the area are left out.

        Parameters
        ----------
        known_at
            Days as published at this moment; now for None.

        Raises
        ------
        NotFoundError
            ``no-area`` if neither the boundaries of the days nor those of today have the area.
        """
        runs = self.runs_with_area(code, start, end, known_at=known_at)
        return self.history_of_runs(code, runs)

    def history_of_runs(self, code: str, runs: pd.DataFrame) -> pd.DataFrame:
        """One zone in the runs of `runs_with_area`; columns as in `history`."""
        return history(self._source, self.areas_of, code, runs)

    def runs_with_area(
        self,
        code: str,
        start: Day | None = None,
        end: Day | None = None,
        *,
        known_at: Moment | None = None,
    ) -> pd.DataFrame:
        """The published runs of a range of days whose boundaries have an area.

        Columns as in `published_runs`. These runs decide the history of the area, and reading
        them reads no colours.

        Raises
        ------
        NotFoundError
            As `history`.
        """
        days = DayRange.between(read_day(start), read_day(end))
        known = KnownDays(days, read_known_at(known_at))
        runs = runs_with_area(self._source, self.areas_of, code, known)
        if runs.empty:
            # An area of today's boundaries may have no published day; any other is an error.
            self.areas_of(self._source.version_on(None)).area(code)
        return runs

    def summary(self, on: PublicDayLike = None, level: Level = "kecamatan") -> pd.DataFrame:
        """Number of RT of each colour per area of a level."""
        day = self.day(on)
        areas = self.areas_of(day.boundaries)
        return class_counts(areas, day, read_level(level), self.rules.classes)

    def figures(self, on: PublicDayLike = None) -> PublicFigures:
        """Banded counts of people of a day."""
        day = on if isinstance(on, PublicDay | RunKey) else self.published_key(on)
        return self._source.figures(day.date, day.known_at)

    # The portal

    def daily_figures(self) -> DailyFigures:
        """Confirmed, recovered and died in the city, its kecamatan and kelurahan, day by day."""
        return self._source.daily_figures()

    def newcomer_weeks(self) -> NewcomerWeeks:
        """Newcomers of the city, its kecamatan and kelurahan by week of arrival.

        The city has all its newcomers, a smaller area the newcomers with a known RT.
        """
        return self._source.newcomer_weeks()

    def every_indicator(self) -> pd.DataFrame:
        """Every indicator as known now, with banded counts of people."""
        return self.all_indicators().table

    def all_indicators(self) -> PublicIndicators:
        """All indicators, and a stamp that changes with them."""
        return self._source.indicators()

    def place_index(self) -> Places:
        """Places as known now, with their spatial index."""
        return self._source.places()
