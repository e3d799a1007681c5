"""City: the one object that notebooks and officials' routes hold.

It knows counts; what everyone may know is its `City.public`. It answers questions from the database
and keeps what is expensive to compute in its cache: boundaries and their indexes by version, days
as they were judged. It changes nothing; loading and running are `zoning.records.intake` and
`zoning.days.daily`. Safe for many threads.
"""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

import geopandas as gpd
import pandas as pd

from geodata.areas import Level
from geodata.boundaries import boundaries_in_force
from geodata.calendar import DayRange
from geodata.coercion import Day, Moment, read_day, read_known_at, read_level
from geodata.settings import CitySettings
from geodata.store import Store, open_store
from zoning.caching import Cache, bytes_of_frame
from zoning.city_data import CityData
from zoning.days.runs import DayZones
from zoning.disclosure.source import DisclosedCity, public_day
from zoning.placing.indexed_boundaries import ground_key
from zoning.placing.record_boundaries import RecordGround
from zoning.portal.places import Places
from zoning.public import zone as public_zone
from zoning.public.areas import is_rt
from zoning.public.city import PublicCity
from zoning.public.city_questions import CityQuestions
from zoning.public.source import KnownDays
from zoning.quarantine.newcomers import all_standing_on
from zoning.records import line_lists
from zoning.rules import Rule, Rulebook, built_in, open_rulebook
from zoning.zones import growth, series
from zoning.zones.day_questions import DayQuestions, OnDay
from zoning.zones.explain import ZoneView, explain
from zoning.zones.frames import summary_of, zones_at
from zoning.zones.known_at import Past
from zoning.zones.official_counts import with_counts_beside
from zoning.zones.recounting import rejudge

if TYPE_CHECKING:
    import folium


class City(DayQuestions, CityQuestions[Day | DayZones]):
    """A city's zones, boundaries and records; made by `open_city`.

    Attributes
    ----------
    data
        What the city reads and keeps, for the application.
    cache
        Keeps what is expensive to compute; one for the whole process.
    rules
        The rules that the city is judged by, with their classes.
    """

    def __init__(
        self, store: Store, cache: Cache | None = None, rules: Rulebook | None = None
    ) -> None:
        self.rules = built_in() if rules is None else rules
        self.data = CityData(store, Cache() if cache is None else cache, self.rules)
        self.store, self.cache = store, self.data.cache
        self._past = Past(store, self.data.ground, self.cache, self.rules)
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
            return self.data.ground(on.boundaries)
        return self.data.ground(boundaries_in_force(self.store, read_day(on)))

    # Zones

    def zones(
        self, on: OnDay = None, level: Level = "rt", known_at: Moment | None = None
    ) -> gpd.GeoDataFrame:
        """Zones of one day at one level, with their counts; see `zones_at` and `day`."""
        day, at = self.day(on, known_at), read_level(level)
        zones = self.cache.get_or_build(
            ("zones", day.run, at),
            lambda: zones_at(
                self.data.ground(day.boundaries).boundaries, day, at, self.rules.classes
            ),
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
        judged = day, self.rules.rule_of(day.of)
        ground = self.data.ground(day.boundaries)
        return with_counts_beside(zones, self.store, ground, judged, moment)

    def zone(self, code: str, on: OnDay = None, known_at: Moment | None = None) -> ZoneView:
        """One zone on one day with its counts: its colour, why, what to do, what is uncertain."""
        day = self.day(on, known_at)
        areas = self.data.areas_of(day.boundaries)
        seen = public_zone.explain(areas, public_day(day), code, self.rules)
        return explain(areas, day, seen, self.rules)

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
        areas = self.data.areas_of(day.boundaries)
        return summary_of(areas, day, read_level(level), self.rules.classes)

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
            ``date`` and how many RT have each class of that rule, a row a day.

        Raises
        ------
        NotFoundError
            ``no-rule`` if there is no rule of that id.
        """
        judged_by = self.rules.rule(by) if isinstance(by, str) else by
        wanted = DayRange.between(read_day(start), read_day(end))
        days = [day for day in self.published_days() if wanted.holds(day)]
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
        known = KnownDays(DayRange.between(read_day(start), read_day(end)), read_known_at(known_at))
        chosen = boundaries_in_force(self.store) if boundaries == "latest" else boundaries
        counted = self._past.counted(known, chosen)
        return series.at_level(counted, self.data.areas_of, read_level(level), self.rules.classes)

    def cases(self, known_at: Moment | None = None) -> pd.DataFrame:
        """Cases as known at a moment, now where none is given, with how and where each lies.

        A second record of a case has the status ``double`` and is counted nowhere; ``double_of``
        is the id of the case.
        """
        moment = read_known_at(known_at)
        ground = self.data.ground_known(moment)
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
        moment = read_known_at(known_at)
        ground = self.data.ground_known(moment)
        settings = self.store.settings
        day = read_day(on) or (settings.today() if moment is None else settings.day_of(moment))
        return all_standing_on(self.store, ground, day, moment)

    def place_index(self) -> Places:
        """Places as known now, with what finds the nearest."""
        return self.data.places()

    def every_indicator(self) -> pd.DataFrame:
        """Every indicator as known now; `indicators` chooses some of them."""
        return self.data.indicators()

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
        return PublicCity(DisclosedCity(self.data, minimum))


def open_city(
    database: str,
    cache: Cache | None = None,
    rules: Path | None = None,
    settings: CitySettings | None = None,
) -> City:
    """Open a city's database, for instance ``duckdb:///city.duckdb``.

    Parameters
    ----------
    cache
        Where it keeps what is expensive to compute; one of its own where not given.
    rules
        Folder of the city's own rules; those of the project where not given. See docs/rules.md.
    settings
        What the city sets for itself; from the environment where not given.

    Raises
    ------
    InputError
        For a rule that cannot be used, see `zoning.rules.open_rulebook`; for a setting, see
        `geodata.settings.read_city_settings`.
    StoreError
        If there is none, or it cannot be opened; see `geodata.store.open_store`.
    """
    rulebook = open_rulebook(rules)
    store = open_store(database, settings=settings)
    try:
        return City(store, cache, rulebook)
    except BaseException:
        store.close()
        raise
