"""Polygons cut into tiles, with a margin so that a line along a tile's edge is drawn whole."""

from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.tiles.geometry.coverage import EXTENT, Shapes, whole

BUFFER: Final = 64
"""Units of margin on each side of a tile."""
_BLOCK: Final = 16
"""Tiles across a block: large polygons are cut into blocks first, blocks into tiles."""
_FAR: Final = 1 << 40


class Pieces(NamedTuple):
    """What of each polygon lies in each tile, sorted by tile, then by polygon.

    Attributes
    ----------
    x, y
        Tile of each piece, shape ``(n,)``.
    source
        Row number of the polygon it is cut from.
    shape
        Polygons in units from the tile's north-west corner.
    """

    x: NDArray[np.int64]
    y: NDArray[np.int64]
    source: NDArray[np.intp]
    shape: Shapes


def cut(shapes: Shapes) -> Pieces:
    """Cut polygons, in whole units of a zoom, into its tiles."""
    everywhere = np.full((len(shapes), 4), [-_FAR, -_FAR, _FAR, _FAR])
    of_block, block, blocks = _cut(shapes, EXTENT * _BLOCK, everywhere)
    # What a block's margin holds is cut from its neighbour.
    within = np.concatenate([block * _BLOCK, block * _BLOCK + _BLOCK - 1], axis=1)
    of_piece, tile, pieces = _cut(blocks, EXTENT, within)
    source = of_block[of_piece]
    order = np.lexsort((source, tile[:, 1], tile[:, 0]))
    tile, pieces = tile[order], pieces[order]
    corners = np.repeat(tile * EXTENT, shapely.get_num_coordinates(pieces), axis=0)
    local = whole(shapely.transform(pieces, lambda xy: xy - corners))
    seen = ~shapely.is_empty(local)
    return Pieces(tile[seen, 0], tile[seen, 1], source[order][seen], local[seen])


def _cut(
    shapes: Shapes, side: int, within: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.int64], Shapes]:
    """Cut by a grid: row of the polygon, column and row of the cell, and what lies in it."""
    source, cell = _cells(shapes, side, within)
    bounds = shapely.bounds(shapes)
    low, high = cell * side - BUFFER, (cell + 1) * side + BUFFER
    pieces = shapes[source]
    over = (bounds[source, :2] < low).any(axis=1) | (bounds[source, 2:] > high).any(axis=1)
    boxes = shapely.box(low[over, 0], low[over, 1], high[over, 0], high[over, 1])
    pieces[over] = shapely.intersection(pieces[over], boxes)
    held = shapely.area(pieces) > 0
    return source[held], cell[held], pieces[held]


def _cells(
    shapes: Shapes, side: int, within: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cells that each polygon may reach into: its row number, and column and row of the cell."""
    # Of each part alone: one that lies far off by mistake must not fill the world between.
    parts, of = shapely.get_parts(shapes, return_index=True)
    bounds = shapely.bounds(parts)
    first = np.maximum(np.floor((bounds[:, :2] - BUFFER) / side), within[of, :2]).astype(np.int64)
    last = np.minimum(np.floor((bounds[:, 2:] + BUFFER) / side), within[of, 2:]).astype(np.int64)
    across = np.maximum(last - first + 1, 0)
    cells = across.prod(axis=1)
    part = np.repeat(np.arange(len(parts)), cells)
    nth = np.arange(len(part)) - np.repeat(np.cumsum(cells) - cells, cells)
    cell = first[part] + np.stack([nth % across[part, 0], nth // across[part, 0]], axis=1)
    found = np.unique(np.column_stack([of[part], cell]), axis=0)
    return found[:, 0], found[:, 1:]
