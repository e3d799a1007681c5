"""PublicCity: everything that public answers, pages, tiles and map data are made from.

It holds no counts and reads none: what it knows comes from a `PublicSource`. Safe for many threads.
"""

from datetime import date
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from geodata.areas import Level, SmallestZone
from geodata.boundaries import Area, AreaTable
from geodata.coercion import Day, Moment, read_day, read_known_at, read_level
from geodata.errors import NotFoundError
from zoning.phrases import not_published, nothing_published
from zoning.placing.indexed_boundaries import BBox, Ground
from zoning.portal.filtering import chosen
from zoning.portal.places import PlaceKind, Places
from zoning.public.areas import coloured_at, risks_at, risks_of_leaves, zones_at
from zoning.public.colours import Colours
from zoning.public.day import PublicDay
from zoning.public.history import HISTORY, history
from zoning.public.source import PublicFigures, PublicIndicators, PublicSource, Span, Stamp
from zoning.public.zone import PublicZone, explain

OnPublicDay = Day | PublicDay | None
"""A day, see `geodata.coercion`; or a published day at hand; or None for the newest."""


class PublicCity:
    """What everyone may know of a city.

    Attributes
    ----------
    cache
        Keeps what is expensive to compute; one for the whole process.
    """

    def __init__(self, source: PublicSource) -> None:
        self._source = source
        self.cache = source.cache

    @property
    def timezone(self) -> ZoneInfo:
        """Time zone of the city: a day begins at its midnight."""
        return self._source.timezone

    # Boundaries

    def ground(self, on: OnPublicDay = None) -> Ground:
        """Boundaries with their indexes: those in force on a day, today where none is given.

        Where a published day is given, those it was judged on.
        """
        if isinstance(on, PublicDay):
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

    def boundaries(self, level: Level = "rt", on: OnPublicDay = None) -> gpd.GeoDataFrame:
        """Areas of one level; see `zoning.City.boundaries`."""
        return self.ground(on).boundaries.level(read_level(level))

    def smallest_zone(self, on: OnPublicDay = None) -> SmallestZone:
        """Kind of the smallest zones: ``rt``, which the law means, ``rw``, ``dusun`` or ``sls``."""
        return self.ground(on).boundaries.smallest_zone

    def locate(self, lon: float, lat: float, on: OnPublicDay = None) -> Area | None:
        """The RT, or area that is no RT, at a point; None outside all of them."""
        return self.ground(on).locate(lon, lat)

    def within(self, bbox: BBox, level: Level, on: OnPublicDay = None) -> NDArray[np.intp]:
        """Positions in `boundaries` of the areas whose bounding box meets `bbox`, in order."""
        return self.ground(on).within(bbox, read_level(level))

    # Days

    def published_days(self) -> list[date]:
        """Days with published zones, in order."""
        return list(self.published_runs()["date"])

    def published_runs(self, span: Span = Span()) -> pd.DataFrame:  # noqa: B008  (never changed)
        """``date, run, rule, boundaries`` of published days and their RT of each colour."""
        return self._source.runs(span)

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
            then = "" if moment is None else f" as of {moment:%Y-%m-%d %H:%M} UTC"
            raise not_published(day, then)
        return found

    def day(self, on: OnPublicDay = None) -> PublicDay:
        """The same, or the day itself where it is at hand."""
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
        return zones_at(self.ground(day).boundaries, day, read_level(level))

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
        return explain(self.areas_of(day.boundaries), day, code)

    def history(
        self,
        code: str,
        start: Day | None = None,
        end: Day | None = None,
        *,
        known_at: Moment | None = None,
    ) -> pd.DataFrame:
        """One zone for every published day of a range: ``date, risk, colour, run, green, ...``.

        With how many of its RT had each colour. Of days published by `known_at`, where it is
        given; days on whose boundaries there is no such area are left out.

        Raises
        ------
        NotFoundError
            ``no-area`` if there is no such area, on none of the days and not today.
        """
        span = Span(read_day(start), read_day(end), read_known_at(known_at))
        found = history(self._source, self.areas_of, code, span)
        if found is None:
            self.areas_of(self._source.version_on(None)).area(code)
            return pd.DataFrame(columns=[*HISTORY])
        return found

    def summary(self, on: OnPublicDay = None, level: Level = "kecamatan") -> pd.DataFrame:
        """How many RT of each colour per area of a level."""
        day = self.day(on)
        return coloured_at(self.areas_of(day.boundaries), day, read_level(level))

    def figures(self, on: OnPublicDay = None) -> PublicFigures:
        """Counts of people of a day, as bands."""
        day = self.day(on)
        return self._source.figures(day.date, day.known_at)

    # The portal

    def indicators(
        self,
        *names: str,
        area: str | None = None,
        level: Level | None = None,
        start: Day | None = None,
        end: Day | None = None,
    ) -> pd.DataFrame:
        """Indicators as known now, counts of people as bands; see `zoning.portal.filtering`."""
        return chosen(
            self.all_indicators().table,
            self.ground().boundaries,
            names=names,
            area=area,
            level=None if level is None else read_level(level),
            start=read_day(start),
            end=read_day(end),
        )

    def all_indicators(self) -> PublicIndicators:
        """All of them, and a stamp that changes with them."""
        return self._source.indicators()

    def places(self, kind: PlaceKind | None = None) -> gpd.GeoDataFrame:
        """Places as known now, of one kind or all; see `zoning.portal.places.Places`."""
        found = self.place_index()
        return found.table.iloc[found.chosen(kind=kind)].reset_index(drop=True)

    def place_index(self) -> Places:
        """Places with what finds the nearest."""
        return self._source.places()
