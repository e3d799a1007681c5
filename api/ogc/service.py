"""The services that routes of OGC API need: collections, coordinate systems, feature selection."""

from typing import Final
from zoneinfo import ZoneInfo

from anyio import CapacityLimiter

from api.geojson.encoded import FeatureCache
from api.ogc.crs import Crs, available_crs
from api.ogc.features.collection import Collection
from api.ogc.features.places import Places
from api.ogc.features.selecting import FeatureSelector
from api.ogc.features.zones import Zones
from api.ogc.messages import service_title
from geodata.areas import Level
from geodata.boundaries import Boundaries
from geodata.calendar import DayRange
from geodata.errors import NotFoundError
from geodata.language import Bilingual
from zoning.public.city import PublicCity
from zoning.public.source import KnownDays

_LEVELS: Final[tuple[Level, ...]] = ("rt", "rw", "kelurahan", "kecamatan", "kota")
_SELECTOR_THREADS: Final = 4
"""An expensive filter takes seconds; the limit leaves processors for other requests."""


class Ogc:
    """Collections, coordinate systems and feature selection of a city. Thread-safe.

    Attributes
    ----------
    threads
        Limits the threads that select features.
    collections
        Collections by id.
    selector
        Selects the features of a page.
    """

    def __init__(self, city: PublicCity, features: FeatureCache) -> None:
        self.threads = CapacityLimiter(_SELECTOR_THREADS)
        self._city = city
        zones = [Zones(city, features, level) for level in _LEVELS]
        collections: list[Collection] = [*zones, Places(city)]
        self.collections = {collection.id: collection for collection in collections}
        self.selector = FeatureSelector()

    def collection(self, name: str) -> Collection:
        """The collection of an id.

        Raises
        ------
        NotFoundError
            ``no-collection``.
        """
        if name not in self.collections:
            raise NotFoundError(
                "no-collection",
                "That collection does not exist. The collections are: "
                f"{', '.join(self.collections)}.",
                indonesian="Koleksi itu tidak ada. Koleksi yang ada: "
                f"{', '.join(self.collections)}.",
            )
        return self.collections[name]

    def newest_run(self, days: DayRange) -> str | None:
        """Public id of the run of the newest published day in a range; None if there is none."""
        runs = self._city.published_runs(KnownDays(days))
        return None if runs.empty else str(runs["run"].iloc[-1])

    @property
    def timezone(self) -> ZoneInfo:
        """Time zone of the city."""
        return self._city.timezone

    @property
    def title(self) -> Bilingual:
        """Title of the service."""
        city = str(self.boundaries.level("kota")["name"].iloc[0])
        return service_title(city, self._city.rules.disease)

    @property
    def boundaries(self) -> Boundaries:
        """Boundaries in force today."""
        return self._city.ground().boundaries

    @property
    def crs(self) -> dict[str, Crs]:
        """Available coordinate systems by URI."""
        return available_crs(self.boundaries)
