"""Questions about areas, places and indicators that `City` and `PublicCity` both answer."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import Level, SmallestZone
from geodata.boundaries import Area
from geodata.coercion import Day, read_day, read_level
from zoning.placing.indexed_boundaries import BBox, IndexedBoundaries
from zoning.portal.filtering import filter_indicators
from zoning.portal.places import PlaceKind, Places

OnT = TypeVar("OnT")
"""Type of the parameter `on`: a date, or a day that the caller already has."""


class CityQuestions(ABC, Generic[OnT]):
    """Base of `zoning.City` and `zoning.public.city.PublicCity`.

    All coordinates are longitude and latitude in degrees, EPSG:4326.
    """

    @abstractmethod
    def ground(self, on: OnT | None = None) -> IndexedBoundaries:
        """Boundaries in force on a day (today for None), with their indexes.

        For a day that was classified, the boundaries of its run.
        """

    @abstractmethod
    def place_index(self) -> Places:
        """Places as known now, with their spatial index."""

    @abstractmethod
    def every_indicator(self) -> pd.DataFrame:
        """Every indicator as known now."""

    def boundaries(self, level: Level = "rt", on: OnT | None = None) -> gpd.GeoDataFrame:
        """Areas of one level: ``code, level, kind, name, parent, rw, rt, population, geometry``.

        Parameters
        ----------
        on
            See `ground`.
        """
        return self.ground(on).boundaries.level(read_level(level))

    def smallest_zone(self, on: OnT | None = None) -> SmallestZone:
        """Kind of the smallest zones: ``rt`` (as in the law), ``rw``, ``dusun`` or ``sls``."""
        return self.ground(on).boundaries.smallest_zone

    def locate(self, lon: float, lat: float, on: OnT | None = None) -> Area | None:
        """The smallest area at a point: an RT, or an area that is no RT; None outside all areas.

        Parameters
        ----------
        lon, lat
            Longitude and latitude in degrees, EPSG:4326.
        on
            See `ground`.

        Raises
        ------
        InputError
            ``no-place-on-earth``.
        """
        return self.ground(on).locate(lon, lat)

    def within(self, bbox: BBox, level: Level, on: OnT | None = None) -> NDArray[np.intp]:
        """Positions in `boundaries` of the areas whose bounding box meets `bbox`, in order.

        Parameters
        ----------
        bbox
            West, south, east, north in degrees, EPSG:4326.
        on
            See `ground`.
        """
        return self.ground(on).within(bbox, read_level(level))

    def places(self, kind: PlaceKind | None = None) -> gpd.GeoDataFrame:
        """Places as known now, of one kind or all; see `zoning.portal.places.Places`."""
        index = self.place_index()
        return index.table.iloc[index.matching_rows(kind=kind)].reset_index(drop=True)

    def indicators(
        self,
        *names: str,
        area: str | None = None,
        level: Level | None = None,
        start: Day | None = None,
        end: Day | None = None,
    ) -> pd.DataFrame:
        """Indicators as known now, of some areas and days; see `zoning.portal.filtering`."""
        return filter_indicators(
            self.every_indicator(),
            self.ground().boundaries,
            names=names,
            area=area,
            level=None if level is None else read_level(level),
            start=read_day(start),
            end=read_day(end),
        )
