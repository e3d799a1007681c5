"""PublicCity: everything that public answers, pages, tiles and map data are made from.

It holds no counts and reads none: what it knows comes from a `PublicSource`. Safe for many threads.
"""

from dataclasses import replace
from datetime import date
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
from zoning.placing.indexed_boundaries import Ground
from zoning.portal.places import Places
from zoning.public.areas import coloured_at, risks_at, risks_of_leaves, zones_at
from zoning.public.city_questions import CityQuestions
from zoning.public.colours import Colours
from zoning.public.day import PublicDay
from zoning.public.history import history, history_columns
from zoning.public.source import (
    KnownDays,
    PublicFigures,
    PublicIndicators,
    PublicSource,
    RunKey,
    Stamp,
)
from zoning.public.zone import PublicZone, explain

OnPublicDay = Day | PublicDay | RunKey | None
"""A day, see `geodata.coercion`; or a published day or its key at hand; or None for the newest."""


class PublicCity(CityQuestions[Day | PublicDay | RunKey]):
    """What everyone may know of a city.

    Attributes
    ----------
    cache
        Keeps what is expensive to compute; one for the whole process.
    rules
        The rules that the city is judged by, with their classes.
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

    def ground(self, on: OnPublicDay = None) -> Ground:
        """Boundaries with their indexes: those in force on a day, today where none is given.

        Where a published day is given, those it was judged on.
        """
        if isinstance(on, PublicDay | RunKey):
            return self._source.ground(on.boundaries)
        return self._source.ground(self._source.version_on(read_day(on)))

    def ground_of(self, version: str) -> Ground:
        """Boundaries of an id, whenever they were in force."""
        return self._source.ground(version)

    def areas_of(self, version: str) -> AreaTable:
        """The light part of boundaries, by their id: no geometry is loaded."""
        return self._source.areas_of(version)

    def areas_table(self, version: str) -> pa.Table:
        """The areas of boundaries as they are kept, for another process."""
        return self._source.areas_table(version)

    # Days

    def published_days(self) -> list[date]:
        """Days with published zones, in order."""
        return list(self.published_runs()["date"])

    def published_runs(self, known: KnownDays = KnownDays()) -> pd.DataFrame:  # noqa: B008  (never changed)
        """``date, run, rule, boundaries`` of published days and their RT of each colour."""
        return self._source.runs(known)

    def stamp(self) -> Stamp:
        """Changes with what is published of any day."""
        return self._source.stamp()

    def latest(self, known_at: Moment | None = None) -> date:
        """The newest published day.

        Raises
        ------
        NotFoundError
            ``nothing-published`` if there is none.
        """
        found = self._source.latest(read_known_at(known_at))
        if found is None:
            raise nothing_published()
        return found

    def published_key(self, on: Day | None = None, known_at: Moment | None = None) -> RunKey:
        """Which run is published of a day, without its colours; see `published`."""
        day, moment = read_day(on), read_known_at(known_at)
        found = self._source.find_key(day, moment)
        if found is not None:
            return found
        raise nothing_published() if day is None else not_published(day, as_of(moment))

    def published(self, on: Day | None = None, known_at: Moment | None = None) -> PublicDay:
        """A published day, the newest where none is given.

        Parameters
        ----------
        known_at
            As it stood at that moment (UTC where it names no zone); now where not given.

        Raises
        ------
        NotFoundError
            ``no-run`` if that day was not published by then, ``nothing-published`` if none was.
        """
        moment = read_known_at(known_at)
        day = read_day(on) or self.latest(moment)
        found = self._source.find(day, moment)
        if found is None:
            raise not_published(day, as_of(moment))
        return found

    def day(self, on: OnPublicDay = None) -> PublicDay:
        """The same, or the day itself where it or its key is at hand."""
        if isinstance(on, RunKey):
            return replace(self.run(on.run), known_at=on.known_at)
        return on if isinstance(on, PublicDay) else self.published(on)

    def run(self, run: str) -> PublicDay:
        """A published day by the public id of its run.

        Raises
        ------
        NotFoundError
            ``no-run`` if no such run was ever published.
        """
        found = self._source.find_run(run)
        if found is None:
            raise NotFoundError(
                "no-run",
                "No run of that id was published. /tilejson names the run of each published day.",
                indonesian="Tidak ada hitungan dengan id itu. /tilejson menyebut id tiap hari yang "
                "diterbitkan.",
            )
        return found

    # Zones

    def zones(self, on: OnPublicDay = None, level: Level = "rt") -> gpd.GeoDataFrame:
        """Zones of one day at one level, their colours and no counts; see `zones_at`."""
        day = self.day(on)
        return zones_at(self.ground(day).boundaries, day, read_level(level), self.rules.classes)

    def risks_at(self, on: OnPublicDay = None, level: Level = "rt") -> NDArray[np.uint8]:
        """Risk of every area of a level, in the order of `boundaries`; not to be changed."""
        day, at = self.day(on), read_level(level)
        return self.cache.get_or_build(
            ("public risks", day.run, at),
            lambda: risks_at(self.areas_of(day.boundaries), day, at),
            lambda risks: risks.nbytes,
        )

    def risks(self, on: OnPublicDay = None) -> NDArray[np.uint8]:
        """Risk of every leaf on a day, 255 for areas that are no RT; shape ``(n_leaves,)``."""
        day = self.day(on)
        return risks_of_leaves(self.areas_of(day.boundaries), day)

    def risks_of_runs(self, version: str, level: Level, runs: tuple[str, ...]) -> NDArray[np.uint8]:
        """Risk of every area of a level in some runs on the same boundaries; a row a run."""
        colours = self.cache.get_or_build(
            ("colours", version, level),
            lambda: Colours(self.areas_of(version), level),
            lambda found: found.nbytes,
        )
        return colours.of_runs(runs, self._source.coloured(list(runs)))

    def zone(self, code: str, on: OnPublicDay = None) -> PublicZone:
        """One zone on one day: its colour, why, what to do."""
        day = self.day(on)
        return explain(self.areas_of(day.boundaries), day, code, self.rules)

    def history(
        self,
        code: str,
        start: Day | None = None,
        end: Day | None = None,
        *,
        known_at: Moment | None = None,
    ) -> pd.DataFrame:
        """One zone for every published day of a range: ``date, risk, colour, run``.

        With how many of its RT had each class, a column each. Of days published by `known_at`,
        where it is given; days on whose boundaries there is no such area are left out.

        Raises
        ------
        NotFoundError
            ``no-area`` if there is no such area, on none of the days and not today.
        """
        known = KnownDays(DayRange.between(read_day(start), read_day(end)), read_known_at(known_at))
        found = history(self._source, self.areas_of, code, known)
        if found is None:
            self.areas_of(self._source.version_on(None)).area(code)
            return pd.DataFrame(columns=history_columns(self.rules.classes))
        return found

    def summary(self, on: OnPublicDay = None, level: Level = "kecamatan") -> pd.DataFrame:
        """How many RT of each colour per area of a level."""
        day = self.day(on)
        areas = self.areas_of(day.boundaries)
        return coloured_at(areas, day, read_level(level), self.rules.classes)

    def figures(self, on: OnPublicDay = None) -> PublicFigures:
        """Counts of people of a day, as bands."""
        day = on if isinstance(on, PublicDay | RunKey) else self.published_key(on)
        return self._source.figures(day.date, day.known_at)

    # The portal

    def every_indicator(self) -> pd.DataFrame:
        """Every indicator as known now, counts of people as bands."""
        return self.all_indicators().table

    def all_indicators(self) -> PublicIndicators:
        """All of them, and a stamp that changes with them."""
        return self._source.indicators()

    def place_index(self) -> Places:
        """Places with what finds the nearest."""
        return self._source.places()
