"""All pictures of one version of the boundaries: prepared ones, and others drawn on request."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.boundaries import Boundaries
from geodata.language import Bilingual, Progress
from zoning.caching import Cache
from zoning.placing.indexed_boundaries import IndexedBoundaries
from zoning.tiles.artifact_cache import ArtifactCache, NotPreparedError
from zoning.tiles.geometry.scheme import MAX_ZOOM, MIN_ZOOM, Tile, tiles_over
from zoning.tiles.pictures import SIZES, Kind, Picture, draw_picture
from zoning.tiles.progress import StepCounter

LAST_PREPARED: Final = 16
"""The highest prepared zoom. Above, pictures are many, and each is quick to draw on request."""
ZOOMS: Final = range(MIN_ZOOM, LAST_PREPARED + 1)
_TASK: Final = Bilingual("tile gambar", "picture tiles")
_HEADER_BYTES: Final = 5
"""Bytes before the areas of a picture: its kind, and the number of areas."""


def prepare_pictures(
    indexed: IndexedBoundaries, progress: Progress, zooms: Sequence[int] = ZOOMS
) -> Iterator[tuple[int, list[tuple[int, bytes]]]]:
    """Draw all tiles of some zooms in both sizes, from the lowest zoom on.

    Parameters
    ----------
    progress
        Called with the task, the number of tiles done, and the number of all tiles.

    Yields
    ------
    tuple of int and list
        A zoom, and key and blob of each picture that is not empty; see `PictureTiles`.
    """
    # Bounds of each zone: a zone far away by mistake must not add the tiles between.
    bounds = indexed.boundaries.smallest_zones.bounds
    tiles = {zoom: sorted(tiles_over(bounds, zoom)) for zoom in sorted(zooms)}
    groups = area_numbers(indexed.boundaries, "kelurahan")
    steps = StepCounter(progress, _TASK, sum(len(zoom_tiles) for zoom_tiles in tiles.values()))
    for zoom, zoom_tiles in tiles.items():
        blobs = []
        for tile in zoom_tiles:
            for size in SIZES:
                picture = draw_picture(indexed.locator, groups, tile, size)
                if picture is not None:
                    blobs.append((_key(tile, size), _blob(picture)))
            steps.advance()
        yield zoom, blobs


def _key(tile: Tile, size: int) -> int:
    return (tile.x << MAX_ZOOM | tile.y) << 1 | SIZES.index(size)


def _blob(picture: Picture) -> bytes:
    header = bytes([picture.kind]) + len(picture.areas).to_bytes(_HEADER_BYTES - 1, "little")
    return b"".join((header, picture.areas.tobytes(), picture.payload))


def _parse_blob(size: int, blob: bytes) -> Picture:
    count = int.from_bytes(blob[1:_HEADER_BYTES], "little")
    areas = np.frombuffer(blob, np.int32, count, _HEADER_BYTES)
    return Picture(size, Kind(blob[0]), areas, memoryview(blob)[_HEADER_BYTES + areas.nbytes :])


def area_numbers(boundaries: Boundaries, level: Level) -> NDArray[np.int32]:
    """For each smallest zone, the number of the area of a level that it belongs to."""
    codes = boundaries.ancestors(level).astype(str)
    return np.unique(codes, return_inverse=True)[1].astype(np.int32)


class PictureTiles:
    """The pictures of one version of the boundaries. Safe for many threads.

    A picture that is not prepared, or whose file is damaged, is drawn on request.

    Parameters
    ----------
    artifacts
        The files of the pictures. A blob is the kind of a picture (uint8), the number of areas
        (uint32), the areas (int32) and the payload; see the class Picture.
    cache
        For pictures drawn on request.
    on_missing
        Called when a picture that should be prepared is drawn on request.
    """

    def __init__(
        self,
        artifacts: ArtifactCache,
        indexed: IndexedBoundaries,
        cache: Cache,
        on_missing: Callable[[], None] | None = None,
    ) -> None:
        self._artifacts = artifacts
        self._indexed = indexed
        self._cache = cache
        self._on_missing = on_missing
        self._groups = area_numbers(indexed.boundaries, "kelurahan")
        self._bounds = indexed.boundaries.smallest_zones.total_bounds

    def get(self, tile: Tile, size: int) -> Picture | None:
        """The picture of a tile in one of `SIZES`; None for an empty tile."""
        if not tile.exists:
            return None
        if tile.z in ZOOMS:
            try:
                blob = self._artifacts.read(tile.z, _key(tile, size))
            except NotPreparedError:
                if self._on_missing is not None:
                    self._on_missing()
            else:
                return None if blob is None else _parse_blob(size, blob)
        return self._get_or_draw(tile, size) if self._may_show(tile) else None

    def _get_or_draw(self, tile: Tile, size: int) -> Picture | None:
        return self._cache.get_or_build(
            ("picture", self._indexed.boundaries.id, tile, size),
            lambda: draw_picture(self._indexed.locator, self._groups, tile, size),
            lambda picture: 0 if picture is None else len(picture.payload) + picture.areas.nbytes,
        )

    def _may_show(self, tile: Tile) -> bool:
        box, (west, south, east, north) = tile.box, self._bounds
        overlaps = box.west <= east and box.east >= west
        return bool(overlaps and box.south <= north and box.north >= south)
