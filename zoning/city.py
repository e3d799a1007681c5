"""City: the one object that notebooks and officials' routes hold.

It knows counts; what everyone may know is its `City.public`. It answers questions from the database
and keeps what is expensive to compute in its cache: boundaries and their indexes by version, days
as they were judged. It changes nothing; loading and running are `zoning.records.intake` and
`zoning.days.daily`. Safe for many threads.
"""

from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Self

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import Level, SmallestZone
from geodata.boundaries import (
    Area,
    AreaTable,
    boundaries_in_force,
    load_areas,
    load_boundaries,
)
from geodata.coercion import Day, Moment, read_day, read_known_at, read_level
from geodata.settings import CitySettings
from geodata.store import Store, open_store
from zoning.caching import Cache, bytes_of_frame
from zoning.days import runs
from zoning.days.runs import DayZones
from zoning.disclosure.source import DisclosedCity, Kept, public_day
from zoning.placing.indexed_boundaries import BBox, ground_key
from zoning.placing.record_boundaries import RecordGround
from zoning.portal.filtering import chosen as chosen_indicators
from zoning.portal.indicators import all_indicators, indicator_versions
from zoning.portal.known_places import place_versions, read_places
from zoning.portal.places import PlaceKind, Places
from zoning.public import zone as public_zone
from zoning.public.areas import is_rt
from zoning.public.city import PublicCity
from zoning.public.source import Span
from zoning.quarantine.newcomers import all_standing_on
from zoning.records import line_lists
from zoning.rules import Rule, rule
from zoning.zones import growth, series
from zoning.zones.explain import ZoneView, explain
from zoning.zones.frames import summary_of, zones_at
from zoning.zones.known_at import Past
from zoning.zones.official_counts import with_counts_beside
from zoning.zones.recounting import rejudge

if TYPE_CHECKING:
    import folium


OnDay = Day | DayZones | None
"""A day, see `geodata.coercion`; or its zones at hand; or None for the newest published day."""


