"""What is dear to make and the same for many requests: encoded features, the city's picture."""

from functools import lru_cache
from threading import Lock

from api.features import LevelFeatures
from geodata.areas import Level
from zoning.city import City
from zoning.drawing.raster import Raster, draw_raster, overlay_png
from zoning.ground import Ground
from zoning.runs import DayZones


class Drawn:
    """Kept by version of the boundaries and by run, the last few of each. Safe for threads."""

    def __init__(self, city: City, width: int) -> None:
        self._city = city
        self._width = width
        self._drawing = Lock()
        self._features = lru_cache(maxsize=20)(self._encode)
        self._raster = lru_cache(maxsize=2)(self._draw)
        self._png = lru_cache(maxsize=64)(self._colour)

    def features(self, day: DayZones, level: Level) -> LevelFeatures:
        """Areas of a level as the run used them."""
        return self._features(self._city.ground(day), level)

    def raster(self, day: DayZones) -> Raster:
        """The city's pixels."""
        # Two requests at once would draw it twice.
        with self._drawing:
            return self._raster(self._city.ground(day))

    def png(self, day: DayZones) -> bytes:
        """The day's picture."""
        return self._png(day)

    def _encode(self, ground: Ground, level: Level) -> LevelFeatures:
        return LevelFeatures(ground.boundaries, level)

    def _draw(self, ground: Ground) -> Raster:
        return draw_raster(ground.boundaries, ground.locator, self._width)

    def _colour(self, day: DayZones) -> bytes:
        return overlay_png(self.raster(day), self._city.risks(day))
