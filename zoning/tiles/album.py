"""All pictures of one version of the boundaries: those prepared, and those drawn when asked for."""

from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.boundaries import Boundaries
from zoning.placing.ground import Ground
from zoning.tiles.pictures import SIZES, Kind, Picture, draw_picture
from zoning.tiles.progress import Progress, Steps
from zoning.tiles.scheme import MIN_ZOOM, Tile, tiles_over

LAST_PREPARED: Final = 16
"""Zoom beyond which a picture takes as long to draw as to send, and there are most of them."""
_SCHEMA: Final = pa.schema(
    [
        *((name, pa.int32()) for name in ("z", "x", "y", "size")),
        ("kind", pa.int8()),
        ("areas", pa.large_binary()),
        ("payload", pa.large_binary()),
    ]
)
_DOING: Final = "picture tiles"
_DRAWN: Final = 1024
"""Pictures beyond those prepared that are kept in memory: some ten megabytes."""


def prepare_pictures(ground: Ground, progress: Progress) -> pa.Table:
    """Draw every tile up to `LAST_PREPARED`, at both sizes.

    Parameters
    ----------
    progress
        Told what is being done, how many tiles are done, and of how many.

    Returns
    -------
    Table
        ``z``, ``x``, ``y``, ``size`` (int32), in that order, ``kind`` (int8), ``areas`` (int32 as
        bytes) and ``payload``: those of `Picture`. One chunk; only tiles that show something.
    """
    # Of each leaf, not of all: one that lies far off by mistake must not fill the world between.
    bounds = ground.boundaries.leaves.bounds
    zooms = range(MIN_ZOOM, LAST_PREPARED + 1)
    tiles = sorted(tile for zoom in zooms for tile in tiles_over(bounds, zoom))
    groups = _kelurahan(ground.boundaries)
    steps = Steps(progress, _DOING, len(tiles))
    drawn = []
    for tile in tiles:
        for size in SIZES:
            picture = draw_picture(ground.locator, groups, tile, size)
            if picture is not None:
                kept = int(picture.kind), picture.areas.tobytes(), picture.payload
                drawn.append((*tile, size, *kept))
        steps.step()
    columns = zip(*drawn, strict=True) if drawn else [[] for _ in _SCHEMA]
    return pa.table([list(column) for column in columns], schema=_SCHEMA)


def _kelurahan(boundaries: Boundaries) -> NDArray[np.int32]:
    """A number for each leaf's kelurahan."""
    codes = boundaries.ancestors("kelurahan").astype(str)
    return np.unique(codes, return_inverse=True)[1].astype(np.int32)


class Pictures:
    """The pictures of one version of the boundaries. Safe for many threads.

    Parameters
    ----------
    prepared
        As `prepare_pictures` gave it, maybe mapped from a file: what it holds is not copied.
    """

    def __init__(self, prepared: pa.Table, ground: Ground) -> None:
        self._ground = ground
        self._groups = _kelurahan(ground.boundaries)
        self._bounds = ground.boundaries.leaves.total_bounds
        self._prepared = {
            key: picture for batch in prepared.to_batches() for key, picture in _pictures(batch)
        }
        self._drawn = lru_cache(_DRAWN)(self._draw)

    def get(self, tile: Tile, size: int) -> Picture | None:
        """The picture of a tile at one of `SIZES`; None where there is nothing."""
        if tile.z <= LAST_PREPARED:
            return self._prepared.get((tile, size))
        return self._drawn(tile, size) if tile.exists and self._may_show(tile) else None

    def _may_show(self, tile: Tile) -> bool:
        box, (west, south, east, north) = tile.box, self._bounds
        across = box.west <= east and box.east >= west
        return bool(across and box.south <= north and box.north >= south)

    def _draw(self, tile: Tile, size: int) -> Picture | None:
        return draw_picture(self._ground.locator, self._groups, tile, size)


def _pictures(batch: pa.RecordBatch) -> list[tuple[tuple[Tile, int], Picture]]:
    z, x, y, size, kind = (batch[name].to_pylist() for name in _SCHEMA.names[:5])
    areas = [np.frombuffer(part, dtype=np.int32) for part in _slices(batch["areas"])]
    tiles = map(Tile, z, x, y)
    pictures = map(Picture, size, map(Kind, kind), areas, _slices(batch["payload"]))
    return list(zip(zip(tiles, size, strict=True), pictures, strict=True))


def _slices(column: pa.LargeBinaryArray) -> list[memoryview]:
    """What each row holds, where it lies."""
    if not len(column):
        return []
    _, offsets, held = column.buffers()
    begins = np.frombuffer(offsets, dtype=np.int64)[column.offset :][: len(column) + 1].tolist()
    whole = memoryview(held).cast("B")
    return [whole[start:stop] for start, stop in pairwise(begins)]
