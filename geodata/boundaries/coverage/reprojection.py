"""Convert polygons between degrees and metres without a change of existing vertices."""

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geodata.boundaries.coverage.topology import Shapes


class Reprojection:
    """Polygons in metres, with the original degrees of their vertices.

    A projection to metres and back changes the last bits of most vertices, so that repaired areas
    would no longer touch unchanged neighbours. A vertex with unchanged metres therefore gets its
    original longitude and latitude; only new vertices are computed.

    Attributes
    ----------
    crs
        Projection.
    metres
        Polygons in metres.
    """

    def __init__(self, degrees: Shapes, crs: pyproj.CRS) -> None:
        self.crs = crs
        self._transformer = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
        original = shapely.get_coordinates(degrees)
        projected = np.stack(self._transformer.transform(original[:, 0], original[:, 1]), axis=1)
        self.metres: Shapes = shapely.set_coordinates(degrees.copy(), projected)
        self._keys, first = np.unique(_key(projected), return_index=True)
        self._original = original[first]

    def to_degrees(self, shapes: Shapes) -> Shapes:
        """Convert polygons in metres to degrees; known vertices are identical to the original."""
        coordinates = shapely.get_coordinates(shapes)
        in_degrees = np.stack(
            self._transformer.transform(
                coordinates[:, 0],
                coordinates[:, 1],
                direction=pyproj.enums.TransformDirection.INVERSE,
            ),
            axis=1,
        )
        keys = _key(coordinates)
        position = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        is_known = self._keys[position] == keys
        in_degrees[is_known] = self._original[position[is_known]]
        result: Shapes = shapely.set_coordinates(shapes.copy(), in_degrees)
        return result


def _key(coordinates: NDArray[np.float64]) -> NDArray[np.complex128]:
    """One sortable number per vertex."""
    return coordinates[:, 0] + 1j * coordinates[:, 1]
