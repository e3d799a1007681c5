"""Build the index of `zoning.locating.locator`: the grid over polygons that its kernels search.

Knows polygons in one plane; knows no points.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from zoning.kernels.dividing import CHILDREN_PER_SIDE, count_children, divide, list_candidate_rows
from zoning.kernels.exact_point_in_polygon import Edges
from zoning.kernels.join import Index
from zoning.kernels.leaf_nodes import LeafNodes
from zoning.kernels.rings import EdgeBands, Parts, band_edges, band_rows
from zoning.kernels.squares import (
    DIVIDED,
    LISTED,
    Squares,
    build_leaf_nodes,
    cover_squares,
    crossed_squares,
    list_edges,
)
from zoning.locating.plane import Float64s, Int64s, Rings, extract_rings

SQUARES_PER_EDGE: Final = 1.0
_MOST_SQUARES: Final = 1 << 24
_MOST_SQUARES_A_SIDE: Final = 1 << 15
"""The bounds on rounding errors in the kernels assume this; see ``zoning.kernels.rings``."""
_MOST_COVERED_SQUARES: Final = 1 << 26
"""Squares that filling may visit for all parts together, in addition to 16 for each part."""
_DIVISIONS: Final = 3
"""Most divisions of a square, one inside another."""
_CACHE_LINE: Final = 64


def build_index(polygons: NDArray[np.object_]) -> Index:
    """The index of polygons and multipolygons; None is an empty polygon."""
    rings = extract_rings(polygons)
    x, y = rings.x, rings.y
    x0, width = _range(x)
    y0, height = _range(y)
    columns, rows = _grid_shape(rings, width, height)
    x0, columns, columns_per_unit = _scale_axis(x0, width, columns)
    y0, rows, rows_per_unit = _scale_axis(y0, height, rows)
    parts = Parts(
        x=(x - x0) * columns_per_unit,
        y=(y - y0) * rows_per_unit,
        ring=rings.ring,
        part=rings.part,
        owner=rings.owner,
        columns=columns,
        rows=rows,
    )
    low, offset = band_rows(parts)
    bands = EdgeBands(low, offset, *band_edges(parts, low, offset))
    flat = columns_per_unit == 0.0 or rows_per_unit == 0.0
    codes, leaves, listed = _fill_squares(parts, bands, 0 if flat else _DIVISIONS + 1)
    first_part = _group_starts(rings.owner, len(polygons))
    return Index(
        x0=x0,
        y0=y0,
        columns_per_unit=columns_per_unit,
        rows_per_unit=rows_per_unit,
        columns=columns,
        rows=rows,
        codes=codes,
        leaves=leaves,
        listed_from=listed[0],
        listed=listed[1],
        edges=Edges(x, y, bands, first_part),
    )


def _group_starts(group: NDArray[np.int32], n: int) -> Int64s:
    """Where each of ``n`` groups begins among ascending group numbers."""
    return np.searchsorted(group, np.arange(n + 1)).astype(np.int64)


def _range(values: Float64s) -> tuple[float, float]:
    return (float(values.min()), float(np.ptp(values))) if len(values) else (0.0, 0.0)


def _grid_shape(rings: Rings, width: float, height: float) -> tuple[int, int]:
    """Columns and rows of the grid: cells have the mean proportions of the parts.

    There are `SQUARES_PER_EDGE` cells for each edge, and fewer where the parts overlap so much
    that each part would cover most of the grid.
    """
    if not len(rings.owner):
        return 1, 1
    wide = _extents(rings.x, rings) / (width or 1.0)
    high = _extents(rings.y, rings) / (height or 1.0)
    # For parts that are narrower, more cells do not help.
    narrowest = 1.0 / _MOST_SQUARES_A_SIDE
    proportion = max(float(high.mean()), narrowest) / max(float(wide.mean()), narrowest)
    squares = float(np.clip(SQUARES_PER_EDGE * len(rings.x), 1, _MOST_SQUARES))
    while True:
        columns = int(np.clip(np.sqrt(squares * proportion), 1, min(squares, _MOST_SQUARES_A_SIDE)))
        rows = int(np.clip(squares / columns, 1, _MOST_SQUARES_A_SIDE))
        covered = float(((wide * columns + 2.0) * (high * rows + 2.0)).sum())
        if squares <= 1.0 or covered <= _MOST_COVERED_SQUARES + 16.0 * len(rings.owner):
            return columns, rows
        squares /= 4.0


def _extents(values: Float64s, rings: Rings) -> Float64s:
    """Extent of each part along an axis."""
    first = rings.ring[rings.part[:-1]]
    extents: Float64s = np.maximum.reduceat(values, first) - np.minimum.reduceat(values, first)
    return extents


def _scale_axis(low: float, extent: float, cells: int) -> tuple[float, int, float]:
    """Start of an axis, its number of cells, and cells per unit; a little wider than the extent.

    Where the division would overflow: one cell, and 0 cells per unit.
    """
    if extent < 1e-290:
        return low, 1, 0.0
    return low - extent * 2.0**-21, cells, cells / (extent * (1.0 + 2.0**-19))


def _fill_squares(
    parts: Parts, bands: EdgeBands, levels: int
) -> tuple[NDArray[np.int32], LeafNodes, tuple[Int64s, NDArray[np.int32]]]:
    """Codes of squares, leaf nodes of at most `levels` sizes, and the lists of polygons."""
    squares, codes = _squares(parts, bands)
    most_edges = 4 * len(squares.edge) + 65536
    leaves = _allocate_leaves(0)
    remaining: Int64s = np.arange(len(squares.slot))
    for level in range(levels):
        first_leaf = len(leaves.lines) // 16
        leaves = _allocate_leaves(first_leaf + len(squares.slot), leaves)
        remaining = _make_leaves(parts, bands, squares, leaves, first_leaf, codes)
        n, n_edge = count_children(parts, squares, remaining)
        if level + 1 == levels or not len(remaining) or n_edge > most_edges:
            break
        n_before = (len(codes) - parts.columns * parts.rows - 1) // CHILDREN_PER_SIDE**2
        codes[squares.slot[remaining]] = _encode(DIVIDED, n_before, len(remaining))
        codes = np.append(codes, np.empty(CHILDREN_PER_SIDE**2 * len(remaining), dtype=np.int32))
        divided = _empty_squares(n, n_edge, squares.size / CHILDREN_PER_SIDE)
        divide(parts, bands, squares, remaining, divided, codes)
        squares = divided
    codes[squares.slot[remaining]] = _encode(LISTED, 0, len(remaining))
    return codes, leaves, list_candidate_rows(parts, squares, remaining)


def _encode(kind: int, first: int, n: int) -> Int64s:
    """Codes of ``n`` consecutive numbers; see `zoning.kernels.squares.square_code`."""
    return -2 - (4 * np.arange(first, first + n) + kind)


def _squares(parts: Parts, bands: EdgeBands) -> tuple[Squares, NDArray[np.int32]]:
    """The grid squares near edges; and the codes of all squares, set for squares without edges."""
    n = parts.columns * parts.rows
    start, edge, part = list_edges(parts)
    cover = np.full(n, -1, dtype=np.int32)
    cover_squares(parts, bands, start, part, cover)
    codes = np.full(n + 1, -1, dtype=np.int32)
    crossed = crossed_squares(start, cover, parts.owner, codes)
    squares = Squares(
        x=(crossed % parts.columns).astype(np.float64),
        y=(crossed // parts.columns).astype(np.float64),
        size=1.0,
        slot=crossed,
        start=np.append(start[crossed], len(edge)),
        edge=edge,
        part=part,
        cover=cover[crossed],
    )
    return squares, codes


def _empty_squares(n: int, n_edge: int, size: float) -> Squares:
    return Squares(
        x=np.empty(n),
        y=np.empty(n),
        size=size,
        slot=np.empty(n, dtype=np.int64),
        start=np.empty(n + 1, dtype=np.int64),
        edge=np.empty(n_edge, dtype=np.int32),
        part=np.empty(n_edge, dtype=np.int32),
        cover=np.empty(n, dtype=np.int32),
    )


def _allocate_leaves(n: int, before: LeafNodes | None = None) -> LeafNodes:
    """Memory for ``n`` leaf nodes; the first are copies of the leaf nodes `before`."""
    lines = _allocate_lines(n).view(np.uint32)
    pieces = _allocate_lines(n).view(np.uint16)
    if before is not None:
        lines[: len(before.lines)] = before.lines
        pieces[: len(before.pieces)] = before.pieces
    return LeafNodes(lines, lines.view(np.uint8), lines.view(np.uint64), pieces)


def _allocate_lines(n: int) -> NDArray[np.uint8]:
    """Memory for ``n`` cache lines, aligned to a cache line."""
    raw = np.empty((n + 1) * _CACHE_LINE, dtype=np.uint8)
    first = -raw.ctypes.data % _CACHE_LINE
    return raw[first : first + n * _CACHE_LINE]


def _make_leaves(
    parts: Parts,
    bands: EdgeBands,
    squares: Squares,
    leaves: LeafNodes,
    first_leaf: int,
    codes: NDArray[np.int32],
) -> Int64s:
    """Make leaf nodes on several threads; the squares with too many edges for a leaf node."""
    threads = min(os.cpu_count() or 1, 8)
    cuts = np.linspace(0, len(squares.slot), threads + 1).astype(int).tolist()

    def make_interval(k: int) -> Int64s:
        interval = (cuts[k], cuts[k + 1])
        remaining: Int64s = build_leaf_nodes(
            parts, bands, squares, interval, leaves, first_leaf, codes
        )
        return remaining

    with ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(make_interval, range(threads))))
