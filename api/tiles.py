"""Tiles as they are sent: made when first asked for, and kept while there is room."""

from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Final, NamedTuple

from anyio import CapacityLimiter
from cachetools import LRUCache, TTLCache
from isal import igzip

from geodata.errors import StoreError
from zoning.placing.ground import Ground
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay
from zoning.tiles.day import DayTiles
from zoning.tiles.pyramid import Pyramid, is_prepared, open_pyramid
from zoning.tiles.scheme import Tile

LATEST: Final = "latest"
"""Stands for the run of the newest day."""
_NEWEST_FOR: Final = 5.0
"""Seconds for which the newest run is not asked for again."""
_AT_ONCE: Final = 8
"""Tiles being made."""
_BOUNDARIES: Final = 4
"""Versions of the boundaries whose tiles are open."""
_REFUSED_FOR: Final = 600.0
"""Seconds for which tiles that could not be kept are not prepared again: it takes a minute."""
_RUNS: Final = 256
"""Runs whose colours are at hand."""
_OVERHEAD: Final = 256
"""Bytes an entry takes beside its tile."""


class Wanted(NamedTuple):
    """A tile of a run; ``size`` is 0 for a vector tile, else pixels across a picture."""

    run: str
    tile: Tile
    size: int = 0
    pattern: bool = False


def pack(tile: bytes) -> bytes:
    """A vector tile in gzip, as it is kept and sent."""
    packed: bytes = igzip.compress(tile, 1, mtime=0)
    return packed


class Tiles:
    """The tiles of a city, those of the last few hundred runs at hand. Safe for many threads.

    Attributes
    ----------
    threads
        How many threads may make tiles that are `ready`.
    preparing
        One thread, for those that are not: who waits for it holds no thread meanwhile, and tiles
        of other boundaries are made as ever.
    """

    def __init__(
        self,
        city: PublicCity,
        folder: Path,
        megabytes: int,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.threads = CapacityLimiter(_AT_ONCE)
        self.preparing = CapacityLimiter(1)
        self._city = city
        self._folder = folder
        self._opening: defaultdict[str, Lock] = defaultdict(Lock)
        self._refused: TTLCache[str, tuple[str, str]] = TTLCache(4, _REFUSED_FOR, clock)
        self._pyramids: LRUCache[str, Pyramid] = LRUCache(_BOUNDARIES)
        self._runs = lru_cache(maxsize=_RUNS)(self._run)
        self._days = lru_cache(maxsize=_RUNS)(self._join)
        self._keeping = Lock()
        self._sent: LRUCache[Wanted, bytes] = LRUCache(
            megabytes << 20, lambda body: len(body) + _OVERHEAD
        )
        self._newest: TTLCache[str, str] = TTLCache(1, _NEWEST_FOR)

    def newest(self) -> str | None:
        """Id of the newest day's run, if it was asked for in the last seconds."""
        with self._keeping:
            return self._newest.get(LATEST)

    def find_newest(self) -> str:
        """Id of the newest day's run.

        Raises
        ------
        NotFoundError
            ``nothing-published`` if there is none.
        """
        run = self._city.published().run
        with self._keeping:
            self._newest[LATEST] = run
        return run

    def kept(self, wanted: Wanted) -> bytes | None:
        """A tile that is at hand, as `make` gives it."""
        with self._keeping:
            return self._sent.get(wanted)

    def ready(self, run: str) -> bool:
        """Whether the tiles of a run's boundaries are prepared, so that `make` takes a moment.

        Raises
        ------
        NotFoundError
            ``no-run`` if no such run was published.
        """
        version = self._runs(run).boundaries
        return self._opened(version) is not None or is_prepared(version, self._folder)

    def make_ready(self, wanted: Wanted) -> bytes | None:
        """As `make`; None where that would wait for boundaries to be prepared."""
        return self.make(wanted) if self.ready(wanted.run) else None

    def make(self, wanted: Wanted) -> bytes:
        """A tile as it is sent, vector tiles in gzip; nothing where the tile is empty.

        Raises
        ------
        NotFoundError
            ``no-run`` if no such run was published.
        StoreError
            ``tiles-not-kept`` if the tiles of its boundaries can not be kept.
        """
        body = self._made(self.day(wanted.run), wanted)
        if len(body) + _OVERHEAD <= self._sent.maxsize:
            with self._keeping:
                self._sent[wanted] = body
        return body

    def day(self, run: str) -> DayTiles:
        """The tiles of a run.

        Raises
        ------
        NotFoundError
            ``no-run`` if no such run was published.
        """
        return self._days(run)

    @staticmethod
    def _made(day: DayTiles, wanted: Wanted) -> bytes:
        if wanted.size:
            return day.picture(wanted.tile, wanted.size, pattern=wanted.pattern) or b""
        found = day.vector(wanted.tile)
        return b"" if found is None else pack(found)

    def _run(self, run: str) -> PublicDay:
        return self._city.run(run)

    def _join(self, run: str) -> DayTiles:
        day = self._runs(run)
        return DayTiles(self._pyramid(self._city.ground(day)), self._city.risks(day))

    def _opened(self, version: str) -> Pyramid | None:
        with self._keeping:
            return self._pyramids.get(version)

    def _pyramid(self, ground: Ground) -> Pyramid:
        found = self._opened(ground.boundaries.id)
        if found is not None:
            return found
        with self._keeping:
            opening = self._opening[ground.boundaries.id]
        # Two requests at once would prepare them twice; those of other boundaries need not wait.
        with opening:
            found = self._opened(ground.boundaries.id) or self._prepare(ground)
            with self._keeping:
                self._pyramids[ground.boundaries.id] = found
        return found

    def _prepare(self, ground: Ground) -> Pyramid:
        version = ground.boundaries.id
        if refused := self._refused.get(version):
            raise StoreError(*refused)
        try:
            return open_pyramid(ground, self._folder)
        except StoreError as error:
            self._refused[version] = error.code, error.message
            raise
