"""City: the object that notebooks and officials' routes use.

A `City` reads the database, with counts; `City.public` gives the public values. Values that are
expensive to compute are cached: boundaries with their indexes, and classified days. A `City` writes
nothing; `zoning.records.intake` loads files and `zoning.days.daily` runs days. Safe for many
threads.
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
from zoning.disclosure.source import DisclosureSource, public_day
from zoning.placing.indexed_boundaries import boundaries_key
from zoning.placing.record_boundaries import RecordBoundaries
from zoning.portal.places import Places
from zoning.public import zone as public_zone
from zoning.public.areas import is_zone
from zoning.public.city import PublicCity
from zoning.public.city_questions import CityQuestions
from zoning.public.source import KnownDays
from zoning.quarantine.newcomers import newcomers_with_states
from zoning.records import line_lists
from zoning.rules import Rule, Rulebook, built_in, open_rulebook
from zoning.zones import growth, series
from zoning.zones.day_questions import DayOrZones, DayQuestions
from zoning.zones.explain import ZoneView, explain
from zoning.zones.frames import summary_frame, zones_frame
from zoning.zones.known_at import DaysKnownAt
from zoning.zones.official_counts import add_official_counts
from zoning.zones.recounting import reclassify

if TYPE_CHECKING:
    import folium


class City(DayQuestions, CityQuestions[Day | DayZones]):
    """A city's zones, boundaries and records; made by `open_city`.

    All coordinates are longitude and latitude in degrees, EPSG:4326.

    Attributes
    ----------
    data
        Cached values, for the application.
    cache
        The cache of the process, for values that are expensive to compute.
    rules
        The city's rules, with their classes of risk.
    """

    def __init__(
        self, store: Store, cache: Cache | None = None, rules: Rulebook | None = None
    ) -> None:
        self.rules = built_in() if rules is None else rules
        self.data = CityData(store, Cache() if cache is None else cache, self.rules)
        self.store, self.cache = store, self.data.cache
        self._past = DaysKnownAt(store, self.data.ground, self.cache, self.rules)
        # Four are enough: a server uses one minimum, and a `PublicCity` holds no data.
        self._public = lru_cache(maxsize=4)(self._make_public)

    def public(self, minimum: int = 5) -> PublicCity:
        """The public values of the city; public answers are made only from this object.

        Parameters
        ----------
        minimum
            Counts of people below this are suppressed; see `zoning.disclosure.banding`.
        """
        return self._public(minimum)

    # Boundaries

    def ground(self, on: DayOrZones = None) -> RecordBoundaries:
        """Boundaries in force on a day (today for None), with their indexes.

        For the zones of a day, the boundaries of its run.
        """
        if isinstance(on, DayZones):
            return self.data.ground(on.boundaries)
        return self.data.ground(boundaries_in_force(self.store, read_day(on)))

    # Zones

    def zones(
        self, on: DayOrZones = None, level: Level = "rt", known_at: Moment | None = None
    ) -> gpd.GeoDataFrame:
        """Zones of one day at one level, with their counts; see `zones_frame` and `day`."""
        day, area_level = self.day(on, known_at), read_level(level)
        zones = self.cache.get_or_build(
            ("zones", day.run, area_level),
            lambda: zones_frame(
                self.data.ground(day.boundaries).boundaries, day, area_level, self.rules.classes
            ),
            bytes_of_frame,
            part_of=boundaries_key(day.boundaries),
        )
        return zones.copy()

    def zones_for_officials(
        self, on: DayOrZones = None, level: Level = "rt", known_at: Moment | None = None
    ) -> gpd.GeoDataFrame:
        """The zones of `zones`, with further counts for officials; never public.

        For each area: ``newcomers`` who arrived and ``deaths`` within the window of the rule, and
        newcomers ``in_quarantine`` on the day. Without `known_at`, see
        `zoning.zones.official_counts.official_counts` for the moment of the records.
        """
        day, moment = self.day(on, known_at), read_known_at(known_at)
        zones = self.zones(day, level)
        day_and_rule = day, self.rules.rule_for_run(day.of)
        indexed = self.data.ground(day.boundaries)
        return add_official_counts(zones, self.store, indexed, day_and_rule, moment)

    def zone(self, code: str, on: DayOrZones = None, known_at: Moment | None = None) -> ZoneView:
        """One zone on one day with counts: its colour, the reason, measures, uncertainty."""
        day = self.day(on, known_at)
        areas = self.data.areas_of(day.boundaries)
        public_view = public_zone.explain(areas, public_day(day), code, self.rules)
        return explain(areas, day, public_view, self.rules)

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
        self, on: DayOrZones = None, level: Level = "kecamatan", known_at: Moment | None = None
    ) -> pd.DataFrame:
        """Number of RT of each colour per area of a level, and of cases without an RT."""
        day = self.day(on, known_at)
        areas = self.data.areas_of(day.boundaries)
        return summary_frame(areas, day, read_level(level), self.rules.classes)

    def rejudge(
        self,
        by: str | Rule,
        start: Day | None = None,
        end: Day | None = None,
        *,
        known_at: Moment | None = None,
    ) -> pd.DataFrame:
        """Classify the published days by another rule, on the boundaries of today.

        Parameters
        ----------
        by
            A rule, or the id of a rule. Cases are counted in the window of this rule.
        start, end
            First and last day; all published days for None.
        known_at
            Use the records known at this moment (UTC unless it names a zone); now for None.

        Returns
        -------
        DataFrame
            ``date`` and the number of RT of each class of the rule, one row per day.

        Raises
        ------
        NotFoundError
            ``no-rule`` if no rule has the id.
        """
        rule = self.rules.rule(by) if isinstance(by, str) else by
        day_range = DayRange.between(read_day(start), read_day(end))
        days = [day for day in self.published_days() if day_range.holds(day)]
        indexed = self.ground()
        cases = self._past.cases(indexed, read_known_at(known_at))
        return reclassify(cases.table, days, rule, int(is_zone(indexed.boundaries).sum()))

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
            Use the records known at this moment, see `day`; later days are left out.
        boundaries
            ``latest`` for the boundaries of today, or an id: count every day again on these
            boundaries, so that areas are the same on all days. For None, each day is as
            published, on the boundaries of its run.

        Returns
        -------
        DataFrame
            See `zoning.zones.series.sum_at_level`.
        """
        known = KnownDays(DayRange.between(read_day(start), read_day(end)), read_known_at(known_at))
        version = boundaries_in_force(self.store) if boundaries == "latest" else boundaries
        counts = self._past.day_counts(known, version)
        return series.sum_at_level(
            counts, self.data.areas_of, read_level(level), self.rules.classes
        )

    def cases(self, known_at: Moment | None = None) -> pd.DataFrame:
        """Cases as known at a moment (now for None), with the placement of each.

        A second record of a case has the status ``double`` and is not counted; ``double_of`` is
        the id of the case.
        """
        moment = read_known_at(known_at)
        indexed = self.data.ground_known(moment)
        return line_lists.cases(self.store, indexed, moment)

    def newcomers(self, known_at: Moment | None = None, *, on: Day | None = None) -> pd.DataFrame:
        """Newcomers as known at a moment (now for None), with their quarantine status on a day.

        Parameters
        ----------
        on
            The day; for None the day of the moment, or today.

        Returns
        -------
        DataFrame
            Like `cases`, with ``due_on, rule, state``, missing for a person who had not arrived
            by the day; see `zoning.quarantine.with_states`.
        """
        moment = read_known_at(known_at)
        indexed = self.data.ground_known(moment)
        settings = self.store.settings
        day = read_day(on) or (settings.today() if moment is None else settings.day_of(moment))
        return newcomers_with_states(self.store, indexed, day, moment)

    def place_index(self) -> Places:
        """Places as known now, with their spatial index."""
        return self.data.places()

    def every_indicator(self) -> pd.DataFrame:
        """Every indicator as known now; `indicators` filters them."""
        return self.data.indicators()

    def arrivals(self, on: Day) -> pd.DataFrame:
        """Cases added and removed on a day, by their day; see `zoning.zones.growth.arrivals`."""
        return growth.arrivals(self.store, read_day(on))

    def growth(
        self, *, longest: int = 14, known_at: Moment | None = None
    ) -> tuple[pd.DataFrame, "pd.Series[float]"]:
        """Share of a day's cases known after each number of days; see `zoning.zones.growth`."""
        return growth.growth(self.store, longest=longest, known_at=read_known_at(known_at))

    def map(
        self, on: DayOrZones = None, *, days: int | None = None, server: str | None = None
    ) -> "folium.Map":
        """A map of one day and the days before, which needs no internet.

        Parameters
        ----------
        days
            Number of published days of the slider; 14 for None.
        server
            URL of a server of this city: the map then shows the server's tiles and all days.
        """
        # Importing folium takes a second, and only notebooks draw here.
        from zoning.drawing.folium_map import notebook_map  # noqa: PLC0415

        return notebook_map(self.public(), self.day(on).date, days, server)

    def close(self) -> None:
        """Close the database."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _make_public(self, minimum: int) -> PublicCity:
        return PublicCity(DisclosureSource(self.data, minimum))


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
        Cache for values that are expensive to compute; a new cache for None.
    rules
        Folder of the city's own rules; the rules of the project for None. See docs/rules.md.
    settings
        Settings of the city; from the environment for None.

    Raises
    ------
    InputError
        If a rule or a setting cannot be used; see `zoning.rules.open_rulebook` and
        `geodata.settings.read_city_settings`.
    StoreError
        If the database does not exist or cannot be opened; see `geodata.store.open_store`.
    """
    rulebook = open_rulebook(rules)
    store = open_store(database, settings=settings)
    try:
        return City(store, cache, rulebook)
    except BaseException:
        store.close()
        raise
