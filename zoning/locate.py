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
from zoning.indexing import build_index
from zoning.kernels.join import locate_points
from zoning.kernels.judge import UNDECIDED

Geometries = gpd.GeoSeries | gpd.GeoDataFrame | NDArray[np.object_] | Iterable[Any]

LARGEST_COORDINATE: Final = 1e150
"""Beyond it the orientation test would overflow."""
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
        self._index = build_index(polygons)

    def __len__(self) -> int:
        return len(self._polygons)

    @property
    def nbytes(self) -> int:
        """Memory of the index, in bytes."""
        index = self._index
        held = (*index, index.leaves.lines, index.leaves.pieces, *index.edges, *index.edges.bands)
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