class City:
    """A city's zones, boundaries and records; made by `open_city`.

    Attributes
    ----------
    cache
        Keeps what is expensive to compute; one for the whole process.
    """

    def __init__(self, store: Store, cache: Cache | None = None) -> None:
        self.store = store
        self.cache = Cache() if cache is None else cache
        self._past = Past(store, self._ground, self.cache)
        # At most four, and they hold no data: a city serves one minimum.
        self._public = lru_cache(maxsize=4)(self._disclose)

    def public(self, minimum: int = 5) -> PublicCity:
        """What everyone may know of the city: the one thing that public answers are made from.

        Parameters
        ----------
        minimum
            A count of people below this is left out; see `zoning.disclosure.banding`.
        """
        return self._public(minimum)

    # Boundaries

    def ground(self, on: OnDay = None) -> RecordGround:
        """Boundaries with their indexes: those in force on a day, today where none is given.

        Where a day's zones are given, those of its run.
        """
        if isinstance(on, DayZones):
            return self._ground(on.boundaries)
        return self._ground(boundaries_in_force(self.store, read_day(on)))

    def ground_of(self, version: str) -> RecordGround:
        """Boundaries of an id, whenever they were in force."""
        return self._ground(version)

    def areas_of(self, version: str) -> AreaTable:
        """The light part of boundaries, by their id: no geometry is loaded."""
        return self.cache.get_or_build(
            ("areas", version), lambda: load_areas(self.store, version), lambda areas: areas.nbytes
        )

    def boundaries(self, level: Level = "rt", on: OnDay = None) -> gpd.GeoDataFrame:
        """Areas of one level: ``code, level, kind, name, parent, rw, rt, population, geometry``.

        Parameters
        ----------
        on
            The day they are in force, today where not given; or a day's zones, for theirs.
        """
        return self.ground(on).boundaries.level(read_level(level))

    def smallest_zone(self, on: OnDay = None) -> SmallestZone:
        """Kind of the smallest zones: ``rt``, which the law means, ``rw``, ``dusun`` or ``sls``."""
        return self.ground(on).boundaries.smallest_zone

    def locate(self, lon: float, lat: float, on: OnDay = None) -> Area | None:
        """The RT, or area that is no RT, at a point; see `Ground.locate`."""
        return self.ground(on).locate(lon, lat)

    def within(self, bbox: BBox, level: Level, on: OnDay = None) -> NDArray[np.intp]:
        """Positions in `boundaries` of the areas whose bounding box meets `bbox`, in order."""
        return self.ground(on).within(bbox, read_level(level))

    # Days

    def published_days(self) -> list[date]:
        """Days with published zones, in order."""
        return runs.published_days(self.store)

    def published_runs(self) -> pd.DataFrame:
        """Published days with what they say in short; see `PublicCity.published_runs`."""
        return self.public().published_runs()

    def latest(self) -> date:
        """The newest published day.

        Raises
        ------
        NotFoundError
            ``nothing-published`` if there is none.
        """
        return runs.latest_day(self.store)

    def published(self, on: Day | None = None, known_at: Moment | None = None) -> DayZones:
        """The published run of a day, the newest day where none is given.

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
        day = read_day(on) or runs.latest_day(self.store, moment)
        return runs.read_run(self.store, day, known_at=moment)

    def day(self, on: OnDay = None, known_at: Moment | None = None) -> DayZones:
        """A day's zones as they stand published, or as they were known at a moment.

        Parameters
        ----------
        known_at
            UTC where it names no zone. What stood published then; where nothing of the day was
            published yet, what `judged` says of it.

        Raises
        ------
        NotFoundError
            ``no-run`` for a day that is not published, where no moment is given; else see
            `judged`.
        """
        if isinstance(on, DayZones):
            return on
        if known_at is None or on is None:
            return self.published(on, known_at)
        found = runs.find_run(self.store, read_day(on), known_at=read_known_at(known_at))
        return found or self.judged(on, known_at)

    def judged(self, on: Day, known_at: Moment | None = None) -> DayZones:
        """A day's zones from the records known at a moment, whatever was published of it.

        On the boundaries in force on the day, by the rule of its publication or else the one in
        force, all as known at that moment. Nothing is published.

        Parameters
        ----------
        known_at
            UTC where it names no zone; now where not given.

        Raises
        ------
        InputError
            ``date-in-future`` for a day still to come at that moment.
        NotFoundError
            ``nothing-known`` where no case was known then.
        """
        return self._past.day(read_day(on), read_known_at(known_at))

    def zones(
        self, on: OnDay = None, level: Level = "rt", known_at: Moment | None = None
    ) -> gpd.GeoDataFrame:
        """Zones of one day at one level, with their counts; see `zones_at` and `day`."""
        day, at = self.day(on, known_at), read_level(level)
        zones = self.cache.get_or_build(
            ("zones", day.run, at),
            lambda: zones_at(self._ground(day.boundaries).boundaries, day, at),
            bytes_of_frame,
            part_of=ground_key(day.boundaries),
        )
        return zones.copy()

    def zones_for_officials(
        self, on: OnDay = None, level: Level = "rt", known_at: Moment | None = None
    ) -> gpd.GeoDataFrame:
        """The zones of `zones`, with what officials count beside the colours; never public.

        Of each area's RT: ``newcomers`` who arrived and ``deaths`` in the days of the rule's
        window, and newcomers ``in_quarantine`` on the day. Where `known_at` is not given, see
        `zoning.zones.official_counts.counts_beside` for which moment's records count.
        """
        day, moment = self.day(on, known_at), read_known_at(known_at)
        zones = self.zones(day, level)
        return with_counts_beside(zones, self.store, self._ground(day.boundaries), day, moment)

    def zone(self, code: str, on: OnDay = None, known_at: Moment | None = None) -> ZoneView:
        """One zone on one day with its counts: its colour, why, what to do, what is uncertain."""
        day = self.day(on, known_at)
        areas = self.areas_of(day.boundaries)
        return explain(areas, day, public_zone.explain(areas, public_day(day), code))

    def history(
        self,
        code: str,
        start: Day | None = None,
        end: Day | None = None,
        *,
        known_at: Moment | None = None,
    ) -> pd.DataFrame:
        """One zone's colours for every published day of a range; see `PublicCity.history`."""
        return self.public().history(code, start, end, known_at=known_at)

    def summary(
        self, on: OnDay = None, level: Level = "kecamatan", known_at: Moment | None = None
    ) -> pd.DataFrame:
        """How many RT of each colour per area of a level, and its cases that have no RT."""
        day = self.day(on, known_at)
        return summary_of(self.areas_of(day.boundaries), day, read_level(level))

    def rejudge(
        self,
        by: str | Rule,
        start: Day | None = None,
        end: Day | None = None,
        *,
        known_at: Moment | None = None,
    ) -> pd.DataFrame:
        """What another rule would say of the published days, on the boundaries of today.

        Parameters
        ----------
        by
            A rule, or the id of one; with a window of its own, it is counted by that.
        start, end
            First and last day; from the first published day to the last where not given.
        known_at
            By the records known then (UTC where it names no zone); by those known now where not
            given.

        Returns
        -------
        DataFrame
            ``date, green, yellow, orange, red``: how many RT have each colour, a row a day.

        Raises
        ------
        NotFoundError
            ``no-rule`` if there is no rule of that id.
        """
        judged_by = rule(by) if isinstance(by, str) else by
        first, last = read_day(start) or date.min, read_day(end) or date.max
        days = [day for day in self.published_days() if first <= day <= last]
        ground = self.ground()
        cases = self._past.cases(ground, read_known_at(known_at))
        return rejudge(cases.table, days, judged_by, int(is_rt(ground.boundaries).sum()))

    # For notebooks

    def series(
        self,
        level: Level = "kota",
        start: Day | None = None,
        end: Day | None = None,
        *,
        known_at: Moment | None = None,
        boundaries: str | None = None,
    ) -> pd.DataFrame:
        """Counts per published day and area of a level, zeros filled in.

        Parameters
        ----------
        known_at
            As known at that moment, see `day`; days of the range still to come then are left out.
        boundaries
            ``latest`` for those of today, or the id of others: every day counted anew on these
            from its records, so that areas are the same on all days. Where not given each day is
            as published, on its own boundaries.

        Returns
        -------
        DataFrame
            See `zoning.zones.series.at_level`.
        """
        span = Span(read_day(start), read_day(end), read_known_at(known_at))
        chosen = boundaries_in_force(self.store) if boundaries == "latest" else boundaries
        counted = self._past.counted(span, chosen)
        return series.at_level(counted, self.areas_of, read_level(level))

    def cases(self, known_at: Moment | None = None) -> pd.DataFrame:
        """Cases as known at a moment, now where none is given, with how and where each lies.

        A second record of a case has the status ``double`` and is counted nowhere; ``double_of``
        is the id of the case.
        """
        ground, moment = self._ground_known(known_at)
        return line_lists.cases(self.store, ground, moment)

    def newcomers(self, known_at: Moment | None = None, *, on: Day | None = None) -> pd.DataFrame:
        """Newcomers as known at a moment, now where none is given, with how each stands on a day.

        Parameters
        ----------
        on
            The day; that of the moment, today where neither is given.

        Returns
        -------
        DataFrame
            As `cases`, with ``due_on, rule, state``, missing for who had not arrived by that day;
            see `zoning.quarantine.with_states`.
        """
        ground, moment = self._ground_known(known_at)
        day = read_day(on) or self._day_of(moment)
        return all_standing_on(self.store, ground, day, moment)

    def places(self, kind: PlaceKind | None = None) -> gpd.GeoDataFrame:
        """Places as known now, of one kind or all; see `zoning.portal.places.Places`."""
        found = self.place_index()
        return found.table.iloc[found.chosen(kind=kind)].reset_index(drop=True)

    def place_index(self) -> Places:
        """Places with what finds the nearest."""
        ground, versions = self.ground(), place_versions(self.store)
        return self.cache.get_or_build(
            ("places", ground.boundaries.id, versions),
            lambda: read_places(self.store, ground),
            lambda places: bytes_of_frame(places.table),
            part_of=ground_key(ground.boundaries.id),
        )

    def indicators(
        self,
        *names: str,
        area: str | None = None,
        level: Level | None = None,
        start: Day | None = None,
        end: Day | None = None,
    ) -> pd.DataFrame:
        """Indicators as known now; see `zoning.portal.indicators.chosen`."""
        ground = self.ground()
        every = self._every_indicator()
        level = None if level is None else read_level(level)
        start, end = read_day(start), read_day(end)
        return chosen_indicators(
            every, ground.boundaries, names=names, area=area, level=level, start=start, end=end
        )

    def arrivals(self, on: Day) -> pd.DataFrame:
        """What arrived on a day for which days; see `zoning.zones.growth.arrivals`."""
        return growth.arrivals(self.store, read_day(on))

    def growth(
        self, *, longest: int = 14, known_at: Moment | None = None
    ) -> tuple[pd.DataFrame, "pd.Series[float]"]:
        """How much of a day's cases is known after how many days; see `zoning.zones.growth`."""
        return growth.growth(self.store, longest=longest, known_at=read_known_at(known_at))

    def map(
        self, on: OnDay = None, *, days: int | None = None, server: str | None = None
    ) -> "folium.Map":
        """The city on one day and the days before, complete in itself: needs no internet.

        Parameters
        ----------
        days
            How many published days its slider has: 14 where not given, all if more than there are.
        server
            Where a server of this city is: the map then draws its tiles and has all its days.
        """
        # Folium takes a second to import, and only notebooks draw here.
        from zoning.drawing.folium_map import notebook_map  # noqa: PLC0415

        return notebook_map(self.public(), self.day(on).date, days, server)

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _disclose(self, minimum: int) -> PublicCity:
        kept = Kept(
            self._ground, self.areas_of, self.place_index, self._every_indicator, self.cache
        )
        return PublicCity(DisclosedCity(self.store, kept, minimum))

    def _every_indicator(self) -> pd.DataFrame:
        ground, versions = self.ground(), indicator_versions(self.store)
        return self.cache.get_or_build(
            ("indicators", ground.boundaries.id, versions),
            lambda: all_indicators(self.store, ground.boundaries),
            bytes_of_frame,
        )

    def _ground(self, version: str) -> RecordGround:
        return self.cache.get_or_build(
            ground_key(version),
            lambda: RecordGround(load_boundaries(self.store, version), self.store.settings.prefer),
            lambda ground: ground.nbytes,
        )

    def _day_of(self, moment: datetime | None) -> date:
        """The day it is in the city at a moment, now where none is given."""
        settings = self.store.settings
        return settings.today() if moment is None else settings.day_of(moment)

    def _ground_known(self, known_at: Moment | None) -> tuple[RecordGround, datetime | None]:
        """Boundaries in force on the day of a moment, as known then; and the moment in UTC."""
        moment = read_known_at(known_at)
        if moment is None:
            return self.ground(), None
        version = boundaries_in_force(self.store, self._day_of(moment), moment)
        return self._ground(version), moment


def open_city(
    database: str, cache: Cache | None = None, settings: CitySettings | None = None
) -> City:
    """Open a city's database, for instance ``duckdb:///city.duckdb``.

    Parameters
    ----------
    cache
        Where it keeps what is expensive to compute; one of its own where not given.
    settings
        What the city sets for itself; from the environment where not given.

    Raises
    ------
    InputError
        See `geodata.settings.read_city_settings`.
    StoreError
        If there is none, or it cannot be opened; see `geodata.store.open_store`.
    """
    store = open_store(database, settings=settings)
    try:
        return City(store, cache)
    except BaseException:
        store.close()
        raise
