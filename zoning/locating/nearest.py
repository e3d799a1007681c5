"""Which polygon is nearest to a point that lies in no polygon.

Knows polygons in one plane whose unit is the metre; knows no projections, codes or cities.
"""

from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geodata.errors import InputError
from geodata.language import format_indonesian
from zoning.kernels.nearest_boundary import EdgeGrid, nearest_rows
from zoning.kernels.rings import Parts
from zoning.kernels.squares import list_edges
from zoning.locating.plane import cast_points, extract_rings

_MOST_CELLS: Final = 1 << 22
_FARTHEST: Final = 1e8
"""Metres; more than the diameter of the Earth."""


class NearestPolygons:
    """Finds the polygon whose boundary is nearest, to the millimetre.

    Of several polygons at the same distance, the lowest row number wins.

    Parameters
    ----------
    polygons
        Polygons and multipolygons in metres; a row number is a position among them. None and
        empty geometries are never the nearest.
    """

    def __init__(self, polygons: NDArray[np.object_]) -> None:
        x, y, ring, part, owner = extract_rings(polygons)
        west, south, east, north = shapely.total_bounds(polygons) if len(x) else (0.0,) * 4
        side = _cell_side(east - west, north - south, len(x))
        columns, rows = int((east - west) / side) + 1, int((north - south) / side) + 1
        parts = Parts((x - west) / side, (y - south) / side, ring, part, owner, columns, rows)
        self._edge_grid = EdgeGrid(west, south, side, parts, *list_edges(parts), x, y)

    def find(self, x: ArrayLike, y: ArrayLike, *, within: float) -> NDArray[np.int32]:
        """Row number of the nearest polygon of each point.

        Parameters
        ----------
        x, y
            ``n`` coordinates each, in metres, of points outside every polygon.
        within
            Largest distance of a nearest polygon, in metres.

        Returns
        -------
        ndarray
            int32, shape ``(n,)``; -1 where no polygon is within that distance, and for NaN and
            infinity.

        Raises
        ------
        InputError
            ``points`` if `x` or `y` are not numbers, differ in length or have more than one
            dimension; ``within`` if `within` is not a number of metres from 0 to `_FARTHEST`.
        """
        if not 0 <= within <= _FARTHEST:
            raise InputError(
                "within",
                f"within must be a number of metres from 0 to {_FARTHEST:,.0f}; {within} came.",
                indonesian="within harus berupa jumlah meter dari 0 sampai "
                f"{format_indonesian(_FARTHEST, ',.0f')}; yang diberikan {within}.",
            )
        xs, ys = cast_points(x, y)
        rows = np.empty(len(xs), dtype=np.int32)
        nearest_rows(self._edge_grid, xs, ys, float(within), rows)
        return rows


def _cell_side(width: float, height: float, n_vertex: int) -> float:
    """Side of the cells in metres: about one cell for each vertex, also in a narrow strip."""
    cells = float(np.clip(n_vertex, 1, _MOST_CELLS))
    longest = max(width, height)
    return max(float(np.sqrt(width * height / cells)), longest / cells, longest / 32767.0, 1e-3)
