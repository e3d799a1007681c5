"""All pictures of one version of the boundaries: those prepared, and those drawn when asked for."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.boundaries import Boundaries
from geodata.language import Bilingual, Progress
from zoning.caching import Cache
from zoning.placing.indexed_boundaries import Ground
from zoning.tiles.artifact_cache import NotPreparedError, Shelf
from zoning.tiles.geometry.scheme import MAX_ZOOM, MIN_ZOOM, Tile, tiles_over
from zoning.tiles.pictures import SIZES, Kind, Picture, draw_picture
from zoning.tiles.progress import Steps

LAST_PREPARED: Final = 16
"""Zoom beyond which a picture takes as long to draw as to send, and there are most of them."""
ZOOMS: Final = range(MIN_ZOOM, LAST_PREPARED + 1)
_DOING: Final = Bilingual("tile gambar", "picture tiles")
_HEAD: Final = 5
"""Bytes before a picture's areas: its kind, and how many areas it shows."""


def prepare_pictures(
    ground: Ground, progress: Progress, wanted: Sequence[int] = ZOOMS
) -> Iterator[tuple[int, list[tuple[int, bytes]]]]:
    """Draw every tile of some zooms, at both sizes, the farthest zoom first.

    Parameters
    ----------
    progress
        Told what is being done, how many tiles are done, and of how many.

    Yields
    ------
    tuple of int and list
        A zoom, and the key and part of each picture that shows something; see `Pictures`.
    """
    # Of each leaf, not of all: one that lies far off by mistake must not fill the world between.
    bounds = ground.boundaries.leaves.bounds
    tiles = {zoom: sorted(tiles_over(bounds, zoom)) for zoom in sorted(wanted)}
    groups = _kelurahan(ground.boundaries)
    steps = Steps(progress, _DOING, sum(len(each) for each in tiles.values()))
    for zoom, each in tiles.items():
        parts = []
        for tile in each:
            for size in SIZES:
                picture = draw_picture(ground.locator, groups, tile, size)
                if picture is not None:
                    parts.append((_key(tile, size), _part(picture)))
            steps.step()
        yield zoom, parts


def _key(tile: Tile, size: int) -> int:
    return (tile.x << MAX_ZOOM | tile.y) << 1 | SIZES.index(size)


def _part(picture: Picture) -> bytes:
    head = bytes([picture.kind]) + len(picture.areas).to_bytes(_HEAD - 1, "little")
    return b"".join((head, picture.areas.tobytes(), picture.payload))


def _picture(size: int, part: bytes) -> Picture:
    count = int.from_bytes(part[1:_HEAD], "little")
    areas = np.frombuffer(part, np.int32, count, _HEAD)
    return Picture(size, Kind(part[0]), areas, memoryview(part)[_HEAD + areas.nbytes :])


def _kelurahan(boundaries: Boundaries) -> NDArray[np.int32]:
    """A number for each leaf's kelurahan."""
    codes = boundaries.ancestors("kelurahan").astype(str)
    return np.unique(codes, return_inverse=True)[1].astype(np.int32)


class Pictures:
    """The pictures of one version of the boundaries. Safe for many threads.

    One that is not prepared, or whose file is damaged, is drawn when it is asked for.

    Parameters
    ----------
    shelf
        Their files. A part is a picture's kind (uint8), how many areas it shows (uint32), those
        areas (int32) and its payload; see `Picture`.
    cache
        Keeps those that are drawn.
    lacking
        Called when one is drawn that should be prepared.
    """

    def __init__(
        self,
        shelf: Shelf,
        ground: Ground,
        cache: Cache,
        lacking: Callable[[], None] | None = None,
    ) -> None:
        self._shelf = shelf
        self._ground = ground
        self._cache = cache
        self._lacking = lacking
        self._groups = _kelurahan(ground.boundaries)
        self._bounds = ground.boundaries.leaves.total_bounds

    def get(self, tile: Tile, size: int) -> Picture | None:
        """The picture of a tile at one of `SIZES`; None where there is nothing."""
        if not tile.exists:
            return None
        if tile.z in ZOOMS:
            try:
                part = self._shelf.read(tile.z, _key(tile, size))
            except NotPreparedError:
                if self._lacking is not None:
                    self._lacking()
            else:
                return None if part is None else _picture(size, part)
        return self._drawn(tile, size) if self._may_show(tile) else None

    def _drawn(self, tile: Tile, size: int) -> Picture | None:
        return self._cache.get_or_build(
            ("picture", self._ground.boundaries.id, tile, size),
            lambda: draw_picture(self._ground.locator, self._groups, tile, size),
            lambda made: 0 if made is None else len(made.payload) + made.areas.nbytes,
        )

    def _may_show(self, tile: Tile) -> bool:
        box, (west, south, east, north) = tile.box, self._bounds
        across = box.west <= east and box.east >= west
        return bool(across and box.south <= north and box.north >= south)
