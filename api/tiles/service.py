"""Tiles of a city: made at the first request, and cached."""

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
from zoning.placing.indexed_boundaries import boundaries_key
from zoning.public.city import PublicCity
from zoning.tiles.artifact_cache import NotPreparedError
from zoning.tiles.city_picture import draw_city
from zoning.tiles.day import DayTiles
from zoning.tiles.formats.tints import tile_colours
from zoning.tiles.geometry.scheme import Tile
from zoning.tiles.preparer import Preparer
from zoning.tiles.pyramid import Pyramid, prepared_share

LATEST: Final = "latest"
"""Name of the run of the newest day."""
_NEWEST_SECONDS: Final = 5.0
"""Seconds for which the newest run is remembered."""
_MAKER_THREADS: Final = 8
_PYRAMID_BYTES: Final = 4 << 20
"""Approximate memory of the indexes of its files."""


class TileRequest(NamedTuple):
    """A tile of a run; ``size`` is 0 for a vector tile, else the side of the picture in pixels."""

    run: str
    tile: Tile
    size: int = 0
    pattern: bool = False


def gzip_tile(tile: bytes) -> bytes:
    """Compress a vector tile to gzip."""
    compressed: bytes = igzip.compress(tile, 1, mtime=0)
    return compressed


class Tiles:
    """The tiles of a city. Thread-safe.

    Parameters
    ----------
    city
        The public values of the city.
    folder
        Folder of the prepared tiles.
    log
        Receives a sentence about each step of the preparation.
    clock
        Seconds, for the age of the newest run.

    Attributes
    ----------
    threads
        Limits the threads that make tiles.
    """

    def __init__(
        self,
        city: PublicCity,
        folder: Path,
        log: Callable[[Bilingual], None] | None = None,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.threads = CapacityLimiter(_MAKER_THREADS)
        self._city = city
        self._cache = city.cache
        self._folder = folder
        self._classes = city.rules.classes
        self._preparer = Preparer(folder, city.areas_table, log, n_classes=len(self._classes))
        self._newest_lock = Lock()
        self._newest: TTLCache[str, str] = TTLCache(1, _NEWEST_SECONDS, clock)

    def newest(self) -> str | None:
        """Id of the run of the newest day, if it was read in the last seconds."""
        with self._newest_lock:
            return self._newest.get(LATEST)

    def find_newest(self) -> str:
        """Read the id of the run of the newest day.

        Raises
        ------
        NotFoundError
            ``nothing-published`` if no day is published.
        """
        run = self._city.published_key().run
        with self._newest_lock:
            self._newest[LATEST] = run
        return run

    def cached(self, tile_request: TileRequest) -> bytes | None:
        """A tile from the cache, see `make`; None if the tile is not cached."""
        tile: bytes | None = self._cache.get(("tile", *tile_request))
        return tile

    def make(self, tile_request: TileRequest) -> bytes:
        """A tile as bytes, vector tiles in gzip; no bytes for an empty tile.

        Raises
        ------
        NotFoundError
            ``no-run`` if no such run was published.
        NotReadyError
            ``tiles-in-preparation`` if the tile is not prepared; the preparation begins now.
        StoreError
            ``tiles-not-kept`` if the prepared tiles cannot be stored.
        """
        key = ("tile", *tile_request)
        return self._cache.get_or_build(key, partial(self._make, tile_request), len)

    def cached_city_picture(self, run: str, width: int) -> bytes | None:
        """The picture of the city on a day from the cache, see `city_picture`; else None."""
        picture: bytes | None = self._cache.get(("city picture", run, width))
        return picture

    def city_picture(self, run: str, width: int) -> bytes:
        """The city on the day of a run as one PNG; see `zoning.tiles.city_picture.draw_city`.

        Raises
        ------
        NotFoundError
            ``no-run`` if no such run was published.
        """
        colours = self._colours(run)
        return self._cache.get_or_build(
            ("city picture", run, width),
            lambda: draw_city(
                self._city.ground_of(colours.boundaries),
                colours.risks,
                tile_colours(self._classes),
                width,
            ),
            len,
        )

    def day(self, run: str) -> DayTiles:
        """The tiles of a run.

        Raises
        ------
        NotFoundError
            ``no-run`` if no such run was published.
        """
        colours = self._colours(run)
        return DayTiles(self._pyramid(colours.boundaries), *colours[1:])

    def prepared_share(self, version: str) -> float:
        """Share of prepared tiles of some boundaries, 0 to 1; begins to prepare the other tiles.

        The share is 1 if prepared tiles cannot be stored: there is nothing to wait for.
        """
        share = prepared_share(version, self._folder, len(self._classes))
        if share < 1:
            try:
                self._preparer.request(version)
            except StoreError:
                return 1
        return share

    def close(self) -> None:
        """Stop the preparation."""
        self._preparer.close()

    def _make(self, tile_request: TileRequest) -> bytes:
        run, tile, size, pattern = tile_request
        day = self.day(run)
        try:
            if size:
                return day.picture(tile, size, pattern=pattern) or b""
            vector_tile = day.vector(tile)
        except NotPreparedError:
            self._preparer.request(day.pyramid.ground.boundaries.id)
            raise _in_preparation() from None
        return b"" if vector_tile is None else gzip_tile(vector_tile)

    def _prepare(self, version: str) -> None:
        """Begin to prepare the tiles of some boundaries, after a picture had to be drawn."""
        with suppress(StoreError):
            self._preparer.request(version)

    def _colours(self, run: str) -> "_Colours":
        return self._cache.get_or_build(
            ("run", run), partial(self._read_colours, run), _Colours.size
        )

    def _read_colours(self, run: str) -> "_Colours":
        day = self._city.run(run)
        risks = self._city.risks(day)
        values = self._pyramid(day.boundaries).rollup.values(risks)
        return _Colours(day.boundaries, risks, values)

    def _pyramid(self, version: str) -> Pyramid:
        indexed = self._city.ground_of(version)
        return self._cache.get_or_build(
            ("pyramid", version),
            lambda: Pyramid(
                indexed,
                self._folder,
                self._cache,
                partial(self._prepare, version),
                self._classes,
            ),
            lambda _: _PYRAMID_BYTES,
            part_of=boundaries_key(version),
        )


class _Colours(NamedTuple):
    """Colours of a run: risks of the smallest zones, and values of every area for its tiles."""

    boundaries: str
    risks: NDArray[np.uint8]
    values: NDArray[np.uint8]

    def size(self) -> int:
        return self.risks.nbytes + self.values.nbytes


def _in_preparation() -> NotReadyError:
    return NotReadyError(
        "tiles-in-preparation",
        "The server is preparing the tiles of these boundaries, once. Try again in a few seconds.",
        indonesian="Server sedang menyiapkan tile untuk batas wilayah ini, sekali saja. Coba lagi "
        "beberapa detik lagi.",
    )
