"""City: the one object that notebooks and faces hold.

It answers questions from the database and keeps what is dear to compute: boundaries and their
indexes by version, the newest days as they were judged. It changes nothing; loading and running
are `zoning.intake` and `zoning.daily`. Safe for many threads.
"""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Self

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.boundaries import Area, load_boundaries, newest_boundaries
from geodata.store import Store, open_store
from zoning import line_lists, runs, series
from zoning.cases import PlacedCases, case_versions, current_cases, placed_cases
from zoning.explain import ZoneView, explain
from zoning.ground import BBox, Ground
from zoning.recounting import rejudge
from zoning.rules import Rule, rule
from zoning.runs import DayZones
from zoning.zones import is_rt, risks_of_leaves, summary_of, zones_at

if TYPE_CHECKING:
    import folium


class City:
    """A city's zones, boundaries and records; made by `open_city`."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._ground = lru_cache(maxsize=4)(self._load_ground)
        self._zones = lru_cache(maxsize=32)(self._judge)
        self._cases = lru_cache(maxsize=1)(self._place_cases)

    # Boundaries

    def ground(self, on: date | None = None) -> Ground:
        """Boundaries with their indexes, as the run of a day used them; else the newest."""
        version = newest_boundaries(self.store) if on is None else self.day(on).boundaries
        return self._ground(version)

    def boundaries(self, level: Level = "rt", on: date | None = None) -> gpd.GeoDataFrame:
        """Areas of one level: ``code, level, kind, name, parent, rw, rt, population, geometry``.

        Parameters
        ----------
        on
            The areas as the run of that day used them; the newest where not given.
        """
        return self.ground(on).boundaries.level(level)

    def locate(self, lon: float, lat: float, on: date | None = None) -> Area | None:
        """The RT, or area that is no RT, at a point; None outside all of them."""
        return self.ground(on).locate(lon, lat)

    def within(self, bbox: BBox, level: Level, on: date | None = None) -> NDArray[np.intp]:
        """Positions in `boundaries` of the areas whose bounding box meets `bbox`, in order."""
        return self.ground(on).within(bbox, level)

    # Days

    def published_days(self) -> list[date]:
        """Days with published zones, in order."""
        return runs.published_days(self.store)

    def latest(self) -> date:
        """The newest published day.

        Raises
        ------
        NotFoundError
            ``nothing-published`` if there is none.
        """
        return runs.latest_day(self.store)

    def day(self, on: date | None = None, known_at: datetime | None = None) -> DayZones:
        """The published run of a day, the newest day where none is given.

        Parameters
        ----------
        known_at
            As published at that moment (UTC where it names no zone); as published last where
            not given.

        Raises
        ------
        NotFoundError
            ``no-run`` if that day is not published.
        """
        if known_at is not None and known_at.tzinfo is not None:
            known_at = known_at.astimezone(UTC).replace(tzinfo=None)
        return runs.read_run(self.store, on or self.latest(), known_at=known_at)

    def zones(
        self, on: date | None = None, level: Level = "rt", known_at: datetime | None = None
    ) -> gpd.GeoDataFrame:
        """Zones of one day at one level, with their counts; see `zones_at` and `day`."""
        return self._zones(self.day(on, known_at), level).copy()

    def zone(self, code: str, on: date | None = None) -> ZoneView:
        """One zone on one day: its colour, why, what to do, what is uncertain.

        With its counts; `ZoneView.public` leaves them out.
        """
        day = self.day(on)
        return explain(self._ground(day.boundaries).boundaries, day, code)

    def history(
        self, code: str, start: date | None = None, end: date | None = None
    ) -> pd.DataFrame:
        """One zone's ``date, risk, colour, run`` for every published day of a range."""
        return series.history(self.store, self.ground().boundaries, code, start=start, end=end)

    def summary(self, on: date | None = None, level: Level = "kecamatan") -> pd.DataFrame:
        """How many RT of each colour per area of a level, and its cases that have no RT."""
        day = self.day(on)
        return summary_of(self._ground(day.boundaries).boundaries, day, level)

    def risks(self, on: date | None = None) -> NDArray[np.uint8]:
        """Risk of every leaf on a day, 255 for areas that are no RT; shape ``(n_leaves,)``."""
        day = self.day(on)
        return risks_of_leaves(self._ground(day.boundaries).boundaries, day)

    def rejudge(
        self, by: str | Rule, start: date | None = None, end: date | None = None
    ) -> pd.DataFrame:
        """What another rule would say of the published days, by the records as they are now.

        Parameters
        ----------
        by
            A rule, or the id of one; with a window of its own, it is counted by that.
        start, end
            First and last day; from the first published day to the last where not given.

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
        first, last = start or date.min, end or date.max
        days = [day for day in self.published_days() if first <= day <= last]
        ground = self.ground()
        cases = self._cases(ground, case_versions(self.store))
        return rejudge(cases.table, days, judged_by, int(is_rt(ground.boundaries).sum()))

    # For notebooks

    def series(
        self, level: Level = "kota", start: date | None = None, end: date | None = None
    ) -> pd.DataFrame:
        """Published counts per day and area of a level, zeros filled in."""
        return series.published(self.store, self.ground().boundaries, level, start=start, end=end)

    def cases(self) -> pd.DataFrame:
        """Cases as known now, each with how and where it was placed."""
        return line_lists.cases(self.store, self.ground())

    def newcomers(self) -> pd.DataFrame:
        """Newcomers as known now, each with how and where it was placed."""
        return line_lists.newcomers(self.store, self.ground())

    def map(self, on: date | None = None) -> "folium.Map":
        """The city on one day, complete in itself: it needs no server and no internet."""
        # Folium takes a second to import, and only notebooks draw here.
        from zoning.drawing.folium_map import standalone  # noqa: PLC0415

        return standalone(self, self.day(on).date)

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _load_ground(self, version: str) -> Ground:
        return Ground(load_boundaries(self.store, version))

    def _place_cases(self, ground: Ground, versions: int) -> PlacedCases:  # noqa: ARG002
        # Versions are only ever added: as long as there are as many, the cases are the same.
        return placed_cases(current_cases(self.store), ground.boundaries, ground.placer)

    def _judge(self, day: DayZones, level: Level) -> gpd.GeoDataFrame:
        return zones_at(self._ground(day.boundaries).boundaries, day, level)


def open_city(database: str) -> City:
    """Open a city's database, for instance ``duckdb:///city.duckdb``.

    Raises
    ------
    StoreError
        If there is none, or it cannot be opened; see `geodata.store.open_store`.
    """
    return City(open_store(database))
