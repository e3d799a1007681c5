"""Which polygon holds each point: one answer, exact to the last bit of the coordinates.

Knows polygons and points in one plane and row numbers; knows no projections, codes or cities.
"""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geodata.errors import InputError
from zoning.exact import locate_exactly
from zoning.kernels import join
from zoning.kernels.grid import Bands, Parts, band_edges, band_rows, fill_cells

Geometries = gpd.GeoSeries | gpd.GeoDataFrame | NDArray[np.object_] | Iterable[Any]

LARGEST_COORDINATE: Final = 1e150
"""Beyond it the orientation test would overflow."""
_CELLS_PER_EDGE: Final = 4
_MOST_CELLS: Final = 1 << 26
_MOST_CELLS_A_SIDE: Final = 1 << 15
"""What the rounding errors of a grid's kernels are reckoned with; see there."""
_STAMPS: Final = 1 << 26
"""Cells that filling may look at for all parts together, beside 16 a part."""
_CHUNK: Final = 1 << 16
"""Points a thread takes at once; fewer are not worth a thread."""


class Locator:
    """Finds the polygon that holds a point.

    A point on a boundary belongs to the polygon that holds the point moved by an infinitesimal
    step east and a much smaller one north; where that leaves every polygon, to the one with the
    lowest row number among those it touches. Where polygons overlap, the lowest row number wins.
    What a polygon holds is the even-odd rule over its rings, judged in exact arithmetic.

    Parameters
    ----------
    geometries
        ``n`` polygons or multipolygons; a row number is a position among them. None and empty
        geometries hold nothing.

    Raises
    ------
    InputError
        ``not-polygons`` for other geometries, ``coordinates`` for a vertex that is not finite or
        beyond 1e150.
    """

    def __init__(self, geometries: Geometries) -> None:
        polygons = _cast_polygons(geometries)
        self._polygons = polygons
        self._index = _build(polygons)

    def __len__(self) -> int:
        return len(self._polygons)

    @property
    def nbytes(self) -> int:
        """Memory of the index, in bytes."""
        edges = self._index.edges
        held = (*self._index, *edges, *edges.bands)
        return sum(part.nbytes for part in held if isinstance(part, np.ndarray))

    def locate(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.int32]:
        """Row number of the polygon that holds each point.

        Parameters
        ----------
        x, y
            ``n`` coordinates each, or one number each.

        Returns
        -------
        ndarray
            int32, shape ``(n,)``; -1 where no polygon holds the point, NaN and infinity too.

        Raises
        ------
        InputError
            ``points`` if they are no numbers, of unequal number or of more than one dimension.
        """
        xs, ys = _cast_points(x, y)
        found = np.empty(len(xs), dtype=np.int32)
        chunks = [slice(at, at + _CHUNK) for at in range(0, len(xs), _CHUNK)]
        threads = min(os.cpu_count() or 1, len(chunks))
        if threads > 1:
            with ThreadPoolExecutor(threads) as pool:
                # The kernels let go of the interpreter's lock and write to disjoint slices.
                list(pool.map(lambda at: self._locate_chunk(xs[at], ys[at], found[at]), chunks))
        else:
            self._locate_chunk(xs, ys, found)
        return found

    def _locate_chunk(
        self, x: NDArray[np.float64], y: NDArray[np.float64], found: NDArray[np.int32]
    ) -> None:
        join.locate_points(self._index, x, y, found)
        for k in np.flatnonzero(found == join.UNDECIDED):
            found[k] = locate_exactly(self._polygons, float(x[k]), float(y[k]))


def _cast_polygons(geometries: Geometries) -> NDArray[np.object_]:
    series = geometries.geometry if isinstance(geometries, gpd.GeoDataFrame) else geometries
    listed = series if isinstance(series, np.ndarray) else list(series)
    polygons = np.empty(len(listed), dtype=object)
    polygons[:] = listed
    try:
        kinds = shapely.get_type_id(polygons)
    except TypeError:
        raise _not_polygons() from None
    empty = shapely.is_empty(polygons) | (kinds == -1)
    polygons[empty] = None
    if not np.isin(kinds[~empty], (3, 6)).all():
        raise _not_polygons()
    coordinates = shapely.get_coordinates(polygons)
    # Written so that NaN fails it too.
    if not (np.abs(coordinates) <= LARGEST_COORDINATE).all():
        raise InputError(
            "coordinates",
            "A polygon has a vertex that is not a finite number within 1e150. Mend the polygons, "
            "for instance with `mikrozonasi boundaries check`.",
        )
    return polygons


