"""A cache of encoded features: they are expensive to compute and the same for many requests."""

from api.geojson.features import LevelFeatures
from geodata.areas import Level
from zoning.placing.indexed_boundaries import IndexedBoundaries, boundaries_key
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay


class FeatureCache:
    """Encoded features by version of the boundaries, in the cache of the city. Thread-safe."""

    def __init__(self, city: PublicCity) -> None:
        self._city = city

    def features(self, day: PublicDay, level: Level) -> LevelFeatures:
        """Areas of a level, on the boundaries of a published day."""
        return self.areas(self._city.ground(day), level)

    def areas(self, indexed: IndexedBoundaries, level: Level) -> LevelFeatures:
        """Areas of a level, on one version of the boundaries."""
        version = indexed.boundaries.id
        return self._city.cache.get_or_build(
            ("features", version, level),
            lambda: LevelFeatures(indexed.boundaries, level, self._city.rules.classes),
            lambda features: features.nbytes,
            part_of=boundaries_key(version),
        )
