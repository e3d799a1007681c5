"""Cut polygons into tiles, with a buffer around each tile, so lines on an edge are complete."""

from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.tiles.geometry.coverage import EXTENT, Shapes, snap_to_units

BUFFER: Final = 64
"""Units of buffer on each side of a tile."""
_BLOCK_TILES: Final = 16
"""Tiles per side of a block: polygons are cut into blocks first, then blocks into tiles."""
_NO_LIMIT: Final = 1 << 40


class Pieces(NamedTuple):
    """Pieces of polygons, sorted by tile, then by polygon.

    Attributes
    ----------
    x, y
        Tile of each piece, shape ``(n,)``.
    source
        Row number of the polygon of each piece, shape ``(n,)``.
    shape
        Polygons in units from the north-west corner of the tile, shape ``(n,)``.
    """

    x: NDArray[np.int64]
    y: NDArray[np.int64]
    source: NDArray[np.intp]
    shape: Shapes


def cut_into_tiles(shapes: Shapes) -> Pieces:
    """Cut polygons, in whole units of a zoom, into the tiles of the zoom."""
    no_limits = np.full((len(shapes), 4), [-_NO_LIMIT, -_NO_LIMIT, _NO_LIMIT, _NO_LIMIT])
    block_source, block, blocks = _cut_by_grid(shapes, EXTENT * _BLOCK_TILES, no_limits)
    # The tiles in the buffer of a block are cut from the neighbouring block.
    limits = np.concatenate([block * _BLOCK_TILES, block * _BLOCK_TILES + _BLOCK_TILES - 1], axis=1)
    piece_block, tile, pieces = _cut_by_grid(blocks, EXTENT, limits)
    source = block_source[piece_block]
    order = np.lexsort((source, tile[:, 1], tile[:, 0]))
    tile, pieces = tile[order], pieces[order]
    corners = np.repeat(tile * EXTENT, shapely.get_num_coordinates(pieces), axis=0)
    local = snap_to_units(shapely.transform(pieces, lambda xy: xy - corners))
    visible = ~shapely.is_empty(local)
    return Pieces(tile[visible, 0], tile[visible, 1], source[order][visible], local[visible])


def _cut_by_grid(
    shapes: Shapes, side: int, limits: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.int64], Shapes]:
    """Cut by a grid: row of the polygon, column and row of the cell, and the piece in the cell."""
    source, cell = _cells(shapes, side, limits)
    bounds = shapely.bounds(shapes)
    low, high = cell * side - BUFFER, (cell + 1) * side + BUFFER
    pieces = shapes[source]
    crossing = (bounds[source, :2] < low).any(axis=1) | (bounds[source, 2:] > high).any(axis=1)
    boxes = shapely.box(low[crossing, 0], low[crossing, 1], high[crossing, 0], high[crossing, 1])
    pieces[crossing] = shapely.intersection(pieces[crossing], boxes)
    has_area = shapely.area(pieces) > 0
    return source[has_area], cell[has_area], pieces[has_area]


def _cells(
    shapes: Shapes, side: int, limits: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cells that each polygon may reach: row of the polygon, and column and row of the cell."""
    # Bounds of each part: a part far away by mistake must not add the cells between.
    parts, polygon_of_part = shapely.get_parts(shapes, return_index=True)
    bounds = shapely.bounds(parts)
    first = np.maximum(
        np.floor((bounds[:, :2] - BUFFER) / side), limits[polygon_of_part, :2]
    ).astype(np.int64)
    last = np.minimum(
        np.floor((bounds[:, 2:] + BUFFER) / side), limits[polygon_of_part, 2:]
    ).astype(np.int64)
    cells_per_side = np.maximum(last - first + 1, 0)
    n_cells = cells_per_side.prod(axis=1)
    part = np.repeat(np.arange(len(parts)), n_cells)
    nth_cell = np.arange(len(part)) - np.repeat(np.cumsum(n_cells) - n_cells, n_cells)
    cell = first[part] + np.stack(
        [nth_cell % cells_per_side[part, 0], nth_cell // cells_per_side[part, 0]], axis=1
    )
    unique_cells = np.unique(np.column_stack([polygon_of_part[part], cell]), axis=0)
    return unique_cells[:, 0], unique_cells[:, 1:]
