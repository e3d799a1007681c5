"""Everything OGC API answers from: the collections of one city."""

from typing import Final
from zoneinfo import ZoneInfo

from anyio import CapacityLimiter

from api.geojson.encoded import FeatureCache
from api.ogc import crs
from api.ogc.features.collection import Collection
from api.ogc.features.places import Places
from api.ogc.features.selecting import Selecting
from api.ogc.features.zones import Zones
from api.ogc.messages import title_of
from geodata.areas import Level
from geodata.boundaries import Boundaries
from geodata.calendar import DayRange
from geodata.errors import NotFoundError
from geodata.language import Bilingual
from zoning.public.city import PublicCity
from zoning.public.source import KnownDays

_LEVELS: Final[tuple[Level, ...]] = ("rt", "rw", "kelurahan", "kecamatan", "kota")


_AT_ONCE: Final = 4
"""Questions being answered: the dearest filters take seconds, and all else goes on meanwhile."""


class Ogc:
    """Collections, coordinate systems and what is remembered. Safe for threads.

    Attributes
    ----------
    threads
        How many threads may select features.
    """

    def __init__(self, city: PublicCity, drawn: FeatureCache) -> None:
        self.threads = CapacityLimiter(_AT_ONCE)
        self._city = city
        every: list[Collection] = [*(Zones(city, drawn, level) for level in _LEVELS), Places(city)]
        self.collections = {one.id: one for one in every}
        self.selecting = Selecting()

    def collection(self, name: str) -> Collection:
        """One collection.

        Raises
        ------
        NotFoundError
            ``no-collection``.
        """
        if name not in self.collections:
            raise NotFoundError(
                "no-collection",
                f"There is no such collection here. There are: {', '.join(self.collections)}.",
                indonesian=f"Tidak ada koleksi itu. Yang ada: {', '.join(self.collections)}.",
            )
        return self.collections[name]

    def run_of(self, days: DayRange) -> str | None:
        """The run of the newest of some days that is published; None where none is."""
        found = self._city.published_runs(KnownDays(days))
        return None if found.empty else str(found["run"].iloc[-1])

    @property
    def timezone(self) -> ZoneInfo:
        """Time zone of the city."""
        return self._city.timezone

    @property
    def title(self) -> Bilingual:
        """What the service is called."""
        city = str(self.boundaries.level("kota")["name"].iloc[0])
        return title_of(city, self._city.rules.disease)

    @property
    def boundaries(self) -> Boundaries:
        """Boundaries in force today."""
        return self._city.ground().boundaries

    @property
    def crs(self) -> dict[str, crs.Crs]:
        """Coordinate systems on offer."""
        return crs.offered(self.boundaries)
