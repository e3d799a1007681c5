"""Which polygon holds each point: one answer, exact to the last bit of the coordinates.

Knows polygons and points in one plane and row numbers; knows no projections, codes or cities.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zoning.kernels.exact_point_in_polygon import UNDECIDED
from zoning.kernels.join import locate_points
from zoning.locating.exact import locate_exactly
from zoning.locating.indexing import build_index
from zoning.locating.plane import Geometries, cast_points, cast_polygons, check_out

_CHUNK: Final = 1 << 16
"""Points in a chunk; with fewer points, another thread costs more time than the thread saves."""


class Locator:
    """Finds the polygon that holds a point.

    A point on a boundary belongs to the polygon that holds the point after an infinitesimal step
    east and a much smaller step north. Where no polygon holds the moved point, the point belongs
    to the polygon with the lowest row number among those that it touches. Where polygons overlap,
    the lowest row number wins. A polygon holds points by the even-odd rule over its rings, in
    exact arithmetic.

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
        polygons = cast_polygons(geometries)
        self._polygons = polygons
        self._index = build_index(polygons)

    def __len__(self) -> int:
        return len(self._polygons)

    @property
    def nbytes(self) -> int:
        """Memory of the index, in bytes."""
        index = self._index
        arrays = (*index, index.leaves.lines, index.leaves.pieces, *index.edges, *index.edges.bands)
        return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))

    def locate(
        self, x: ArrayLike, y: ArrayLike, *, out: NDArray[np.int32] | None = None
    ) -> NDArray[np.int32]:
        """Row number of the polygon that holds each point.

        Parameters
        ----------
        x, y
            ``n`` coordinates each, or one number each.
        out
            Array for the answer: int32, shape ``(n,)``, C-contiguous and writeable. With the same
            array, repeated calls for millions of points take about a tenth less time.

        Returns
        -------
        ndarray
            `out`, or a new array like it; -1 where no polygon holds the point, and for NaN and
            infinity.

        Raises
        ------
        InputError
            ``points`` if `x` or `y` are not numbers, differ in length or have more than one
            dimension; ``out`` for an array that cannot take the answer.
        """
        xs, ys = cast_points(x, y)
        rows = np.empty(len(xs), dtype=np.int32) if out is None else check_out(out, len(xs))
        threads = min(os.cpu_count() or 1, len(xs) // _CHUNK + 1)
        # Several chunks for each thread: a thread that other work delays then delays few points.
        chunk = max(_CHUNK, -(-len(xs) // (8 * threads)))
        chunks = [slice(start, start + chunk) for start in range(0, len(xs), chunk)]
        if threads > 1:
            with ThreadPoolExecutor(threads) as pool:
                # The kernels release the GIL and write to disjoint slices.
                list(
                    pool.map(
                        lambda start: self._locate_chunk(xs[start], ys[start], rows[start]), chunks
                    )
                )
        else:
            self._locate_chunk(xs, ys, rows)
        return rows

    def _locate_chunk(
        self, x: NDArray[np.float64], y: NDArray[np.float64], rows: NDArray[np.int32]
    ) -> None:
        locate_points(self._index, x, y, rows)
        for k in np.flatnonzero(rows == UNDECIDED):
            rows[k] = locate_exactly(self._polygons, float(x[k]), float(y[k]))
