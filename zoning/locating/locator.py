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
        polygons = cast_polygons(geometries)
        self._polygons = polygons
        self._index = build_index(polygons)

    def __len__(self) -> int:
        return len(self._polygons)

    @property
    def nbytes(self) -> int:
        """Memory of the index, in bytes."""
        index = self._index
        held = (*index, index.leaves.lines, index.leaves.pieces, *index.edges, *index.edges.bands)
        return sum(part.nbytes for part in held if isinstance(part, np.ndarray))

    def locate(
        self, x: ArrayLike, y: ArrayLike, *, out: NDArray[np.int32] | None = None
    ) -> NDArray[np.int32]:
        """Row number of the polygon that holds each point.

        Parameters
        ----------
        x, y
            ``n`` coordinates each, or one number each.
        out
            Where the answer goes: int32, shape ``(n,)``, in one piece of memory. Who asks again
            and again for millions of points saves about a tenth by giving the same one.

        Returns
        -------
        ndarray
            `out`, or a new one like it; -1 where no polygon holds the point, NaN and infinity too.

        Raises
        ------
        InputError
            ``points`` if they are no numbers, of unequal number or of more than one dimension;
            ``out`` for another kind of array.
        """
        xs, ys = cast_points(x, y)
        found = np.empty(len(xs), dtype=np.int32) if out is None else check_out(out, len(xs))
        threads = min(os.cpu_count() or 1, len(xs) // _CHUNK + 1)
        # Several chunks a thread, so that one held up by other work holds up few points.
        chunk = max(_CHUNK, -(-len(xs) // (8 * threads)))
        chunks = [slice(at, at + chunk) for at in range(0, len(xs), chunk)]
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
        locate_points(self._index, x, y, found)
        for k in np.flatnonzero(found == UNDECIDED):
            found[k] = locate_exactly(self._polygons, float(x[k]), float(y[k]))
