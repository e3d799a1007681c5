"""Which polygon is nearest to a point that lies in none.

Knows polygons in one plane whose unit is the metre; knows no projections, codes or cities.
"""

from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geodata.errors import InputError
from geodata.language import in_indonesian
from zoning.kernels.nearest_boundary import Surroundings, nearest_rows
from zoning.kernels.rings import Parts
from zoning.kernels.squares import list_edges
from zoning.locating.plane import cast_points, rings_of

_MOST_CELLS: Final = 1 << 22
_FARTHEST: Final = 1e8
"""Metres; more than the Earth is wide."""


class Nearest:
    """Finds the polygon whose boundary is nearest, to the millimetre; the lowest of several.

    Parameters
    ----------
    polygons
        Polygons and multipolygons in metres; None and empty ones are near nothing. A row number
        is a position among them.
    """

    def __init__(self, polygons: NDArray[np.object_]) -> None:
        x, y, ring, part, owner = rings_of(polygons)
        west, south, east, north = shapely.total_bounds(polygons) if len(x) else (0.0,) * 4
        side = _side(east - west, north - south, len(x))
        columns, rows = int((east - west) / side) + 1, int((north - south) / side) + 1
        parts = Parts((x - west) / side, (y - south) / side, ring, part, owner, columns, rows)
        self._around = Surroundings(west, south, side, parts, *list_edges(parts), x, y)

    def find(self, x: ArrayLike, y: ArrayLike, *, within: float) -> NDArray[np.int32]:
        """Row number of the nearest polygon of each point.

        Parameters
        ----------
        x, y
            ``n`` coordinates each, in metres, of points outside every polygon.
        within
            Metres from a polygon at which it is still near.

        Returns
        -------
        ndarray
            int32, shape ``(n,)``; -1 where none is near, NaN and infinity too.

        Raises
        ------
        InputError
            ``points`` if they are no numbers, of unequal number or of more than one dimension;
            ``within`` if that is no number of metres from 0 to `_FARTHEST`.
        """
        if not 0 <= within <= _FARTHEST:
            raise InputError(
                "within",
                f"within is a number of metres from 0 to {_FARTHEST:,.0f}; {within} is not.",
                indonesian="within adalah jumlah meter dari 0 sampai "
                f"{in_indonesian(_FARTHEST, ',.0f')}; {within} bukan jarak seperti itu.",
            )
        xs, ys = cast_points(x, y)
        found = np.empty(len(xs), dtype=np.int32)
        nearest_rows(self._around, xs, ys, float(within), found)
        return found


def _side(width: float, height: float, n_vertex: int) -> float:
    """Side of the cells: about one per vertex, few enough along a narrow strip too."""
    cells = float(np.clip(n_vertex, 1, _MOST_CELLS))
    longest = max(width, height)
    return max(float(np.sqrt(width * height / cells)), longest / cells, longest / 32767.0, 1e-3)
