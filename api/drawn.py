"""What is dear to make and the same for many requests: encoded features."""

from functools import lru_cache

from api.features import LevelFeatures
from geodata.areas import Level
from zoning.placing.ground import Ground
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay


class Drawn:
    """Kept by version of the boundaries, the last few. Safe for threads."""

    def __init__(self, city: PublicCity) -> None:
        self._city = city
        self._features = lru_cache(maxsize=20)(self._encode)

    def features(self, day: PublicDay, level: Level) -> LevelFeatures:
        """Areas of a level as the run used them."""
        return self.areas(self._city.ground(day), level)

    def areas(self, ground: Ground, level: Level) -> LevelFeatures:
        """Areas of a level of one version of the boundaries."""
        return self._features(ground, level)

    def _encode(self, ground: Ground, level: Level) -> LevelFeatures:
        return LevelFeatures(ground.boundaries, level)
