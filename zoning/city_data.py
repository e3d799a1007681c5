"""Cached values of a city other than days: boundaries with their indexes, places, indicators.

`zoning.City` and `zoning.disclosure.source` both read through `CityData`, so each value is built
once.
"""

from datetime import datetime

import pandas as pd

from geodata.boundaries import AreaTable, boundaries_in_force, load_areas, load_boundaries
from geodata.store import Store
from zoning.caching import Cache, bytes_of_frame
from zoning.placing.indexed_boundaries import boundaries_key
from zoning.placing.record_boundaries import RecordBoundaries
from zoning.portal.indicators import all_indicators, indicator_versions
from zoning.portal.known_places import place_versions, read_places
from zoning.portal.places import Places
from zoning.rules import Rulebook


class CityData:
    """Reads one database through one cache. Safe for many threads.

    Attributes
    ----------
    store
        The database.
    cache
        The cache of the process, for values that are expensive to compute.
    rules
        The city's rules, with their classes of risk.
    """

    def __init__(self, store: Store, cache: Cache, rules: Rulebook) -> None:
        self.store = store
        self.cache = cache
        self.rules = rules

    def ground(self, version: str) -> RecordBoundaries:
        """Boundaries with their indexes, by id, whenever in force."""
        return self.cache.get_or_build(
            boundaries_key(version),
            lambda: RecordBoundaries(
                load_boundaries(self.store, version), self.store.settings.prefer
            ),
            lambda indexed: indexed.nbytes,
        )

    def ground_today(self) -> RecordBoundaries:
        """The boundaries in force today."""
        return self.ground(boundaries_in_force(self.store))

    def ground_known(self, moment: datetime | None) -> RecordBoundaries:
        """The boundaries in force on the day of a moment, as known then; today's for None.

        Parameters
        ----------
        moment
            UTC, without a zone.
        """
        if moment is None:
            return self.ground_today()
        return self.ground(
            boundaries_in_force(self.store, self.store.settings.day_of(moment), moment)
        )

    def areas_of(self, version: str) -> AreaTable:
        """Codes, parents and levels of boundaries, by id, without geometry."""
        return self.cache.get_or_build(
            ("areas", version), lambda: load_areas(self.store, version), lambda areas: areas.nbytes
        )

    def places(self) -> Places:
        """Places as known now, with their spatial index."""
        indexed, versions = self.ground_today(), place_versions(self.store)
        return self.cache.get_or_build(
            ("places", indexed.boundaries.id, versions),
            lambda: read_places(self.store, indexed),
            lambda places: bytes_of_frame(places.table),
            part_of=boundaries_key(indexed.boundaries.id),
        )

    def indicators(self) -> pd.DataFrame:
        """Every indicator as known now; see `zoning.portal.indicators.all_indicators`."""
        indexed, versions = self.ground_today(), indicator_versions(self.store)
        return self.cache.get_or_build(
            ("indicators", indexed.boundaries.id, versions),
            lambda: all_indicators(self.store, indexed.boundaries),
            bytes_of_frame,
        )
