"""There and back between degrees and metres, without moving a vertex that was there before."""

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geodata.boundaries.coverage.topology import Shapes


class Reprojection:
    """Polygons in metres that remember where their vertices were in degrees.

    Projecting there and back moves most vertices by the last bit or two, and neighbours that are
    mended would no longer touch those that are not. So a vertex that comes back as it went is
    given its old longitude and latitude; only new vertices are computed.

    Attributes
    ----------
    crs
        The projection.
    metres
        The polygons in it.
    """

    def __init__(self, degrees: Shapes, crs: pyproj.CRS) -> None:
        self.crs = crs
        self._transformer = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
        known = shapely.get_coordinates(degrees)
        moved = np.stack(self._transformer.transform(known[:, 0], known[:, 1]), axis=1)
        self.metres: Shapes = shapely.set_coordinates(degrees.copy(), moved)
        self._keys, first = np.unique(_key(moved), return_index=True)
        self._known = known[first]

    def to_degrees(self, shapes: Shapes) -> Shapes:
        """Polygons in metres, in degrees: known vertices as they were, to the bit."""
        coordinates = shapely.get_coordinates(shapes)
        turned = np.stack(
            self._transformer.transform(
                coordinates[:, 0],
                coordinates[:, 1],
                direction=pyproj.enums.TransformDirection.INVERSE,
            ),
            axis=1,
        )
        keys = _key(coordinates)
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        same = self._keys[at] == keys
        turned[same] = self._known[at[same]]
        back: Shapes = shapely.set_coordinates(shapes.copy(), turned)
        return back


def _key(coordinates: NDArray[np.float64]) -> NDArray[np.complex128]:
    """A vertex as one sortable number."""
    return coordinates[:, 0] + 1j * coordinates[:, 1]