def _not_polygons() -> InputError:
    return InputError(
        "not-polygons",
        "A locator takes polygons and multipolygons only; something else came. Leave out points, "
        "lines and collections.",
    )


def _cast_points(x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    try:
        xs = np.ascontiguousarray(np.atleast_1d(np.asarray(x, dtype=np.float64)))
        ys = np.ascontiguousarray(np.atleast_1d(np.asarray(y, dtype=np.float64)))
    except (TypeError, ValueError):
        raise InputError(
            "points", "Coordinates must be numbers; something else came among x or y."
        ) from None
    if xs.ndim != 1 or xs.shape != ys.shape:
        raise InputError(
            "points",
            f"x has shape {xs.shape} and y {ys.shape}; both must be one row of equal length.",
        )
    return xs, ys


def _build(polygons: NDArray[np.object_]) -> join.Index:
    parts, owner = shapely.get_parts(polygons, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    vertices, ring_of_vertex = shapely.get_coordinates(rings, return_index=True)
    x, y = np.ascontiguousarray(vertices[:, 0]), np.ascontiguousarray(vertices[:, 1])
    ring = np.searchsorted(ring_of_vertex, np.arange(len(rings) + 1)).astype(np.int64)
    part = np.searchsorted(part_of_ring, np.arange(len(parts) + 1)).astype(np.int64)
    x0, x1 = _range(x)
    y0, y1 = _range(y)
    columns, rows = _shape(shapely.bounds(parts), len(x), x1 - x0, y1 - y0) if len(x) else (1, 1)
    columns, columns_per_unit = _scale(columns, x1 - x0)
    rows, rows_per_unit = _scale(rows, y1 - y0)
    in_cells = Parts(
        x=(x - x0) * columns_per_unit,
        y=(y - y0) * rows_per_unit,
        ring=ring,
        part=part,
        owner=owner.astype(np.int32),
        columns=columns,
        rows=rows,
    )
    low, offset = band_rows(in_cells)
    bands = Bands(low, offset, *band_edges(in_cells, low, offset))
    cells, candidate_from, candidate = fill_cells(in_cells, bands)
    return join.Index(
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        columns_per_unit=columns_per_unit,
        rows_per_unit=rows_per_unit,
        columns=columns,
        rows=rows,
        cells=cells,
        candidate_from=candidate_from,
        candidate=candidate,
        edges=join.Edges(x, y, bands, in_cells.owner),
    )


def _range(values: NDArray[np.float64]) -> tuple[float, float]:
    # Without a vertex the range is empty, so no point is in it.
    return (float(values.min()), float(values.max())) if len(values) else (0.0, -1.0)


def _shape(
    bounds: NDArray[np.float64], n_vertex: int, width: float, height: float
) -> tuple[int, int]:
    """Columns and rows: cells of the parts' own proportions, as many as the edges ask for.

    Fewer where parts overlap so much that each would fill most of the grid.
    """
    wide = (bounds[:, 2] - bounds[:, 0]) / (width or 1.0)
    high = (bounds[:, 3] - bounds[:, 1]) / (height or 1.0)
    # So narrow that nothing is gained by more cells.
    least = 1.0 / _MOST_CELLS_A_SIDE
    proportion = max(float(high.mean()), least) / max(float(wide.mean()), least)
    cells = float(np.clip(_CELLS_PER_EDGE * n_vertex, 1, _MOST_CELLS))
    while True:
        columns = int(np.clip(np.sqrt(cells * proportion), 1, min(cells, _MOST_CELLS_A_SIDE)))
        rows = int(np.clip(cells / columns, 1, _MOST_CELLS_A_SIDE))
        stamps = float(((wide * columns + 2.0) * (high * rows + 2.0)).sum())
        if cells <= 1.0 or stamps <= _STAMPS + 16.0 * len(bounds):
            return columns, rows
        cells /= 4.0


def _scale(cells: int, extent: float) -> tuple[int, float]:
    """Cells along a side and cells per unit; one cell where the division would overflow."""
    if extent < 1e-290:
        return 1, 0.0
    return cells, cells / extent
