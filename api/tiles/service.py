"""Tiles as they are sent: made when first asked for, and kept while there is room."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Final, NamedTuple

import numpy as np
from anyio import CapacityLimiter
from cachetools import TTLCache
from isal import igzip
from numpy.typing import NDArray

from geodata.errors import NotReadyError, StoreError
from geodata.language import Bilingual
from zoning.placing.indexed_boundaries import ground_key
from zoning.public.city import PublicCity
from zoning.tiles.artifact_cache import NotPreparedError
from zoning.tiles.day import DayTiles
from zoning.tiles.geometry.scheme import Tile
from zoning.tiles.preparer import Preparer
from zoning.tiles.pyramid import Pyramid, share_prepared

LATEST: Final = "latest"
"""Stands for the run of the newest day."""
_NEWEST_FOR: Final = 5.0
"""Seconds for which the newest run is not asked for again."""
_AT_ONCE: Final = 8
"""Tiles being made."""
_PYRAMID_BYTES: Final = 4 << 20
"""About: the indexes of its files."""


class TileRequest(NamedTuple):
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
    """The tiles of a city. Safe for many threads.

    Attributes
    ----------
    threads
        How many threads may make tiles.
    """

    def __init__(
        self,
        city: PublicCity,
        folder: Path,
        say: Callable[[Bilingual], None] | None = None,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.threads = CapacityLimiter(_AT_ONCE)
        self._city = city
        self._cache = city.cache
        self._folder = folder
        self._classes = city.rules.classes
        self._preparer = Preparer(folder, city.areas_table, say, n_classes=len(self._classes))
        self._reading = Lock()
        # One short text: the newest run.
        self._newest: TTLCache[str, str] = TTLCache(1, _NEWEST_FOR, clock)

    def newest(self) -> str | None:
        """Id of the newest day's run, if it was asked for in the last seconds."""
        with self._reading:
            return self._newest.get(LATEST)

    def find_newest(self) -> str:
        """Id of the newest day's run.

        Raises
        ------
        NotFoundError
            ``nothing-published`` if there is none.
        """
        run = self._city.published_key().run
        with self._reading:
            self._newest[LATEST] = run
        return run

    def cached(self, requested: TileRequest) -> bytes | None:
        """A tile that is at hand, as `make` gives it."""
        found: bytes | None = self._cache.get(("tile", *requested))
        return found

    def make(self, requested: TileRequest) -> bytes:
        """A tile as it is sent, vector tiles in gzip; nothing where the tile is empty.

        Raises
        ------
        NotFoundError
            ``no-run`` if no such run was published.
        NotReadyError
            ``tiles-in-preparation`` if it has to be prepared first, which begins now.
        StoreError
            ``tiles-not-kept`` if the tiles of its boundaries can not be kept.
        """
        return self._cache.get_or_build(("tile", *requested), partial(self._made, requested), len)

    def day(self, run: str) -> DayTiles:
        """The tiles of a run.

        Raises
        ------
        NotFoundError
            ``no-run`` if no such run was published.
        """
        colours = self._colours(run)
        return DayTiles(self._pyramid(colours.boundaries), *colours[1:])

    def share_prepared(self, version: str) -> float:
        """How much of the tiles of some boundaries is prepared, 1 for all; else that begins.

        Where they cannot be kept nothing is prepared: 1, for there is nothing to wait for.
        """
        share = share_prepared(version, self._folder, len(self._classes))
        if share < 1:
            try:
                self._preparer.ask(version)
            except StoreError:
                return 1
        return share

    def close(self) -> None:
        """End what is being prepared."""
        self._preparer.close()

    def _made(self, requested: TileRequest) -> bytes:
        day = self.day(requested.run)
        try:
            if requested.size:
                return day.picture(requested.tile, requested.size, pattern=requested.pattern) or b""
            found = day.vector(requested.tile)
        except NotPreparedError:
            self._preparer.ask(day.pyramid.ground.boundaries.id)
            raise _in_preparation() from None
        return b"" if found is None else pack(found)

    def _prepare(self, version: str) -> None:
        """A picture had to be drawn: have the others prepared."""
        with suppress(StoreError):
            self._preparer.ask(version)

    def _colours(self, run: str) -> "_Colours":
        return self._cache.get_or_build(("run", run), partial(self._read, run), _Colours.size)

    def _read(self, run: str) -> "_Colours":
        day = self._city.run(run)
        risks = self._city.risks(day)
        values = self._pyramid(day.boundaries).rollup.values(risks)
        return _Colours(day.boundaries, risks, values)

    def _pyramid(self, version: str) -> Pyramid:
        ground = self._city.ground_of(version)
        return self._cache.get_or_build(
            ("pyramid", version),
            lambda: Pyramid(
                ground,
                self._folder,
                self._cache,
                partial(self._prepare, version),
                self._classes,
            ),
            lambda _: _PYRAMID_BYTES,
            part_of=ground_key(version),
        )


class _Colours(NamedTuple):
    """What a run's tiles show: of every leaf, and of every area."""

    boundaries: str
    risks: NDArray[np.uint8]
    values: NDArray[np.uint8]

    def size(self) -> int:
        return self.risks.nbytes + self.values.nbytes


def _in_preparation() -> NotReadyError:
    return NotReadyError(
        "tiles-in-preparation",
        "The tiles of these boundaries are being prepared, once. Ask again in some seconds.",
        indonesian="Tile untuk batas wilayah ini sedang disiapkan, sekali saja. Coba lagi "
        "beberapa detik lagi.",
    )
